//! Tests of forests.

use super::*;
use crate::plan::TargetView;
use crate::trees::Monotone;
use crate::trees::examples::{TestClock, binned_table, reference, with_context};

fn settings(extra_random: bool) -> Bagging {
    let limits = DeepLimits {
        min_rows: 2,
        max_depth: 0,
        features: 2,
        extra_random,
        monotone: Monotone::default(),
    };
    Bagging {
        trees: 20,
        bootstrap: !extra_random,
        limits,
    }
}

fn folds(rows: u32) -> (Vec<u32>, Vec<u32>) {
    (0..rows).partition(|row| row % 4 != 1)
}

#[test]
fn validation_outputs_are_the_forests_own() {
    for classes in [0, 2, 4] {
        for extra_random in [false, true] {
            let (table, binned) = binned_table(2000, classes);
            let (fit, valid) = folds(2000);
            let rows = FoldRows {
                fit: &fit,
                valid: &valid,
            };
            let run = |threads| {
                with_context(threads, &TestClock::new(false), 1, |context| {
                    bag(&binned, &table.target, rows, &settings(extra_random), context).unwrap()
                })
            };
            let bagged = run(1);
            assert_eq!((bagged.forest.trees.len(), bagged.stop), (20, Stop::Finished));
            assert_eq!(reference(&bagged.forest, &table, &valid), bagged.valid_raw);
            let more = run(3);
            assert!(more.forest == bagged.forest && more.valid_raw == bagged.valid_raw);
            if classes > 0 {
                for shares in bagged.valid_raw.chunks(classes) {
                    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                    assert!(
                        shares.iter().all(|share| (0.0..=1.0).contains(share)),
                        "{shares:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn forests_learn() {
    for classes in [0, 2, 4] {
        for extra_random in [false, true] {
            let (table, binned) = binned_table(4000, classes);
            let (fit, valid) = folds(4000);
            let rows = FoldRows {
                fit: &fit,
                valid: &valid,
            };
            let bagged = with_context(1, &TestClock::new(false), 1, |context| {
                bag(&binned, &table.target, rows, &settings(extra_random), context).unwrap()
            });
            let prior = match &table.target {
                Target::Values(_) => vec![bagged.forest.base[0]; valid.len()],
                Target::Classes { codes, labels } => {
                    let share = |k| {
                        fit.iter().filter(|&&row| codes[row as usize] == k).count() as f64 / fit.len() as f64
                    };
                    let shares: Vec<f64> = (0..labels.len() as u32).map(share).collect();
                    valid.iter().flat_map(|_| shares.clone()).collect()
                }
            };
            let before = loss::of_outputs(&table.target, &valid, &prior);
            let after = loss::of_outputs(&table.target, &valid, &bagged.valid_raw);
            assert!(
                after < 0.7 * before,
                "{classes} classes, extra {extra_random}: {before} -> {after}"
            );
            assert!((bagged.curve.last().unwrap().1 - after).abs() < 1e-9);
        }
    }
}

#[test]
fn fewer_trees_by_the_deadline_are_still_a_mean() {
    let (table, binned) = binned_table(1500, 3);
    let (fit, valid) = folds(1500);
    let rows = FoldRows {
        fit: &fit,
        valid: &valid,
    };
    let run = |deadline| {
        with_context(1, &TestClock::new(true), deadline, |context| {
            bag(&binned, &table.target, rows, &settings(false), context)
        })
    };
    let bagged = run(60).unwrap();
    assert!(bagged.stop == Stop::Deadline && bagged.forest.trees.len() < 20);
    for shares in bagged.valid_raw.chunks(3) {
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    assert!(matches!(run(1), Err(Error::Deadline)));
}

#[test]
fn one_deep_tree_without_bounds_knows_its_rows() {
    let (table, binned) = binned_table(600, 3);
    let all: Vec<u32> = (0..600).collect();
    let rows = FoldRows {
        fit: &all,
        valid: &all,
    };
    let limits = DeepLimits {
        min_rows: 1,
        max_depth: 0,
        features: 4,
        extra_random: false,
        monotone: Monotone::default(),
    };
    let settings = Bagging {
        trees: 1,
        bootstrap: false,
        limits,
    };
    let bagged = with_context(1, &TestClock::new(false), 1, |context| {
        bag(&binned, &table.target, rows, &settings, context).unwrap()
    });
    let Target::Classes { codes, .. } = &table.target else {
        unreachable!()
    };
    let right = bagged
        .valid_raw
        .chunks(3)
        .zip(codes)
        .filter(|(shares, code)| shares[**code as usize] > 0.99)
        .count();
    assert!(right >= 590, "{right}");
}

#[test]
fn a_weight_is_a_number_of_copies() {
    for classes in [0, 2, 4] {
        let (table, binned) = binned_table(800, classes);
        let all: Vec<u32> = (0..800).collect();
        let times: Vec<f64> = (0..800).map(|row| f64::from(row * 7 % 4 + 1)).collect();
        let copies: Vec<u32> = all
            .iter()
            .flat_map(|&row| std::iter::repeat_n(row, times[row as usize] as usize))
            .collect();
        let settings = Bagging {
            trees: 1,
            bootstrap: false,
            limits: DeepLimits {
                min_rows: 1,
                max_depth: 4,
                features: 4,
                extra_random: false,
                monotone: Monotone::default(),
            },
        };
        let answers = |weights: Option<&[f64]>, fit: &[u32]| {
            let truth = TargetView {
                target: &table.target,
                weights,
            };
            with_context(1, &TestClock::new(false), 1, |context| {
                bag(&binned, truth, FoldRows { fit, valid: &all }, &settings, context)
                    .unwrap()
                    .valid_raw
            })
        };
        let (weighted, of_copies, plain) = (
            answers(Some(&times), &all),
            answers(None, &copies),
            answers(None, &all),
        );
        let furthest = |outputs: &[f64]| {
            let distances = outputs.iter().zip(&of_copies).map(|(a, b)| (a - b).abs());
            distances.fold(0.0, f64::max)
        };
        assert!(
            furthest(&weighted) < 1e-9,
            "{classes} classes: {}",
            furthest(&weighted)
        );
        assert!(furthest(&plain) > 1e-3, "weights matter");
    }
}
