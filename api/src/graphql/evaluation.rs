//! What a model is worth on rows it has not seen, as the engine's evaluation says it.

use async_graphql::{ComplexObject, SimpleObject};
use serde::Deserialize;

use super::explanation::{
    CalibrationDecision, ColumnAttribution, Dependence, IntervalCoverage, ThresholdDecision,
};
use super::latency::ModelLatency;
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
    /// Actual (y) against predicted (x), a sample of the holdout's rows whatever they count, for regression.
    #[serde(default)]
    pub predicted_actual: Option<Vec<Point>>,
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
