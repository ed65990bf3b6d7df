//! Metrics of predicted values.

use crate::plan::Target;

/// Mean of a term over (actual, predicted).
fn mean(target: &Target, outputs: &[f64], term: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let Target::Values(values) = target else {
        return None;
    };
    if values.len() != outputs.len() {
        return None;
    }
    let sum: f64 = values
        .iter()
        .zip(outputs)
        .map(|(actual, predicted)| term(*actual, *predicted))
        .sum();
    Some(sum / values.len() as f64)
}

pub(super) fn rmse(target: &Target, outputs: &[f64]) -> Option<f64> {
    mean(target, outputs, |actual, predicted| (predicted - actual).powi(2)).map(f64::sqrt)
}

pub(super) fn mae(target: &Target, outputs: &[f64]) -> Option<f64> {
    mean(target, outputs, |actual, predicted| (predicted - actual).abs())
}

/// Undefined when the target does not vary.
pub(super) fn r2(target: &Target, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = target else {
        return None;
    };
    let center = values.iter().sum::<f64>() / values.len() as f64;
    let variance = mean(target, outputs, |actual, _| (actual - center).powi(2))?;
    let error = mean(target, outputs, |actual, predicted| (predicted - actual).powi(2))?;
    (variance > 0.0).then(|| 1.0 - error / variance)
}

pub(super) fn median_ae(target: &Target, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = target else {
        return None;
    };
    if values.len() != outputs.len() {
        return None;
    }
    let mut errors: Vec<f64> = values
        .iter()
        .zip(outputs)
        .map(|(actual, predicted)| (predicted - actual).abs())
        .collect();
    errors.sort_unstable_by(f64::total_cmp);
    let middle = errors.len() / 2;
    if errors.len() % 2 == 1 {
        Some(errors[middle])
    } else {
        Some(errors[middle - 1].midpoint(errors[middle]))
    }
}

pub(super) fn mape(target: &Target, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = target else {
        return None;
    };
    if values.contains(&0.0) {
        return None;
    }
    mean(target, outputs, |actual, predicted| {
        ((predicted - actual) / actual).abs()
    })
}

/// A prediction below 0 counts as 0: the logarithm of anything less may not exist.
pub(super) fn rmsle(target: &Target, outputs: &[f64]) -> Option<f64> {
    let Target::Values(values) = target else {
        return None;
    };
    if values.iter().any(|value| *value < 0.0) {
        return None;
    }
    mean(target, outputs, |actual, predicted| {
        (predicted.max(0.0).ln_1p() - actual.ln_1p()).powi(2)
    })
    .map(f64::sqrt)
}
