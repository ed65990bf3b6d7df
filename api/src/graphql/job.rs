//! Training runs.

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use entities::progress::Progress;
use entities::{Viewer, job, step};
use futures_util::Stream;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::administrator::loaders_for;
use super::cost::{CostOfJob, JobCost};
use super::dataset::Dataset;
use super::id::{self, Noun};
use super::job_settings::JobSettings;
use super::leaderboard::{self, LeaderboardKind, LeaderboardRow};
use super::loaders::{
    DatasetKey, DeliveriesOfJob, Loaders, NotificationsOfJob, ProgressOfJob, StepsOfJob, TagsOfJob,
    TrialsOfJob, UserKey,
};
use super::model::Model;
use super::model_loaders::{ModelOfJob, WholeModelOfJob};
use super::notification::JobNotification;
use super::object::object;
use super::page::{Connection, PageArguments};
use super::problem::{Metric, ProblemType, from_stored};
use super::trial::Trial;
use super::trial_list::{self, TrialFilter, TrialOrder};
use super::user::User;
use super::watch;
use crate::failure::Failure;
use crate::state::AppState;

/// Notifications of one job that are shown at most, by mail and by webhook each.
const NOTIFICATIONS: usize = 20;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "job::State")]
pub enum JobState {
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
    /// Asked to stop.
    Cancelling,
    /// Stopped; nothing is kept.
    Cancelled,
}

/// What a person sees of a job's progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "step::Name")]
pub enum StepName {
    /// Settings fit the dataset.
    Validate,
    /// Split, features.
    Prepare,
    /// Trials.
    Train,
    /// Ensemble, holdout, export, report.
    Assemble,
    /// Word to the owner that the job has ended.
    Notify,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "step::State")]
pub enum StepState {
    /// Not begun.
    Pending,
    /// Going on.
    Running,
    /// Done.
    Completed,
    /// Ended the job.
    Failed,
    /// Not reached.
    Skipped,
}

/// One training run on one dataset and target.
#[derive(Clone)]
pub struct Job(pub job::Model);

object! {
    /// One training run on one dataset and target.
    Job
}

