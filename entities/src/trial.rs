//! Configurations that were tried.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use serde::{Deserialize, Serialize};

use crate::Viewer;
use crate::job::{self, Notes};

/// How far a trial is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Waits for a slot.
    Queued,
    /// Being fitted.
    Running,
    /// Scored.
    Completed,
    /// Ended without a model; `error` says why.
    Failed,
    /// Not needed any more.
    Cancelled,
}

/// What can happen to a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Event {
    /// A worker took it.
    Start,
    /// Its worker was lost; it will be tried again.
    Requeue,
    /// Scored.
    Complete,
    /// Ended without a model.
    Fail,
    /// Not needed any more.
    Cancel,
}

impl State {
    /// The state after an event, or none where the event is not legal.
    pub fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            // A worker takes over a trial whose first worker was lost.
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
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// The metric fold by fold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct FoldScores(pub Vec<f64>);

/// `(round, validation loss)` of the first fold; while the trial runs, of what has been fitted so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Curve(pub Vec<(u32, f64)>);

/// One configuration of one learner.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "trial")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `job.id`.
    pub job_id: Uuid,
    /// From 0 (the baseline); unique in the job.
    pub number: i32,
    /// Name on the leaderboard.
    pub name: String,
    /// Stable name of the learner.
    pub learner: String,
    /// How far it is.
    pub state: State,
    /// Hyperparameters by name.
    pub params: Json,
    /// `engine::search::TrialSpec` as JSON.
    pub spec: Json,
    /// The job's metric on pooled out-of-fold predictions.
    pub score: Option<f64>,
    /// Log loss, RMSE, or the mean absolute error where that is the metric, on the same.
    pub loss: Option<f64>,
    /// The metric fold by fold.
    pub fold_scores: Option<FoldScores>,
    /// Wall seconds of the whole trial.
    pub seconds: Option<f64>,
    /// Rounds: so far while running, the best (mean over folds) afterwards.
    pub rounds: Option<i32>,
    /// Why the fits ended.
    pub stop: Option<String>,
    /// Validation loss by round.
    pub curve: Option<Curve>,
    /// Seconds to predict one row.
    pub predict_seconds_per_row: Option<f64>,
    /// Share in the final ensemble; none before assembling.
    pub weight: Option<f64>,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// Device of the worker that has or had it; none before one took it.
    pub device: Option<String>,
    /// What is to be known of how it was computed.
    pub notes: Option<Notes>,
    /// Artifact key of its predictors and out-of-fold outputs.
    pub artifact_key: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// When the search asked for it.
    pub created_at: DateTimeUtc,
    /// When a worker took it.
    pub started_at: Option<DateTimeUtc>,
    /// When it became terminal.
    pub finished_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Trials of the viewer's jobs.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        let jobs = Query::select()
            .column(job::Column::Id)
            .from(job::Entity)
            .and_where(job::Column::UserId.eq(viewer.user_id))
            .to_owned();
        Self::find().filter(Column::JobId.in_subquery(jobs))
    }
}

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
