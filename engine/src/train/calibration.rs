//! Whether the ensemble's probabilities are calibrated, and how. Fitted on out-of-fold outputs, and kept only where it lowers their
//! log loss on rows that it was not fitted on: each half of the rows judges what the other half says.
//!
//! Whatever is kept keeps the order of the rows (isotonic regression: up to ties), so that ROC AUC stays as it is; see
//! `model::Calibration` for the maps.

use std::fmt;

use model::Calibration;
use model::calibration::{logistic, logit};
use serde::{Deserialize, Serialize};

use super::evaluation::short;
use crate::metrics::Metric;

mod isotonic;

/// Out-of-fold rows from which isotonic regression is tried: below, its steps follow noise (Niculescu-Mizil & Caruana, ICML 2005).
const ISOTONIC_ROWS: usize = 5_000;
/// Rows below which nothing is fitted: half of them says too little.
const FEWEST_ROWS: usize = 100;
/// Outputs that are looked at; of more rows an even sample is taken.
const OUTPUTS_LIMIT: usize = 100_000;
/// The gain that is asked for, as a share of the log loss.
const LEAST_GAIN: f64 = 1e-3;
/// The gain that is asked for, in standard errors.
const SURE_GAIN: f64 = 2.0;
/// Bounds of temperatures and slopes.
const RANGE: (f64, f64) = (0.1, 10.0);
/// As in the log loss metric.
const SMALLEST: f64 = 1e-15;

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
            Self::Isotonic => isotonic::fit(&sample.second(), &sample.codes),
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
    /// Of the mean gain over the rows.
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
        let count = before.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
        let (before_mean, after_mean) = (mean(&before), mean(&after));
        let gain = before_mean - after_mean;
        let mut squares = 0.0;
        for (before, after) in before.iter().zip(&after) {
            squares += (before - after - gain).powi(2);
        }
        Some(Self {
            kind,
            before: before_mean,
            after: after_mean,
            standard_error: (squares / count).sqrt() / count.sqrt(),
        })
    }
}

/// Rows with their probabilities.
struct Sample {
    rows: Vec<u32>,
    codes: Vec<u32>,
    outputs: Vec<f64>,
    width: usize,
}

impl Sample {
    fn new(given: &Given<'_>) -> Self {
        let total = given.codes.len();
        let width = (given.outputs.len() / total.max(1)).max(1);
        let wanted = total.min(OUTPUTS_LIMIT / width);
        let mut sample = Self::empty(width);
        for place in 0..wanted {
            let row = place * total / wanted;
            sample.push(
                given.rows[row],
                given.codes[row],
                &given.outputs[row * width..][..width],
            );
        }
        sample
    }

    fn empty(width: usize) -> Self {
        Self {
            rows: Vec::new(),
            codes: Vec::new(),
            outputs: Vec::new(),
            width,
        }
    }

    fn push(&mut self, row: u32, code: u32, outputs: &[f64]) {
        self.rows.push(row);
        self.codes.push(code);
        self.outputs.extend_from_slice(outputs);
    }

    fn len(&self) -> usize {
        self.codes.len()
    }

    /// Two halves; which one a row is in follows from its number, however the table is sorted.
    fn halves(&self) -> [Self; 2] {
        let mut halves = [Self::empty(self.width), Self::empty(self.width)];
        for (place, row) in self.rows.iter().enumerate() {
            let mixed = u64::from(*row).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let half = &mut halves[(mixed >> 63) as usize];
            half.push(
                *row,
                self.codes[place],
                &self.outputs[place * self.width..][..self.width],
            );
        }
        halves
    }

    /// Probabilities of the second class.
    fn second(&self) -> Vec<f64> {
        self.outputs.chunks_exact(2).map(|row| row[1]).collect()
    }

    /// Log loss row by row.
    fn losses(&self, calibration: Option<&Calibration>) -> Vec<f64> {
        let mut row = vec![0.0; self.width];
        let mut losses = Vec::with_capacity(self.len());
        for (code, outputs) in self.codes.iter().zip(self.outputs.chunks_exact(self.width)) {
            row.copy_from_slice(outputs);
            if let Some(calibration) = calibration {
                calibration.apply(&mut row);
            }
            losses.push(-row[*code as usize].clamp(SMALLEST, 1.0).ln());
        }
        losses
    }

    fn loss(&self, calibration: &Calibration) -> f64 {
        let losses = self.losses(Some(calibration));
        losses.iter().sum::<f64>() / losses.len().max(1) as f64
    }
}

/// The number in [`RANGE`] with the smallest loss, by golden sections of its logarithm: the log loss has one minimum in the inverse
/// of a temperature.
fn narrowed(loss: impl Fn(f64) -> f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (RANGE.0.ln(), RANGE.1.ln());
    let inner = |low: f64, high: f64| [high - golden * (high - low), low + golden * (high - low)];
    let [mut left, mut right] = inner(low, high);
    let (mut left_loss, mut right_loss) = (loss(left.exp()), loss(right.exp()));
    for _ in 0..24 {
        if left_loss < right_loss {
            (high, right, right_loss) = (right, left, left_loss);
            left = inner(low, high)[0];
            left_loss = loss(left.exp());
        } else {
            (low, left, left_loss) = (left, right, right_loss);
            right = inner(low, high)[1];
            right_loss = loss(right.exp());
        }
    }
    ((low + high) / 2.0).exp()
}

/// Slope and offset by Newton's method; `None` where the probabilities say nothing, or the opposite.
fn platt(sample: &Sample) -> Option<Calibration> {
    let logits: Vec<f64> = sample.second().into_iter().map(logit).collect();
    let (mut slope, mut offset) = (1.0, 0.0);
    let of = |slope, offset| Calibration::Platt { slope, offset };
    let mut loss = sample.loss(&of(slope, offset));
    for _ in 0..30 {
        let (mut first, mut second) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
        for (logit, code) in logits.iter().zip(&sample.codes) {
            let probability = logistic(slope * logit + offset);
            let error = probability - f64::from(*code);
            let curvature = probability * (1.0 - probability);
            first[0] += error * logit;
            first[1] += error;
            second[0] += curvature * logit * logit;
            second[1] += curvature * logit;
            second[2] += curvature;
        }
        let determinant = second[0] * second[2] - second[1] * second[1];
        let mut step = [
            (second[2] * first[0] - second[1] * first[1]) / determinant,
            (second[0] * first[1] - second[1] * first[0]) / determinant,
        ];
        let mut next_loss = f64::INFINITY;
        for _ in 0..20 {
            next_loss = sample.loss(&of(slope - step[0], offset - step[1]));
            if next_loss <= loss {
                break;
            }
            step = step.map(|step| step / 2.0);
        }
        if next_loss.is_nan() || next_loss > loss {
            break;
        }
        (slope, offset) = (slope - step[0], offset - step[1]);
        let is_done = loss - next_loss < 1e-10;
        loss = next_loss;
        if is_done {
            break;
        }
    }
    let is_sound = slope >= RANGE.0 && slope <= RANGE.1 && offset.is_finite();
    is_sound.then(|| of(slope, offset))
}

#[cfg(test)]
mod tests;
