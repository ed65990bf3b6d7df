//! What the user asks of a training run.

use std::collections::BTreeMap;
use std::time::Duration;

use model::ProblemType;
use serde::{Deserialize, Serialize};

use crate::metrics::Metric;
use crate::profile::Role;
use crate::train::ThresholdGoal;

/// How much effort a run makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// A holdout and few learners: a good model soon.
    Quick,
    /// Folds where they fit the budget, the whole portfolio.
    #[default]
    Balanced,
    /// Folds always, the whole budget.
    Best,
}

/// How candidates are validated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validation {
    /// Chosen by rows and budget.
    #[default]
    Auto,
    /// One split.
    Holdout,
    /// k folds.
    Folds(u8),
}

/// Settings of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Column to predict.
    pub target: String,
    /// `None`: by the rule of `plan::problem`.
    pub problem: Option<ProblemType>,
    /// `None`: log loss's best friend for ranking: ROC AUC (binary), log loss (multiclass), RMSE (regression).
    pub metric: Option<Metric>,
    /// Wall time from the first byte read to the last file written.
    pub budget: Duration,
    /// Effort.
    pub preset: Preset,
    /// Validation.
    pub validation: Validation,
    /// Threads to compute on, at least 1.
    pub threads: usize,
    /// Bound of resident memory.
    pub memory_bytes: u64,
    /// Seed of everything random.
    pub seed: u64,
    /// Columns to leave out.
    pub exclude: Vec<String>,
    /// Roles that the user set by hand.
    pub roles: BTreeMap<String, Role>,
    /// Names of the learners allowed; empty: all.
    pub learners: Vec<String>,
    /// Stop after that many trials; `None`: the budget decides. A run stopped by this alone is reproducible to the byte.
    pub max_trials: Option<usize>,
    /// Trials that were there when the user, who had seen their result, wanted the search to go on. They do not count as
    /// trials without improvement, and a quick search that goes on takes the whole portfolio.
    #[serde(default)]
    pub seen_trials: usize,
    /// Binary problems: what the predicted label is decided for; `None`: the more probable class.
    #[serde(default)]
    pub threshold: Option<ThresholdGoal>,
}

impl Settings {
    /// Everything by default: automatic problem, metric and validation, one thread, 4 GiB, seed 42.
    pub fn new(target: &str, budget: Duration) -> Self {
        Self {
            target: target.to_owned(),
            problem: None,
            metric: None,
            budget,
            preset: Preset::default(),
            validation: Validation::default(),
            threads: 1,
            memory_bytes: 4 << 30,
            seed: 42,
            exclude: Vec::new(),
            roles: BTreeMap::new(),
            learners: Vec::new(),
            max_trials: None,
            seen_trials: 0,
            threshold: None,
        }
    }
}
