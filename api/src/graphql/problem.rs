//! Closed sets that jobs and models share: problem types, metrics, presets; and how they are named in stored rows.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// The kind of question a model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemType {
    /// Two classes.
    Binary,
    /// Three classes or more.
    Multiclass,
    /// A number.
    Regression,
}

/// How much effort a job makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entities::job::Preset")]
pub enum Preset {
    /// A good model soon.
    Quick,
    /// The whole portfolio.
    Balanced,
    /// Folds always, the whole budget.
    Best,
}

/// Whether a graphics card may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entities::job::GpuChoice")]
pub enum GpuChoice {
    /// Where one is free and it pays.
    Allowed,
    /// Learners that can use one wait for it.
    Wanted,
    /// Never.
    No,
}

/// What a prediction is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Share of right labels.
    Accuracy,
    /// Mean recall over classes.
    BalancedAccuracy,
    /// F1 of the second class of a binary problem.
    F1,
    /// F1, mean over classes.
    #[graphql(name = "F1_MACRO")]
    F1Macro,
    /// F1 weighted by support.
    #[graphql(name = "F1_WEIGHTED")]
    F1Weighted,
    /// Precision, mean over classes.
    PrecisionMacro,
    /// Precision weighted by support.
    PrecisionWeighted,
    /// Recall, mean over classes.
    RecallMacro,
    /// Recall weighted by support.
    RecallWeighted,
    /// Area under the ROC curve.
    RocAuc,
    /// Area under the precision-recall curve.
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
    /// Mean absolute percentage error.
    Mape,
    /// Root mean squared logarithmic error.
    Rmsle,
    /// Pinball loss of the 5th percentile: the model predicts what 5 % of such rows are below.
    #[graphql(name = "PINBALL_05")]
    #[serde(rename = "pinball_05")]
    Pinball05,
    /// Pinball loss of the 10th percentile.
    #[graphql(name = "PINBALL_10")]
    #[serde(rename = "pinball_10")]
    Pinball10,
    /// Pinball loss of the 25th percentile.
    #[graphql(name = "PINBALL_25")]
    #[serde(rename = "pinball_25")]
    Pinball25,
    /// Pinball loss of the 75th percentile.
    #[graphql(name = "PINBALL_75")]
    #[serde(rename = "pinball_75")]
    Pinball75,
    /// Pinball loss of the 90th percentile: the model predicts what 90 % of such rows are below.
    #[graphql(name = "PINBALL_90")]
    #[serde(rename = "pinball_90")]
    Pinball90,
    /// Pinball loss of the 95th percentile.
    #[graphql(name = "PINBALL_95")]
    #[serde(rename = "pinball_95")]
    Pinball95,
}

impl Metric {
    /// Direction; as in the engine's list of metrics, which a test of the binary compares.
    pub fn higher_is_better(self) -> bool {
        match self {
            Self::LogLoss | Self::Brier => false,
            _ => !self.is_of_numbers() || self == Self::R2,
        }
    }

    /// Whether it is defined for a problem.
    pub fn fits(self, problem: ProblemType) -> bool {
        match problem {
            ProblemType::Regression => self.is_of_numbers(),
            ProblemType::Binary => !self.is_of_numbers(),
            ProblemType::Multiclass => !self.is_of_numbers() && self != Self::F1,
        }
    }

    fn is_of_numbers(self) -> bool {
        match self {
            Self::R2 | Self::Rmse | Self::Mae | Self::MedianAe | Self::Mape | Self::Rmsle => true,
            _ => self.is_of_outer_quantile(),
        }
    }

    /// Whether it is best at a quantile beside the median, so that means are of no use for it.
    pub fn is_of_outer_quantile(self) -> bool {
        matches!(
            self,
            Self::Pinball05
                | Self::Pinball10
                | Self::Pinball25
                | Self::Pinball75
                | Self::Pinball90
                | Self::Pinball95
        )
    }
}

/// The stored name of a value of a closed set, for example `roc_auc`.
pub fn stored_name<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The value of a stored name; none when this version does not know it.
pub fn from_stored<T: for<'de> Deserialize<'de>>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_go_there_and_back() {
        for (metric, name) in [
            (Metric::RocAuc, "roc_auc"),
            (Metric::F1, "f1"),
            (Metric::F1Macro, "f1_macro"),
            (Metric::R2, "r2"),
            (Metric::MedianAe, "median_ae"),
        ] {
            assert_eq!(stored_name(metric), name);
            assert_eq!(from_stored::<Metric>(name), Some(metric));
        }
        assert_eq!(from_stored::<ProblemType>("binary"), Some(ProblemType::Binary));
        assert_eq!(from_stored::<Metric>("nonsense"), None);
    }
}
