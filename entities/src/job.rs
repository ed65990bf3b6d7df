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
    /// It goes on with what it has prepared: it got more time, or another try.
    Resume,
    /// It starts again from the beginning.
    Restart,
    /// It was resumed and ends without a new model: the one it had before stays.
    Restore,
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
            (Self::Completed | Self::Failed | Self::Finishing, Event::Resume) => Some(Self::Running),
            (Self::Failed | Self::Cancelled, Event::Restart) => Some(Self::Queued),
            (Self::Running | Self::Finishing | Self::Cancelling, Event::Restore) => Some(Self::Completed),
            _ => None,
        }
    }

    /// True where nothing changes any more unless its owner wants it to go on.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// Whether a graphics card may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GpuChoice {
    /// Where one is free and it pays.
    #[default]
    Allowed,
    /// Learners that can use one wait for it.
    Wanted,
    /// Never.
    No,
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

/// How candidates are validated; names as in `engine::settings::Validation`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validation {
    /// Chosen by rows and budget.
    #[default]
    Auto,
    /// One split.
    Holdout,
    /// So many folds.
    Folds(u8),
    /// By time, in this column.
    Time(String),
    /// By group, in this column.
    Group(String),
}

impl Validation {
    /// True where it decides which rows are kept for the final score, and not only how candidates are compared.
    pub fn binds_rows(&self) -> bool {
        matches!(self, Self::Time(_) | Self::Group(_))
    }
}

/// Which way a prediction may go while a number rises; names as in `engine::settings::Direction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Up, or nowhere.
    Rising,
    /// Down, or nowhere.
    Falling,
}

/// A column that the prediction may only rise, or only fall, with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonotoneColumn {
    /// Which column.
    pub column: String,
    /// Which way.
    pub direction: Direction,
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
    /// How candidates are validated, and which rows are kept for the final score.
    #[serde(default)]
    pub validation: Validation,
    /// Column that says how much a row counts.
    #[serde(default)]
    pub weights: Option<String>,
    /// Stop after that many trials.
    #[serde(default)]
    pub max_trials: Option<u32>,
    /// Whether a graphics card may be used.
    #[serde(default)]
    pub gpu: GpuChoice,
    /// Trials that were there when the owner wanted the search to go on: they do not count as tries without improvement.
    #[serde(default)]
    pub seen_trials: u32,
    /// What the predicted label of two classes is decided for, for example `f1` or `recall:0.9`; none: the more probable class.
    #[serde(default)]
    pub threshold: Option<String>,
    /// Columns that the prediction may only rise, or only fall, with.
    #[serde(default)]
    pub monotone: Vec<MonotoneColumn>,
    /// What the model may take to answer one row, in microseconds; none: as long as it takes.
    #[serde(default)]
    pub max_latency_microseconds: Option<u64>,
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
    /// Milliseconds since `started_at` that do not count against the budget: no server was up, or the job was over before
    /// it was resumed.
    pub paused_ms: i64,
    /// When it became terminal.
    pub finished_at: Option<DateTimeUtc>,
    /// What its owner says of it.
    pub annotation: Option<String>,
    /// The metric of its model on the holdout; none while it has no model.
    pub score: Option<f64>,
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

    /// What its owner does to go on with a job that is over.
    const GOING_ON: [Event; 2] = [Event::Resume, Event::Restart];

    #[test]
    fn only_terminal_states_are_final() {
        for state in State::iter() {
            let can_move = Event::iter()
                .filter(|event| !GOING_ON.contains(event))
                .any(|event| state.after(event).is_some());
            assert_eq!(can_move, !state.is_terminal(), "{state:?}");
        }
    }

    #[test]
    fn cancelled_jobs_start_from_the_beginning_only() {
        assert_eq!(State::Cancelled.after(Event::Resume), None);
        assert_eq!(State::Cancelling.after(Event::Resume), None);
        assert_eq!(State::Completed.after(Event::Restart), None);
    }

    proptest::proptest! {
        /// Whatever happens in whatever order: a job that is over stays as it is until its owner goes on with it, and from a
        /// wish to cancel no new model comes.
        #[test]
        fn random_events_keep_the_promises(picks in proptest::collection::vec(0_usize..64, 0..200)) {
            let events: Vec<Event> = Event::iter().collect();
            let mut state = State::Queued;
            let mut was_cancelling = false;
            for pick in picks {
                let event = events[pick % events.len()];
                let Some(next) = state.after(event) else { continue };
                if state.is_terminal() {
                    proptest::prop_assert!(GOING_ON.contains(&event), "{:?} left {:?}", event, state);
                    proptest::prop_assert!(!next.is_terminal());
                    was_cancelling = false;
                }
                was_cancelling |= event == Event::Cancel;
                if was_cancelling && next.is_terminal() {
                    // A job that is being cancelled ends cancelled, or with the model that it had before.
                    proptest::prop_assert!(matches!(event, Event::Stopped | Event::Restore), "{:?}", event);
                }
                if next == State::Cancelled {
                    proptest::prop_assert!(was_cancelling);
                }
                state = next;
            }
        }
    }

    #[test]
    fn every_state_is_reached_from_the_first() {
        crate::machine::check_reached(State::Queued, State::after);
    }
}
