//! Calibration: probabilities that say how often they are right. Fitted on out-of-fold outputs by training; here is the fitted
//! form, its prediction and (in `lower`) its ONNX form.

mod lower;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{Invalid, ProblemType};

/// Probabilities are kept this far from 0 and 1 before their logarithm is taken: nearer to 1 the digits of `1 - p` are noise.
pub const FLOOR: f64 = 1e-12;

/// A fitted calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Calibration {
    /// `q_k = p_k^(1/T) / Σ_l p_l^(1/T)` (Guo et al., ICML 2017, on the ensemble's probabilities in place of logits). It keeps
    /// the order of the classes.
    Temperature {
        /// T; above 1 it makes the model less sure.
        temperature: f64,
    },
    /// `q = σ(slope · logit(p) + offset)` for the second of two classes (Platt 1999, on the logit of the probability). It keeps
    /// the order of the rows.
    Platt {
        /// Greater than 0.
        slope: f64,
        /// 0 where labels must stay as they are.
        offset: f64,
    },
    /// Line segments through points for the second of two classes, level outside: isotonic regression (Zadrozny & Elkan,
    /// KDD 2002), its steps joined so that equal probabilities are rare.
    Isotonic {
        /// `(p, q)`: p strictly rising, q not falling.
        points: Vec<(f64, f64)>,
    },
}

impl Calibration {
    /// Replaces the probabilities of one row by calibrated ones.
    pub fn apply(&self, row: &mut [f64]) {
        match self {
            Self::Temperature { temperature } => {
                for value in row.iter_mut() {
                    *value = value.max(FLOOR).ln() / temperature;
                }
                let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let mut sum = 0.0;
                for value in row.iter_mut() {
                    *value = (*value - largest).exp();
                    sum += *value;
                }
                row.iter_mut().for_each(|value| *value /= sum);
            }
            Self::Platt { .. } | Self::Isotonic { .. } => {
                if let [first, second] = row {
                    *second = self.second(*second);
                    *first = 1.0 - *second;
                }
            }
        }
    }

    /// The calibrated probability of the second of two classes.
    pub(crate) fn second(&self, probability: f64) -> f64 {
        match self {
            Self::Temperature { .. } => {
                let mut row = [1.0 - probability, probability];
                self.apply(&mut row);
                row[1]
            }
            Self::Platt { slope, offset } => logistic(slope * logit(probability) + offset),
            Self::Isotonic { points } => along(points, probability),
        }
    }

    pub(crate) fn validate(&self, problem: ProblemType) -> Result<(), Invalid> {
        let (fits, numbers) = match self {
            Self::Temperature { temperature } => (
                problem.is_classification(),
                temperature.is_finite() && *temperature > 0.0,
            ),
            Self::Platt { slope, offset } => (
                problem == ProblemType::Binary,
                slope.is_finite() && *slope > 0.0 && offset.is_finite(),
            ),
            Self::Isotonic { points } => {
                let inside = |value: &f64| (0.0..=1.0).contains(value);
                let rising = points
                    .windows(2)
                    .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
                let numbers = points.iter().all(|(p, q)| inside(p) && inside(q));
                (
                    problem == ProblemType::Binary,
                    points.len() >= 2 && rising && numbers,
                )
            }
        };
        if fits && numbers {
            Ok(())
        } else {
            Err(Invalid::new("its calibration does not fit it"))
        }
    }
}

/// `ln(p / (1 - p))`, with p kept [`FLOOR`] away from 0 and 1.
pub fn logit(probability: f64) -> f64 {
    let kept = probability.clamp(FLOOR, 1.0 - FLOOR);
    kept.ln() - (1.0 - kept).ln()
}

/// `1 / (1 + exp(-z))`, without overflow for large `|z|`.
pub fn logistic(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + (-z).exp())
    } else {
        z.exp() / (1.0 + z.exp())
    }
}

fn along(points: &[(f64, f64)], at: f64) -> f64 {
    let behind = points.partition_point(|point| point.0 <= at);
    match (
        behind.checked_sub(1).map(|before| points[before]),
        points.get(behind),
    ) {
        (Some(left), Some(right)) => left.1 + (right.1 - left.1) * ((at - left.0) / (right.0 - left.0)),
        (Some(last), None) => last.1,
        (None, Some(first)) => first.1,
        (None, None) => at,
    }
}
