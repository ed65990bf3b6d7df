//! What a prediction is worth. One entry of [`METRICS`] a metric: name, direction, where it is defined.
//!
//! A metric that is undefined on the given rows is `None`, never a default. Conventions at the edges are those of
//! scikit-learn and are written at each function.

pub mod curves;
pub mod cuts;
mod labels;
mod probability;
mod ranking;
mod regression;

use model::ProblemType;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::plan::{Target, TargetView};

pub use labels::{ClassReport, Confusion, argmax};
pub use ranking::{areas_of_class, binary_roc_auc};
pub use regression::pinball;

/// A metric of C2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Share of right labels.
    Accuracy,
    /// Mean recall over the classes present in the target.
    BalancedAccuracy,
    /// F1 of the second class of a binary problem.
    F1,
    /// F1, mean over classes.
    F1Macro,
    /// F1 weighted by support.
    F1Weighted,
    /// Precision, mean over classes.
    PrecisionMacro,
    /// Precision weighted by support.
    PrecisionWeighted,
    /// Recall, mean over classes.
    RecallMacro,
    /// Recall weighted by support.
    RecallWeighted,
    /// Area under the ROC curve (multiclass: one against the rest, mean over the classes present).
    RocAuc,
    /// Area under the precision-recall curve (average precision; multiclass as `RocAuc`).
    PrAuc,
    /// Mean negative log likelihood.
    LogLoss,
    /// Mean squared error of the probabilities.
    Brier,
    /// Matthews correlation coefficient.
    Mcc,
    /// Coefficient of determination.
    R2,
    /// Root of the mean squared error.
    Rmse,
    /// Mean absolute error.
    Mae,
    /// Median absolute error.
    MedianAe,
    /// Mean absolute percentage error (a share, 0.1 = 10 %); undefined when a target is 0.
    Mape,
    /// Root mean squared logarithmic error; undefined for negative targets.
    Rmsle,
    /// Pinball loss of the 5th percentile: least where 5 % of the rows are below what is predicted of them.
    #[serde(rename = "pinball_05")]
    Pinball05,
    /// Pinball loss of the 10th percentile.
    #[serde(rename = "pinball_10")]
    Pinball10,
    /// Pinball loss of the 25th percentile.
    #[serde(rename = "pinball_25")]
    Pinball25,
    /// Pinball loss of the 75th percentile.
    #[serde(rename = "pinball_75")]
    Pinball75,
    /// Pinball loss of the 90th percentile.
    #[serde(rename = "pinball_90")]
    Pinball90,
    /// Pinball loss of the 95th percentile.
    #[serde(rename = "pinball_95")]
    Pinball95,
}

/// One line of [`METRICS`].
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Which metric.
    pub metric: Metric,
    /// Stable name, as in JSON and on the command line.
    pub name: &'static str,
    /// Words for people.
    pub title: &'static str,
    /// Direction.
    pub higher_is_better: bool,
    /// Problems it is defined for.
    pub problems: &'static [ProblemType],
    /// Value from the target, with its weights, and row-major outputs; all checked by [`Metric::evaluate`].
    evaluate: fn(TargetView<'_>, &[f64]) -> Option<f64>,
}

const BINARY: &[ProblemType] = &[ProblemType::Binary];
const CLASSES: &[ProblemType] = &[ProblemType::Binary, ProblemType::Multiclass];
const VALUES: &[ProblemType] = &[ProblemType::Regression];

