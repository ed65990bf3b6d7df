//! What a job would take, before it is started.

use async_graphql::{Context, Object, SimpleObject};
use entities::Viewer;
use platform::artifacts::Key;
use platform::estimate::{self, Estimate, Question, Span};

use super::job_change::{CreateJobInput, checked};
use super::long::Long;
use super::payload::UserError;
use super::problem::{Metric, ProblemType, from_stored};
use crate::failure::{Code, Failure};
use crate::state::AppState;

/// What a job would take, or what is wrong with it.
#[derive(SimpleObject)]
pub struct JobEstimate {
    /// What it would take; null when the job could not be started.
    pub forecast: Option<JobForecast>,
    /// What `createJob` would refuse; empty when it would start the job.
    pub user_errors: Vec<UserError>,
}

/// What a job is expected to do and to take. Nothing was fitted for it; spans say how much is not known.
#[derive(SimpleObject)]
pub struct JobForecast {
    /// Wall time of the whole job: the one asked for, or the one by rows.
    pub budget_seconds: i32,
    /// Kind of question.
    pub problem: ProblemType,
    /// The metric that would decide.
    pub metric: Metric,
    /// Rows to train and validate on.
    pub training_rows: Long,
    /// Rows that would be kept for the end.
    pub holdout_rows: Long,
    /// Features that the columns become.
    pub features: WholeSpan,
    /// Folds that a trial fits; 1 is one split.
    pub folds: i32,
    /// Trials in all, the baseline included.
    pub trials: WholeSpan,
    /// Seconds from the start to the model.
    pub seconds: NumberSpan,
    /// Memory that one trial takes, in bytes.
    pub memory_bytes: WholeSpan,
    /// Trials that would run at the same time on the workers that are there now, were nobody else's job waiting.
    pub slots: i32,
    /// What is likely to run, in the order of the first trials.
    pub learners: Vec<LearnerForecast>,
    /// Whether times are from what trials of the viewer's last completed job on the same dataset and target took, which makes the
    /// spans narrower; else they are from the learners' own prices, which are right within a factor of three or so.
    pub measured: bool,
    /// What should be known before it is started.
    pub notes: Vec<String>,
}

/// Two whole numbers between which one is likely to lie.
#[derive(SimpleObject)]
pub struct WholeSpan {
    /// Hardly less.
    pub low: Long,
    /// Hardly more; null where there may be any number more.
    pub high: Option<Long>,
}

/// Two numbers between which one is likely to lie.
#[derive(SimpleObject)]
pub struct NumberSpan {
    /// Hardly less.
    pub low: f64,
    /// Hardly more.
    pub high: f64,
}

/// A learner that is likely to run.
#[derive(SimpleObject)]
pub struct LearnerForecast {
    /// Stable name.
    pub name: String,
    /// Words for people.
    pub title: String,
    /// Trials of it, likely.
    pub trials: i32,
}

/// Estimates.
#[derive(Default)]
pub struct EstimateQuery;

#[Object]
impl EstimateQuery {
    /// What `createJob` would take with this input. Nothing is started, and nothing is kept.
    async fn job_estimate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The job; its idempotency key means nothing here.")] input: CreateJobInput,
    ) -> Result<Option<JobEstimate>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let (dataset, settings) = match checked(state, viewer, &input).await? {
            Ok(checked) => checked,
            Err(user_errors) => {
                return Ok(Some(JobEstimate {
                    forecast: None,
                    user_errors,
                }));
            }
        };
        let Some(estimator) = state.estimator.clone() else {
            let message = "This server cannot estimate: it does not have the engine at hand.";
            return Err(Failure::client(Code::Unavailable, message));
        };
        let platform = &state.platform;
        let key = dataset.profile_key.as_deref().unwrap_or_default();
        let key = Key::parse(key).map_err(Failure::internal)?;
        let workforce = estimate::workforce(&platform.database, &platform.settings).await?;
        let pilot = estimate::pilot(&platform.database, viewer, dataset.id, &input.target).await?;
        let budget_seconds = i32::try_from(settings.budget_seconds).unwrap_or(i32::MAX);
        let question = Question {
            profile: platform.artifacts.get(&key).await?,
            target: input.target,
            settings,
            workforce,
            pilot,
        };
        let work = move || estimator.estimate(&question);
        let estimated = tokio::task::spawn_blocking(work)
            .await
            .map_err(Failure::internal)??;
        let forecast = forecast(estimated, budget_seconds, workforce.slots)?;
        Ok(Some(JobEstimate {
            forecast: Some(forecast),
            user_errors: Vec::new(),
        }))
    }
}

fn forecast(estimate: Estimate, budget_seconds: i32, slots: usize) -> Result<JobForecast, Failure> {
    let unknown = |name: &str| Failure::internal(format!("the estimate names {name}"));
    let mut learners = Vec::with_capacity(estimate.learners.len());
    for share in estimate.learners {
        learners.push(LearnerForecast {
            name: share.name,
            title: share.title,
            trials: i32::try_from(share.trials).unwrap_or(i32::MAX),
        });
    }
    let trials = Span {
        low: u64::from(estimate.trials.low),
        high: u64::from(estimate.trials.high),
    };
    Ok(JobForecast {
        budget_seconds,
        problem: from_stored(&estimate.problem).ok_or_else(|| unknown(&estimate.problem))?,
        metric: from_stored(&estimate.metric).ok_or_else(|| unknown(&estimate.metric))?,
        training_rows: long(estimate.training_rows),
        holdout_rows: long(estimate.holdout_rows),
        features: whole(estimate.features, false),
        folds: i32::try_from(estimate.folds).unwrap_or(i32::MAX),
        trials: whole(trials, estimate.is_open),
        seconds: NumberSpan {
            low: estimate.seconds.low,
            high: estimate.seconds.high,
        },
        memory_bytes: whole(estimate.memory_bytes, false),
        slots: i32::try_from(slots).unwrap_or(i32::MAX),
        learners,
        measured: estimate.is_measured,
        notes: estimate.notes,
    })
}

fn whole(span: Span<u64>, is_open: bool) -> WholeSpan {
    WholeSpan {
        low: long(span.low),
        high: (!is_open).then(|| long(span.high)),
    }
}

fn long(number: u64) -> Long {
    Long(i64::try_from(number).unwrap_or(i64::MAX))
}
