//! Maps of one and of two numbers, fitted to the smallest log loss.

use model::Calibration;
use model::calibration::{logistic, logit};

use super::sample::Sample;

/// Bounds of temperatures and slopes.
const RANGE: (f64, f64) = (0.1, 10.0);

/// The number in [`RANGE`] with the smallest loss, by golden sections of its logarithm: the log loss has one minimum in the inverse
/// of a temperature.
pub(super) fn narrowed(loss: impl Fn(f64) -> f64) -> f64 {
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
pub(super) fn platt(sample: &Sample) -> Option<Calibration> {
    let logits: Vec<f64> = sample.second().into_iter().map(logit).collect();
    let (mut slope, mut offset) = (1.0, 0.0);
    let of = |slope, offset| Calibration::Platt { slope, offset };
    let mut loss = sample.loss(&of(slope, offset));
    for _ in 0..30 {
        let (mut first, mut second) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
        for ((logit, code), weight) in logits.iter().zip(&sample.codes).zip(&sample.weights) {
            let probability = logistic(slope * logit + offset);
            let error = weight * (probability - f64::from(*code));
            let curvature = weight * probability * (1.0 - probability);
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
