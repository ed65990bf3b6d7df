//! What a report draws: ROC and precision-recall points, calibration, predicted against actual, residuals.

use serde::{Deserialize, Serialize};

use super::ranking::{groups, kinds};

/// A point of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Horizontal.
    pub x: f64,
    /// Vertical.
    pub y: f64,
}

/// One bar of a histogram: `[from, to)`, the last one closed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Lower edge.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// Rows inside.
    pub count: u64,
}

/// Rows of similar predicted probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Mean predicted probability.
    pub predicted: f64,
    /// Share that is so.
    pub actual: f64,
    /// Rows, whatever they count.
    pub count: u64,
}

/// How far answers are off where they are alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorBand {
    /// Smallest predicted value.
    pub from: f64,
    /// Largest predicted value.
    pub to: f64,
    /// Rows, whatever they count.
    pub count: u64,
    /// Mean of actual less predicted, by weight where rows have some.
    pub mean_error: f64,
    /// Mean size of that difference, likewise.
    pub mean_absolute_error: f64,
}

/// ROC curve, from (0, 0) to (1, 1): x = false positive rate, y = true positive rate, both by weight where rows have some; at most
/// `limit` points. Empty without both kinds.
pub fn roc(scores: &[f64], positive: &[bool], weights: Option<&[f64]>, limit: usize) -> Vec<Point> {
    let (positives, negatives) = kinds(positive, weights);
    if positives == 0.0 || negatives == 0.0 {
        return Vec::new();
    }
    let mut points = vec![Point { x: 0.0, y: 0.0 }];
    let (mut right, mut wrong) = (0.0, 0.0);
    for group in groups(scores, positive, weights) {
        right += group.positives;
        wrong += group.negatives;
        points.push(Point {
            // Sums of weights in another order may differ in the last bit.
            x: (wrong / negatives).min(1.0),
            y: (right / positives).min(1.0),
        });
    }
    thin(&points, limit)
}

/// Precision-recall curve: x = recall, y = precision, both by weight where rows have some; at most `limit` points. Empty without
/// both kinds.
pub fn precision_recall(
    scores: &[f64],
    positive: &[bool],
    weights: Option<&[f64]>,
    limit: usize,
) -> Vec<Point> {
    let (positives, negatives) = kinds(positive, weights);
    if positives == 0.0 || negatives == 0.0 {
        return Vec::new();
    }
    let mut points = Vec::new();
    let (mut right, mut chosen) = (0.0, 0.0);
    for group in groups(scores, positive, weights) {
        right += group.positives;
        chosen += group.positives + group.negatives;
        points.push(Point {
            x: (right / positives).min(1.0),
            y: right / chosen,
        });
    }
    thin(&points, limit)
}

/// Ten bins of equal width over the predicted probability; empty bins are left out. Means are by weight where rows have some.
pub fn calibration(scores: &[f64], positive: &[bool], weights: Option<&[f64]>) -> Vec<CalibrationBin> {
    /// Sums by weight, and how many rows they are of.
    #[derive(Clone, Copy, Default)]
    struct Sums {
        predicted: f64,
        actual: f64,
        weight: f64,
        count: u64,
    }
    let mut bins = [Sums::default(); 10];
    for (row, (score, flag)) in scores.iter().zip(positive).enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        let bin = &mut bins[((score * 10.0) as usize).min(9)];
        bin.predicted += weight * score;
        bin.actual += if *flag { weight } else { 0.0 };
        bin.weight += weight;
        bin.count += 1;
    }
    let is_there = |bin: &&Sums| bin.count > 0;
    let mean = |bin: &Sums| CalibrationBin {
        predicted: bin.predicted / bin.weight,
        actual: bin.actual / bin.weight,
        count: bin.count,
    };
    bins.iter().filter(is_there).map(mean).collect()
}

/// At most `limit` rows in even steps: x = predicted, y = actual.
pub fn predicted_actual(actual: &[f64], predicted: &[f64], limit: usize) -> Vec<Point> {
    let points: Vec<Point> = predicted
        .iter()
        .zip(actual)
        .map(|(x, y)| Point { x: *x, y: *y })
        .collect();
    thin(&points, limit)
}

/// Errors in at most ten bands of equally many rows, from the lowest predicted value to the highest.
pub fn error_bands(actual: &[f64], predicted: &[f64], weights: Option<&[f64]>) -> Vec<ErrorBand> {
    let mut order: Vec<usize> = (0..predicted.len()).collect();
    order.sort_by(|left, right| predicted[*left].total_cmp(&predicted[*right]));
    let bands = predicted.len().min(10);
    let mut found = Vec::with_capacity(bands);
    for band in 0..bands {
        let rows = &order[band * order.len() / bands..(band + 1) * order.len() / bands];
        let (mut error, mut size, mut weight) = (0.0, 0.0, 0.0);
        for row in rows {
            let counts = weights.map_or(1.0, |weights| weights[*row]);
            let difference = actual[*row] - predicted[*row];
            error += counts * difference;
            size += counts * difference.abs();
            weight += counts;
        }
        found.push(ErrorBand {
            from: predicted[rows[0]],
            to: predicted[rows[rows.len() - 1]],
            count: rows.len() as u64,
            mean_error: error / weight,
            mean_absolute_error: size / weight,
        });
    }
    found
}

/// Histogram of `values` in at most `limit` bars of equal width.
pub fn histogram(values: &[f64], limit: usize) -> Vec<Bar> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() || limit == 0 {
        return Vec::new();
    }
    if low == high {
        return vec![Bar {
            from: low,
            to: high,
            count: values.len() as u64,
        }];
    }
    let width = (high - low) / limit as f64;
    let mut bars: Vec<Bar> = (0..limit)
        .map(|index| Bar {
            from: low + index as f64 * width,
            to: low + (index + 1) as f64 * width,
            count: 0,
        })
        .collect();
    for value in values {
        bars[(((value - low) / width) as usize).min(limit - 1)].count += 1;
    }
    bars
}

/// Keeps the first, the last and evenly spaced points between.
pub(super) fn thin<T: Clone>(points: &[T], limit: usize) -> Vec<T> {
    if points.len() <= limit || limit < 2 {
        return points.to_vec();
    }
    let step = (points.len() - 1) as f64 / (limit - 1) as f64;
    (0..limit)
        .map(|index| points[((index as f64 * step).round() as usize).min(points.len() - 1)].clone())
        .collect()
}
