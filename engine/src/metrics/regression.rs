//! Metrics of predicted values.

use crate::plan::{Target, TargetView};

/// Mean of a term over (actual, predicted).
fn mean(truth: TargetView<'_>, outputs: &[f64], term: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let Target::Values(values) = truth.target else {
        return None;
    };
    if values.len() != outputs.len() {
        return None;
    }
    let sum: f64 = values
        .iter()
        .zip(outputs)
        .enumerate()
        .map(|(row, (actual, predicted))| truth.weight(row) * term(*actual, *predicted))
        .sum();
    Some(sum / truth.total())
}

pub(super) fn rmse(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    mean(truth, outputs, |actual, predicted| (predicted - actual).powi(2)).map(f64::sqrt)
}

pub(super) fn mae(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    mean(truth, outputs, |actual, predicted| (predicted - actual).abs())
}

/// What a prediction of a quantile costs: the distance, by the share where it is too low, by the rest where it is too high
/// (Koenker & Bassett, Econometrica 1978).
#[inline]
pub fn pinball(actual: f64, predicted: f64, share: f64) -> f64 {
    let lacking = actual - predicted;
    (share * lacking).max((share - 1.0) * lacking)
}

pub(super) fn pinball_of<const PERCENT: u8>(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let share = f64::from(PERCENT) / 100.0;
    mean(truth, outputs, |actual, predicted| {
        pinball(actual, predicted, share)
    })
}

/// Undefined when the target does not vary.
pub(super) fn r2(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = truth.target else {
        return None;
    };
    let weighted = values
        .iter()
        .enumerate()
        .map(|(row, value)| truth.weight(row) * value);
    let center = weighted.sum::<f64>() / truth.total();
    let variance = mean(truth, outputs, |actual, _| (actual - center).powi(2))?;
    let error = mean(truth, outputs, |actual, predicted| (predicted - actual).powi(2))?;
    (variance > 0.0).then(|| 1.0 - error / variance)
}

/// The error that half of the weight is below (the mean of two where it lies exactly between them).
pub(super) fn median_ae(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = truth.target else {
        return None;
    };
    if values.len() != outputs.len() {
        return None;
    }
    let mut errors: Vec<(f64, f64)> = Vec::with_capacity(values.len());
    for (row, (actual, predicted)) in values.iter().zip(outputs).enumerate() {
        errors.push(((predicted - actual).abs(), truth.weight(row)));
    }
    errors.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = truth.total() / 2.0;
    let mut below = 0.0;
    for (index, (error, weight)) in errors.iter().enumerate() {
        below += weight;
        if below == half && index + 1 < errors.len() {
            return Some(error.midpoint(errors[index + 1].0));
        }
        if below >= half {
            return Some(*error);
        }
    }
    None
}

pub(super) fn mape(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = truth.target else {
        return None;
    };
    if values.contains(&0.0) {
        return None;
    }
    mean(truth, outputs, |actual, predicted| {
        ((predicted - actual) / actual).abs()
    })
}

/// A prediction below 0 counts as 0: the logarithm of anything less may not exist.
pub(super) fn rmsle(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = truth.target else {
        return None;
    };
    if values.iter().any(|value| *value < 0.0) {
        return None;
    }
    mean(truth, outputs, |actual, predicted| {
        (predicted.max(0.0).ln_1p() - actual.ln_1p()).powi(2)
    })
    .map(f64::sqrt)
}