#[ComplexObject]
impl Job {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Job, self.0.id)
    }

    /// Shown name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How far it is.
    async fn state(&self) -> JobState {
        self.0.state.into()
    }

    /// Why it failed.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Whose it is.
    async fn owner(&self, context: &Context<'_>) -> Result<Option<User>, Failure> {
        let loaders = loaders_for(context, self.0.user_id);
        Ok(loaders.load_one(UserKey(self.0.user_id)).await?.map(User))
    }

    /// What its computing has cost, as far as it has ended.
    async fn cost(&self, context: &Context<'_>) -> Result<Option<JobCost>, Failure> {
        let spent = loaders_for(context, self.0.user_id)
            .load_one(CostOfJob(self.0.id))
            .await?;
        let settings = &context.data_unchecked::<AppState>().platform.settings;
        Ok(Some(JobCost::of(
            spent.unwrap_or(0),
            settings.quotas.price.as_ref(),
        )))
    }

    /// What it trains on; null for administrators who look at somebody else's job: they see how it runs, not what is in it.
    async fn dataset(&self, context: &Context<'_>) -> Result<Option<Dataset>, Failure> {
        let row = context
            .data_unchecked::<Loaders>()
            .load_one(DatasetKey(self.0.dataset_id))
            .await?;
        Ok(row.map(Dataset))
    }

    /// Column to predict.
    async fn target(&self) -> &str {
        &self.0.target
    }

    /// What the user asked for.
    async fn settings(&self) -> JobSettings {
        JobSettings::of(&self.0.settings)
    }

    /// Known once prepared.
    async fn problem(&self) -> Option<ProblemType> {
        self.0.problem.as_deref().and_then(from_stored)
    }

    /// Known once prepared.
    async fn metric(&self) -> Option<Metric> {
        self.0.metric.as_deref().and_then(from_stored)
    }

    /// Direction of the metric; known once prepared.
    async fn higher_is_better(&self) -> Option<bool> {
        self.0.higher_is_better
    }

    /// The steps, in order.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<JobStep>, Failure> {
        let rows = loaders_for(context, self.0.user_id)
            .load_one(StepsOfJob(self.0.id))
            .await?;
        Ok(rows.unwrap_or_default().into_iter().map(JobStep::from).collect())
    }

    /// Who was told that it has ended, and how that went, at most 40: mails, then messages to webhooks, the oldest first.
    async fn notifications(&self, context: &Context<'_>) -> Result<Vec<JobNotification>, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        let mails = loaders.load_one(NotificationsOfJob(self.0.id));
        let messages = loaders.load_one(DeliveriesOfJob(self.0.id));
        let (mails, messages) = futures_util::try_join!(mails, messages)?;
        let mails = mails.unwrap_or_default().into_iter().take(NOTIFICATIONS);
        let messages = messages.unwrap_or_default().into_iter().take(NOTIFICATIONS);
        Ok(mails
            .filter_map(JobNotification::of)
            .chain(messages.filter_map(JobNotification::of_delivery))
            .collect())
    }

    /// Counts, the best so far, and time.
    async fn progress(&self, context: &Context<'_>) -> Result<JobProgress, Failure> {
        let counted = loaders_for(context, self.0.user_id)
            .load_one(ProgressOfJob(self.0.id))
            .await?;
        Ok(JobProgress::of(
            &self.0,
            counted.as_ref(),
            platform::database::now(),
        ))
    }

    /// Its trials, by number unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field")]
    async fn trials(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Rows wanted from the beginning, 1 to 100; 20 when neither `first` nor `last` is there."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of the row before the page.")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, 1 to 100; not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Cursor of the row behind the page.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when absent.")] filter: Option<TrialFilter>,
        #[graphql(desc = "In which order; by number when absent.")] order_by: Option<TrialOrder>,
    ) -> Result<Option<Connection<Trial>>, Failure> {
        let asked = PageArguments {
            first,
            after,
            last,
            before,
        };
        let rows = loaders_for(context, self.0.user_id)
            .load_one(TrialsOfJob(self.0.id))
            .await?
            .unwrap_or_default();
        trial_list::page(context, rows, &asked, filter, order_by).map(Some)
    }

    /// Best validation score first; the baseline and the final ensemble are on it.
    async fn leaderboard(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only candidates of these kinds, with their ranks among all. Null: all.")]
        kinds: Option<Vec<LeaderboardKind>>,
    ) -> Result<Vec<LeaderboardRow>, Failure> {
        let loaders = context.data_unchecked::<Loaders>();
        // At the same time, so that what other fields ask for goes into the same statements.
        let trials = loaders_for(context, self.0.user_id).load_one(TrialsOfJob(self.0.id));
        let model = loaders.load_one(WholeModelOfJob(self.0.id));
        let (trials, model) = futures_util::try_join!(trials, model)?;
        let trials = trials.unwrap_or_default();
        let mut rows = leaderboard::rows(&self.0, trials, model.as_ref());
        if let Some(kinds) = kinds {
            rows.retain(|row| kinds.contains(&row.kind));
        }
        Ok(rows)
    }

    /// The newest model it made. A job that was extended has the one from before until a newer one is there.
    async fn model(&self, context: &Context<'_>) -> Result<Option<Model>, Failure> {
        let row = context
            .data_unchecked::<Loaders>()
            .load_one(ModelOfJob(self.0.id))
            .await?;
        Ok(row.map(Model))
    }

    /// Words by which its owner finds it again, in alphabetical order; at most 10.
    async fn tags(&self, context: &Context<'_>) -> Result<Vec<String>, Failure> {
        let loaders = loaders_for(context, self.0.user_id);
        Ok(loaders.load_one(TagsOfJob(self.0.id)).await?.unwrap_or_default())
    }

    /// What its owner says of it.
    async fn annotation(&self) -> Option<&str> {
        self.0.annotation.as_deref()
    }

    /// What its model is worth on the holdout by the job's metric; null while there is none.
    async fn score(&self) -> Option<f64> {
        self.0.score
    }

    /// What was decided and why.
    async fn notes(&self) -> &[String] {
        &self.0.notes.0
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When a worker took it: the budget counts from here.
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
}

