//! Boosted trees and forests keep to the directions that they are given, for every row.

use model::estimator::forest::Forest;

use super::*;
use crate::learners::FoldRows;
use crate::plan::{Aim, Rows, Target, TargetView};
use crate::trees::bagging::{Bagging, bag};
use crate::trees::bins::Binned;
use crate::trees::boosting::{Boosting, boost};
use crate::trees::deep::DeepLimits;
use crate::trees::examples::{TestClock, reference, table, with_context};
use crate::trees::place::{below, mix};
use crate::trees::split::{Growth, Limits};

const ROWS: usize = 1500;
/// The first feature goes up and down; the last one up.
const ASKED: [(u32, Direction); 2] = [(0, Direction::Rising), (3, Direction::Falling)];

/// Rows that differ from some of the table's in one feature alone, which goes up from one to the next.
fn sweep(from: &Rows, feature: u32, seed: u64) -> Vec<Rows> {
    let values: Vec<f64> = [f64::NEG_INFINITY, -1e9]
        .into_iter()
        .chain((0..80).map(|step| f64::from(step) * if feature == 0 { 0.7 } else { 0.0131 }))
        .chain([1e9, f64::INFINITY])
        .collect();
    let rows = (0..40).map(|place| below(mix(seed, place), ROWS));
    rows.map(|row| {
        let mut features: Vec<Vec<f64>> = Vec::new();
        for column in &from.features {
            features.push(vec![column[row]; values.len()]);
        }
        features[feature as usize].clone_from(&values);
        Rows {
            features,
            target: Target::Values(Vec::new()),
            rows: values.len(),
            source: Vec::new(),
        }
    })
    .collect()
}

/// How many steps of the last output go the wrong way.
fn wrong_steps(forest: &Forest, data: &Rows, seed: u64) -> usize {
    let mut wrong = 0;
    for (feature, direction) in ASKED {
        for rows in sweep(data, feature, seed) {
            let all: Vec<u32> = (0..rows.rows as u32).collect();
            let raw = reference(forest, &rows, &all);
            let width = forest.base.len();
            let last: Vec<f64> = raw.chunks(width).map(|outputs| outputs[width - 1]).collect();
            wrong += last
                .windows(2)
                .filter(|pair| !direction.allows(pair[0], pair[1]))
                .count();
        }
    }
    wrong
}

/// Weights that differ much.
fn weights() -> Vec<f64> {
    (0..ROWS as u64)
        .map(|row| 0.05 + below(mix(77, row), 100) as f64 / 20.0)
        .collect()
}

fn folds() -> (Vec<u32>, Vec<u32>) {
    (0..ROWS as u32).partition(|row| row % 4 != 1)
}

/// A fit of what was asked for, and what is known of it.
fn check(words: &str, fit: &dyn Fn(&Binned, TargetView<'_>, FoldRows<'_>, Monotone) -> Forest) {
    for (classes, is_weighted) in [(0, false), (0, true), (2, false), (2, true)] {
        let (data, features) = table(ROWS, classes);
        let binned = Binned::new(&data, &features);
        let weights = weights();
        let truth = TargetView {
            target: &data.target,
            weights: is_weighted.then_some(&weights),
        };
        let (grown, valid) = folds();
        let rows = FoldRows {
            fit: &grown,
            valid: &valid,
        };
        let kept = fit(&binned, truth, rows, Monotone::new(&ASKED));
        let seed = u64::from(is_weighted) + 2 * classes as u64;
        assert_eq!(wrong_steps(&kept, &data, seed), 0, "{words}, {classes} classes");
        let splits = |feature: u32| {
            let nodes = kept.trees.iter().flat_map(|tree| &tree.nodes);
            nodes.filter(|node| node.feature == feature).count()
        };
        assert!(splits(0) > 3, "{words}: {} splits", splits(0));
        let free = fit(&binned, truth, rows, Monotone::default());
        assert!(
            wrong_steps(&free, &data, seed) > 100,
            "{words}: a free fit would do as well"
        );
    }
}