/// Every metric, in the order in which a report shows them. A new one is a line here and its function.
#[rustfmt::skip]
pub const METRICS: &[Entry] = &[
    Entry { metric: Metric::RocAuc, name: "roc_auc", title: "ROC AUC", higher_is_better: true, problems: CLASSES, evaluate: ranking::roc_auc },
    Entry { metric: Metric::PrAuc, name: "pr_auc", title: "PR AUC", higher_is_better: true, problems: CLASSES, evaluate: ranking::pr_auc },
    Entry { metric: Metric::LogLoss, name: "log_loss", title: "Log loss", higher_is_better: false, problems: CLASSES, evaluate: probability::log_loss },
    Entry { metric: Metric::Brier, name: "brier", title: "Brier score", higher_is_better: false, problems: CLASSES, evaluate: probability::brier },
    Entry { metric: Metric::Accuracy, name: "accuracy", title: "Accuracy", higher_is_better: true, problems: CLASSES, evaluate: labels::accuracy },
    Entry { metric: Metric::BalancedAccuracy, name: "balanced_accuracy", title: "Balanced accuracy", higher_is_better: true, problems: CLASSES, evaluate: labels::balanced_accuracy },
    Entry { metric: Metric::F1, name: "f1", title: "F1 (second class)", higher_is_better: true, problems: BINARY, evaluate: labels::f1 },
    Entry { metric: Metric::F1Macro, name: "f1_macro", title: "F1, macro", higher_is_better: true, problems: CLASSES, evaluate: labels::f1_macro },
    Entry { metric: Metric::F1Weighted, name: "f1_weighted", title: "F1, weighted", higher_is_better: true, problems: CLASSES, evaluate: labels::f1_weighted },
    Entry { metric: Metric::PrecisionMacro, name: "precision_macro", title: "Precision, macro", higher_is_better: true, problems: CLASSES, evaluate: labels::precision_macro },
    Entry { metric: Metric::PrecisionWeighted, name: "precision_weighted", title: "Precision, weighted", higher_is_better: true, problems: CLASSES, evaluate: labels::precision_weighted },
    Entry { metric: Metric::RecallMacro, name: "recall_macro", title: "Recall, macro", higher_is_better: true, problems: CLASSES, evaluate: labels::recall_macro },
    Entry { metric: Metric::RecallWeighted, name: "recall_weighted", title: "Recall, weighted", higher_is_better: true, problems: CLASSES, evaluate: labels::accuracy },
    Entry { metric: Metric::Mcc, name: "mcc", title: "Matthews correlation", higher_is_better: true, problems: CLASSES, evaluate: labels::mcc },
    Entry { metric: Metric::Rmse, name: "rmse", title: "RMSE", higher_is_better: false, problems: VALUES, evaluate: regression::rmse },
    Entry { metric: Metric::R2, name: "r2", title: "R²", higher_is_better: true, problems: VALUES, evaluate: regression::r2 },
    Entry { metric: Metric::Mae, name: "mae", title: "Mean absolute error", higher_is_better: false, problems: VALUES, evaluate: regression::mae },
    Entry { metric: Metric::MedianAe, name: "median_ae", title: "Median absolute error", higher_is_better: false, problems: VALUES, evaluate: regression::median_ae },
    Entry { metric: Metric::Mape, name: "mape", title: "Mean absolute percentage error", higher_is_better: false, problems: VALUES, evaluate: regression::mape },
    Entry { metric: Metric::Rmsle, name: "rmsle", title: "RMSLE", higher_is_better: false, problems: VALUES, evaluate: regression::rmsle },
    Entry { metric: Metric::Pinball05, name: "pinball_05", title: "Pinball loss, 5th percentile", higher_is_better: false, problems: VALUES, evaluate: regression::pinball_of::<5> },
    Entry { metric: Metric::Pinball10, name: "pinball_10", title: "Pinball loss, 10th percentile", higher_is_better: false, problems: VALUES, evaluate: regression::pinball_of::<10> },
    Entry { metric: Metric::Pinball25, name: "pinball_25", title: "Pinball loss, 25th percentile", higher_is_better: false, problems: VALUES, evaluate: regression::pinball_of::<25> },
    Entry { metric: Metric::Pinball75, name: "pinball_75", title: "Pinball loss, 75th percentile", higher_is_better: false, problems: VALUES, evaluate: regression::pinball_of::<75> },
    Entry { metric: Metric::Pinball90, name: "pinball_90", title: "Pinball loss, 90th percentile", higher_is_better: false, problems: VALUES, evaluate: regression::pinball_of::<90> },
    Entry { metric: Metric::Pinball95, name: "pinball_95", title: "Pinball loss, 95th percentile", higher_is_better: false, problems: VALUES, evaluate: regression::pinball_of::<95> },
];

