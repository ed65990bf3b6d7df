//! One file a task kind: what the child is asked for, what its answer means for the rows, and what a failure means.

mod assemble;
mod files;
mod predict;
mod prepare;
mod profile;
mod trial;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use entities::task;
use platform::artifacts::Key;
use platform::tasks::Claim;
use platform::{Changes, Error, Platform};
use sea_orm::DatabaseTransaction;
use serde_json::Value;

use crate::protocol::{Rows, Step};

pub use assemble::FILES;
pub use files::{Files, Output, fetch};

/// Every task kind. A new one is a file and a line here.
pub const TASKS: &[&dyn Task] = &[
    &profile::Profile,
    &prepare::Prepare,
    &trial::Trial,
    &assemble::Assemble,
    &predict::Predict,
];

/// What the child is to do.
#[derive(Debug)]
pub struct Order {
    /// Stored files it needs, and their names in its folder. A file that is there already is not copied again.
    pub inputs: Vec<(Key, String)>,
    /// The request, `out` being [`OUT`].
    pub work: crate::work::Work,
    /// Files that it makes: their names in `out`, all of them needed unless optional.
    pub outputs: &'static [Output],
    /// When it is killed: far beyond the time it should take.
    pub wall_limit: Duration,
}

/// The folder that a piece of work writes into, emptied before each.
pub const OUT: &str = "out";

/// A claimed task and where it runs.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// Everything outside.
    pub platform: &'a Platform,
    /// The claim.
    pub claim: &'a Claim,
}

/// A kind of task. `begin`, `commit`, `retried` and `dead` work in a transaction in which the claim is proved already.
#[async_trait]
pub trait Task: Sync {
    /// Which.
    fn kind(&self) -> task::Kind;

    /// Marks the work as begun and says what the child has to do; none: nobody wants it any more.
    ///
    /// # Errors
    /// When rows or files are not what they should be.
    async fn begin(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        changes: &mut Changes,
    ) -> Result<Option<Order>, Error>;

    /// Writes the result. The task itself is completed by the caller, in the same transaction and before.
    ///
    /// # Errors
    /// When the answer is not what this kind answers.
    async fn commit(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        answer: Value,
        files: &Files,
        changes: &mut Changes,
    ) -> Result<(), Error>;

    /// The child ended without a result, and the task is queued again.
    ///
    /// # Errors
    /// When the database refuses.
    async fn retried(
        &self,
        _held: Held<'_>,
        _transaction: &DatabaseTransaction,
        _changes: &mut Changes,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// The task was given up.
    ///
    /// # Errors
    /// When the database refuses.
    async fn dead(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<(), Error>;

    /// Shows how far the work is.
    ///
    /// # Errors
    /// When the database refuses.
    async fn progress(&self, _held: Held<'_>, _steps: &[Step]) -> Result<(), Error> {
        Ok(())
    }

    /// Shows how many rows of a file are done.
    ///
    /// # Errors
    /// When the database refuses.
    async fn rows(&self, _held: Held<'_>, _rows: Rows) -> Result<(), Error> {
        Ok(())
    }

    /// Whether somebody still wants the result.
    ///
    /// # Errors
    /// When the database refuses.
    async fn wanted(&self, held: Held<'_>) -> Result<bool, Error>;
}

/// The task kind of a row.
pub fn of_kind(kind: task::Kind) -> Option<&'static dyn Task> {
    TASKS.iter().copied().find(|task| task.kind() == kind)
}

/// The answer of a child as this kind's type.
fn parse<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, Error> {
    serde_json::from_value(answer)
        .map_err(|error| Error::Conflict(format!("the training process gave an unreadable answer: {error}")))
}

/// A path as text, for a folder that this program made.
fn out() -> std::path::PathBuf {
    Path::new(OUT).to_owned()
}
