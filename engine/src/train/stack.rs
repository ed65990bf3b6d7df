//! A linear stack over the candidates, for values: the weights, of either sign, that sum to 1 and have the least squared error on out-of-fold
//! outputs, drawn towards equal ones by a ridge (Breiman, Stacked regressions, Machine Learning 1996, without his bound at 0: what a
//! candidate has too little of, another has even less of, and a weight below 0 says so).
//!
//! It takes the place of greedy selection only where it is surely better on rows that neither was fitted on: both are fitted once more on
//! four fifths of the rows each. `docs/decisions/0017` has the figures, and why there is none for classes.

use super::ensemble;
use crate::context::Context;
use crate::metrics::Metric;
use crate::plan::{Target, TargetView};

/// Out-of-fold rows from which a stack is tried, and rows that it looks at; of more an even sample is taken.
const LEAST_ROWS: usize = 5_000;
const MOST_ROWS: usize = 50_000;
/// Parts of the rows, each of which judges what is fitted on the others.
const PARTS: usize = 5;
/// The ridge, as a share of the mean square of how far a candidate is from the mean of all.
const RIDGE: f64 = 1e-3;
/// Members at most, and the least size of a weight: as of greedy selection.
const MOST_MEMBERS: usize = 6;
const SMALLEST_WEIGHT: f64 = 0.02;
/// The gain that is asked for, in standard errors, and as a share of the squared error.
const SURE_GAIN: f64 = 2.0;
const LEAST_GAIN: f64 = 1e-3;

/// Weights that are surely better than those of greedy selection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stack {
    /// Place of the candidate and its weight, the largest size first; they sum to 1.
    pub weights: Vec<(usize, f64)>,
    /// Root of the nested mean squared error of greedy selection.
    pub before: f64,
    /// The same of the stack.
    pub after: f64,
}

/// The stack, where the metric is of squared errors, there are rows enough, and it is surely better.
pub(super) fn fit(
    truth: TargetView<'_>,
    candidates: &[&[f32]],
    metric: Metric,
    context: &Context<'_>,
) -> Option<Stack> {
    let total = truth.target.len();
    let is_of_squares = matches!(metric, Metric::Rmse | Metric::R2);
    if !is_of_squares || total < LEAST_ROWS || candidates.len() < 2 {
        return None;
    }
    let count = total.min(MOST_ROWS);
    let rows: Vec<u32> = (0..count).map(|place| (place * total / count) as u32).collect();
    let judged = judged(truth, candidates, &rows, metric, context)?;
    let weights = least_squares(&Rows::of(truth, candidates, &rows)?)?;
    judged.is_surely_better().then(|| Stack {
        weights,
        before: judged.before.sqrt(),
        after: judged.after.sqrt(),
    })
}

/// Outputs of all candidates on some rows.
struct Rows {
    /// Row-major.
    outputs: Vec<f64>,
    width: usize,
    values: Vec<f64>,
    weights: Vec<f64>,
}

impl Rows {
    fn of(truth: TargetView<'_>, candidates: &[&[f32]], rows: &[u32]) -> Option<Self> {
        let Target::Values(values) = truth.target else {
            return None;
        };
        let mut outputs = Vec::with_capacity(rows.len() * candidates.len());
        for row in rows {
            outputs.extend(candidates.iter().map(|one| f64::from(one[*row as usize])));
        }
        Some(Self {
            outputs,
            width: candidates.len(),
            values: rows.iter().map(|row| values[*row as usize]).collect(),
            weights: rows.iter().map(|row| truth.weight(*row as usize)).collect(),
        })
    }

    /// The same with some of the candidates only.
    fn only(&self, places: &[usize]) -> Self {
        let line = |row: &[f64]| places.iter().map(|place| row[*place]).collect::<Vec<f64>>();
        Self {
            outputs: self.outputs.chunks_exact(self.width).flat_map(line).collect(),
            width: places.len(),
            values: self.values.clone(),
            weights: self.weights.clone(),
        }
    }

    /// Squared error of each row under some weights.
    fn errors(&self, weights: &[(usize, f64)]) -> Vec<f64> {
        let error = |(row, value): (&[f64], &f64)| {
            let answer: f64 = weights.iter().map(|(place, weight)| weight * row[*place]).sum();
            (answer - value).powi(2)
        };
        self.outputs
            .chunks_exact(self.width)
            .zip(&self.values)
            .map(error)
            .collect()
    }
}

/// Errors of both on rows that neither was fitted on.
struct Judged {
    before: f64,
    after: f64,
    standard_error: f64,
}

impl Judged {
    fn is_surely_better(&self) -> bool {
        let gain = self.before - self.after;
        gain > SURE_GAIN * self.standard_error && gain > LEAST_GAIN * self.before
    }
}

