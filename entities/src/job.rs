//! Training runs.

use std::collections::BTreeMap;

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Viewer;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Waits for a worker.
    Queued,
    /// Being prepared or searching.
    Running,
    /// The search is over; the model is being made.
    Finishing,
    /// Has a model.
    Completed,
    /// Has none; `error` says why.
    Failed,
    /// Asked to stop; its children are being ended.
    Cancelling,
    /// Stopped; nothing is kept.
    Cancelled,
}

/// What can happen to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Event {
    /// A worker took its first task.
    Start,
    /// The search is over.
    Finish,
    /// The model is stored.
    Complete,
    /// It cannot go on.
    Fail,
    /// The user wants it stopped.
    Cancel,
    /// Nothing of it runs any more.
    Stopped,
}

impl State {
    /// The state after an event, or none where the event is not legal.
    pub fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Queued, Event::Start) => Some(Self::Running),
            (Self::Running, Event::Finish) => Some(Self::Finishing),
            (Self::Finishing, Event::Complete) => Some(Self::Completed),
            (Self::Queued | Self::Running | Self::Finishing, Event::Fail) => Some(Self::Failed),
            (Self::Queued | Self::Running | Self::Finishing, Event::Cancel) => Some(Self::Cancelling),
            (Self::Cancelling, Event::Stopped) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// True where nothing changes any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// Effort of the search; names as in `engine::settings::Preset`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// A good model soon.
    Quick,
    /// The whole portfolio.
    #[default]
    Balanced,
    /// Folds always, the whole budget.
    Best,
}

/// What the user asked for. The worker turns it into `engine::Settings`; names are the engine's serde names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct JobSettings {
    /// `binary`, `multiclass` or `regression`; none: decided from the target.
    pub problem: Option<String>,
    /// Snake-case metric name, for example `roc_auc`; none: by problem.
    pub metric: Option<String>,
    /// Wall time of the whole job, in seconds.
    pub budget_seconds: u32,
    /// Effort.
    pub preset: Preset,
    /// Seed of everything random.
    pub seed: u64,
    /// Columns to leave out.
    pub exclude: Vec<String>,
    /// Roles set by hand: column name to snake-case role, for example `category`.
    pub roles: BTreeMap<String, String>,
    /// Stop after that many trials.
    #[serde(default)]
    pub max_trials: Option<u32>,
}

/// Lines for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Notes(pub Vec<String>);

/// One training run on one dataset and target.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// What it trains on.
    pub dataset_id: Uuid,
    /// Shown name.
    pub name: String,
    /// How far it is.
    pub state: State,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// Column to predict.
    pub target: String,
    /// What the user asked for.
    pub settings: JobSettings,
    /// `binary`, `multiclass` or `regression`, once prepared.
    pub problem: Option<String>,
    /// Snake-case metric name, once prepared.
    pub metric: Option<String>,
    /// Direction of the metric, once prepared.
    pub higher_is_better: Option<bool>,
    /// What the search knows of the data (`engine::plan::Shape` as JSON), once prepared.
    pub shape: Option<Json>,
    /// What was decided and why.
    pub notes: Notes,
    /// Artifact key of the prepared data, once prepared.
    pub prepared_key: Option<String>,
    /// The user said "finish now".
    pub finish_requested: bool,
    /// The user said "cancel".
    pub cancel_requested: bool,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When a worker took its first task: the budget counts from here.
    pub started_at: Option<DateTimeUtc>,
    /// When the first trials were handed out.
    pub search_started_at: Option<DateTimeUtc>,
    /// Milliseconds since `started_at` in which no server was up; they do not count against the budget.
    pub paused_ms: i64,
    /// When it became terminal.
    pub finished_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's jobs.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn only_terminal_states_are_final() {
        for state in State::iter() {
            let can_move = Event::iter().any(|event| state.after(event).is_some());
            assert_eq!(can_move, !state.is_terminal(), "{state:?}");
        }
    }

    #[test]
    fn every_state_is_reached_from_the_first() {
        let mut reached = vec![State::Queued];
        let mut next = 0;
        while next < reached.len() {
            let from = reached[next];
            for state in Event::iter().filter_map(|event| from.after(event)) {
                if !reached.contains(&state) {
                    reached.push(state);
                }
            }
            next += 1;
        }
        assert_eq!(reached.len(), State::iter().count(), "{reached:?}");
    }
}
