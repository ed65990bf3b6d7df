//! Predictions of one model for all rows of a file.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Viewer;

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Waits for a worker.
    Queued,
    /// Rows are being predicted.
    Running,
    /// Has its files.
    Completed,
    /// Has none; `error` says why.
    Failed,
    /// Stopped; nothing is kept.
    Cancelled,
}

/// What can happen to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Event {
    /// A worker took it.
    Start,
    /// Its worker was lost, failed or drained: it is done again from the first row.
    Requeue,
    /// Its files are stored.
    Complete,
    /// It cannot be done.
    Fail,
    /// The user wants it stopped.
    Cancel,
}

/// States of a batch that is not over.
pub const UNFINISHED: [State; 2] = [State::Queued, State::Running];

impl State {
    /// The state after an event, or none where the event is not legal.
    pub fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Queued | Self::Running, Event::Start) => Some(Self::Running),
            (Self::Running, Event::Requeue) => Some(Self::Queued),
            (Self::Running, Event::Complete) => Some(Self::Completed),
            (Self::Queued | Self::Running, Event::Fail) => Some(Self::Failed),
            (Self::Queued | Self::Running, Event::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// True where nothing changes any more.
    pub fn is_terminal(self) -> bool {
        !UNFINISHED.contains(&self)
    }
}

/// What the user wants of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct BatchOptions {
    /// The only column of the file that the answer repeats; none: all of them.
    pub id_column: Option<String>,
    /// Also as Parquet.
    pub parquet: bool,
    /// Text that a spreadsheet would take for a formula is left as it is.
    pub raw: bool,
}

/// Predictions of one model for all rows of a file.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "batch_prediction")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// Which model answers.
    pub model_id: Uuid,
    /// The dataset whose file it is; none: the file was uploaded for this, or its dataset is gone.
    pub dataset_id: Option<Uuid>,
    /// Name of the file; its ending helps to tell the format.
    pub file_name: String,
    /// Size of the file.
    pub size_bytes: i64,
    /// Artifact key of the file.
    pub source_key: String,
    /// What the user wants of the answer.
    pub options: BatchOptions,
    /// How far it is.
    pub state: State,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// Rows read so far, those in error included.
    pub rows_done: i64,
    /// Rows that could not be predicted so far.
    pub rows_in_error: i64,
    /// Share of the file that was read so far, 0 to 1.
    pub share: f64,
    /// Artifact key of the report (JSON), once COMPLETED.
    pub report_key: Option<String>,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When a worker first took it.
    pub started_at: Option<DateTimeUtc>,
    /// When it became terminal.
    pub finished_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's batches.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;
    use crate::machine::{check_ends, check_reached};

    #[test]
    fn states_end_and_are_reached() {
        check_ends(State::after, State::is_terminal);
        check_reached(State::Queued, State::after);
        for event in Event::iter() {
            assert_eq!(State::Cancelled.after(event), None, "{event:?}");
        }
    }
}
