//! What a model goes by and how sure its answers are, as the engine's evaluation says it.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Deserializer};

use super::threshold::ThresholdSetting;

/// How much a column adds to the answers.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ColumnAttribution {
    /// Raw column.
    pub column: String,
    /// Mean size of its contributions (Shapley values): in units of the target, or of the probability (of the second of two
    /// classes; of several the mean over classes).
    pub mean_absolute: f64,
}

/// How answers depend on one column: partial dependence, and lines of single rows.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct Dependence {
    /// Raw column.
    pub column: String,
    /// Classes whose probability is told, the first one in `lines` too: of two classes the second, of several the most frequent
    /// ones. Empty for regression.
    pub classes: Vec<String>,
    /// One a value of the column, in order.
    pub points: Vec<DependencePoint>,
    /// Some single rows: the answer at each point, one list a row.
    pub lines: Vec<Vec<f64>>,
    /// Holdout rows that the means are over.
    pub rows: i32,
}

/// The mean answer when a column has one value in all rows.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct DependencePoint {
    /// The value of a column of numbers; null for text.
    #[serde(default)]
    pub value: Option<f64>,
    /// The value of a column of text; null for numbers.
    #[serde(default)]
    pub label: Option<String>,
    /// Mean probability of each of `classes`, or the mean value.
    pub means: Vec<f64>,
}

/// How probabilities are calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationKind {
    /// One number for all classes.
    Temperature,
    /// Slope and offset of the log-odds of the second class.
    Platt,
    /// A rising line through points.
    Isotonic,
}

/// Whether the model's probabilities are calibrated.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct CalibrationDecision {
    /// Whether they are.
    pub is_kept: bool,
    /// The best map that was tried; null where none could be.
    #[serde(default)]
    pub kind: Option<CalibrationKind>,
    /// Out-of-fold log loss without it.
    #[serde(default)]
    pub loss_before: Option<f64>,
    /// Out-of-fold log loss with it, each half of the rows by a map of the other half.
    #[serde(default)]
    pub loss_after: Option<f64>,
    /// Holdout log loss without it.
    #[serde(default)]
    pub holdout_before: Option<f64>,
    /// Holdout log loss with it; null where it is not kept.
    #[serde(default)]
    pub holdout_after: Option<f64>,
    /// In words.
    pub reason: String,
}

/// What was decided about the threshold.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ThresholdDecision {
    /// What it was chosen for.
    #[serde(deserialize_with = "goal")]
    pub goal: ThresholdSetting,
    /// The second class is predicted above this probability; null where the goal cannot be reached, and then the more probable
    /// class is predicted.
    #[serde(default)]
    pub threshold: Option<f64>,
    /// Precision of the second class on the out-of-fold rows, by weight where the job has a column of weights.
    #[serde(default)]
    pub precision: Option<f64>,
    /// Recall of the second class on the out-of-fold rows, likewise.
    #[serde(default)]
    pub recall: Option<f64>,
    /// In words.
    pub reason: String,
}

fn goal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ThresholdSetting, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = ThresholdSetting::of_stored(&text);
    known.ok_or_else(|| serde::de::Error::custom(format!("there is no goal {text}")))
}

/// What intervals or sets of one level are worth.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct IntervalCoverage {
    /// Share of new rows that they are made to hold.
    pub level: f64,
    /// Share of holdout rows that they hold, by weight where the job has a column of weights.
    pub coverage: f64,
    /// Mean width of the intervals, or mean number of classes in the sets, likewise.
    pub size: f64,
    /// Holdout rows.
    pub rows: i32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::threshold::ThresholdGoal;

    #[test]
    fn a_goal_of_an_evaluation_is_the_stored_text() {
        let json = serde_json::json!({ "goal": "recall:0.9", "threshold": 0.2, "reason": "so" });
        let decision: ThresholdDecision = serde_json::from_value(json).expect("reads");
        assert_eq!(decision.goal.goal, ThresholdGoal::Recall);
        assert_eq!(
            (decision.goal.at_least, decision.threshold),
            (Some(0.9), Some(0.2))
        );
    }
}
