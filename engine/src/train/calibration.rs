//! Whether the ensemble's probabilities are calibrated, and how. Fitted on out-of-fold outputs, and kept only where it lowers their
//! log loss on rows that it was not fitted on: each half of the rows judges what the other half says. Rows count by their weights, in
//! the fits and in the losses; the least numbers of rows are of rows.
//!
//! Whatever is kept keeps the order of the rows (isotonic regression: up to ties), so that ROC AUC stays as it is; see
//! `model::Calibration` for the maps.

use std::fmt;

use model::Calibration;
use serde::{Deserialize, Serialize};

use crate::metrics::Metric;
use crate::page::short;

mod isotonic;
mod maps;
mod sample;

use maps::{narrowed, platt};
use sample::Sample;

/// Out-of-fold rows from which isotonic regression is tried: below, its steps follow noise (Niculescu-Mizil & Caruana, ICML 2005).
const ISOTONIC_ROWS: usize = 5_000;
/// Rows below which nothing is fitted: half of them says too little.
const FEWEST_ROWS: usize = 100;
/// The gain that is asked for, as a share of the log loss.
const LEAST_GAIN: f64 = 1e-3;
/// The gain that is asked for, in standard errors.
const SURE_GAIN: f64 = 2.0;

/// Which map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationKind {
    /// One number for all classes.
    Temperature,
    /// Slope and offset of the log-odds.
    Platt,
    /// A rising line through points.
    Isotonic,
}

impl fmt::Display for CalibrationKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Temperature => "a temperature",
            Self::Platt => "Platt scaling",
            Self::Isotonic => "isotonic regression",
        })
    }
}

/// What was decided about calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationDecision {
    /// Whether the model is calibrated.
    pub is_kept: bool,
    /// The best map that was tried; absent where none could be.
    pub kind: Option<CalibrationKind>,
    /// Out-of-fold log loss as it was.
    pub loss_before: Option<f64>,
    /// Out-of-fold log loss with the map, each half by a map of the other half.
    pub loss_after: Option<f64>,
    /// Holdout log loss as it was.
    pub holdout_before: Option<f64>,
    /// Holdout log loss with the map, where it is kept.
    pub holdout_after: Option<f64>,
    /// In words.
    pub reason: String,
}

/// What is calibrated.
pub(super) struct Given<'a> {
    /// Class of each row.
    pub codes: &'a [u32],
    /// What each row counts; `None`: all alike.
    pub weights: Option<&'a [f64]>,
    /// The ensemble's out-of-fold outputs, row-major.
    pub outputs: &'a [f64],
    /// A number that names each row: the same row is never in both halves.
    pub rows: &'a [u32],
    /// The job's metric.
    pub metric: Metric,
    /// Whether a threshold is chosen afterwards.
    pub has_threshold: bool,
}

/// The calibration that is kept, and what was decided.
pub(super) fn decide(given: &Given<'_>) -> (Option<Calibration>, CalibrationDecision) {
    let all = Sample::new(given);
    if all.len() < FEWEST_ROWS {
        let reason = format!("there are fewer than {FEWEST_ROWS} out-of-fold rows");
        return (None, refused(None, reason));
    }
    let halves = all.halves();
    let mut best: Option<Tried> = None;
    for kind in kinds(given, all.len(), all.width) {
        if let Some(tried) = Tried::new(kind, &halves)
            && best.as_ref().is_none_or(|best| tried.after < best.after)
        {
            best = Some(tried);
        }
    }
    let Some(best) = best else {
        return (None, refused(None, "no map could be fitted".to_owned()));
    };
    let gain = best.before - best.after;
    let is_gain = gain > LEAST_GAIN * best.before && gain > SURE_GAIN * best.standard_error;
    let fitted = is_gain.then(|| best.kind.fit(&all)).flatten();
    let change = format!(
        "{} takes the out-of-fold log loss from {} to {}",
        best.kind,
        short(best.before),
        short(best.after)
    );
    let reason = match fitted {
        Some(_) => change,
        None => format!("{change}, which is no sure gain"),
    };
    let decision = CalibrationDecision {
        is_kept: fitted.is_some(),
        loss_before: Some(best.before),
        loss_after: Some(best.after),
        ..refused(Some(best.kind.name()), reason)
    };
    (fitted, decision)
}

