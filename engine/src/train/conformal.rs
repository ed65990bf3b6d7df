//! Intervals and sets by split-conformal prediction (`model::Conformal`): bounds from out-of-fold outputs, coverage from the holdout.
//!
//! Which rows are exchangeable with new ones? Strictly the holdout's alone: nothing was fitted, stopped or chosen on them. But a
//! bound that takes them leaves no row to measure coverage on, and a small holdout has no 95 % quantile worth the name. Out-of-fold
//! rows were not fitted on either (each is answered by models that have not seen it, as in CV+ of Barber, Candès, Ramdas &
//! Tibshirani, Annals of Statistics 2021), and there are several times more of them; what they have seen is early stopping and the
//! choice of members, which makes their errors a little small, and models of fewer rows than the final one, which makes them a little
//! large. So the bounds come from them, and whether both cancel is measured: the evaluation says the coverage on the holdout.
//!
//! With a column of weights the share that a level promises is one of weight: bounds are quantiles of the weighted errors, with a new
//! row of mean weight among them (Tibshirani, Barber, Candès & Ramdas, NeurIPS 2019), and the coverage is measured by weight.

use model::{Conformal, Quantile};
use serde::{Deserialize, Serialize};

use crate::plan::{Target, TargetView};

/// Shares of new rows that intervals and sets are made for.
const LEVELS: [f64; 3] = [0.8, 0.9, 0.95];

/// What intervals or sets of one level are worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Share of rows that they were made to hold.
    pub level: f64,
    /// Share of holdout rows that they hold, by weight where rows have some.
    pub coverage: f64,
    /// Mean width of the intervals, or mean number of classes in the sets, likewise.
    pub size: f64,
    /// Holdout rows, whatever they count.
    pub rows: u64,
}

/// Bounds from out-of-fold outputs; a level that so few rows cannot have is left out. `None` without any.
pub(super) fn fit<'a>(truth: impl Into<TargetView<'a>>, outputs: &[f64]) -> Option<Conformal> {
    let truth: TargetView<'a> = truth.into();
    let mut misses: Vec<(f64, f64)> = Vec::with_capacity(truth.target.len());
    for (row, miss) in misses_of(truth.target, outputs).into_iter().enumerate() {
        misses.push((miss, truth.weight(row)));
    }
    misses.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.total_cmp(&right.1)));
    if misses.last().is_none_or(|(largest, _)| !largest.is_finite()) {
        return None;
    }
    let total: f64 = misses.iter().map(|(_, weight)| weight).sum();
    let mut quantiles = Vec::new();
    for level in LEVELS {
        // A new row, which counts 1 of n + 1, is below the k-th of n errors with a chance of k / (n + 1).
        let needed = (total + 1.0) * level;
        let mut held = 0.0;
        let bound = misses.iter().find(|(_, weight)| {
            held += weight;
            held >= needed
        });
        if let Some(&(bound, _)) = bound {
            quantiles.push(Quantile { level, bound });
        }
    }
    (!quantiles.is_empty()).then_some(Conformal { quantiles })
}

/// How far each answer is from the truth: absolute error, or what the true class lacks to probability 1.
fn misses_of(target: &Target, outputs: &[f64]) -> Vec<f64> {
    match target {
        Target::Values(values) => {
            let pairs = values.iter().zip(outputs);
            pairs
                .map(|(actual, predicted)| (actual - predicted).abs())
                .collect()
        }
        Target::Classes { codes, .. } => {
            let width = outputs.len() / codes.len().max(1);
            let rows = codes.iter().zip(outputs.chunks_exact(width.max(1)));
            rows.map(|(code, row)| 1.0 - row[*code as usize]).collect()
        }
    }
}

/// What the bounds are worth on rows that they were not made of.
pub(super) fn measure<'a>(
    conformal: &Conformal,
    truth: impl Into<TargetView<'a>>,
    outputs: &[f64],
) -> Vec<Coverage> {
    let truth: TargetView<'a> = truth.into();
    if truth.target.is_empty() {
        return Vec::new();
    }
    let mut coverages = Vec::new();
    for quantile in &conformal.quantiles {
        let (mut held, mut size) = (0.0, 0.0);
        for (row, (is_held, own)) in answers(quantile, truth.target, outputs).into_iter().enumerate() {
            let weight = truth.weight(row);
            held += if is_held { weight } else { 0.0 };
            size += weight * own;
        }
        coverages.push(Coverage {
            level: quantile.level,
            coverage: held / truth.total(),
            size: size / truth.total(),
            rows: truth.target.len() as u64,
        });
    }
    coverages
}

