//! From which probability on the second of two classes is predicted, chosen on out-of-fold outputs for a goal that the user names.
//! Without a goal the more probable class is predicted. Rows count by their weights.

use std::fmt;
use std::str::FromStr;

use model::{Model, ProblemType};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::metrics::cuts::{Cut, cuts};
use crate::page::short;

/// What a threshold is chosen for. Its text, for example `recall:0.9`, is the same on the command line, in settings and in logs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ThresholdGoal {
    /// The largest F1 of the second class.
    F1,
    /// The largest mean of both recalls.
    BalancedAccuracy,
    /// The largest Matthews correlation.
    Mcc,
    /// At least this recall of the second class, with the best precision.
    Recall(f64),
    /// At least this precision of the second class, with the best recall.
    Precision(f64),
}

impl ThresholdGoal {
    /// Refuses a goal where there are not two classes.
    ///
    /// # Errors
    /// `Input`.
    pub fn check(self, problem: ProblemType) -> Result<(), Error> {
        if problem == ProblemType::Binary {
            return Ok(());
        }
        Err(Error::Input(format!(
            "a threshold ({self}) decides between two classes, but this is a {problem:?} problem: leave it out"
        )))
    }
}

impl FromStr for ThresholdGoal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = || {
            Error::Input(format!(
                "there is no threshold goal \"{}\"; use f1, balanced_accuracy, mcc, recall:0.9 or precision:0.9 (any share above 0, at most 1)",
                text.escape_debug()
            ))
        };
        let share = |text: &str| {
            let share = text.parse::<f64>().ok();
            share
                .filter(|share| *share > 0.0 && *share <= 1.0)
                .ok_or_else(refuse)
        };
        match text.split_once(':') {
            None if text == "f1" => Ok(Self::F1),
            None if text == "balanced_accuracy" => Ok(Self::BalancedAccuracy),
            None if text == "mcc" => Ok(Self::Mcc),
            Some(("recall", least)) => share(least).map(Self::Recall),
            Some(("precision", least)) => share(least).map(Self::Precision),
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for ThresholdGoal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::F1 => formatter.write_str("f1"),
            Self::BalancedAccuracy => formatter.write_str("balanced_accuracy"),
            Self::Mcc => formatter.write_str("mcc"),
            Self::Recall(least) => write!(formatter, "recall:{least}"),
            Self::Precision(least) => write!(formatter, "precision:{least}"),
        }
    }
}

impl TryFrom<String> for ThresholdGoal {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<ThresholdGoal> for String {
    fn from(goal: ThresholdGoal) -> Self {
        goal.to_string()
    }
}

/// What was decided about the threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdDecision {
    /// What it was chosen for.
    pub goal: ThresholdGoal,
    /// The second class is predicted above this probability; absent where the goal cannot be reached, and then the more probable
    /// class is predicted.
    pub threshold: Option<f64>,
    /// Precision of the second class on the out-of-fold rows, by their weights where there are some.
    pub precision: Option<f64>,
    /// Recall of the second class on the out-of-fold rows, likewise.
    pub recall: Option<f64>,
    /// In words.
    pub reason: String,
}

/// Chooses by the probabilities of the second class, what the rows are, and what each of them counts.
pub(super) fn decide(
    goal: ThresholdGoal,
    second: &[f64],
    codes: &[u32],
    weights: Option<&[f64]>,
) -> ThresholdDecision {
    let mut best: Option<(Cut, f64)> = None;
    for cut in cuts(second, codes, weights) {
        let Some(worth) = worth_of(&cut, goal) else {
            continue;
        };
        let is_better = best.is_none_or(|(other, most)| {
            let nearer = (cut.threshold - 0.5).abs() < (other.threshold - 0.5).abs();
            worth > most || (worth == most && nearer)
        });
        if is_better {
            best = Some((cut, worth));
        }
    }
    let Some((cut, worth)) = best else {
        return ThresholdDecision {
            goal,
            threshold: None,
            precision: None,
            recall: None,
            reason: format!(
                "no threshold reaches {goal} on the out-of-fold rows; the more probable class is predicted"
            ),
        };
    };
    ThresholdDecision {
        goal,
        threshold: Some(cut.threshold),
        precision: cut.precision(),
        recall: cut.recall(),
        reason: format!(
            "the second class is predicted above {}, for {goal} (out-of-fold: precision {}, recall {}, goal {})",
            short(cut.threshold),
            cut.precision().map_or_else(|| "–".to_owned(), short),
            cut.recall().map_or_else(|| "–".to_owned(), short),
            short(worth)
        ),
    }
}

