//! What a model is worth on rows it has not seen, as the engine's evaluation says it.

use async_graphql::{ComplexObject, SimpleObject};
use serde::Deserialize;

use super::column_profile::HistogramBin;
use super::explanation::{
    CalibrationDecision, ColumnAttribution, Dependence, IntervalCoverage, ThresholdDecision,
};
use super::latency::ModelLatency;
use super::long::Long;
use super::problem::Metric;

/// What a model is worth on the holdout.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct Evaluation {
    /// The job's metric.
    pub metric: Metric,
    /// Rows of the holdout.
    pub holdout_rows: i32,
    /// The metric on the holdout.
    #[serde(default)]
    pub score: Option<f64>,
    /// Lower end of its 95 % interval.
    #[serde(default)]
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    #[serde(default)]
    pub high: Option<f64>,
    /// The metric of the baseline on the same rows.
    #[serde(default)]
    pub baseline: Option<f64>,
    /// Whether the difference to the baseline is beyond chance; null when either score is unknown.
    #[serde(default)]
    pub is_better_than_baseline: Option<bool>,
    /// In words.
    #[serde(default)]
    pub summary: String,
    /// Every metric that is defined.
    #[serde(default)]
    pub metrics: Vec<MetricValue>,
    /// Actual against predicted labels.
    #[serde(default)]
    pub confusion: Option<ConfusionMatrix>,
    /// Points of the ROC curve for binary problems; rates are by weight where the job has a column of weights.
    #[serde(default)]
    pub roc: Option<Vec<Point>>,
    /// Points of the precision-recall curve (x is recall) for binary problems, likewise.
    #[serde(default)]
    pub precision_recall: Vec<Point>,
    /// What other thresholds would do to the holdout, the highest first, the model's own among them; for binary problems.
    #[serde(default)]
    pub cuts: Vec<ThresholdCut>,
    /// How often rows of similar probability are of the second class, for binary problems.
    #[serde(default)]
    pub calibration: Vec<CalibrationBin>,
    /// Precision, recall and F1 class by class; empty for regression.
    #[serde(default)]
    #[graphql(name = "classReports")]
    pub classes: Vec<ClassReport>,
    /// Actual (y) against predicted (x), a sample of the holdout's rows whatever they count, for regression.
    #[serde(default)]
    pub predicted_actual: Option<Vec<Point>>,
    /// Rows by actual less predicted value, for regression.
    #[serde(default)]
    pub residuals: Vec<HistogramBin>,
    /// Errors by predicted value, in at most ten bands of equally many rows, for regression.
    #[serde(default)]
    pub error_bands: Vec<ErrorBand>,
    /// How much worse the score gets when a column is shuffled.
    #[serde(default)]
    pub importance: Vec<FeatureImportance>,
    /// How much each column adds to the answers, the largest first; empty where there was no time.
    #[serde(default)]
    pub attribution: Vec<ColumnAttribution>,
    /// Holdout rows that `attribution` is the mean over.
    #[serde(default)]
    pub attribution_rows: i32,
    /// How answers depend on the most important columns, at most 8.
    #[serde(default)]
    pub dependence: Vec<Dependence>,
    /// Whether the probabilities are calibrated; null for regression and for models of older versions.
    #[serde(default)]
    pub calibration_decision: Option<CalibrationDecision>,
    /// The threshold of the predicted label; null without a goal.
    #[serde(default)]
    pub threshold: Option<ThresholdDecision>,
    /// What intervals or sets hold of the holdout, level by level.
    #[serde(default)]
    pub coverage: Vec<IntervalCoverage>,
    /// What the model takes to answer one row, and what was left out for a limit of it; null for models of older versions.
    #[serde(default)]
    pub latency: Option<ModelLatency>,
}

/// One metric.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
#[graphql(complex)]
pub struct MetricValue {
    /// Which one.
    pub metric: Metric,
    /// Its value.
    pub value: f64,
}

#[ComplexObject]
impl MetricValue {
    /// Its direction.
    async fn higher_is_better(&self) -> bool {
        self.metric.higher_is_better()
    }
}

/// Actual against predicted labels.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ConfusionMatrix {
    /// In the order of rows and columns.
    pub labels: Vec<String>,
    /// Rows of the holdout: one list an actual label, one place a predicted label.
    pub counts: Vec<Vec<i32>>,
    /// What these rows count, where the job has a column of weights, in the unit in which training rows count 1 on average; null
    /// without one.
    #[serde(default)]
    pub weighted: Option<Vec<Vec<f64>>>,
}

/// What a threshold does to the holdout. Rows are counted by weight where the job has a column of weights, in the unit in which
/// training rows count 1 on average.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ThresholdCut {
    /// The second class is predicted above this probability.
    pub threshold: f64,
    /// Rows of the second class above it.
    pub true_positives: f64,
    /// Rows of the first class above it.
    pub false_positives: f64,
    /// Rows of the second class, wherever they are.
    pub positives: f64,
    /// Rows of the first class, wherever they are.
    pub negatives: f64,
}

/// Rows of similar predicted probability.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct CalibrationBin {
    /// Mean predicted probability of the second class.
    pub predicted: f64,
    /// Share that is of the second class.
    pub actual: f64,
    /// Rows, whatever they count.
    pub count: Long,
}

/// How well one class is told from the others; shares are by weight where the job has a column of weights.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ClassReport {
    /// The class.
    pub label: String,
    /// Share of right ones among the rows predicted so; null when none is.
    #[serde(default)]
    pub precision: Option<f64>,
    /// Share of right ones among the rows that are so; null when none is.
    #[serde(default)]
    pub recall: Option<f64>,
    /// Harmonic mean of both.
    #[serde(default)]
    pub f1: Option<f64>,
    /// Rows that are so, whatever they count.
    pub support: Long,
    /// Area under the ROC curve of this class against the others; null for two classes, for a class that has no row or all, and in
    /// models of older versions.
    #[serde(default)]
    pub roc_auc: Option<f64>,
    /// Area under the precision-recall curve, likewise.
    #[serde(default)]
    pub pr_auc: Option<f64>,
    /// What thresholds of its probability do to the holdout, the highest first, for the 20 most frequent of more than two classes: it
    /// is the second class there, all others are the first.
    #[serde(default)]
    pub cuts: Vec<ThresholdCut>,
}

/// How far answers are off where they are alike.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ErrorBand {
    /// Smallest predicted value.
    pub from: f64,
    /// Largest predicted value.
    pub to: f64,
    /// Rows, whatever they count.
    pub count: Long,
    /// Mean of actual less predicted.
    pub mean_error: f64,
    /// Mean size of that difference.
    pub mean_absolute_error: f64,
}

/// A point of a curve.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct Point {
    /// Horizontal.
    pub x: f64,
    /// Vertical.
    pub y: f64,
}

/// Permutation importance of a column.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct FeatureImportance {
    /// Raw column.
    pub column: String,
    /// Mean loss of score over shuffles; more is more important.
    pub importance: f64,
    /// Standard deviation over shuffles.
    #[serde(default)]
    pub sd: f64,
}