/// Whether the interval or set of each row holds the truth, and its size.
fn answers(quantile: &Quantile, target: &Target, outputs: &[f64]) -> Vec<(bool, f64)> {
    let mut answers = Vec::with_capacity(target.len());
    match target {
        Target::Values(values) => {
            for (actual, predicted) in values.iter().zip(outputs) {
                let (low, high) = quantile.interval(*predicted);
                answers.push(((low..=high).contains(actual), high - low));
            }
        }
        Target::Classes { codes, labels } => {
            for (code, row) in codes.iter().zip(outputs.chunks_exact(labels.len())) {
                let set = quantile.set(row);
                let size = set.iter().filter(|is_in| **is_in).count() as f64;
                answers.push((set[*code as usize], size));
            }
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;

    /// Rows that bounds are made of, and rows that they are measured on.
    const ROWS: (usize, usize) = (2_000, 20_000);

    /// A coverage that chance explains: bounds of n rows vary like a Beta of `k` and `n + 1 - k`, and m rows measure them.
    fn assert_covered(coverages: &[Coverage], seed: u64) {
        assert_eq!(coverages.len(), LEVELS.len());
        for coverage in coverages {
            let variance = coverage.level * (1.0 - coverage.level);
            let deviation = (variance / ROWS.0 as f64 + variance / ROWS.1 as f64).sqrt();
            let off = (coverage.coverage - coverage.level).abs();
            assert!(off < 4.0 * deviation, "seed {seed}: {coverage:?}, {deviation}");
        }
    }

    #[test]
    fn intervals_hold_as_many_rows_as_they_say() {
        for seed in 0..20 {
            let mut rng = Pcg64Mcg::seed_from_u64(seed);
            let mut made = |rows: usize| {
                let (mut values, mut outputs) = (Vec::new(), Vec::new());
                for _ in 0..rows {
                    let predicted: f64 = rng.random_range(-5.0..5.0);
                    // Skewed errors of a spread that grows.
                    let error = rng.random::<f64>().powi(3) * (1.0 + predicted.abs());
                    values.push(predicted + error);
                    outputs.push(predicted);
                }
                (Target::Values(values), outputs)
            };
            let (target, outputs) = made(ROWS.0);
            let conformal = fit(&target, &outputs).expect("many rows");
            let (target, outputs) = made(ROWS.1);
            assert_covered(&measure(&conformal, &target, &outputs), seed);
        }
    }

    #[test]
    fn sets_hold_as_many_rows_as_they_say_though_the_probabilities_are_wrong() {
        for seed in 0..20 {
            let mut rng = Pcg64Mcg::seed_from_u64(100 + seed);
            let mut made = |rows: usize| {
                let (mut codes, mut outputs) = (Vec::new(), Vec::new());
                for _ in 0..rows {
                    let scores: Vec<f64> = (0..4).map(|_| rng.random_range(0.01..1.0)).collect();
                    let total: f64 = scores.iter().sum();
                    let mut drawn = rng.random::<f64>() * total;
                    let code = scores.iter().position(|score| {
                        drawn -= score;
                        drawn < 0.0
                    });
                    codes.push(code.unwrap_or(3) as u32);
                    // Told too evenly: no set of fewer than the level's classes is enough.
                    let told: Vec<f64> = scores.iter().map(|score| score.sqrt()).collect();
                    let sum: f64 = told.iter().sum();
                    outputs.extend(told.iter().map(|score| score / sum));
                }
                let labels = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
                (Target::Classes { codes, labels }, outputs)
            };
            let (target, outputs) = made(ROWS.0);
            let conformal = fit(&target, &outputs).expect("many rows");
            let (target, outputs) = made(ROWS.1);
            let coverages = measure(&conformal, &target, &outputs);
            assert_covered(&coverages, seed);
            assert!(coverages[0].size < coverages[2].size && coverages[2].size <= 4.0);
        }
    }

    #[test]
    fn a_row_that_counts_twice_is_two_rows() {
        let mut rng = Pcg64Mcg::seed_from_u64(9);
        let values: Vec<f64> = (0..200).map(|_| rng.random_range(-1.0..1.0)).collect();
        let outputs: Vec<f64> = (0..200).map(|_| rng.random_range(-1.0..1.0)).collect();
        let mut weights = vec![1.0; 200];
        let mut copies: Vec<u32> = (0..200).collect();
        for row in (0..200).filter(|row| (values[*row] - outputs[*row]).abs() > 1.0) {
            weights[row] = 2.0;
            copies.push(row as u32);
        }
        let target = Target::Values(values);
        let weighted = TargetView {
            target: &target,
            weights: Some(&weights),
        };
        let copied_outputs: Vec<f64> = copies.iter().map(|row| outputs[*row as usize]).collect();
        let copied = target.gather(&copies);
        let conformal = fit(weighted, &outputs).expect("many rows");
        assert_eq!(Some(&conformal), fit(&copied, &copied_outputs).as_ref());
        assert_ne!(
            Some(&conformal),
            fit(&target, &outputs).as_ref(),
            "far rows count more"
        );
        let of_weights = measure(&conformal, weighted, &outputs);
        for (one, other) in of_weights
            .iter()
            .zip(measure(&conformal, &copied, &copied_outputs))
        {
            assert!((one.coverage - other.coverage).abs() < 1e-12, "{one:?} {other:?}");
            assert!((one.size - other.size).abs() < 1e-12, "{one:?} {other:?}");
            assert_eq!((one.rows, other.rows), (200, copies.len() as u64));
        }
    }

    #[test]
    fn few_rows_have_few_levels() {
        let of = |rows: usize| {
            let values: Vec<f64> = (0..rows).map(|row| row as f64).collect();
            fit(&Target::Values(values), &vec![0.0; rows])
        };
        assert_eq!(of(0), None);
        assert_eq!(of(3), None);
        let few = of(10).expect("the 9th of 10");
        let levels: Vec<f64> = few.quantiles.iter().map(|quantile| quantile.level).collect();
        assert_eq!(levels, [0.8, 0.9]);
        assert_eq!(few.quantiles[0].bound, 8.0);
        assert_eq!(of(19).expect("19 of 20").quantiles.len(), 3);
    }
}