fn judged(
    truth: TargetView<'_>,
    candidates: &[&[f32]],
    rows: &[u32],
    metric: Metric,
    context: &Context<'_>,
) -> Option<Judged> {
    let (mut before, mut after, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for part in 0..PARTS {
        if context.must_stop() {
            return None;
        }
        let (judging, fitting): (Vec<u32>, Vec<u32>) = rows.iter().partition(|row| part_of(**row) == part);
        let fitted_on = Rows::of(truth, candidates, &fitting)?;
        let stack = least_squares(&fitted_on)?;
        let outputs: Vec<Vec<f32>> = candidates
            .iter()
            .map(|one| fitting.iter().map(|row| one[*row as usize]).collect())
            .collect();
        let outputs: Vec<&[f32]> = outputs.iter().map(Vec::as_slice).collect();
        let greedy = ensemble::select(&truth.gather(&fitting), &outputs, metric, None, context)?;
        let judge = Rows::of(truth, candidates, &judging)?;
        before.extend(judge.errors(&greedy.weights));
        after.extend(judge.errors(&stack));
        weights.extend(judge.weights);
    }
    let total: f64 = weights.iter().sum();
    let mean = |errors: &[f64]| {
        errors
            .iter()
            .zip(&weights)
            .map(|(error, weight)| error * weight)
            .sum::<f64>()
            / total
    };
    let (before_mean, after_mean) = (mean(&before), mean(&after));
    let mut squares = 0.0;
    for ((before, after), weight) in before.iter().zip(&after).zip(&weights) {
        squares += (weight * (before - after - (before_mean - after_mean))).powi(2);
    }
    Some(Judged {
        before: before_mean,
        after: after_mean,
        standard_error: squares.sqrt() / total,
    })
}

/// Which part a row belongs to, however the table is sorted.
fn part_of(row: u32) -> usize {
    let mixed = u64::from(row).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize % PARTS
}

/// The weights of the candidates with the largest ones, fitted among these once more.
fn least_squares(rows: &Rows) -> Option<Vec<(usize, f64)>> {
    let all = solve(rows)?;
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|left, right| {
        all[*right]
            .abs()
            .total_cmp(&all[*left].abs())
            .then(left.cmp(right))
    });
    order.truncate(MOST_MEMBERS);
    order.retain(|place| all[*place].abs() >= SMALLEST_WEIGHT);
    let kept = solve(&rows.only(&order))?;
    let mut weights: Vec<(usize, f64)> = order.into_iter().zip(kept).collect();
    weights.sort_by(|left, right| right.1.abs().total_cmp(&left.1.abs()).then(left.0.cmp(&right.0)));
    Some(weights)
}

/// Weights that sum to 1: `1 / n + v`, where `v` has the least squared error for what the mean of all candidates leaves, from how far
/// each of them is from that mean. These distances sum to 0 in each row, and so does `v`.
fn solve(rows: &Rows) -> Option<Vec<f64>> {
    let width = rows.width;
    if width == 0 {
        return None;
    }
    let mut products = vec![0.0; width * width];
    let mut moments = vec![0.0; width];
    let mut apart = vec![0.0; width];
    for ((row, value), weight) in rows
        .outputs
        .chunks_exact(width)
        .zip(&rows.values)
        .zip(&rows.weights)
    {
        let mean = row.iter().sum::<f64>() / width as f64;
        for (apart, output) in apart.iter_mut().zip(row) {
            *apart = output - mean;
        }
        for (place, own) in apart.iter().enumerate() {
            moments[place] += weight * own * (value - mean);
            for (product, other) in products[place * width..].iter_mut().zip(&apart) {
                *product += weight * own * other;
            }
        }
    }
    let trace: f64 = (0..width).map(|place| products[place * width + place]).sum();
    for place in 0..width {
        // Equal candidates have no distance at all: any positive number keeps them at equal weights.
        products[place * width + place] += (RIDGE * trace / width as f64).max(f64::MIN_POSITIVE);
    }
    let solution = eliminated(products, moments)?;
    Some(solution.into_iter().map(|own| own + 1.0 / width as f64).collect())
}

/// The solution of a positive definite system, by elimination; `None` where numbers overflow.
fn eliminated(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let width = right.len();
    for pivot in 0..width {
        for row in pivot + 1..width {
            let factor = matrix[row * width + pivot] / matrix[pivot * width + pivot];
            for column in pivot..width {
                matrix[row * width + column] -= factor * matrix[pivot * width + column];
            }
            right[row] -= factor * right[pivot];
        }
    }
    for pivot in (0..width).rev() {
        for column in pivot + 1..width {
            right[pivot] -= matrix[pivot * width + column] * right[column];
        }
        right[pivot] /= matrix[pivot * width + pivot];
    }
    right.iter().all(|value| value.is_finite()).then_some(right)
}

#[cfg(test)]
mod tests;