fn refused(kind: Option<CalibrationKind>, reason: String) -> CalibrationDecision {
    CalibrationDecision {
        is_kept: false,
        kind,
        loss_before: None,
        loss_after: None,
        holdout_before: None,
        holdout_after: None,
        reason,
    }
}

/// A map that can be fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Temperature,
    /// The slope alone: no label changes.
    Slope,
    Platt,
    Isotonic,
}

/// What may be tried. An offset moves rows over the middle: where the metric is of labels that nobody sets a threshold for, it must
/// not. Steps make ties: only metrics of the probabilities themselves can gain by them.
fn kinds(given: &Given<'_>, rows: usize, width: usize) -> Vec<Kind> {
    if width != 2 {
        return vec![Kind::Temperature];
    }
    let mut kinds = vec![Kind::Slope];
    if !given.metric.is_of_labels() || given.has_threshold {
        kinds.push(Kind::Platt);
    }
    if rows >= ISOTONIC_ROWS && matches!(given.metric, Metric::LogLoss | Metric::Brier) {
        kinds.push(Kind::Isotonic);
    }
    kinds
}

impl Kind {
    fn name(self) -> CalibrationKind {
        match self {
            Self::Temperature => CalibrationKind::Temperature,
            Self::Slope | Self::Platt => CalibrationKind::Platt,
            Self::Isotonic => CalibrationKind::Isotonic,
        }
    }

    fn fit(self, sample: &Sample) -> Option<Calibration> {
        match self {
            Self::Temperature => {
                let of = |temperature| Calibration::Temperature { temperature };
                Some(of(narrowed(|temperature| sample.loss(&of(temperature)))))
            }
            Self::Slope => {
                let of = |slope| Calibration::Platt { slope, offset: 0.0 };
                Some(of(narrowed(|slope| sample.loss(&of(slope)))))
            }
            Self::Platt => platt(sample),
            Self::Isotonic => isotonic::fit(&sample.second(), &sample.codes, &sample.weights),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(formatter)
    }
}

/// A kind by its cross-fitted log loss.
struct Tried {
    kind: Kind,
    before: f64,
    after: f64,
    /// Of the mean gain over the rows, each of which is one observation, whatever it counts.
    standard_error: f64,
}

impl Tried {
    fn new(kind: Kind, halves: &[Sample; 2]) -> Option<Self> {
        let mut before = Vec::new();
        let mut after = Vec::new();
        for (fitted_on, judged_on) in [(0, 1), (1, 0)] {
            let calibration = kind.fit(&halves[fitted_on])?;
            before.extend(halves[judged_on].losses(None));
            after.extend(halves[judged_on].losses(Some(&calibration)));
        }
        let weights = [&halves[1], &halves[0]]
            .map(|half| half.weights.as_slice())
            .concat();
        let total: f64 = weights.iter().sum();
        let (before_mean, after_mean) = (mean(&before, &weights), mean(&after, &weights));
        let gain = before_mean - after_mean;
        let mut squares = 0.0;
        for ((before, after), weight) in before.iter().zip(&after).zip(&weights) {
            // A row that counts twice says no more about chance than its one loss does: two rows would have two.
            squares += (weight * (before - after - gain)).powi(2);
        }
        Some(Self {
            kind,
            before: before_mean,
            after: after_mean,
            standard_error: squares.sqrt() / total,
        })
    }
}

/// The mean by weight.
fn mean(values: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let pairs = values.iter().zip(weights);
    pairs.map(|(value, weight)| value * weight).sum::<f64>() / total
}

#[cfg(test)]
mod tests;
