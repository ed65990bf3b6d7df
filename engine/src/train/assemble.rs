//! From finished trials to the final model: ensemble, refit, one look at the holdout, explanation, ONNX, report.

use model::onnx::Certificate;
use model::{Frame, Model};
use serde::{Deserialize, Serialize};

use super::{Evaluation, TrialArtifact};
use crate::context::Context;
use crate::error::Error;
use crate::learners::Params;
use crate::metrics::Metric;
use crate::plan::Prepared;
use crate::search::TrialRecord;
use crate::settings::Settings;

/// What assembling needs.
#[derive(Clone, Copy)]
pub struct Assembly<'a> {
    /// The prepared data.
    pub data: &'a Prepared,
    /// The raw rows `data.holdout.source`, in that order: at least the model's input columns.
    pub holdout: &'a Frame,
    /// What completed trials left behind.
    pub artifacts: &'a [TrialArtifact],
    /// Every trial, failed ones included, for the leaderboard.
    pub history: &'a [TrialRecord],
    /// The job's metric.
    pub metric: Metric,
    /// The job's settings.
    pub settings: &'a Settings,
    /// SHA-256 of the training file, hex.
    pub data_sha256: &'a str,
    /// Name and version of the program.
    pub program: &'a str,
}

/// The result of a job.
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The final model.
    pub model: Model,
    /// What it is worth.
    pub evaluation: Evaluation,
    /// Every trial and the ensemble, best first.
    pub leaderboard: Vec<LeaderboardRow>,
    /// The ONNX file and its proof, or why there is none, in words.
    pub onnx: Result<(Vec<u8>, Certificate), String>,
    /// The report, one self-contained HTML page.
    pub report_html: String,
    /// Outputs of the final model on the holdout, row-major.
    pub holdout_outputs: Vec<f64>,
    /// What was decided while assembling, in order.
    pub decisions: Vec<Decision>,
}

/// One line of the leaderboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaderboardRow {
    /// 1 for the best; equal scores share a rank; absent for trials that failed.
    pub rank: Option<u32>,
    /// Trial number; absent for the ensemble.
    pub number: Option<usize>,
    /// Name of the trial, or `Ensemble`.
    pub name: String,
    /// `Learner::name`, or `ensemble`.
    pub learner: String,
    /// The job's metric on out-of-fold predictions.
    pub score: Option<f64>,
    /// Standard deviation over the folds, with two folds or more.
    pub score_sd: Option<f64>,
    /// Log loss or RMSE on the same.
    pub loss: Option<f64>,
    /// The metric on the holdout.
    pub holdout_score: Option<f64>,
    /// Share in the final model.
    pub weight: f64,
    /// Wall seconds of the trial.
    pub fit_seconds: Option<f64>,
    /// Seconds to predict one row.
    pub predict_seconds_per_row: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
    /// Hyperparameters.
    pub params: Params,
}

/// One decision, for the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When, in seconds on the job's clock.
    pub at_seconds: f64,
    /// What and why.
    pub what: String,
}

/// Makes the final model of finished trials by `context.deadline`; what does not fit in time is left out and said so.
///
/// # Errors
/// `Input` when there is no completed trial, `Cancelled`, `Internal`.
pub fn assemble(assembly: &Assembly<'_>, context: &Context<'_>) -> Result<Assembled, Error> {
    let _ = (assembly, context);
    Err(Error::Internal("assembling is still being built".into()))
}