#[test]
fn boosted_trees_go_the_way_they_are_asked_to() {
    for growth in [Growth::LeafWise, Growth::Symmetric] {
        for (extra_random, row_fraction, seed) in [(false, 1.0, 1), (false, 0.7, 2), (true, 1.0, 3)] {
            let fit = |binned: &Binned, truth: TargetView<'_>, rows: FoldRows<'_>, monotone| {
                let settings = Boosting {
                    learning_rate: 0.2,
                    rounds: 40,
                    patience: 40,
                    feature_fraction: 1.0,
                    row_fraction,
                    aim: Aim::Mean,
                    limits: Limits {
                        growth,
                        extra_random,
                        leaves: 24,
                        min_rows: 5,
                        l2: f64::from(seed) - 1.0,
                        category_group_rows: 20,
                        monotone,
                        ..Limits::default()
                    },
                };
                let clock = TestClock::new(false);
                with_context(1, &clock, 1, |context| {
                    boost(binned, truth, rows, &settings, context).unwrap().forest
                })
            };
            check(&format!("{growth:?}, random: {extra_random}"), &fit);
        }
    }
}

#[test]
fn forests_go_the_way_they_are_asked_to() {
    for (extra_random, min_rows) in [(false, 1), (false, 8), (true, 1), (true, 5)] {
        let fit = |binned: &Binned, truth: TargetView<'_>, rows: FoldRows<'_>, monotone| {
            let settings = Bagging {
                trees: 12,
                bootstrap: !extra_random,
                limits: DeepLimits {
                    min_rows,
                    max_depth: 0,
                    features: 3,
                    extra_random,
                    monotone,
                },
            };
            with_context(1, &TestClock::new(false), 1, |context| {
                bag(binned, truth, rows, &settings, context).unwrap().forest
            })
        };
        check(&format!("random: {extra_random}, {min_rows} rows"), &fit);
    }
}

/// The answer is not bound between rows with a value and rows without, and what is missing is told apart all the same.
#[test]
fn missing_may_be_worth_anything() {
    let rows = 400;
    // Numbers and values rise together; without a number the value is that of the middle.
    let number = |row: usize| {
        if row.is_multiple_of(4) {
            f64::NAN
        } else {
            (row % 50) as f64
        }
    };
    let values: Vec<f64> = (0..rows)
        .map(|row| if number(row).is_nan() { 25.0 } else { number(row) })
        .collect();
    let data = Rows {
        features: vec![(0..rows).map(number).collect()],
        target: Target::Values(values.clone()),
        rows,
        source: Vec::new(),
    };
    let feature = model::Feature {
        name: "x".into(),
        input: 0,
        kind: model::FeatureKind::Number,
    };
    let binned = Binned::new(&data, &[feature]);
    let all: Vec<u32> = (0..rows as u32).collect();
    let fold = FoldRows {
        fit: &all,
        valid: &[],
    };
    for growth in [Growth::LeafWise, Growth::Symmetric] {
        let settings = Boosting {
            learning_rate: 0.3,
            rounds: 60,
            patience: 60,
            feature_fraction: 1.0,
            row_fraction: 1.0,
            aim: Aim::Mean,
            limits: Limits {
                growth,
                min_rows: 2,
                monotone: Monotone::new(&[(0, Direction::Rising)]),
                ..Limits::default()
            },
        };
        let forest = with_context(1, &TestClock::new(false), 1, |context| {
            boost(&binned, &data.target, fold, &settings, context)
                .unwrap()
                .forest
        });
        for (answer, value) in reference(&forest, &data, &all).iter().zip(&values) {
            assert!((answer - value).abs() < 1.0, "{growth:?}: {answer} for {value}");
        }
    }
}

#[test]
fn bounds_narrow_to_the_middle() {
    let (left, right) = Bounds::FREE.of_children(Direction::Rising, 1.0, 3.0);
    assert_eq!((left.clamp(9.0), left.clamp(-9.0)), (2.0, -9.0));
    assert_eq!((right.clamp(9.0), right.clamp(-9.0)), (9.0, 2.0));
    let (upper, lower) = left.of_children(Direction::Falling, 7.0, 0.0);
    assert_eq!((upper.clamp(-9.0), upper.clamp(9.0)), (1.0, 2.0));
    assert_eq!((lower.clamp(-9.0), lower.clamp(9.0)), (-9.0, 1.0));
}
