//! What the search may try. One file a learner: its space, defaults, cost, fit; `LEARNERS` is the list.

pub mod baseline;
#[cfg(test)]
mod contract;
pub mod dense;
pub mod extra_trees;
pub mod gradient_boosting;
pub mod linear;
pub mod loss;
#[cfg(test)]
mod measure;
pub mod network;
pub mod params;
pub mod random_forest;
pub mod scoring;
pub mod widen;

use std::collections::BTreeMap;

use model::Predictor;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::error::Error;
use crate::plan::{Prepared, Shape};

/// A value of a hyperparameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// A switch.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A choice.
    Text(String),
}

/// Hyperparameters by name: what the leaderboard shows. A learner reads them into its own checked struct.
pub type Params = BTreeMap<String, ParamValue>;

/// What a fit is expected to take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Seconds on one thread for one fold; a rough prior that pilot trials correct.
    pub seconds: f64,
    /// Peak bytes beyond the prepared data.
    pub bytes: u64,
}

/// Rows of one fit: indices into the prepared training rows.
#[derive(Clone, Copy)]
pub struct FoldRows<'a> {
    /// Rows to fit on.
    pub fit: &'a [u32],
    /// Rows to stop early on and to score; never fitted on.
    pub valid: &'a [u32],
}

/// Why a fit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// All rounds done.
    Finished,
    /// The validation loss stopped falling.
    Converged,
    /// The deadline passed; the best so far was kept.
    Deadline,
}

/// What a fit returns: the best round's predictor and its answers on the validation rows.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Ready to predict encoded rows.
    pub predictor: Predictor,
    /// Outputs on `FoldRows::valid`, row-major, K (or 1) a row, equal to `predictor`'s answers.
    pub valid_outputs: Vec<f64>,
    /// Best round, epoch or number of trees.
    pub rounds: usize,
    /// Why it ended.
    pub stop: Stop,
    /// `(round, validation loss)`, at most some hundred points.
    pub curve: Vec<(u32, f64)>,
}

/// A learner: everything the search has to know of it.
pub trait Learner: Sync {
    /// Stable name, for example `gradient_boosting`.
    fn name(&self) -> &'static str;
    /// Words for people, for example `Gradient boosting`.
    fn title(&self) -> &'static str;
    /// True where [`Context::device`] matters.
    fn uses_gpu(&self) -> bool {
        false
    }
    /// True where every fit keeps to [`Prepared::monotone`]: of two rows that differ in such a feature alone, and both have a value of it,
    /// the outputs (of two classes, the second) are in its order.
    fn keeps_monotone(&self) -> bool {
        false
    }
    /// True where the model is the mean of trees that were fitted independently of each other: the first of each fold's are as good together as the
    /// whole model of one fold.
    fn is_mean_of_trees(&self) -> bool {
        false
    }
    /// True where fits aim at the quantile of [`Prepared::aim`]; others aim at the mean, whatever it says.
    fn aims_at_quantiles(&self) -> bool {
        false
    }
    /// Configurations to try first, best expected first; the search orders them over all learners by `plan::Shape`.
    fn portfolio(&self, shape: &Shape) -> Vec<Params>;
    /// A random configuration of the space.
    fn sample(&self, shape: &Shape, rng: &mut Pcg64Mcg) -> Params;
    /// Expected time and memory.
    fn cost(&self, shape: &Shape, params: &Params) -> Cost;
    /// The configuration changed so that it takes about `share` of its time, `0 < share < 1`, and still ends in good order: a
    /// fit that its deadline cuts off is worth less. `None` when this learner has nothing to trade.
    fn hastened(&self, _shape: &Shape, _params: &Params, _share: f64) -> Option<Params> {
        None
    }
    /// The configuration changed so that it takes about `times` its time, more than 1, and is expected to do better by that:
    /// slower learning, more networks. `None` when more time brings nothing.
    fn refined(&self, _shape: &Shape, _params: &Params, _times: f64) -> Option<Params> {
        None
    }
    /// Another configuration, of larger or smaller models, where the rounds that this one took until it converged speak for one.
    fn resized(&self, _shape: &Shape, _params: &Params, _rounds: usize) -> Option<Params> {
        None
    }
    /// Fits on `rows.fit`, stops early on `rows.valid` (log loss, RMSE, or the loss of the quantile aimed at), returns by `context.deadline` with the best so far.
    ///
    /// # Errors
    /// `Input` for parameters out of range, `Deadline` when nothing usable exists yet, `Cancelled`, `Internal`.
    fn fit(
        &self,
        data: &Prepared,
        rows: FoldRows<'_>,
        params: &Params,
        context: &Context<'_>,
    ) -> Result<Fitted, Error>;
    /// Fits on `rows` with a known number of rounds and no validation rows, for the refit of a winner.
    ///
    /// # Errors
    /// As `fit`.
    fn refit(
        &self,
        data: &Prepared,
        rows: &[u32],
        params: &Params,
        rounds: usize,
        context: &Context<'_>,
    ) -> Result<Predictor, Error>;
}

/// Every learner. A new one is a file and a line here.
pub const LEARNERS: &[&dyn Learner] = &[
    &baseline::Baseline,
    &gradient_boosting::GradientBoosting,
    &linear::Linear,
    &network::Network,
    &random_forest::RandomForest,
    &extra_trees::ExtraTrees,
];

/// The learner of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Learner> {
    LEARNERS.iter().copied().find(|learner| learner.name() == name)
}
