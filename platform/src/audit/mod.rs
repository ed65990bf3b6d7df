//! The audit log: who did what, to what, why and from where. An entry is part of the change that it tells of: it is written in
//! the same transaction, or the change does not happen.
//!
//! Each entry's hash covers the entry and the hash before it ([`chain`]), so that one that was changed or taken out is found
//! ([`verify`]). The end of the log is one row that every writer holds from [`record`] to its commit: writers stand in line
//! there. So recording is the last thing that a transaction does.

pub mod chain;
pub mod verify;

#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entities::{audit_entry, audit_head};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

pub use entities::audit_entry::{Action, ActorKind, Model as Recorded, SubjectKind};

use crate::{Database, Error};

/// Longest reason and longest `before` or `after`, bytes.
pub const MOST_TEXT: usize = 4096;

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, by `user.id`.
    User(Uuid),
    /// Somebody who has not shown who they are.
    Nobody,
    /// The platform by itself.
    Platform,
    /// Whoever can run this program beside the database.
    CommandLine,
}

impl Actor {
    fn kind(self) -> ActorKind {
        match self {
            Self::User(_) => ActorKind::User,
            Self::Nobody => ActorKind::Nobody,
            Self::Platform => ActorKind::Platform,
            Self::CommandLine => ActorKind::CommandLine,
        }
    }

    fn id(self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(id),
            _ => None,
        }
    }
}

/// Who asks for a change, and from where. A [`crate::Platform`] knows it of whoever it works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// Network address of the other end, as far as it is known.
    pub address: Option<IpAddr>,
    /// The request, as the log has it.
    pub request_id: Option<Uuid>,
}

impl By {
    /// Somebody, and not by a request.
    pub fn new(actor: Actor) -> Self {
        Self {
            actor,
            address: None,
            request_id: None,
        }
    }

    /// From the same place, but that person: they have shown who they are since.
    #[must_use]
    pub fn person(self, user_id: Uuid) -> Self {
        Self {
            actor: Actor::User(user_id),
            ..self
        }
    }
}

/// What is to be recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who did it, and from where.
    pub by: By,
    /// What was done.
    pub action: Action,
    /// To what: its kind, and its id or name.
    pub subject: Option<(SubjectKind, String)>,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
    /// What was there before. Small, and no secret.
    pub before: Option<Value>,
    /// What is there since. Small, and no secret.
    pub after: Option<Value>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Entry {
    /// Somebody did something.
    pub fn new(by: By, action: Action, at: DateTime<Utc>) -> Self {
        Self {
            by,
            action,
            subject: None,
            reason: None,
            before: None,
            after: None,
            at,
        }
    }

    /// To this, by its id or name.
    #[must_use]
    pub fn about(self, kind: SubjectKind, id: impl Display) -> Self {
        Self {
            subject: Some((kind, id.to_string())),
            ..self
        }
    }

    /// For this reason.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..self
        }
    }

    /// This was there before.
    #[must_use]
    pub fn before(self, before: Value) -> Self {
        Self {
            before: Some(before),
            ..self
        }
    }

    /// This is there since.
    #[must_use]
    pub fn after(self, after: Value) -> Self {
        Self {
            after: Some(after),
            ..self
        }
    }

    /// This became that.
    #[must_use]
    pub fn changed(self, before: Value, after: Value) -> Self {
        self.before(before).after(after)
    }

    /// The row with that number, not hashed yet.
    fn row(self, number: i64) -> Result<audit_entry::Model, Error> {
        let (subject_kind, subject_id) = self.subject.unzip();
        let row = audit_entry::Model {
            number,
            at: self.at.timestamp_micros(),
            actor: self.by.actor.kind().to_value(),
            actor_id: self.by.actor.id(),
            action: self.action.to_value(),
            subject_kind: subject_kind.map(|kind| kind.to_value()),
            subject_id,
            reason: self.reason,
            before: self.before.map(|value| value.to_string()),
            after: self.after.map(|value| value.to_string()),
            address: self.by.address.map(|address| address.to_canonical().to_string()),
            request_id: self.by.request_id,
            hash: String::new(),
        };
        for text in [&row.reason, &row.before, &row.after].into_iter().flatten() {
            if text.len() > MOST_TEXT {
                let message = format!(
                    "what is recorded has {} bytes; {MOST_TEXT} are allowed",
                    text.len()
                );
                return Err(Error::Conflict(message));
            }
        }
        Ok(row)
    }
}

/// Adds an entry to the log, as part of the caller's transaction. Call it last: other writers of the log wait until the
/// transaction ends, and locks that are taken after this one may be taken by them in another order.
///
/// # Errors
/// When the database refuses, or the entry is too long. The transaction must not be committed then.
pub async fn record(transaction: &impl ConnectionTrait, entry: Entry) -> Result<(), Error> {
    let head = audit_head::Entity::find_by_id(audit_head::ID)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or_else(no_head)?;
    let mut row = entry.row(head.number + 1)?;
    row.hash = chain::hash(&head.hash, &row).ok_or_else(no_head)?;
    let (number, hash) = (row.number, row.hash.clone());
    // Its own row is not read back: row-level security may not show it to whoever writes it.
    audit_entry::Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await?;
    let moved = audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Number, Expr::value(number))
        .col_expr(audit_head::Column::Hash, Expr::value(hash))
        .filter(audit_head::Column::Id.eq(audit_head::ID))
        .filter(audit_head::Column::Number.eq(head.number))
        .exec(transaction)
        .await?;
    match moved.rows_affected {
        1 => Ok(()),
        _ => Err(no_head()),
    }
}

fn no_head() -> Error {
    Error::Conflict("the end of the audit log is damaged: run `automl admin audit verify`".to_owned())
}

/// The newest entries, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn newest(database: &Database, count: u64) -> Result<Vec<audit_entry::Model>, Error> {
    let query = audit_entry::Entity::find()
        .order_by_desc(audit_entry::Column::Number)
        .limit(count);
    Ok(database.all(query).await?)
}
