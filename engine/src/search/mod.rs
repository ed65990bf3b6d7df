//! The search: ask-tell over the portfolio. Pure: the same history, time and slots give the same suggestions.

mod budget;
#[cfg(test)]
mod families_tests;
mod foresee;
mod limits;
mod order;
mod room;
mod suggest;
#[cfg(test)]
mod tests;
mod vary;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::learners::Params;

pub use foresee::{Assumption, MOST_TRIALS, Played, play};
pub(crate) use limits::beside_data;
pub(crate) use order::BASELINE;
pub use room::Room;
pub use suggest::Search;

/// Why the search asks for no further trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// `Settings::max_trials` are done.
    TrialLimit,
    /// What is left of the budget is needed to assemble the model.
    TimeReserved,
    /// The last trials brought nothing.
    Converged,
    /// No candidate is left that fits into what is left of time and memory.
    NothingFits,
}

impl Finish {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::TrialLimit => "the number of trials asked for is done",
            Self::TimeReserved => "the rest of the budget is needed to assemble and check the model",
            Self::Converged => "the last trials brought no improvement",
            Self::NothingFits => "no candidate is left that fits into the time and memory",
        }
    }
}

/// One configuration of one learner to try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialSpec {
    /// Number in the job, from 0; the baseline is trial 0.
    pub number: usize,
    /// Name on the leaderboard, for example `Gradient boosting 3`.
    pub name: String,
    /// `Learner::name`.
    pub learner: String,
    /// Hyperparameters.
    pub params: Params,
    /// Seed of the fit.
    pub seed: u64,
    /// Time it may take before it returns its best so far.
    pub limit: Duration,
    /// Why the search wants it: one short phrase.
    pub reason: String,
}

/// A trial as the search sees it afterwards: no predictions, only what the row in the database holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialRecord {
    /// What was tried.
    pub spec: TrialSpec,
    /// How it went.
    pub outcome: Outcome,
}

/// How a trial went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Outcome {
    /// Suggested or running.
    Open,
    /// Scored.
    Completed(Score),
    /// Ended without a model.
    Failed {
        /// For people.
        reason: String,
    },
}

/// What a completed trial was worth and what it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The job's metric on pooled out-of-fold predictions.
    pub score: f64,
    /// Log loss, RMSE, or mean absolute error where that is the metric, on the same.
    pub loss: f64,
    /// The metric fold by fold.
    pub fold_scores: Vec<f64>,
    /// Wall seconds of the whole trial.
    pub seconds: f64,
    /// Best rounds, mean over folds.
    pub rounds: usize,
    /// Why the fits ended (the worst of the folds).
    pub stop: crate::learners::Stop,
    /// Seconds to predict one row, natively.
    pub predict_seconds_per_row: f64,
    /// `(round, validation loss)` of the first fold.
    pub curve: Vec<(u32, f64)>,
}

impl TrialRecord {
    /// Its score, when it has one.
    pub fn score(&self) -> Option<&Score> {
        match &self.outcome {
            Outcome::Completed(score) => Some(score),
            Outcome::Open | Outcome::Failed { .. } => None,
        }
    }
}