impl Metric {
    /// Its line in [`METRICS`].
    pub fn entry(self) -> &'static Entry {
        for entry in METRICS {
            if entry.metric == self {
                return entry;
            }
        }
        unreachable!("every metric is listed; a test checks it")
    }

    /// Stable name, for example `roc_auc`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Words for people.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// Direction.
    pub fn higher_is_better(self) -> bool {
        self.entry().higher_is_better
    }

    /// The metric of that name; `auc`, `logloss` and a few other spellings are understood.
    ///
    /// # Errors
    /// `Input` listing the names.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let name = text.trim().to_lowercase().replace(['-', ' '], "_");
        let name = match name.as_str() {
            "auc" | "rocauc" => "roc_auc",
            "average_precision" | "prauc" => "pr_auc",
            "logloss" | "cross_entropy" => "log_loss",
            "medae" => "median_ae",
            other => other,
        };
        if let Some(entry) = METRICS.iter().find(|entry| entry.name == name) {
            return Ok(entry.metric);
        }
        let names: Vec<&str> = METRICS.iter().map(|entry| entry.name).collect();
        Err(Error::Input(format!(
            "there is no metric \"{}\"; use one of {}",
            text.escape_debug(),
            names.join(", ")
        )))
    }

    /// What is used when the user names none: ROC AUC, log loss or RMSE.
    pub fn default_for(problem: ProblemType) -> Self {
        match problem {
            ProblemType::Binary => Self::RocAuc,
            ProblemType::Multiclass => Self::LogLoss,
            ProblemType::Regression => Self::Rmse,
        }
    }

    /// The quantile, in percent, that predictions are best at.
    pub fn quantile(self) -> Option<u8> {
        match self {
            Self::Mae => Some(50),
            Self::Pinball05 => Some(5),
            Self::Pinball10 => Some(10),
            Self::Pinball25 => Some(25),
            Self::Pinball75 => Some(75),
            Self::Pinball90 => Some(90),
            Self::Pinball95 => Some(95),
            _ => None,
        }
    }

    /// The metric that a quantile, in percent, is best at.
    pub fn of_quantile(percent: u8) -> Option<Self> {
        let of = |entry: &&Entry| entry.metric.quantile() == Some(percent);
        METRICS.iter().find(of).map(|entry| entry.metric)
    }

    /// True for the quantiles beside the median: nobody aims at one by accident, and what aims at the mean is of no use for it.
    pub fn is_of_outer_quantile(self) -> bool {
        self.quantile().is_some_and(|percent| percent != 50)
    }

    /// What learners stop early on and the search compares ties by: log loss or RMSE.
    pub fn loss_for(problem: ProblemType) -> Self {
        if problem.is_classification() {
            Self::LogLoss
        } else {
            Self::Rmse
        }
    }

    /// Refuses a metric that this problem or this target leaves undefined.
    ///
    /// # Errors
    /// `Input` naming the metrics that can be used, or the rows that forbid it.
    pub fn check(self, problem: ProblemType, target: &Target) -> Result<(), Error> {
        if !self.entry().problems.contains(&problem) {
            let usable: Vec<&str> = METRICS
                .iter()
                .filter(|entry| entry.problems.contains(&problem))
                .map(|entry| entry.name)
                .collect();
            return Err(Error::Input(format!(
                "the metric {} is not defined for a {problem:?} problem; use one of {}",
                self.name(),
                usable.join(", ")
            )));
        }
        let Target::Values(values) = target else {
            return Ok(());
        };
        match self {
            Self::Mape if values.contains(&0.0) => Err(Error::Input(
                "the metric mape is undefined: some target values are 0; use mae or rmse".into(),
            )),
            Self::Rmsle if values.iter().any(|value| *value < 0.0) => Err(Error::Input(
                "the metric rmsle is undefined: some target values are negative; use rmse".into(),
            )),
            _ => Ok(()),
        }
    }

    /// The metric of `outputs` (row-major, K probabilities a row or one value) against the target.
    /// Rows count by their weights where the target has some, as scikit-learn's `sample_weight` defines it.
    /// `None` when it is undefined on these rows, or when an output is not finite.
    pub fn evaluate<'a>(self, truth: impl Into<TargetView<'a>>, outputs: &[f64]) -> Option<f64> {
        let truth: TargetView<'a> = truth.into();
        let rows = truth.target.len();
        if rows == 0
            || !outputs.len().is_multiple_of(rows)
            || outputs.iter().any(|output| !output.is_finite())
        {
            return None;
        }
        (self.entry().evaluate)(truth, outputs).filter(|value| value.is_finite())
    }

    /// True when `left` is better than `right`.
    pub fn is_better(self, left: f64, right: f64) -> bool {
        if self.higher_is_better() {
            left > right
        } else {
            left < right
        }
    }

    /// True for a metric that sees the predicted labels only, not how sure they are.
    pub fn is_of_labels(self) -> bool {
        let is_of_probabilities = matches!(self, Self::RocAuc | Self::PrAuc | Self::LogLoss | Self::Brier);
        !is_of_probabilities && self.entry().problems.contains(&ProblemType::Binary)
    }

    /// A value that falls as the metric gets better: the metric or its negative.
    pub fn as_loss(self, value: f64) -> f64 {
        if self.higher_is_better() { -value } else { value }
    }
}

impl Target {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { codes, .. } => codes.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The target of the given rows, in that order.
    ///
    /// # Panics
    /// When a row does not exist.
    pub fn gather(&self, rows: &[u32]) -> Self {
        match self {
            Self::Classes { codes, labels } => Self::Classes {
                codes: rows.iter().map(|row| codes[*row as usize]).collect(),
                labels: labels.clone(),
            },
            Self::Values(values) => Self::Values(rows.iter().map(|row| values[*row as usize]).collect()),
        }
    }
}

#[cfg(test)]
mod tests;
