//! Intervals and sets by split-conformal prediction (Vovk, Gammerman & Shafer 2005; Romano, Patterson & Candès, NeurIPS 2019).
//! The ONNX form of a model does not have them: an interval is the answer plus and minus one number, which `Conformal` tells.

use serde::{Deserialize, Serialize};

use crate::{Invalid, Model};

/// How far answers are from the truth on rows that the fits had not seen, at a few levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conformal {
    /// Rising levels.
    pub quantiles: Vec<Quantile>,
}

/// One level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantile {
    /// Share of new rows that intervals or sets are to hold, for example 0.9.
    pub level: f64,
    /// Regression: half the width of an interval, in units of the target. Classification: a class with at least the probability
    /// `1 - bound` is in the set (Sadinle, Lei & Wasserman 2019).
    pub bound: f64,
}

/// Levels are compared to this: 0.9 from a command line is 0.9 of the model.
const SAME_LEVEL: f64 = 1e-9;

impl Conformal {
    /// The quantile of a level; `None` where there is none.
    pub fn at(&self, level: f64) -> Option<Quantile> {
        self.quantiles
            .iter()
            .copied()
            .find(|quantile| (quantile.level - level).abs() < SAME_LEVEL)
    }

    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        let levels = self
            .quantiles
            .windows(2)
            .all(|pair| pair[0].level < pair[1].level);
        let numbers = self.quantiles.iter().all(|quantile| {
            quantile.level > 0.0
                && quantile.level < 1.0
                && quantile.bound.is_finite()
                && quantile.bound >= 0.0
        });
        if levels && numbers {
            Ok(())
        } else {
            Err(Invalid::new("its intervals have no sound levels and bounds"))
        }
    }
}

/// Why there is no interval.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoInterval {
    /// Made by an older program, or of too few rows.
    #[error(
        "the model has no intervals: it was trained by an older program or on too few rows; train it again with more"
    )]
    None,
    /// Another level.
    #[error("the model has no intervals at the level {asked}; use one of {}", levels(.known))]
    Level {
        /// What was asked for.
        asked: f64,
        /// What there is.
        known: Vec<f64>,
    },
}

fn levels(known: &[f64]) -> String {
    let known: Vec<String> = known.iter().map(f64::to_string).collect();
    known.join(", ")
}

impl Quantile {
    /// The interval around a value.
    pub fn interval(&self, value: f64) -> (f64, f64) {
        (value - self.bound, value + self.bound)
    }

    /// Whether each class is in the set. The most probable class always is: an empty set would tell nobody anything, and a class
    /// more makes the set no less sure to hold the truth.
    pub fn set(&self, probabilities: &[f64]) -> Vec<bool> {
        let best = crate::serve::argmax(probabilities);
        let is_in = |(class, probability): (usize, &f64)| class == best || 1.0 - probability <= self.bound;
        probabilities.iter().enumerate().map(is_in).collect()
    }
}

impl Model {
    /// The quantile of a level.
    ///
    /// # Errors
    /// [`NoInterval`].
    pub fn quantile(&self, level: f64) -> Result<Quantile, NoInterval> {
        let conformal = self.refinements.conformal.as_ref().ok_or(NoInterval::None)?;
        conformal.at(level).ok_or_else(|| NoInterval::Level {
            asked: level,
            known: conformal
                .quantiles
                .iter()
                .map(|quantile| quantile.level)
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_is_probable_enough_and_never_nothing() {
        let quantile = |bound| Quantile { level: 0.9, bound };
        assert_eq!(quantile(0.8).set(&[0.2, 0.5, 0.3]), [true, true, true]);
        assert_eq!(quantile(0.7).set(&[0.2, 0.5, 0.3]), [false, true, true]);
        assert_eq!(quantile(0.1).set(&[0.2, 0.5, 0.3]), [false, true, false]);
        assert_eq!(quantile(1.5).interval(2.0), (0.5, 3.5));
    }

    #[test]
    fn a_level_that_is_not_there_is_told_with_those_that_are() {
        let mut model = crate::sample::model(1);
        model.refinements.conformal = None;
        assert_eq!(model.quantile(0.9), Err(NoInterval::None));
        let quantiles = [0.8, 0.9].map(|level| Quantile { level, bound: 1.0 });
        model.refinements.conformal = Some(Conformal {
            quantiles: quantiles.to_vec(),
        });
        assert_eq!(model.quantile(0.9), Ok(quantiles[1]));
        let error = model.quantile(0.99).expect_err("no such level").to_string();
        assert!(error.contains("0.99") && error.contains("0.8, 0.9"), "{error}");
    }
}
