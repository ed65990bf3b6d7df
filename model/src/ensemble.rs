//! The whole fitted pipeline: encoder, members and their weights.

use serde::{Deserialize, Serialize};

use crate::transform::dense::Dense;
use crate::{Encoder, Estimator, Input, Link, ProblemType, Refinements};

/// One fitted estimator with the preparation that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictor {
    /// Dense inputs for linear models and networks; `None`: the estimator takes encoded features as they are.
    pub dense: Option<Dense>,
    /// Maps features (or dense inputs) to raw outputs.
    pub estimator: Estimator,
    /// Maps raw outputs to outputs: `[p_0 … p_{K-1}]` for K classes, or `[value]`.
    pub link: Link,
}

/// One candidate in the final ensemble: the mean of its fold predictors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The trial's name on the leaderboard.
    pub name: String,
    /// Share of this member; weights of a model sum to 1.
    pub weight: f64,
    /// One a fold, or a single refitted one; outputs are averaged.
    pub predictors: Vec<Predictor>,
}

/// Where a model comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of the program that made it.
    pub program: String,
    /// SHA-256 of the training bytes, hex.
    pub data_sha256: String,
    /// Seed of the job.
    pub seed: u64,
    /// Rows the model was trained on.
    pub rows: u64,
}

/// A fitted, exportable pipeline: raw row in, label and probabilities (or a value) out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// What it predicts.
    pub problem: ProblemType,
    /// Name of the target column.
    pub target: String,
    /// Class labels in output order; empty for regression.
    pub classes: Vec<String>,
    /// Raw inputs, in order.
    pub inputs: Vec<Input>,
    /// Raw inputs to encoded features.
    pub encoder: Encoder,
    /// The ensemble.
    pub members: Vec<Member>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What is fitted on top of the ensemble. It stands behind the rest in a file (`store`), where older files have nothing.
    #[serde(skip)]
    pub refinements: Refinements,
}
