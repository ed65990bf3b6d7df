//! Metrics of the predicted labels: the class with the largest probability, ties to the first.

use crate::plan::{Target, TargetView};

/// Rows, or what they count, by actual and predicted class.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// Number of classes.
    pub classes: usize,
    /// Row-major: `counts[actual * classes + predicted]`; whole numbers without weights.
    pub counts: Vec<f64>,
}

/// Precision, recall and F1 of one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassReport {
    /// Share of right ones among the rows predicted so; `None` when none was.
    pub precision: Option<f64>,
    /// Share of right ones among the rows that are so; `None` when none is.
    pub recall: Option<f64>,
    /// Harmonic mean of both, `2 TP / (2 TP + FP + FN)`; `None` when the class occurs nowhere.
    pub f1: Option<f64>,
    /// What the rows count that are so: their number without weights.
    pub support: f64,
    /// What the rows count that are predicted so.
    pub predicted: f64,
}

/// Index of the largest value; ties go to the first.
pub fn argmax(values: &[f64]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

impl Confusion {
    /// Sums over all rows; `None` for a target of values.
    pub fn new<'a>(truth: impl Into<TargetView<'a>>, outputs: &[f64]) -> Option<Self> {
        let truth: TargetView<'a> = truth.into();
        let Target::Classes { codes, .. } = truth.target else {
            return None;
        };
        if codes.is_empty() {
            return None;
        }
        let classes = outputs.len() / codes.len();
        let mut counts = vec![0.0; classes * classes];
        for (index, (code, row)) in codes.iter().zip(outputs.chunks_exact(classes)).enumerate() {
            counts[*code as usize * classes + argmax(row)] += truth.weight(index);
        }
        Some(Self { classes, counts })
    }

    /// What all rows count.
    pub fn total(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// What the rows on the diagonal count.
    pub fn right(&self) -> f64 {
        (0..self.classes)
            .map(|class| self.counts[class * self.classes + class])
            .sum()
    }

    /// Precision, recall and F1 of one class.
    pub fn class(&self, class: usize) -> ClassReport {
        let support: f64 = (0..self.classes)
            .map(|other| self.counts[class * self.classes + other])
            .sum();
        let predicted: f64 = (0..self.classes)
            .map(|other| self.counts[other * self.classes + class])
            .sum();
        let right = self.counts[class * self.classes + class];
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        ClassReport {
            precision: share(right, predicted),
            recall: share(right, support),
            f1: share(2.0 * right, support + predicted),
            support,
            predicted,
        }
    }

    /// Mean of one figure over the classes that occur in the target or among the predictions; a class for which the
    /// figure is undefined there counts 0, as in scikit-learn.
    fn macro_mean(&self, figure: fn(&ClassReport) -> Option<f64>) -> Option<f64> {
        let mut sum = 0.0;
        let mut present = 0;
        for class in 0..self.classes {
            let report = self.class(class);
            if report.support + report.predicted > 0.0 {
                sum += figure(&report).unwrap_or(0.0);
                present += 1;
            }
        }
        (present > 0).then(|| sum / f64::from(present))
    }

    /// Mean of one figure weighted by the rows of each class; undefined counts 0, as in scikit-learn.
    fn weighted_mean(&self, figure: fn(&ClassReport) -> Option<f64>) -> Option<f64> {
        let mut sum = 0.0;
        for class in 0..self.classes {
            let report = self.class(class);
            sum += report.support * figure(&report).unwrap_or(0.0);
        }
        (self.total() > 0.0).then(|| sum / self.total())
    }
}

pub(super) fn accuracy(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let confusion = Confusion::new(truth, outputs)?;
    Some(confusion.right() / confusion.total())
}

pub(super) fn balanced_accuracy(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let confusion = Confusion::new(truth, outputs)?;
    let recalls: Vec<f64> = (0..confusion.classes)
        .filter_map(|class| confusion.class(class).recall)
        .collect();
    (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
}

pub(super) fn f1(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let confusion = Confusion::new(truth, outputs)?;
    if confusion.classes == 2 {
        confusion.class(1).f1
    } else {
        None
    }
}

pub(super) fn f1_macro(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    Confusion::new(truth, outputs)?.macro_mean(|report| report.f1)
}

pub(super) fn f1_weighted(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    Confusion::new(truth, outputs)?.weighted_mean(|report| report.f1)
}

pub(super) fn precision_macro(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    Confusion::new(truth, outputs)?.macro_mean(|report| report.precision)
}

pub(super) fn precision_weighted(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    Confusion::new(truth, outputs)?.weighted_mean(|report| report.precision)
}

pub(super) fn recall_macro(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    Confusion::new(truth, outputs)?.macro_mean(|report| report.recall)
}

/// Multiclass form of Gorodkin (2004). When all rows are, or are predicted, one class the formula is 0/0: by
/// convention 0, as in scikit-learn, so that a model that knows nothing can still be compared.
pub(super) fn mcc(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    let confusion = Confusion::new(truth, outputs)?;
    let total = confusion.total();
    let mut agreement = 0.0;
    let mut predicted_squares = 0.0;
    let mut actual_squares = 0.0;
    for class in 0..confusion.classes {
        let report = confusion.class(class);
        agreement += report.predicted * report.support;
        predicted_squares += report.predicted.powi(2);
        actual_squares += report.support.powi(2);
    }
    let covariance = confusion.right() * total - agreement;
    let spread = ((total * total - predicted_squares) * (total * total - actual_squares)).sqrt();
    if spread == 0.0 {
        Some(0.0)
    } else {
        Some(covariance / spread)
    }
}
