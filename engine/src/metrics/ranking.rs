//! Metrics of the order of the rows: areas under the ROC and the precision-recall curve.

use crate::plan::Target;

/// Mann-Whitney form of the area under the ROC curve: the share of (positive, negative) pairs in right order, a tie
/// counting half. `None` without both kinds.
pub fn binary_roc_auc(scores: &[f64], positive: &[bool]) -> Option<f64> {
    let positives = positive.iter().filter(|flag| **flag).count() as f64;
    let negatives = positive.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let mut pairs = 0.0;
    let mut negatives_below = 0.0;
    for group in groups(scores, positive).iter().rev() {
        pairs += group.positives * (negatives_below + group.negatives / 2.0);
        negatives_below += group.negatives;
    }
    Some(pairs / (positives * negatives))
}

/// Average precision: the sum over distinct scores, from the top, of precision times the gain in recall.
fn binary_average_precision(scores: &[f64], positive: &[bool]) -> Option<f64> {
    let positives = positive.iter().filter(|flag| **flag).count() as f64;
    if positives == 0.0 || positives == positive.len() as f64 {
        return None;
    }
    let mut right = 0.0;
    let mut chosen = 0.0;
    let mut area = 0.0;
    for group in groups(scores, positive) {
        right += group.positives;
        chosen += group.positives + group.negatives;
        area += right / chosen * group.positives / positives;
    }
    Some(area)
}

/// Rows of one score.
pub(super) struct Group {
    /// Positive rows.
    pub positives: f64,
    /// Negative rows.
    pub negatives: f64,
}

/// Rows grouped by equal score, highest score first.
pub(super) fn groups(scores: &[f64], positive: &[bool]) -> Vec<Group> {
    let mut rows: Vec<(f64, bool)> = scores.iter().copied().zip(positive.iter().copied()).collect();
    rows.sort_unstable_by(|left, right| right.0.total_cmp(&left.0));
    let mut groups: Vec<Group> = Vec::new();
    let mut last = f64::NAN;
    for (score, flag) in rows {
        if score != last {
            groups.push(Group {
                positives: 0.0,
                negatives: 0.0,
            });
            last = score;
        }
        if let Some(group) = groups.last_mut() {
            if flag {
                group.positives += 1.0;
            } else {
                group.negatives += 1.0;
            }
        }
    }
    groups
}

/// Binary: of the second class. Otherwise one class against the rest, mean over the classes that are defined.
fn over_classes(target: &Target, outputs: &[f64], area: fn(&[f64], &[bool]) -> Option<f64>) -> Option<f64> {
    let Target::Classes { codes, .. } = target else {
        return None;
    };
    let classes = outputs.len() / codes.len();
    if classes == 2 {
        return one_against_rest(codes, outputs, 2, 1, area);
    }
    let areas: Vec<f64> = (0..classes)
        .filter_map(|class| one_against_rest(codes, outputs, classes, class, area))
        .collect();
    (!areas.is_empty()).then(|| areas.iter().sum::<f64>() / areas.len() as f64)
}

fn one_against_rest(
    codes: &[u32],
    outputs: &[f64],
    classes: usize,
    class: usize,
    area: fn(&[f64], &[bool]) -> Option<f64>,
) -> Option<f64> {
    let scores: Vec<f64> = outputs.chunks_exact(classes).map(|row| row[class]).collect();
    let positive: Vec<bool> = codes.iter().map(|code| *code as usize == class).collect();
    area(&scores, &positive)
}

pub(super) fn roc_auc(target: &Target, outputs: &[f64]) -> Option<f64> {
    over_classes(target, outputs, binary_roc_auc)
}

pub(super) fn pr_auc(target: &Target, outputs: &[f64]) -> Option<f64> {
    over_classes(target, outputs, binary_average_precision)
}
