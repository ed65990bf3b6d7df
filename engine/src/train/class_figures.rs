//! How well each class is told from the others.

use serde::{Deserialize, Serialize};

use crate::metrics::areas_of_class;
use crate::metrics::cuts::{self, Cut};

/// Figures of one class; shares are by weight where rows have some.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassFigures {
    /// The class.
    pub label: String,
    /// Share of right ones among the rows predicted so.
    pub precision: Option<f64>,
    /// Share of right ones among the rows that are so.
    pub recall: Option<f64>,
    /// Harmonic mean of both.
    pub f1: Option<f64>,
    /// Rows that are so, whatever they count.
    pub support: u64,
    /// Area under the ROC curve of this class against the others, of more than two classes.
    #[serde(default)]
    pub roc_auc: Option<f64>,
    /// Area under the precision-recall curve, likewise.
    #[serde(default)]
    pub pr_auc: Option<f64>,
    /// What thresholds of its probability do to the rows, of the 20 most frequent of more than two classes: at most 40, the highest
    /// first, by weight; it is the second class, the others are the first.
    #[serde(default)]
    pub cuts: Vec<Cut>,
}

/// Points of the curves of a class, and classes that have them.
const POINTS: usize = 40;
const WITH_CURVES: usize = 20;

/// What tells each class from the others, and how well thresholds do.
pub(super) fn add_curves(
    figures: &mut [ClassFigures],
    outputs: &[f64],
    codes: &[u32],
    weights: Option<&[f64]>,
) {
    let classes = figures.len();
    let mut frequent: Vec<usize> = (0..classes).collect();
    frequent.sort_by_key(|class| std::cmp::Reverse(figures[*class].support));
    for (place, class) in frequent.into_iter().enumerate() {
        let own = &mut figures[class];
        (own.roc_auc, own.pr_auc) = areas_of_class(outputs, classes, class, (codes, weights));
        if place < WITH_CURVES {
            own.cuts = cuts::against_rest(outputs, classes, class, codes, weights, POINTS);
        }
    }
}
