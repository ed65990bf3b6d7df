//! The losses of boosting: where raw scores start, what a prediction is worth.

use model::exponential::exponential;

use super::quantile::quantile;
use crate::error::Error;
use crate::metrics::pinball;
use crate::plan::{Aim, Target};

/// Smallest probability that a loss or a starting score is computed from.
const TINY: f64 = 1e-15;

/// What the rows of a sum count: 1 each without weights.
pub type Weights<'a> = Option<&'a [f64]>;

/// What a table row counts.
#[inline]
fn weight(weights: Weights<'_>, row: u32) -> f64 {
    weights.map_or(1.0, |weights| weights[row as usize])
}

/// What some rows count together.
fn total(weights: Weights<'_>, rows: &[u32]) -> f64 {
    match weights {
        None => rows.len() as f64,
        Some(weights) => rows.iter().map(|&row| weights[row as usize]).sum(),
    }
}

/// The target of all table rows in the form that boosting needs.
pub enum Loss<'a> {
    /// Squared error; one raw output, the value.
    Squared(&'a [f64]),
    /// Twice the pinball loss of a quantile in percent, which of the 50th is the absolute error; one raw output, the value.
    Quantile(&'a [f64], u8),
    /// Log loss of two classes; one raw output, the log-odds of the second.
    Logistic(&'a [u32]),
    /// Log loss of K classes; one raw output a class.
    Softmax(&'a [u32], usize),
}

impl<'a> Loss<'a> {
    /// The loss for a target, values by what is aimed at.
    ///
    /// # Errors
    /// `Input` for one class, or values that are not finite.
    pub fn new(target: &'a Target, aim: Aim) -> Result<Self, Error> {
        match target {
            Target::Values(values) if values.iter().all(|value| value.is_finite()) => Ok(match aim {
                Aim::Mean => Self::Squared(values),
                Aim::Quantile(percent) => Self::Quantile(values, percent),
            }),
            Target::Values(_) => Err(Error::Input(
                "the target has values that are not finite numbers".into(),
            )),
            Target::Classes { labels, .. } if labels.len() < 2 => Err(Error::Input(
                "the target has one class only; two are needed to learn from".into(),
            )),
            Target::Classes { codes, labels } if labels.len() == 2 => Ok(Self::Logistic(codes)),
            Target::Classes { codes, labels } => Ok(Self::Softmax(codes, labels.len())),
        }
    }

    /// Number of raw outputs, and of trees a round.
    pub fn raw_outputs(&self) -> usize {
        match self {
            Self::Squared(_) | Self::Quantile(..) | Self::Logistic(_) => 1,
            Self::Softmax(_, classes) => *classes,
        }
    }

    /// True when the hessian is 1 for every row.
    pub fn has_constant_hessian(&self) -> bool {
        matches!(self, Self::Squared(_) | Self::Quantile(..))
    }

    /// Raw scores that fit the rows best when they are the same for all of them.
    pub fn base(&self, rows: &[u32], weights: Weights<'_>) -> Vec<f64> {
        let count = total(weights, rows);
        match self {
            Self::Squared(values) => {
                let share = |&row: &u32| weight(weights, row) * values[row as usize] / count;
                vec![rows.iter().map(share).sum()]
            }
            Self::Quantile(values, percent) => {
                let pair = |&row: &u32| (values[row as usize], weight(weights, row));
                let mut pairs: Vec<(f64, f64)> = rows.iter().map(pair).collect();
                vec![quantile(&mut pairs, *percent)]
            }
            Self::Logistic(codes) => {
                let ones = rows.iter().filter(|&&row| codes[row as usize] == 1);
                let ones: f64 = ones.map(|&row| weight(weights, row)).sum();
                let share = (ones / count).clamp(TINY, 1.0 - TINY);
                vec![(share / (1.0 - share)).ln()]
            }
            Self::Softmax(codes, classes) => {
                let mut counts = vec![0.0_f64; *classes];
                for &row in rows {
                    counts[codes[row as usize] as usize] += weight(weights, row);
                }
                // A class without rows starts as if it had a hundredth of one.
                counts
                    .into_iter()
                    .map(|own| (own.max(0.01) / count).ln())
                    .collect()
            }
        }
    }

    /// RMSE, twice the mean pinball loss or mean log loss over rows; `scores[k][row]` are raw scores.
    pub fn value(&self, rows: &[u32], scores: &[Vec<f64>], weights: Weights<'_>) -> f64 {
        match self {
            Self::Squared(values) => {
                let square = |row: usize| (scores[0][row] - values[row]).powi(2);
                mean(rows, weights, square).sqrt()
            }
            Self::Quantile(values, percent) => {
                let share = f64::from(*percent) / 100.0;
                2.0 * mean(rows, weights, |row| pinball(values[row], scores[0][row], share))
            }
            Self::Logistic(codes) => {
                let one = |row: usize| {
                    softplus(if codes[row] == 1 {
                        -scores[0][row]
                    } else {
                        scores[0][row]
                    })
                };
                mean(rows, weights, one)
            }
            Self::Softmax(codes, _) => {
                let one = |row: usize| log_sum(scores, row) - scores[codes[row] as usize][row];
                mean(rows, weights, one)
            }
        }
    }
}

/// The mean of a term over rows.
fn mean(rows: &[u32], weights: Weights<'_>, term: impl Fn(usize) -> f64) -> f64 {
    let sum: f64 = match weights {
        None => rows.iter().map(|&row| term(row as usize)).sum(),
        Some(weights) => rows
            .iter()
            .map(|&row| weights[row as usize] * term(row as usize))
            .sum(),
    };
    sum / total(weights, rows)
}

/// ln(1 + e^z) without overflow.
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// ln Σ_k e^score of one row.
pub fn log_sum(scores: &[Vec<f64>], row: usize) -> f64 {
    let largest = scores
        .iter()
        .map(|scores| scores[row])
        .fold(f64::NEG_INFINITY, f64::max);
    largest
        + scores
            .iter()
            .map(|scores| exponential(scores[row] - largest))
            .sum::<f64>()
            .ln()
}

/// 1 / (1 + e^-z), without the branch of `logistic`.
#[inline]
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + exponential(-z))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sigmoid_saturates() {
        assert!(sigmoid(f64::INFINITY) == 1.0 && sigmoid(f64::NEG_INFINITY) < 1e-300);
        assert_eq!(sigmoid(0.0), 0.5);
    }

    #[test]
    fn values_are_the_usual_ones() {
        let codes = [0, 1, 1];
        let rows = [0, 1, 2];
        let logistic = Loss::Logistic(&codes);
        let base = logistic.base(&rows, None);
        let prior = -(1.0_f64 / 3.0).ln() / 3.0 - 2.0 * (2.0_f64 / 3.0).ln() / 3.0;
        assert!((logistic.value(&rows, &[vec![base[0]; 3]], None) - prior).abs() < 1e-9);
        let softmax = Loss::Softmax(&codes, 2);
        let scores: Vec<Vec<f64>> = softmax
            .base(&rows, None)
            .into_iter()
            .map(|base| vec![base; 3])
            .collect();
        assert!((softmax.value(&rows, &scores, None) - prior).abs() < 1e-9);
        let squared = Loss::Squared(&[1.0, 2.0, 6.0]);
        assert!((squared.base(&rows, None)[0] - 3.0).abs() < 1e-12);
        assert!((squared.value(&rows, &[vec![3.0; 3]], None) - (14.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        let absolute = Loss::Quantile(&[1.0, 2.0, 6.0], 50);
        assert_eq!(absolute.base(&rows, None), [2.0]);
        assert!((absolute.value(&rows, &[vec![2.0; 3]], None) - 5.0 / 3.0).abs() < 1e-12);
        let high = Loss::Quantile(&[1.0, 2.0, 6.0], 90);
        assert_eq!(high.base(&rows, None), [6.0]);
        assert!((high.value(&rows, &[vec![3.0; 3]], None) - 2.0 * (0.2 + 0.1 + 2.7) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_row_of_weight_three_is_three_rows() {
        let codes = [0, 1, 1];
        let weights: &[f64] = &[3.0, 1.0, 2.0];
        let repeated = [0, 0, 0, 1, 2, 2];
        let values = [1.0, 2.0, 6.0];
        let scores = vec![vec![0.3, -0.2, 0.9], vec![1.0, 0.1, 0.0]];
        for loss in [
            Loss::Squared(&values),
            Loss::Quantile(&values, 50),
            Loss::Quantile(&values, 90),
            Loss::Logistic(&codes),
            Loss::Softmax(&codes, 2),
        ] {
            let base = loss.base(&[0, 1, 2], Some(weights));
            for (weighted, plain) in base.iter().zip(loss.base(&repeated, None)) {
                assert!((weighted - plain).abs() < 1e-12);
            }
            let value = loss.value(&[0, 1, 2], &scores, Some(weights));
            assert!((value - loss.value(&repeated, &scores, None)).abs() < 1e-12);
        }
    }
}
