//! What the predicted label of two classes is decided for. Stored as the engine's text, for example `recall:0.9`.

use async_graphql::{Enum, InputObject, SimpleObject};
use serde::{Deserialize, Serialize};

use super::payload::UserError;
use super::problem::{ProblemType, from_stored, stored_name};

/// What a threshold on the probability of the second class is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdGoal {
    /// The largest F1 of the second class.
    F1,
    /// The largest mean of both recalls.
    BalancedAccuracy,
    /// The largest Matthews correlation.
    Mcc,
    /// At least a recall of the second class, with the best precision.
    Recall,
    /// At least a precision of the second class, with the best recall.
    Precision,
}

/// What the predicted label of two classes is to be decided for.
#[derive(Clone, Copy, Debug, PartialEq, InputObject)]
pub struct ThresholdInput {
    /// The goal.
    goal: ThresholdGoal,
    /// Least recall or precision, above 0 and at most 1; needed for RECALL and PRECISION, and for no other goal.
    at_least: Option<f64>,
}

/// What the predicted label of two classes is decided for.
#[derive(Clone, Copy, Debug, PartialEq, SimpleObject)]
pub struct ThresholdSetting {
    /// The goal.
    pub goal: ThresholdGoal,
    /// Least recall or precision; null for the other goals.
    pub at_least: Option<f64>,
}

impl ThresholdSetting {
    /// Of a stored text; none when this version does not know it.
    pub fn of_stored(text: &str) -> Option<Self> {
        let (name, at_least) = match text.split_once(':') {
            Some((name, least)) => (name, Some(least.parse().ok()?)),
            None => (text, None),
        };
        let goal = from_stored(name)?;
        Some(Self { goal, at_least })
    }

    /// As the user would ask for it.
    pub fn asked(self) -> ThresholdInput {
        ThresholdInput {
            goal: self.goal,
            at_least: self.at_least,
        }
    }

    /// In words, for a comparison.
    pub fn words(self) -> String {
        stored(self.goal, self.at_least)
    }
}

fn stored(goal: ThresholdGoal, at_least: Option<f64>) -> String {
    let name = stored_name(goal);
    at_least.map_or_else(|| name.clone(), |least| format!("{name}:{least}"))
}

/// The text that is stored.
///
/// # Errors
/// `THRESHOLD_DOES_NOT_FIT` where it is known that there are not two classes, `THRESHOLD_OUT_OF_RANGE` for a share that cannot be.
pub fn check(asked: ThresholdInput, problem: Option<ProblemType>) -> Result<String, UserError> {
    if problem.is_some_and(|problem| problem != ProblemType::Binary) {
        let message =
            "A threshold decides between two classes; this is another kind of question, so leave it out.";
        return Err(UserError::of("threshold", "THRESHOLD_DOES_NOT_FIT", message));
    }
    let needs_share = matches!(asked.goal, ThresholdGoal::Recall | ThresholdGoal::Precision);
    let is_sound = match asked.at_least {
        Some(least) => needs_share && least > 0.0 && least <= 1.0,
        None => !needs_share,
    };
    if !is_sound {
        let message = match needs_share {
            true => "This goal needs `atLeast`: a share above 0, at most 1, for example 0.9.",
            false => "`atLeast` belongs to the goals RECALL and PRECISION only; leave it out.",
        };
        return Err(UserError::of("threshold", "THRESHOLD_OUT_OF_RANGE", message));
    }
    Ok(stored(asked.goal, asked.at_least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_stored_as_the_engine_reads_them() {
        let cases = [
            (ThresholdGoal::F1, None, "f1"),
            (ThresholdGoal::BalancedAccuracy, None, "balanced_accuracy"),
            (ThresholdGoal::Mcc, None, "mcc"),
            (ThresholdGoal::Recall, Some(0.9), "recall:0.9"),
            (ThresholdGoal::Precision, Some(1.0), "precision:1"),
        ];
        for (goal, at_least, text) in cases {
            let asked = ThresholdInput { goal, at_least };
            for problem in [None, Some(ProblemType::Binary)] {
                assert_eq!(check(asked, problem).ok().as_deref(), Some(text));
            }
            let read = ThresholdSetting::of_stored(text).map(ThresholdSetting::asked);
            assert_eq!(read, Some(asked));
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let code = |goal, at_least, problem| {
            let asked = ThresholdInput { goal, at_least };
            check(asked, problem).err().map(|error| error.code)
        };
        let (fit, range) = ("THRESHOLD_DOES_NOT_FIT", "THRESHOLD_OUT_OF_RANGE");
        let f1 = ThresholdGoal::F1;
        assert_eq!(
            code(f1, None, Some(ProblemType::Regression)).as_deref(),
            Some(fit)
        );
        assert_eq!(
            code(f1, None, Some(ProblemType::Multiclass)).as_deref(),
            Some(fit)
        );
        assert_eq!(code(f1, Some(0.5), None).as_deref(), Some(range));
        for least in [None, Some(0.0), Some(1.1), Some(f64::NAN)] {
            assert_eq!(
                code(ThresholdGoal::Recall, least, None).as_deref(),
                Some(range),
                "{least:?}"
            );
        }
    }
}
