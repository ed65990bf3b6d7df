//! A target together with what each of its rows counts.

use serde::{Deserialize, Serialize};

use super::{Prepared, Target};

/// The target of some rows and what each of them counts: what fits and metrics are computed from. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct TargetView<'a> {
    /// The target.
    pub target: &'a Target,
    /// One a row, finite and positive; `None`: every row counts 1.
    pub weights: Option<&'a [f64]>,
}

/// A target with its weights, gathered.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedTarget {
    /// The target.
    pub target: Target,
    /// One a row; `None`: every row counts 1.
    pub weights: Option<Vec<f64>>,
}

/// What the rows of prepared data count. The mean over the training rows is 1; those of the holdout have the same unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleWeights {
    /// One a training row.
    pub train: Vec<f64>,
    /// One a row of the holdout.
    pub holdout: Vec<f64>,
}

impl SampleWeights {
    /// Brings positive weights of both sides into the unit of the first.
    pub(super) fn new(mut train: Vec<f64>, mut holdout: Vec<f64>) -> Self {
        // The largest first: sums of huge weights must not overflow.
        let largest = train.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let mean = train.iter().map(|weight| weight / largest).sum::<f64>() / train.len().max(1) as f64;
        for weight in train.iter_mut().chain(&mut holdout) {
            // Nothing so light that a hessian of it would be no number.
            *weight = (*weight / largest / mean).max(1e-100);
        }
        Self { train, holdout }
    }
}

impl TargetView<'_> {
    /// What a row counts.
    #[inline]
    pub fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// What all rows count together: their number without weights.
    pub fn total(&self) -> f64 {
        match self.weights {
            None => self.target.len() as f64,
            Some(weights) => weights.iter().sum(),
        }
    }

    /// What some rows count together.
    pub fn total_of(&self, rows: &[u32]) -> f64 {
        match self.weights {
            None => rows.len() as f64,
            Some(weights) => rows.iter().map(|&row| weights[row as usize]).sum(),
        }
    }

    /// The given rows, in that order.
    ///
    /// # Panics
    /// When a row does not exist.
    pub fn gather(&self, rows: &[u32]) -> WeightedTarget {
        WeightedTarget {
            target: self.target.gather(rows),
            weights: self.weights.map(|weights| gathered(weights, rows)),
        }
    }
}

impl WeightedTarget {
    /// It, borrowed.
    pub fn view(&self) -> TargetView<'_> {
        TargetView {
            target: &self.target,
            weights: self.weights.as_deref(),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.target.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.target.is_empty()
    }

    /// The given rows, in that order.
    ///
    /// # Panics
    /// When a row does not exist.
    pub fn gather(&self, rows: &[u32]) -> Self {
        self.view().gather(rows)
    }
}

impl<'a> From<&'a Target> for TargetView<'a> {
    fn from(target: &'a Target) -> Self {
        Self {
            target,
            weights: None,
        }
    }
}

impl<'a> From<&'a WeightedTarget> for TargetView<'a> {
    fn from(weighted: &'a WeightedTarget) -> Self {
        weighted.view()
    }
}

impl Prepared {
    /// The target of the training rows with their weights.
    pub fn train_view(&self) -> TargetView<'_> {
        TargetView {
            target: &self.train.target,
            weights: self.weights.as_ref().map(|weights| weights.train.as_slice()),
        }
    }

    /// The target of the holdout with its weights.
    pub fn holdout_view(&self) -> TargetView<'_> {
        TargetView {
            target: &self.holdout.target,
            weights: self.weights.as_ref().map(|weights| weights.holdout.as_slice()),
        }
    }
}

/// The weights of some rows.
pub(super) fn gathered(weights: &[f64], rows: &[u32]) -> Vec<f64> {
    rows.iter().map(|&row| weights[row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_mean_one_on_training_rows() {
        let weights = SampleWeights::new(vec![1.0, 3.0], vec![4.0]);
        assert_eq!(weights.train, [0.5, 1.5]);
        assert_eq!(weights.holdout, [2.0]);
        let huge = SampleWeights::new(vec![f64::MAX, f64::MAX], vec![1.0]);
        assert_eq!(huge.train, [1.0, 1.0]);
        assert!(huge.holdout[0] > 0.0, "light, but not nothing");
    }

    #[test]
    fn rows_keep_their_weights() {
        let all = WeightedTarget {
            target: Target::Values(vec![1.0, 2.0, 3.0]),
            weights: Some(vec![0.5, 1.0, 1.5]),
        };
        let some = all.gather(&[2, 0]);
        assert_eq!(some.weights, Some(vec![1.5, 0.5]));
        assert_eq!(some.view().total(), 2.0);
        assert_eq!(all.view().total_of(&[1, 2]), 2.5);
        assert_eq!(TargetView::from(&all.target).total(), 3.0);
    }
}
