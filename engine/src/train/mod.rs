//! Running trials and making the final model of them. The command line and the worker call the same functions:
//! `plan::prepare`, [`run_trial`], `Search::suggest`, [`assemble`].

mod alternative;
mod assemble;
mod attribution;
mod bootstrap;
mod calibration;
mod card;
mod class_figures;
mod conformal;
mod control;
pub mod csv;
mod dependence;
mod ensemble;
mod evaluation;
mod explain;
pub mod files;
mod holdout;
mod importance;
mod joined;
mod lanes;
mod latency;
mod leaderboard;
mod members;
mod onnx_file;
mod proof;
mod proof_time;
mod publish;
mod refine;
mod refit;
mod replay;
mod report;
mod report_explain;
mod run;
mod stack;
mod store;
#[cfg(test)]
mod tests;
mod thinned;
mod threshold;
mod trial;
mod trials;
mod whole;

use model::Predictor;
use serde::{Deserialize, Serialize};

use crate::context::Turn;
use crate::search::{Score, TrialSpec};

pub use alternative::Alternative;
pub use assemble::{Assembled, Assembly, Decision, assemble};
pub use attribution::ColumnAttribution;
pub use calibration::{CalibrationDecision, CalibrationKind};
pub use class_figures::ClassFigures;
pub use conformal::Coverage;
pub use control::Control;
pub use dependence::{Dependence, DependencePoint};
pub use evaluation::{ConfusionTable, Evaluation, Importance, MetricValue};
pub use holdout::holdout_frame;
pub use latency::{LIMITS as LATENCY_LIMITS, Latency, LeftOut, check_limit as check_latency_limit};
pub use leaderboard::LeaderboardRow;
pub use proof::proven_score;
pub use replay::{MemberRecord, Replay, replay};
pub use run::{Event, Finished, Job, Timings, run};
pub(crate) use threshold::as_decided;
pub use threshold::{ThresholdDecision, ThresholdGoal};
pub use trial::{oof_target, run_trial};

/// What a finished trial leaves behind, stored as an artifact: enough to assemble without fitting again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialArtifact {
    /// What was tried.
    pub spec: TrialSpec,
    /// What it was worth.
    pub score: Score,
    /// One predictor a fold.
    pub predictors: Vec<Predictor>,
    /// Out-of-fold outputs, row-major over the validation rows in fold order (`Fold::valid` one after the other).
    pub oof: Vec<f32>,
    /// What the clock said in the fit of each fold.
    pub turns: Vec<Vec<Turn>>,
}
