//! From a raw table and settings to prepared data: roles, problem type, target, split, encoded features, bins.

pub mod problem;

mod chosen;
mod columns;
mod constraint;
mod features;
mod foresee;
mod leakage;
mod monotone;
mod prepare;
mod quantile;
mod record;
mod sides;
mod split;
mod store;
mod target;
#[cfg(test)]
mod tests;
mod text_scores;
mod topics;
mod weights;

use std::sync::OnceLock;

pub use chosen::Chosen;
pub use columns::ColumnPlan;
pub use foresee::{Foreseen, foresee};
pub use prepare::{prepare, prepare_frame};
pub use record::SplitRecord;
pub use split::MIN_ROWS;
pub(crate) use target::number_label;
pub use weights::{SampleWeights, TargetView, WeightedTarget};

use model::{Encoder, Input, ProblemType};
use serde::{Deserialize, Serialize};

use crate::metrics::Metric;
use crate::settings::Direction;
use crate::trees::Binned;

/// The target of the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// Class indices and the labels they index (sorted; numbers by value, else by text).
    Classes {
        /// One a row.
        codes: Vec<u32>,
        /// In output order.
        labels: Vec<String>,
    },
    /// Values to predict.
    Values(Vec<f64>),
}

/// One fold: indices into the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fold {
    /// Rows to fit on.
    pub fit: Vec<u32>,
    /// Rows to score on.
    pub valid: Vec<u32>,
}

/// Encoded columns with their target: features are column-major, one `Vec` a feature of `Encoder::features`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Encoded features.
    pub features: Vec<Vec<f64>>,
    /// The target.
    pub target: Target,
    /// Number of rows.
    pub rows: usize,
    /// Row numbers in the table that was read.
    pub source: Vec<u32>,
}

/// Everything that a trial needs, made once a job. The encoder is fitted on the training rows only.
#[derive(Debug, Serialize, Deserialize)]
pub struct Prepared {
    /// What is predicted.
    pub problem: ProblemType,
    /// The raw inputs used.
    pub inputs: Vec<Input>,
    /// Raw inputs to features.
    pub encoder: Encoder,
    /// Rows to train and validate on.
    pub train: Rows,
    /// Rows kept for the end; no learner and no search sees them.
    pub holdout: Rows,
    /// One (a validation holdout) or several folds of the training rows. With repeats a row is scored in several of them.
    pub folds: Vec<Fold>,
    /// What was decided and why, for the report: one line each.
    pub notes: Vec<String>,
    /// What rows count; `None`: all alike.
    pub weights: Option<SampleWeights>,
    /// Features that the answer may only rise, or only fall, with.
    pub monotone: Vec<(u32, Direction)>,
    /// What a regression predicts.
    pub aim: Aim,
    /// The binned training rows, made at first use.
    #[serde(skip)]
    pub binned: OnceLock<Binned>,
    /// Joined pairs of numbers that fits have chosen.
    #[serde(skip)]
    pub crosses: Chosen,
}

/// What a regression predicts of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aim {
    /// The mean: the least squared error.
    #[default]
    Mean,
    /// The value that so many percent of such rows are below: the least pinball loss, of which that of 50, the median, is the
    /// absolute error. Learners that can only aim at the mean do that.
    Quantile(u8),
}

/// What the search knows of the data without seeing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Training rows.
    pub rows: usize,
    /// Encoded features.
    pub features: usize,
    /// Features that are categories.
    pub categories: usize,
    /// Classes; 0 for regression.
    pub classes: usize,
    /// Folds a trial fits.
    pub folds: usize,
    /// What is predicted.
    pub problem: ProblemType,
}

impl Prepared {
    /// The shape of the data.
    pub fn shape(&self) -> Shape {
        let classes = match &self.train.target {
            Target::Classes { labels, .. } => labels.len(),
            Target::Values(_) => 0,
        };
        let is_category = |feature: &&model::Feature| feature.kind != model::FeatureKind::Number;
        Shape {
            rows: self.train.rows,
            features: self.encoder.features.len(),
            categories: self.encoder.features.iter().filter(is_category).count(),
            classes,
            folds: self.folds.len(),
            problem: self.problem,
        }
    }

    /// True when every training row was fitted on in some fold, so that the mean of the folds' models has seen them all.
    pub fn folds_fit_all_rows(&self) -> bool {
        let mut fitted = vec![false; self.train.rows];
        for fold in &self.folds {
            for &row in &fold.fit {
                fitted[row as usize] = true;
            }
        }
        !fitted.contains(&false)
    }

    /// The rows of the out-of-fold predictions: the validation rows of every fold, one fold after the other.
    pub fn validation_rows(&self) -> Vec<u32> {
        self.folds
            .iter()
            .flat_map(|fold| fold.valid.iter().copied())
            .collect()
    }

    /// What fits are compared by where the job's metric is not: log loss, RMSE, or the loss of the quantile that is aimed at.
    pub fn loss(&self) -> Metric {
        match self.aim {
            Aim::Mean => Metric::loss_for(self.problem),
            Aim::Quantile(percent) => Metric::of_quantile(percent).unwrap_or(Metric::Mae),
        }
    }

    /// Outputs a row: the number of classes, or 1.
    pub fn outputs(&self) -> usize {
        self.shape().classes.max(1)
    }
}
