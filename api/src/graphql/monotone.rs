//! Columns that a prediction may only rise, or only fall, with.

use async_graphql::{Enum, InputObject, SimpleObject};
use entities::job;

/// Which way a prediction may go while a number rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "job::Direction")]
pub enum MonotoneDirection {
    /// Up, or nowhere.
    Rising,
    /// Down, or nowhere.
    Falling,
}

/// A column that the prediction is to rise, or to fall, with.
#[derive(Clone, Debug, PartialEq, Eq, InputObject)]
pub struct MonotoneColumnInput {
    /// Which column; its values are numbers.
    pub(super) column: String,
    /// Which way the prediction may go while the column rises.
    pub(super) direction: MonotoneDirection,
}

/// A column that the prediction may only rise, or only fall, with.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct MonotoneColumn {
    /// Which column.
    pub column: String,
    /// Which way the prediction may go while the column rises.
    pub direction: MonotoneDirection,
}

impl MonotoneColumn {
    /// Of a stored one.
    pub fn of(stored: &job::MonotoneColumn) -> Self {
        Self {
            column: stored.column.clone(),
            direction: stored.direction.into(),
        }
    }

    /// What `createJob` would have been asked.
    pub fn asked(self) -> MonotoneColumnInput {
        MonotoneColumnInput {
            column: self.column,
            direction: self.direction,
        }
    }
}
