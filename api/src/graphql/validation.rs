//! How the candidates of a job are compared, and which rows are kept for the final score.

use async_graphql::{Enum, InputObject, SimpleObject};
use entities::job;

/// How candidates are validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ValidationKind {
    /// One split or folds, chosen by rows and budget.
    Auto,
    /// One split.
    Holdout,
    /// So many folds.
    Folds,
    /// By a column of dates or numbers: what is scored is later than what was fitted on.
    Time,
    /// By a column of groups: no group is on both sides of a split.
    Group,
}

/// How to validate candidates, and which rows to keep for the final score.
#[derive(Clone, Debug, PartialEq, Eq, InputObject)]
pub struct ValidationInput {
    /// In which way.
    pub(super) kind: ValidationKind,
    /// Number of folds, 2 to 20; for FOLDS, and for nothing else.
    pub(super) folds: Option<i32>,
    /// The column that says when a row happened, or which group it is of; for TIME and GROUP, and for nothing else.
    pub(super) column: Option<String>,
}

/// How candidates are validated, and which rows are kept for the final score.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ValidationSettings {
    /// In which way.
    pub kind: ValidationKind,
    /// Number of folds; null unless FOLDS.
    pub folds: Option<i32>,
    /// The column that says when a row happened, or which group it is of; null unless TIME or GROUP.
    pub column: Option<String>,
}

impl ValidationSettings {
    /// Of stored settings.
    pub fn of(stored: &job::Validation) -> Self {
        let (kind, folds, column) = match stored {
            job::Validation::Auto => (ValidationKind::Auto, None, None),
            job::Validation::Holdout => (ValidationKind::Holdout, None, None),
            job::Validation::Folds(folds) => (ValidationKind::Folds, Some(i32::from(*folds)), None),
            job::Validation::Time(column) => (ValidationKind::Time, None, Some(column.clone())),
            job::Validation::Group(column) => (ValidationKind::Group, None, Some(column.clone())),
        };
        Self { kind, folds, column }
    }

    /// What `createJob` would have been asked.
    pub fn asked(self) -> ValidationInput {
        ValidationInput {
            kind: self.kind,
            folds: self.folds,
            column: self.column,
        }
    }
}