/// One step of a job.
#[derive(SimpleObject)]
pub struct JobStep {
    /// Which one.
    pub name: StepName,
    /// How far it is.
    pub state: StepState,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it failed, or why work of it was last tried again.
    pub error: Option<String>,
    /// Times that work of it failed or was lost and was tried again; 0 when all went well at once.
    pub attempts: i32,
    /// When such work is tried again; null when none waits.
    pub retry_at: Option<DateTime<Utc>>,
}

impl From<step::Model> for JobStep {
    fn from(row: step::Model) -> Self {
        let now = platform::database::now();
        Self {
            name: row.name.into(),
            state: row.state.into(),
            started_at: row.started_at,
            finished_at: row.finished_at,
            error: row.error,
            attempts: row.attempts,
            retry_at: row.retry_at.filter(|at| *at > now),
        }
    }
}

/// How far a job is, in numbers.
#[derive(Debug, SimpleObject)]
pub struct JobProgress {
    /// Trials with a score.
    pub trials_finished: i32,
    /// Trials being fitted.
    pub trials_running: i32,
    /// Trials without a model.
    pub trials_failed: i32,
    /// Best validation score so far.
    pub best_score: Option<f64>,
    /// Name of the trial that has it.
    pub best_trial: Option<String>,
    /// Seconds of the budget used.
    pub seconds_elapsed: f64,
    /// Seconds of the budget left; null before the start and after the end.
    pub seconds_left: Option<f64>,
}

impl JobProgress {
    fn of(job: &job::Model, counted: Option<&Progress>, now: DateTime<Utc>) -> Self {
        let count = |of: fn(&Progress) -> i64| {
            counted.map_or(0, |progress| i32::try_from(of(progress)).unwrap_or(i32::MAX))
        };
        let end = job.finished_at.unwrap_or(now);
        let elapsed = job
            .started_at
            .map(|start| ((end - start).num_milliseconds() - job.paused_ms).max(0) as f64 / 1e3);
        let seconds_left = match elapsed {
            Some(elapsed) if !job.state.is_terminal() => {
                Some((f64::from(job.settings.budget_seconds) - elapsed).max(0.0))
            }
            _ => None,
        };
        Self {
            trials_finished: count(|progress| progress.finished),
            trials_running: count(|progress| progress.running),
            trials_failed: count(|progress| progress.failed),
            best_score: counted.and_then(|progress| progress.best_score),
            best_trial: counted.and_then(|progress| progress.best_name.clone()),
            seconds_elapsed: elapsed.unwrap_or(0.0),
            seconds_left,
        }
    }
}

/// The viewer's job with that key.
pub async fn find(state: &AppState, viewer: Viewer, key: Uuid) -> Result<Option<job::Model>, Failure> {
    let query = job::Entity::find_for(viewer).filter(job::Column::Id.eq(key));
    Ok(query.one(state.platform.database.connection()).await?)
}

/// Jobs as they change.
#[derive(Default)]
pub struct JobSubscription;

#[Subscription]
impl JobSubscription {
    /// The job, then every change with a rising version; completes when it has ended.
    async fn job_updated(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<impl Stream<Item = Result<Option<Job>, Failure>> + use<>, Failure> {
        let key = id::decode_as(&id, Noun::Job)?;
        let viewer = *context.data_unchecked::<Viewer>();
        Ok(watch::job(
            context.data_unchecked::<AppState>().platform.clone(),
            viewer,
            key,
        ))
    }
}
