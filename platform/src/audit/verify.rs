//! Walks the log from its first entry to its end and says whether anything was changed since it was written.
//!
//! It reads page by page, each with its own statement, while others go on writing.

use std::fmt;

use entities::{audit_entry, audit_head};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain;
use crate::database::is_passing;
use crate::{Database, Error};

/// Entries that are in memory at a time.
const PAGE: u64 = 500;

/// A log in which every entry fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// How many entries.
    pub entries: i64,
    /// Hash of the newest: note it elsewhere. Without such a note, entries that are cut off the end are not missed.
    pub head: String,
}

/// The first thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// The entry of that number is not there.
    Missing(i64),
    /// What the entry says is not what was hashed, or an entry before it was another one.
    Changed(i64),
    /// An entry stands where another number belongs: it is twice there, or numbered from below 1.
    OutOfOrder(i64),
    /// What follows the entry of that number holds values that no entry has.
    Unreadable(i64),
    /// The row with the log's end is not there, or does not name the newest entry, which has that number.
    Head(i64),
    /// No entry has the hash that was noted earlier: what it stood for was cut off, or all was written anew.
    Unknown,
}

impl fmt::Display for Break {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(number) => write!(formatter, "entry {number} is missing"),
            Self::Changed(number) => write!(
                formatter,
                "entry {number} was changed, or the one before it was exchanged"
            ),
            Self::OutOfOrder(number) => write!(formatter, "entry {number} is out of order"),
            Self::Unreadable(number) => write!(formatter, "what follows entry {number} cannot be read"),
            Self::Head(number) => write!(
                formatter,
                "the newest entry is {number}, and the end of the log names another one"
            ),
            Self::Unknown => formatter.write_str(
                "no entry has the hash that was noted: entries were cut off the end, or the log was written anew",
            ),
        }
    }
}

/// Checks every entry. With a hash that was noted earlier, an entry must have it.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(database: &Database, noted: Option<&str>) -> Result<Result<Whole, Break>, Error> {
    let mut walk = Walk {
        number: 0,
        hash: chain::NOTHING.to_owned(),
        noted: noted.filter(|noted| *noted != chain::NOTHING).map(str::to_owned),
    };
    loop {
        // The end is read before the entries: those that it names are there by then.
        let head = audit_head::Entity::find_by_id(audit_head::ID)
            .one(database.connection())
            .await?;
        let Some(head) = head else {
            return Ok(Err(Break::Head(walk.number)));
        };
        if let Err(found) = walk.read_on(database).await? {
            return Ok(Err(found));
        }
        if walk.number < head.number {
            return Ok(Err(Break::Missing(walk.number + 1)));
        }
        if walk.number == head.number {
            return Ok(walk.end(&head));
        }
        // Entries came after the end was read, unless it does not follow now.
        let later = audit_head::Entity::find_by_id(audit_head::ID)
            .one(database.connection())
            .await?;
        if later.is_none_or(|later| later.number < walk.number) {
            return Ok(Err(Break::Head(walk.number)));
        }
    }
}

/// How far the entries are read.
struct Walk {
    number: i64,
    hash: String,
    /// A hash that is still looked for.
    noted: Option<String>,
}

impl Walk {
    async fn read_on(&mut self, database: &Database) -> Result<Result<(), Break>, Error> {
        loop {
            let mut page = audit_entry::Entity::find()
                .order_by_asc(audit_entry::Column::Number)
                .limit(PAGE);
            if self.number > 0 {
                page = page.filter(audit_entry::Column::Number.gt(self.number));
            }
            let rows = match database.all(page).await {
                Ok(rows) => rows,
                Err(error) if is_unreadable(&error) => return Ok(Err(Break::Unreadable(self.number))),
                Err(error) => return Err(error.into()),
            };
            if rows.is_empty() {
                return Ok(Ok(()));
            }
            for row in rows {
                if let Err(found) = self.step(row) {
                    return Ok(Err(found));
                }
            }
        }
    }

    fn step(&mut self, row: audit_entry::Model) -> Result<(), Break> {
        let expected = self.number + 1;
        if row.number < expected {
            return Err(Break::OutOfOrder(row.number));
        }
        if row.number > expected {
            return Err(Break::Missing(expected));
        }
        if chain::hash(&self.hash, &row).as_ref() != Some(&row.hash) {
            return Err(Break::Changed(row.number));
        }
        if self.noted.as_ref() == Some(&row.hash) {
            self.noted = None;
        }
        self.number = row.number;
        self.hash = row.hash;
        Ok(())
    }

    fn end(self, head: &audit_head::Model) -> Result<Whole, Break> {
        if head.hash != self.hash {
            return Err(Break::Head(self.number));
        }
        match self.noted {
            Some(_) => Err(Break::Unknown),
            None => Ok(Whole {
                entries: self.number,
                head: self.hash,
            }),
        }
    }
}

/// A row was found and is none: a value of another type.
fn is_unreadable(error: &DbErr) -> bool {
    !is_passing(error) && matches!(error, DbErr::Type(_) | DbErr::Query(_) | DbErr::TryIntoErr { .. })
}