/// What the goal makes of a cut; `None` where it misses what the goal asks for at least.
fn worth_of(cut: &Cut, goal: ThresholdGoal) -> Option<f64> {
    let false_negatives = cut.positives - cut.true_positives;
    let true_negatives = cut.negatives - cut.false_positives;
    match goal {
        ThresholdGoal::F1 => {
            let wrong = cut.false_positives + false_negatives;
            Some(2.0 * cut.true_positives / (2.0 * cut.true_positives + wrong))
        }
        ThresholdGoal::BalancedAccuracy => {
            Some((cut.recall()? + true_negatives / cut.negatives) / 2.0).filter(|value| value.is_finite())
        }
        ThresholdGoal::Mcc => {
            let agreement = cut.true_positives * true_negatives - cut.false_positives * false_negatives;
            let predicted = cut.true_positives + cut.false_positives;
            let rest = true_negatives + false_negatives;
            let spread = (predicted * rest * cut.positives * cut.negatives).sqrt();
            (spread > 0.0).then(|| agreement / spread)
        }
        ThresholdGoal::Recall(least) => cut.precision().filter(|_| cut.recall() >= Some(least)),
        ThresholdGoal::Precision(least) => cut.recall().filter(|_| cut.precision() >= Some(least)),
    }
}

/// Outputs whose largest one is the predicted class, for metrics of labels.
pub fn as_decided(model: &Model, outputs: &[f64]) -> Vec<f64> {
    if model.refinements.threshold.is_none() {
        return outputs.to_vec();
    }
    let mut decided = vec![0.0; outputs.len()];
    let width = model.outputs();
    for (row, decided) in outputs.chunks_exact(width).zip(decided.chunks_exact_mut(width)) {
        decided[model.class(row)] = 1.0;
    }
    decided
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: [f64; 8] = [0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.7, 0.9];
    const CODES: [u32; 8] = [0, 0, 0, 1, 0, 1, 1, 1];

    fn threshold(goal: &str) -> Option<f64> {
        decide(goal.parse().expect("a goal"), &SECOND, &CODES, None).threshold
    }

    #[test]
    fn each_goal_has_its_cut() {
        let near = |found: Option<f64>, expected: f64| {
            assert!(
                found.is_some_and(|found| (found - expected).abs() < 1e-12),
                "{found:?} {expected}"
            );
        };
        // Three of four found and none wrong (6/7), or all four and one wrong (8/9).
        near(threshold("f1"), 0.25);
        near(threshold("recall:1"), 0.25);
        near(threshold("recall:0.7"), 0.375);
        near(threshold("precision:1"), 0.375);
        near(threshold("precision:0.8"), 0.25);
        near(threshold("balanced_accuracy"), 0.375);
        near(threshold("mcc"), 0.375);
    }

    #[test]
    fn what_cannot_be_reached_is_said() {
        let decision = decide(ThresholdGoal::Precision(0.9), &[0.2, 0.8, 0.9], &[1, 0, 0], None);
        assert_eq!(decision.threshold, None);
        assert!(decision.reason.contains("precision:0.9"), "{}", decision.reason);
    }

    #[test]
    fn a_threshold_parts_the_rows_it_was_chosen_on_as_it_said() {
        let decision = decide(ThresholdGoal::Recall(0.7), &SECOND, &CODES, None);
        let threshold = decision.threshold.expect("reached");
        let predicted: Vec<bool> = SECOND.iter().map(|value| *value > threshold).collect();
        let right = predicted
            .iter()
            .zip(CODES)
            .filter(|(is, code)| **is && *code == 1)
            .count();
        assert_eq!(right as f64 / 4.0, decision.recall.expect("a recall"));
        let all = predicted.iter().filter(|is| **is).count();
        assert_eq!(
            right as f64 / all as f64,
            decision.precision.expect("a precision")
        );
    }

    #[test]
    fn a_row_that_counts_twice_is_two_rows() {
        for goal in ["f1", "recall:0.8", "precision:0.8", "balanced_accuracy", "mcc"] {
            let goal: ThresholdGoal = goal.parse().expect("a goal");
            for twice in 0..SECOND.len() {
                let mut weights = [1.0; SECOND.len()];
                weights[twice] = 2.0;
                let of_weights = decide(goal, &SECOND, &CODES, Some(&weights));
                let (mut second, mut codes) = (SECOND.to_vec(), CODES.to_vec());
                second.push(SECOND[twice]);
                codes.push(CODES[twice]);
                assert_eq!(of_weights, decide(goal, &second, &codes, None), "row {twice}");
            }
        }
        // A false positive that counts a lot is worth missing a true one.
        let heavy = [1.0, 1.0, 1.0, 1.0, 9.0, 1.0, 1.0, 1.0];
        let decision = decide(ThresholdGoal::F1, &SECOND, &CODES, Some(&heavy));
        assert_eq!(decision.threshold, Some(0.375));
    }

    #[test]
    fn goals_are_texts_and_wrong_ones_are_refused() {
        for text in ["f1", "balanced_accuracy", "mcc", "recall:0.9", "precision:0.95"] {
            let goal: ThresholdGoal = text.parse().expect(text);
            assert_eq!(goal.to_string(), text);
            let json = serde_json::to_string(&goal).expect("JSON");
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<ThresholdGoal>(&json).expect("reads"), goal);
        }
        for text in [
            "",
            "f2",
            "recall",
            "recall:0",
            "recall:1.5",
            "recall:x",
            "precision:NaN",
            "f1:0.5",
        ] {
            assert!(text.parse::<ThresholdGoal>().is_err(), "{text}");
        }
        assert!(ThresholdGoal::F1.check(ProblemType::Multiclass).is_err());
    }
}
