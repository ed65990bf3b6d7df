//! Leased units of work. Internal: no person sees them.

use sea_orm::entity::prelude::*;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Waits for a worker, from `run_after` on.
    Queued,
    /// Leased to `worker` until `lease_until`.
    Running,
    /// Its result is committed.
    Done,
    /// Given up; `error` says why.
    Dead,
    /// Not needed any more.
    Cancelled,
}

/// What can happen to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Event {
    /// A worker leases it.
    Claim,
    /// Its result is committed.
    Complete,
    /// It is to be tried again: it failed, or its worker was lost or drained.
    Requeue,
    /// A budget is spent.
    GiveUp,
    /// Not needed any more.
    Cancel,
}

impl State {
    /// The state after an event, or none where the event is not legal.
    pub fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Queued, Event::Claim) => Some(Self::Running),
            (Self::Running, Event::Complete) => Some(Self::Done),
            (Self::Running, Event::Requeue) => Some(Self::Queued),
            (Self::Running, Event::GiveUp) => Some(Self::Dead),
            (Self::Queued | Self::Running, Event::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// True where nothing changes any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Cancelled)
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Kind {
    /// Read and profile a dataset.
    Profile,
    /// Split and encode the data of a job.
    Prepare,
    /// Fit and score one configuration.
    Trial,
    /// Make the model of a job.
    Assemble,
    /// Predict the rows of a file.
    Predict,
}

/// What a worker must have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(8))",
    rename_all = "snake_case"
)]
pub enum Queue {
    /// Nothing special.
    #[default]
    Cpu,
    /// A GPU.
    Gpu,
}

/// A unit of work.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What is to be done.
    pub kind: Kind,
    /// Its arguments (`platform::tasks::Payload`).
    pub payload: Json,
    /// Version of what kind and arguments mean: a worker takes what it knows and leaves the rest to newer ones.
    pub version: i32,
    /// On whose behalf.
    pub user_id: Uuid,
    /// The job it belongs to.
    pub job_id: Option<Uuid>,
    /// The dataset it belongs to.
    pub dataset_id: Option<Uuid>,
    /// The batch prediction it belongs to.
    pub batch_prediction_id: Option<Uuid>,
    /// How far it is.
    pub state: State,
    /// Higher goes first.
    pub priority: i32,
    /// Rises with every claim; a write with an older fence is refused.
    pub fence: i64,
    /// Who holds the lease.
    pub worker: Option<String>,
    /// End of the lease: milliseconds since 1970 by the database's clock.
    pub lease_until: Option<i64>,
    /// Times it failed by its own fault.
    pub failures: i32,
    /// Times its child or worker died under it.
    pub crashes: i32,
    /// Not before: milliseconds since 1970 by the database's clock.
    pub run_after: i64,
    /// The last failure, for people.
    pub error: Option<String>,
    /// Which workers may take it.
    pub queue: Queue,
    /// Memory that a slot must offer, in bytes; 0: any.
    pub memory_bytes: i64,
    /// When workers were told of it: milliseconds since 1970 by the database's clock; none: they are still to be told.
    pub rung_at: Option<i64>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
    /// When the last claim began: milliseconds since 1970 by the database's clock; none: it never was claimed.
    pub claimed_at: Option<i64>,
    /// The trace of what asked for it (`platform::trace`); none: it begins one.
    pub traceparent: Option<String>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{check_ends, check_reached};

    #[test]
    fn states_end_and_are_reached() {
        check_ends(State::after, State::is_terminal);
        check_reached(State::Queued, State::after);
    }
}
