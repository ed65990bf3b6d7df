//! What the user asks of a training run.

use std::collections::BTreeMap;
use std::time::Duration;

use model::ProblemType;
use serde::{Deserialize, Serialize};

use crate::error::Error;
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

/// How candidates are validated, and which rows are kept for the final score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validation {
    /// Chosen by rows and budget.
    #[default]
    Auto,
    /// One split.
    Holdout,
    /// k folds.
    Folds(u8),
    /// By time, in this column of dates or numbers: what is scored is later than what was fitted on.
    Time(String),
    /// By group, in this column: no value of it is on both sides of a split.
    Group(String),
}

impl std::str::FromStr for Validation {
    type Err = Error;

    /// `auto`, `holdout`, `folds:5`, `time:COLUMN` or `group:COLUMN`, as on the command line.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (kind, given) = match text.split_once(':') {
            Some((kind, given)) => (kind, Some(given)),
            None => (text, None),
        };
        let column = |given: &str| Some(given.to_owned()).filter(|column| !column.is_empty());
        let parsed = match (kind, given) {
            ("auto", None) => Some(Self::Auto),
            ("holdout", None) => Some(Self::Holdout),
            ("folds", Some(folds)) => folds.parse().ok().map(Self::Folds),
            ("time", Some(given)) => column(given).map(Self::Time),
            ("group", Some(given)) => column(given).map(Self::Group),
            _ => None,
        };
        parsed.ok_or_else(|| {
            Error::Input(format!(
                "{text:?} is no validation; use auto, holdout, folds:5, time:COLUMN or group:COLUMN"
            ))
        })
    }
}

impl Validation {
    /// The column that decides which rows may stand on which side.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Time(column) | Self::Group(column) => Some(column),
            Self::Auto | Self::Holdout | Self::Folds(_) => None,
        }
    }
}

/// Which way a prediction may go while a number rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Up, or nowhere.
    Rising,
    /// Down, or nowhere.
    Falling,
}

impl Direction {
    /// What the prediction does, in a sentence.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Rising => "rise",
            Self::Falling => "fall",
        }
    }
}

/// A column of numbers that the prediction may only rise, or only fall, with; of two classes, the probability of the second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonotoneColumn {
    /// Its name.
    pub column: String,
    /// Which way.
    pub direction: Direction,
}

impl std::str::FromStr for MonotoneColumn {
    type Err = Error;

    /// `COLUMN=rising` or `COLUMN=falling`, as on the command line. A name may hold equals signs: the last one counts.
    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = text.rsplit_once('=').and_then(|(column, direction)| {
            let direction = match direction {
                "rising" => Direction::Rising,
                "falling" => Direction::Falling,
                _ => return None,
            };
            let column = Some(column.to_owned()).filter(|column| !column.is_empty())?;
            Some(Self { column, direction })
        });
        parsed.ok_or_else(|| {
            Error::Input(format!(
                "{text:?} does not say a column and a direction; use COLUMN=rising or COLUMN=falling"
            ))
        })
    }
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
    /// Column that says how much a row counts, in fits and in scores; it is no feature. `None`: all rows count alike.
    #[serde(default)]
    pub weights: Option<String>,
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
    /// Columns that the prediction may only rise, or only fall, with.
    #[serde(default)]
    pub monotone: Vec<MonotoneColumn>,
    /// What the model may take to answer one row, alone, in one thread; `None`: as long as it takes. Members are chosen within it by
    /// what is measured, so that a run with a limit follows the clock.
    #[serde(default)]
    pub max_latency: Option<Duration>,
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
            weights: None,
            threads: 1,
            memory_bytes: 4 << 30,
            seed: 42,
            exclude: Vec::new(),
            roles: BTreeMap::new(),
            learners: Vec::new(),
            max_trials: None,
            seen_trials: 0,
            threshold: None,
            monotone: Vec::new(),
            max_latency: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validations_are_read_as_people_write_them() {
        for (text, expected) in [
            ("auto", Some(Validation::Auto)),
            ("holdout", Some(Validation::Holdout)),
            ("folds:5", Some(Validation::Folds(5))),
            (
                "time:sold at: day",
                Some(Validation::Time("sold at: day".to_owned())),
            ),
            ("group:customer", Some(Validation::Group("customer".to_owned()))),
            ("folds", None),
            ("folds:many", None),
            ("folds:300", None),
            ("time", None),
            ("group:", None),
            ("auto:5", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Validation>().ok(), expected, "{text}");
        }
    }

    #[test]
    fn directions_are_read_as_people_write_them() {
        for (text, expected) in [
            ("size=rising", Some(("size", Direction::Rising))),
            ("a=b=falling", Some(("a=b", Direction::Falling))),
            ("size", None),
            ("size=up", None),
            ("=rising", None),
            ("", None),
        ] {
            let parsed = text.parse::<MonotoneColumn>().ok();
            let expected = expected.map(|(column, direction)| MonotoneColumn {
                column: column.to_owned(),
                direction,
            });
            assert_eq!(parsed, expected, "{text}");
        }
    }

    #[test]
    fn settings_of_earlier_versions_are_read() {
        let settings = Settings::new("y", Duration::from_secs(9));
        let mut json = serde_json::to_value(&settings).expect("JSON");
        let fields = json.as_object_mut().expect("an object");
        for later in ["weights", "monotone", "max_latency"] {
            fields.remove(later).expect("a field of this version");
        }
        assert_eq!(serde_json::from_value::<Settings>(json).expect("read"), settings);
        let folds = serde_json::to_value(Validation::Folds(5)).expect("JSON");
        assert_eq!(folds, serde_json::json!({ "folds": 5 }));
    }
}
