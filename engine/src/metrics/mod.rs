//! What a prediction is worth. One entry of `METRICS` a metric: name, direction, where it is defined.

use serde::{Deserialize, Serialize};

/// A metric of C2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Share of right labels.
    Accuracy,
    /// Mean recall over classes.
    BalancedAccuracy,
    /// F1, mean over classes (binary: of the second class in sorted order is `F1`).
    F1Macro,
    /// F1 weighted by support.
    F1Weighted,
    /// Precision, mean over classes.
    PrecisionMacro,
    /// Recall, mean over classes.
    RecallMacro,
    /// Area under the ROC curve (multiclass: one against the rest, mean).
    RocAuc,
    /// Area under the precision-recall curve (average precision).
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
    /// Mean absolute percentage error; undefined when a target is 0.
    Mape,
    /// Root mean squared logarithmic error; undefined for negative targets.
    Rmsle,
}
