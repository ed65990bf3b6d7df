//! Configurations that were tried.

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use entities::{Viewer, trial};
use futures_util::Stream;
use serde::Deserialize;

use super::id::{self, Noun};
use super::json::Json;
use super::object::object;
use super::problem::from_stored;
use super::watch;
use crate::failure::Failure;
use crate::state::AppState;

/// How far a trial is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "trial::State")]
pub enum TrialState {
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

/// Why the fits of a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialStopReason {
    /// All rounds are done.
    Finished,
    /// The validation loss did not fall any more.
    Converged,
    /// Its time was up; the best so far was kept.
    Deadline,
}

/// One configuration of one learner, scored.
#[derive(Clone)]
pub struct Trial(pub trial::Model);

object! {
    /// One configuration of one learner, scored.
    Trial
}

#[ComplexObject]
impl Trial {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Trial, self.0.id)
    }

    /// From 0 (the baseline), in the order in which the search asked for them.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Name on the leaderboard.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Stable name of the learner.
    async fn learner(&self) -> &str {
        &self.0.learner
    }

    /// How far it is.
    async fn state(&self) -> TrialState {
        self.0.state.into()
    }

    /// Why it failed.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// Device of the worker that computes or computed it: `CPU`, or the name of its GPU; null before one took it.
    async fn device(&self) -> Option<&str> {
        self.0.device.as_deref()
    }

    /// What is to be known of how it was computed, for example that the GPU had too little memory and the CPU took over.
    async fn notes(&self) -> &[String] {
        self.0.notes.as_ref().map_or(&[], |notes| notes.0.as_slice())
    }

    /// Rises with every change.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Hyperparameters by name.
    async fn parameters(&self) -> Json {
        Json(self.0.params.clone())
    }

    /// The job's metric on the out-of-fold predictions.
    async fn score(&self) -> Option<f64> {
        self.0.score
    }

    /// Standard deviation of the fold scores; null with fewer than two folds.
    async fn score_sd(&self) -> Option<f64> {
        score_sd(&self.0)
    }

    /// The metric fold by fold.
    async fn fold_scores(&self) -> Option<&[f64]> {
        self.0.fold_scores.as_ref().map(|scores| scores.0.as_slice())
    }

    /// Wall seconds of the whole trial.
    async fn fit_seconds(&self) -> Option<f64> {
        self.0.seconds
    }

    /// Time to predict one row.
    async fn predict_microseconds_per_row(&self) -> Option<f64> {
        self.0.predict_seconds_per_row.map(|seconds| seconds * 1e6)
    }

    /// Rounds: so far while it runs, the best afterwards.
    async fn rounds(&self) -> Option<i32> {
        self.0.rounds
    }

    /// Why the fits ended.
    #[graphql(deprecation = "Use `stopReason`, which is an enum; removed after 2027-05-31.")]
    async fn stop(&self) -> Option<&str> {
        self.0.stop.as_deref()
    }

    /// Why the fits ended; null while they go on.
    async fn stop_reason(&self) -> Option<TrialStopReason> {
        self.0.stop.as_deref().and_then(from_stored)
    }

    /// Validation loss by round.
    async fn curve(&self) -> Option<Vec<CurvePoint>> {
        let curve = self.0.curve.as_ref()?;
        let point = |(round, loss): &(u32, f64)| CurvePoint {
            round: i32::try_from(*round).unwrap_or(i32::MAX),
            loss: *loss,
        };
        Some(curve.0.iter().map(point).collect())
    }

    /// When the search asked for it.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When a worker took it.
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.started_at
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
}

/// Validation loss after a round.
#[derive(Clone, Debug, SimpleObject)]
pub struct CurvePoint {
    /// From 1.
    pub round: i32,
    /// What the fit stops by: log loss, RMSE or the mean absolute error.
    pub loss: f64,
}

/// Sample standard deviation of the fold scores.
pub fn score_sd(row: &trial::Model) -> Option<f64> {
    let scores = &row.fold_scores.as_ref()?.0;
    if scores.len() < 2 {
        return None;
    }
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
    Some((squares / (count - 1.0)).sqrt())
}

/// Trials as they change.
#[derive(Default)]
pub struct TrialSubscription;

#[Subscription]
impl TrialSubscription {
    /// Every trial of the job: the present ones first, then each change; completes when the job has ended.
    async fn trial_updated(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which job.")] job_id: ID,
    ) -> Result<impl Stream<Item = Result<Option<Trial>, Failure>> + use<>, Failure> {
        let job = id::decode_as(&job_id, Noun::Job)?;
        let viewer = *context.data_unchecked::<Viewer>();
        Ok(watch::trials(
            context.data_unchecked::<AppState>().platform.clone(),
            viewer,
            job,
        ))
    }
}
