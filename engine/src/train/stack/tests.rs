//! Stacks of made candidates.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::super::ensemble::tests::surrounded;
use super::*;
use crate::plan::WeightedTarget;

fn fitted(truth: TargetView<'_>, candidates: &[Vec<f32>], metric: Metric) -> Option<Stack> {
    let candidates: Vec<&[f32]> = candidates.iter().map(Vec::as_slice).collect();
    surrounded(|context| fit(truth, &candidates, metric, context))
}

/// A truth, and candidates that know shares of it, each with noise of that size of its own.
fn made(rows: usize, shares: &[f64], noise: f64, seed: u64) -> (Target, Vec<Vec<f32>>) {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let truth: Vec<f64> = (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect();
    let mut candidates = Vec::new();
    for share in shares {
        let mut own = |value: &f64| (share * value + noise * rng.random_range(-1.0..1.0)) as f32;
        candidates.push(truth.iter().map(&mut own).collect());
    }
    (Target::Values(truth), candidates)
}

/// Both know too little of it, one even less: what lies beyond the better one is the truth, and no mean of them is there.
#[test]
fn what_no_mean_reaches_is_found_and_kept() {
    let (target, candidates) = made(6_000, &[0.9, 0.6], 0.02, 1);
    let stack = fitted((&target).into(), &candidates, Metric::Rmse).expect("surely better");
    assert!(stack.after < 0.7 * stack.before, "{stack:?}");
    assert!(stack.weights[0].1 > 1.0 && stack.weights[1].1 < 0.0, "{stack:?}");
    let sum: f64 = stack.weights.iter().map(|(_, weight)| weight).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{stack:?}");
}

#[test]
fn where_a_mean_is_best_and_where_it_cannot_be_judged_there_is_none() {
    let (target, candidates) = made(6_000, &[1.0, 1.0, 1.0], 0.3, 2);
    assert_eq!(fitted((&target).into(), &candidates, Metric::Rmse), None);
    let (target, candidates) = made(4_000, &[0.9, 0.6], 0.02, 1);
    assert_eq!(
        fitted((&target).into(), &candidates, Metric::Rmse),
        None,
        "few rows"
    );
    let (target, candidates) = made(6_000, &[0.9, 0.6], 0.02, 1);
    assert_eq!(
        fitted((&target).into(), &candidates, Metric::Mae),
        None,
        "another error"
    );
    assert_eq!(
        fitted((&target).into(), &candidates[..1], Metric::Rmse),
        None,
        "one only"
    );
}

#[test]
fn a_row_that_counts_twice_is_two_rows() {
    let (target, candidates) = made(500, &[0.9, 0.6, 0.8], 0.2, 3);
    let twice: Vec<u32> = (0..500).filter(|row| row % 3 == 0).collect();
    let weights: Vec<f64> = (0..500).map(|row| if row % 3 == 0 { 2.0 } else { 1.0 }).collect();
    let weighted = WeightedTarget {
        target: target.clone(),
        weights: Some(weights),
    };
    let candidates: Vec<&[f32]> = candidates.iter().map(Vec::as_slice).collect();
    let all: Vec<u32> = (0..500).collect();
    let copies: Vec<u32> = all.iter().chain(&twice).copied().collect();
    let of = |truth: TargetView<'_>, rows: &[u32]| {
        solve(&Rows::of(truth, &candidates, rows).expect("values")).expect("finite")
    };
    let (got, expected) = (of(weighted.view(), &all), of((&target).into(), &copies));
    for (got, expected) in got.iter().zip(&expected) {
        assert!((got - expected).abs() < 1e-9, "{got} {expected}");
    }
}

#[test]
fn equal_candidates_share_alike() {
    let rows = Rows {
        outputs: vec![1.0, 1.0, 2.0, 2.0],
        width: 2,
        values: vec![1.5, 2.5],
        weights: vec![1.0, 1.0],
    };
    assert_eq!(solve(&rows), Some(vec![0.5, 0.5]));
}
