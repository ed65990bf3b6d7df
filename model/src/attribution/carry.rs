//! Contributions before a link or a calibration, told behind it: each is multiplied by the mean slope along the straight line from
//! start to answer (Aumann & Shapley, "Values of Non-Atomic Games", 1974; integrated gradients of Sundararajan, Taly & Yan, ICML
//! 2017, through the map alone). A map of one number has one slope, the secant; for several the line is walked in steps.

use crate::calibration::{Calibration, FLOOR, logistic};

/// Steps of a line.
const STEPS: usize = 32;
/// Nearer than this, start and answer are taken for one, and the slope is measured a little to both sides.
const SAME: f64 = 1e-9;
const ASIDE: f64 = 1e-6;

/// The mean slope of a map between two numbers.
pub(super) fn slope(map: impl Fn(f64) -> f64, start: f64, end: f64) -> f64 {
    if (end - start).abs() > SAME {
        (map(end) - map(start)) / (end - start)
    } else {
        (map(start + ASIDE) - map(start - ASIDE)) / (2.0 * ASIDE)
    }
}

/// From log-odds of the second class to both probabilities: start, and contributions of two outputs each.
pub(super) fn through_logistic(start: f64, end: f64, raw: &[f64], out: &mut [f64]) -> [f64; 2] {
    let slope = slope(logistic, start, end);
    for (raw, out) in raw.iter().zip(out.chunks_exact_mut(2)) {
        out[0] = -raw * slope;
        out[1] = raw * slope;
    }
    let start = logistic(start);
    [1.0 - start, start]
}

/// From the arguments of a softmax to probabilities; contributions are replaced.
pub(super) fn through_softmax(start: &[f64], end: &[f64], contributions: &mut [f64]) {
    carry(&|value| (value, 1.0), start, end, contributions);
}

/// From probabilities to calibrated ones; contributions are replaced.
pub(super) fn through_calibration(
    calibration: &Calibration,
    start: &[f64],
    end: &[f64],
    contributions: &mut [f64],
) {
    if let Calibration::Temperature { temperature } = calibration {
        let argument = |value: f64| {
            let kept = value.max(FLOOR);
            (kept.ln() / temperature, 1.0 / (kept * temperature))
        };
        carry(&argument, start, end, contributions);
    } else if let ([_, start], [_, end]) = (start, end) {
        let slope = slope(|value| calibration.second(value), *start, *end);
        // What the slope of a level part cannot tell is nobody's: both ends are the same there.
        contributions.iter_mut().for_each(|value| *value *= slope);
    }
}

/// Through `softmax(argument(x_0), argument(x_1), …)`; `argument` gives value and slope.
fn carry(argument: &dyn Fn(f64) -> (f64, f64), start: &[f64], end: &[f64], contributions: &mut [f64]) {
    let width = start.len();
    let mut carried = vec![0.0; contributions.len()];
    let mut slopes = vec![0.0; width];
    let mut softmax = vec![0.0; width];
    for step in 0..STEPS {
        let share = (step as f64 + 0.5) / STEPS as f64;
        for (place, (from, to)) in start.iter().zip(end).enumerate() {
            (softmax[place], slopes[place]) = argument(from + share * (to - from));
        }
        normalise(&mut softmax);
        for (given, carried) in contributions
            .chunks_exact(width)
            .zip(carried.chunks_exact_mut(width))
        {
            let mut mean = 0.0;
            for ((probability, slope), given) in softmax.iter().zip(&slopes).zip(given) {
                mean += probability * slope * given;
            }
            for (place, carried) in carried.iter_mut().enumerate() {
                *carried += softmax[place] * (slopes[place] * given[place] - mean) / STEPS as f64;
            }
        }
    }
    let ends = [start, end].map(|ends| {
        let mut softmax: Vec<f64> = ends.iter().map(|value| argument(*value).0).collect();
        normalise(&mut softmax);
        softmax
    });
    settle(&mut carried, &ends[0], &ends[1]);
    contributions.copy_from_slice(&carried);
}

/// What the steps have missed of the sum goes to the contributions by their size.
fn settle(contributions: &mut [f64], start: &[f64], end: &[f64]) {
    let width = start.len();
    for output in 0..width {
        let own = || contributions.iter().skip(output).step_by(width);
        let (sum, size) = (own().sum::<f64>(), own().map(|value| value.abs()).sum::<f64>());
        if size > 0.0 {
            let share = (end[output] - start[output] - sum) / size;
            for value in contributions.iter_mut().skip(output).step_by(width) {
                *value += share * value.abs();
            }
        }
    }
}

/// Replaces arguments by their softmax.
pub(super) fn normalise(values: &mut [f64]) {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        *value = (*value - largest).exp();
        sum += *value;
    }
    values.iter_mut().for_each(|value| *value /= sum);
}
