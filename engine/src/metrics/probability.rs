//! Metrics of the probabilities themselves.

use crate::plan::{Target, TargetView};

/// Smallest probability that the log loss sees: one sure and wrong answer must not make it infinite.
const FLOOR: f64 = 1e-15;

pub(super) fn log_loss(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let Target::Classes { codes, .. } = truth.target else {
        return None;
    };
    let classes = outputs.len() / codes.len();
    let mut sum = 0.0;
    for (index, (code, row)) in codes.iter().zip(outputs.chunks_exact(classes)).enumerate() {
        sum -= truth.weight(index) * row[*code as usize].clamp(FLOOR, 1.0).ln();
    }
    Some(sum / truth.total())
}

/// Binary: mean of `(p_1 - y)²`; multiclass: mean over rows of the sum over classes (Brier 1950).
pub(super) fn brier(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let Target::Classes { codes, .. } = truth.target else {
        return None;
    };
    let classes = outputs.len() / codes.len();
    let mut sum = 0.0;
    for (index, (code, row)) in codes.iter().zip(outputs.chunks_exact(classes)).enumerate() {
        let weight = truth.weight(index);
        for (class, probability) in row.iter().enumerate() {
            let actual = if class == *code as usize { 1.0 } else { 0.0 };
            sum += weight * (probability - actual).powi(2);
        }
    }
    let terms = if classes == 2 { 2.0 } else { 1.0 };
    Some(sum / terms / truth.total())
}
