//! Metrics of the order of the rows: areas under the ROC and the precision-recall curve.

use crate::plan::{Target, TargetView};

/// Mann-Whitney form of the area under the ROC curve: the share of (positive, negative) pairs in right order, a tie
/// counting half. With weights a pair counts the product of both. `None` without both kinds.
pub fn binary_roc_auc(scores: &[f64], positive: &[bool], weights: Option<&[f64]>) -> Option<f64> {
    let (positives, negatives) = kinds(positive, weights);
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let mut pairs = 0.0;
    let mut negatives_below = 0.0;
    for group in groups(scores, positive, weights).iter().rev() {
        pairs += group.positives * (negatives_below + group.negatives / 2.0);
        negatives_below += group.negatives;
    }
    Some(pairs / (positives * negatives))
}

/// Average precision: the sum over distinct scores, from the top, of precision times the gain in recall.
fn binary_average_precision(scores: &[f64], positive: &[bool], weights: Option<&[f64]>) -> Option<f64> {
    let (positives, negatives) = kinds(positive, weights);
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let mut right = 0.0;
    let mut chosen = 0.0;
    let mut area = 0.0;
    for group in groups(scores, positive, weights) {
        right += group.positives;
        chosen += group.positives + group.negatives;
        area += right / chosen * group.positives / positives;
    }
    Some(area)
}

/// What the positive and the negative rows count.
pub(super) fn kinds(positive: &[bool], weights: Option<&[f64]>) -> (f64, f64) {
    let Some(weights) = weights else {
        let positives = positive.iter().filter(|flag| **flag).count() as f64;
        return (positives, positive.len() as f64 - positives);
    };
    let mut sums = (0.0, 0.0);
    for (flag, weight) in positive.iter().zip(weights) {
        if *flag {
            sums.0 += weight;
        } else {
            sums.1 += weight;
        }
    }
    sums
}

/// Rows of one score.
pub(super) struct Group {
    /// What its positive rows count.
    pub positives: f64,
    /// What its negative rows count.
    pub negatives: f64,
}

/// Rows grouped by equal score, highest score first.
pub(super) fn groups(scores: &[f64], positive: &[bool], weights: Option<&[f64]>) -> Vec<Group> {
    let pairs = scores.iter().copied().zip(positive.iter().copied());
    match weights {
        None => group(pairs.collect(), |flag| (*flag, 1.0)),
        Some(weights) => {
            let rows = pairs
                .zip(weights)
                .map(|((score, flag), weight)| (score, (flag, *weight)));
            group(rows.collect(), |row| *row)
        }
    }
}

/// Groups rows of a score and what else is known of them, of which `read` makes a kind and a weight.
fn group<T>(mut rows: Vec<(f64, T)>, read: impl Fn(&T) -> (bool, f64)) -> Vec<Group> {
    rows.sort_unstable_by(|left, right| right.0.total_cmp(&left.0));
    let mut groups: Vec<Group> = Vec::new();
    let mut last = f64::NAN;
    for (score, row) in &rows {
        if *score != last {
            groups.push(Group {
                positives: 0.0,
                negatives: 0.0,
            });
            last = *score;
        }
        let (flag, weight) = read(row);
        if let Some(group) = groups.last_mut() {
            if flag {
                group.positives += weight;
            } else {
                group.negatives += weight;
            }
        }
    }
    groups
}

/// An area by scores, kinds and weights.
type Area = fn(&[f64], &[bool], Option<&[f64]>) -> Option<f64>;

/// Binary: of the second class. Otherwise one class against the rest, mean over the classes that are defined.
fn over_classes(truth: TargetView<'_>, outputs: &[f64], area: Area) -> Option<f64> {
    let Target::Classes { codes, .. } = truth.target else {
        return None;
    };
    let classes = outputs.len() / codes.len();
    let of_class = |class: usize| against_rest(area, outputs, classes, class, (codes, truth.weights));
    if classes == 2 {
        return of_class(1);
    }
    let areas: Vec<f64> = (0..classes).filter_map(of_class).collect();
    (!areas.is_empty()).then(|| areas.iter().sum::<f64>() / areas.len() as f64)
}

/// An area of one class against all others.
fn against_rest(
    area: Area,
    outputs: &[f64],
    classes: usize,
    class: usize,
    (codes, weights): (&[u32], Option<&[f64]>),
) -> Option<f64> {
    let scores: Vec<f64> = outputs.chunks_exact(classes).map(|row| row[class]).collect();
    let positive: Vec<bool> = codes.iter().map(|code| *code as usize == class).collect();
    area(&scores, &positive, weights)
}

/// Areas under the ROC and the precision-recall curve of one class against all others; `None` without both kinds of rows.
/// `outputs` are the probabilities row by row, `classes` each.
pub fn areas_of_class(
    outputs: &[f64],
    classes: usize,
    class: usize,
    truth: (&[u32], Option<&[f64]>),
) -> (Option<f64>, Option<f64>) {
    let area = |area: Area| against_rest(area, outputs, classes, class, truth);
    (area(binary_roc_auc), area(binary_average_precision))
}

pub(super) fn roc_auc(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    over_classes(truth, outputs, binary_roc_auc)
}

pub(super) fn pr_auc(truth: TargetView<'_>, outputs: &[f64]) -> Option<f64> {
    over_classes(truth, outputs, binary_average_precision)
}
