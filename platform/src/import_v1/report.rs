//! What is told of an import in the end.

use std::collections::BTreeMap;
use std::fmt;

/// Skipped items that are listed; the others are counted.
const MOST_LISTED: usize = 1_000;

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File, by its path in the folder.
    pub file: String,
    /// `line` or `item` and its number from 1; none: the file as a whole.
    pub part: Option<(&'static str, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        match self.part {
            Some((what, number)) => write!(formatter, ", {what} {number}"),
            None => Ok(()),
        }
    }
}

/// Something that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// Where it was read.
    pub place: Place,
    /// `dataset` or `job`, as far as it is known.
    pub kind: Option<&'static str>,
    /// Its id in version 1, as far as it is known.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
}

/// What was not imported: the first ones, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skips {
    /// In the order in which they were met.
    pub listed: Vec<Skip>,
    /// All.
    pub count: u64,
}

impl Skips {
    pub(super) fn add(
        &mut self,
        place: Place,
        kind: Option<&'static str>,
        id: Option<String>,
        reason: String,
    ) {
        self.count += 1;
        if self.listed.len() < MOST_LISTED {
            self.listed.push(Skip {
                place,
                kind,
                id,
                reason,
            });
        }
    }
}

/// What became of items of one kind; skipped ones are [`Report::skips`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Items that were there.
    pub read: u64,
    /// Rows that were made, or would be.
    pub imported: u64,
    /// Items whose row was there before, second copies of an item included.
    pub there: u64,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Datasets.
    pub datasets: Counts,
    /// Jobs.
    pub jobs: Counts,
    /// Bytes of the files of the imported datasets.
    pub bytes: u64,
    /// What was not imported.
    pub skips: Skips,
    /// Attributes that this program does not know, and how often they were there.
    pub unknown: BTreeMap<String, u64>,
    /// Files of the folder that hold no items.
    pub passed_over: Vec<String>,
    /// What else is to be known.
    pub notices: Vec<String>,
}
