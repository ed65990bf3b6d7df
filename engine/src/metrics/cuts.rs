//! What a threshold of the second of two classes does to rows. Rows count by their weights, each 1 without.

use serde::{Deserialize, Serialize};

/// The rows of both classes on both sides of a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The second class is predicted above this probability.
    pub threshold: f64,
    /// Rows of the second class above it.
    pub true_positives: f64,
    /// Rows of the first class above it.
    pub false_positives: f64,
    /// Rows of the second class, wherever they are.
    pub positives: f64,
    /// Rows of the first class, wherever they are.
    pub negatives: f64,
}

impl Cut {
    /// Share of right ones above the threshold; `None` with none above it.
    pub fn precision(&self) -> Option<f64> {
        let predicted = self.true_positives + self.false_positives;
        (predicted > 0.0).then(|| self.true_positives / predicted)
    }

    /// Share of the second class that is above the threshold; `None` without that class.
    pub fn recall(&self) -> Option<f64> {
        (self.positives > 0.0).then(|| self.true_positives / self.positives)
    }

    /// What is above this threshold, instead of its own.
    fn at(self, threshold: f64, second: &[f64], codes: &[u32], weights: Option<&[f64]>) -> Self {
        let above = |code: u32| {
            (0..second.len())
                .filter(|row| second[*row] > threshold && codes[*row] == code)
                .map(|row| weights.map_or(1.0, |weights| weights[row]))
                .fold(0.0, |sum, weight| sum + weight)
        };
        Self {
            threshold,
            // Sums of weights in another order may differ in the last bit.
            true_positives: above(1).min(self.positives),
            false_positives: above(0).min(self.negatives),
            ..self
        }
    }
}

/// Every way to part the rows but that which leaves none above, each in the middle between two probabilities that occur, the
/// highest first. `second` are the probabilities of the second class, `codes` what the rows are.
pub fn cuts(second: &[f64], codes: &[u32], weights: Option<&[f64]>) -> Vec<Cut> {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let mut order: Vec<usize> = (0..second.len()).collect();
    order.sort_by(|left, right| second[*right].total_cmp(&second[*left]));
    // In the order in which the cuts add them up, so that the last cut has all of them to the last bit.
    let all_of = |code: u32| {
        order
            .iter()
            .filter(|row| codes[**row] == code)
            .map(|row| weight(*row))
            .sum()
    };
    let mut cut = Cut {
        threshold: 1.0,
        true_positives: 0.0,
        false_positives: 0.0,
        positives: all_of(1),
        negatives: all_of(0),
    };
    let mut cuts = Vec::new();
    for (place, row) in order.iter().enumerate() {
        if codes[*row] == 1 {
            cut.true_positives += weight(*row);
        } else {
            cut.false_positives += weight(*row);
        }
        let next = order.get(place + 1).map_or(0.0, |next| second[*next]);
        // What lies between must be a number of its own, or the lower row would go along.
        cut.threshold = f64::midpoint(second[*row], next);
        if next < second[*row] && cut.threshold < second[*row] {
            cuts.push(cut);
        }
    }
    cuts
}

/// At most `limit` (2 at least) of the cuts in even steps of rows that are told apart, the highest threshold first. Empty without
/// both classes.
fn even(second: &[f64], codes: &[u32], weights: Option<&[f64]>, limit: usize) -> Vec<Cut> {
    let all = cuts(second, codes, weights);
    match all.first() {
        Some(first) if first.positives > 0.0 && first.negatives > 0.0 => {
            super::curves::thin(&all, limit.max(2))
        }
        _ => Vec::new(),
    }
}

/// The same for one of several classes, `class`, against all others: `outputs` are the probabilities row by row, `classes` each.
pub fn against_rest(
    outputs: &[f64],
    classes: usize,
    class: usize,
    codes: &[u32],
    weights: Option<&[f64]>,
    limit: usize,
) -> Vec<Cut> {
    let probabilities: Vec<f64> = outputs.chunks_exact(classes).map(|row| row[class]).collect();
    let is_so: Vec<u32> = codes
        .iter()
        .map(|code| u32::from(*code as usize == class))
        .collect();
    even(&probabilities, &is_so, weights, limit)
}

/// At most `limit` (2 at least) of the cuts in even steps of rows that are told apart, and the one at `own`, the highest threshold
/// first. Empty without both classes.
pub fn table(second: &[f64], codes: &[u32], weights: Option<&[f64]>, own: f64, limit: usize) -> Vec<Cut> {
    let mut kept = even(second, codes, weights, limit);
    let Some(first) = kept.first().copied() else {
        return kept;
    };
    kept.retain(|cut| cut.threshold != own);
    let place = kept.partition_point(|cut| cut.threshold > own);
    kept.insert(place, first.at(own, second, codes, weights));
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_class_is_told_from_the_rest() {
        let outputs = [0.6, 0.3, 0.1, 0.5, 0.1, 0.4, 0.2, 0.7, 0.1, 0.1, 0.2, 0.7];
        let codes = [0, 2, 1, 0];
        let found = against_rest(&outputs, 3, 0, &codes, Some(&[1.0, 1.0, 1.0, 2.0]), 10);
        let counts: Vec<(f64, f64)> = found
            .iter()
            .map(|cut| (cut.true_positives, cut.false_positives))
            .collect();
        assert_eq!(counts, [(1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (3.0, 2.0)]);
        assert!(
            found
                .iter()
                .all(|cut| cut.positives == 3.0 && cut.negatives == 2.0)
        );
        assert_eq!(against_rest(&outputs, 3, 1, &[0, 0, 2, 2], None, 10), []);
    }

    proptest! {
        #[test]
        fn each_cut_counts_what_is_above_it(
            rows in prop::collection::vec((0_u8..=20, 0_u32..2, 0.5_f64..3.0), 2..60),
            own in 0.0_f64..1.0,
            weighted: bool,
        ) {
            let second: Vec<f64> = rows.iter().map(|row| f64::from(row.0) / 20.0).collect();
            let codes: Vec<u32> = rows.iter().map(|row| row.1).collect();
            let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let weights = weighted.then_some(weights.as_slice());
            let found = table(&second, &codes, weights, own, 8);
            let both = codes.contains(&0) && codes.contains(&1);
            let some_above = second.iter().any(|value| *value > 0.0);
            prop_assert_eq!(found.is_empty(), !(both && some_above));
            prop_assert!(found.len() <= 9);
            prop_assert!(found.windows(2).all(|pair| pair[0].threshold > pair[1].threshold));
            if !found.is_empty() {
                prop_assert!(found.iter().any(|cut| cut.threshold == own));
            }
            for cut in found {
                let above = |code: u32| -> f64 {
                    (0..second.len())
                        .filter(|row| second[*row] > cut.threshold && codes[*row] == code)
                        .map(|row| weights.map_or(1.0, |weights| weights[row]))
                        .sum()
                };
                prop_assert!((above(1) - cut.true_positives).abs() < 1e-9);
                prop_assert!((above(0) - cut.false_positives).abs() < 1e-9);
                prop_assert!(cut.true_positives <= cut.positives && cut.false_positives <= cut.negatives);
            }
        }
    }
}
