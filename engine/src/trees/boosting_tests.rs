//! Tests of boosting.

use super::*;
use crate::plan::{Rows, Target};
use crate::trees::Growth;
use crate::trees::examples::{TestClock, binned_table, reference, with_context};

fn settings() -> Boosting {
    Boosting {
        learning_rate: 0.2,
        rounds: 40,
        patience: 10,
        feature_fraction: 1.0,
        row_fraction: 1.0,
        aim: Aim::Mean,
        limits: Limits {
            category_group_rows: 20,
            ..Limits::default()
        },
    }
}

fn folds(rows: u32) -> (Vec<u32>, Vec<u32>) {
    (0..rows).partition(|row| row % 4 != 1)
}

#[test]
fn validation_scores_are_the_forests_own() {
    for (classes, aim) in [
        (0, Aim::Mean),
        (0, Aim::Quantile(90)),
        (2, Aim::Mean),
        (5, Aim::Mean),
    ] {
        for (row_fraction, growth) in [
            (1.0, Growth::LeafWise),
            (0.7, Growth::LeafWise),
            (1.0, Growth::Symmetric),
            (0.7, Growth::Symmetric),
        ] {
            let (table, binned) = binned_table(3000, classes);
            let (fit, valid) = folds(3000);
            let settings = Boosting {
                aim,
                row_fraction,
                feature_fraction: 0.8,
                limits: Limits {
                    growth,
                    ..settings().limits
                },
                ..settings()
            };
            let rows = FoldRows {
                fit: &fit,
                valid: &valid,
            };
            let boosted = with_context(1, &TestClock::new(false), 1, |context| {
                boost(&binned, &table.target, rows, &settings, context).unwrap()
            });
            assert_eq!(
                boosted.forest.trees.len(),
                boosted.rounds * boosted.forest.base.len()
            );
            // To the bit: the same sums in the same order, infinities, gaps and shared category bins included.
            assert_eq!(
                reference(&boosted.forest, &table, &valid),
                boosted.valid_raw,
                "{classes} classes, {aim:?}"
            );
            let first = boosted.curve[0].1;
            let best = boosted
                .curve
                .iter()
                .map(|point| point.1)
                .fold(f64::INFINITY, f64::min);
            assert!(best < 0.7 * first, "{classes} classes: {first} -> {best}");
        }
    }
}

#[test]
fn training_scores_are_the_forests_own() {
    let (table, binned) = binned_table(2000, 2);
    let all: Vec<u32> = (0..2000).collect();
    let settings = Boosting {
        row_fraction: 0.6,
        ..settings()
    };
    let rows = FoldRows {
        fit: &all,
        valid: &[],
    };
    with_context(1, &TestClock::new(false), 1, |context| {
        context.pool.install(|| {
            let mut run = Run::new(
                &binned,
                (Loss::new(&table.target, Aim::Mean).unwrap(), None),
                rows,
                &settings,
                context,
            );
            for round in 0..12 {
                assert_eq!(run.round(round).unwrap(), Some(true));
            }
            let forest = Forest {
                base: run.base.clone(),
                trees: run.trees.clone(),
            };
            assert_eq!(reference(&forest, &table, &all), run.scores[0]);
        });
    });
}

#[test]
fn threads_change_nothing() {
    for (classes, aim) in [
        (0, Aim::Mean),
        (0, Aim::Quantile(50)),
        (2, Aim::Mean),
        (3, Aim::Mean),
    ] {
        let (table, binned) = binned_table(60_000, classes);
        let (fit, valid) = folds(60_000);
        let settings = Boosting {
            aim,
            rounds: 5,
            row_fraction: 0.9,
            feature_fraction: 0.7,
            ..settings()
        };
        let rows = FoldRows {
            fit: &fit,
            valid: &valid,
        };
        let run = |threads| {
            with_context(threads, &TestClock::new(false), 1, |context| {
                boost(&binned, &table.target, rows, &settings, context).unwrap()
            })
        };
        let one = run(1);
        for threads in [2, 3] {
            let more = run(threads);
            assert!(more.forest == one.forest && more.valid_raw == one.valid_raw && more.curve == one.curve);
        }
    }
}

#[test]
fn the_deadline_keeps_the_rounds_so_far() {
    let (table, binned) = binned_table(1000, 3);
    let (fit, valid) = folds(1000);
    let rows = FoldRows {
        fit: &fit,
        valid: &valid,
    };
    let run = |deadline| {
        with_context(1, &TestClock::new(true), deadline, |context| {
            boost(&binned, &table.target, rows, &settings(), context)
        })
    };
    let boosted = run(800).unwrap();
    assert_eq!(boosted.stop, Stop::Deadline);
    assert!(boosted.rounds > 1 && boosted.rounds < 40, "{}", boosted.rounds);
    assert_eq!(reference(&boosted.forest, &table, &valid), boosted.valid_raw);
    assert!(matches!(run(5), Err(Error::Deadline)));
}

#[test]
fn without_validation_rows_all_rounds_are_kept() {
    let (table, binned) = binned_table(500, 0);
    let (fit, _) = folds(500);
    let rows = FoldRows {
        fit: &fit,
        valid: &[],
    };
    let boosted = with_context(1, &TestClock::new(false), 1, |context| {
        boost(
            &binned,
            &table.target,
            rows,
            &Boosting {
                rounds: 17,
                ..settings()
            },
            context,
        )
        .unwrap()
    });
    assert_eq!(
        (boosted.rounds, boosted.forest.trees.len(), boosted.stop),
        (17, 17, Stop::Finished)
    );
}

#[test]
fn a_target_without_anything_to_learn_ends_at_once() {
    let (table, binned) = binned_table(200, 0);
    let (fit, valid) = folds(200);
    let target = Target::Values(vec![7.5; 200]);
    let rows = FoldRows {
        fit: &fit,
        valid: &valid,
    };
    let boosted = with_context(1, &TestClock::new(false), 1, |context| {
        boost(&binned, &target, rows, &settings(), context).unwrap()
    });
    assert!(boosted.rounds <= 1 && boosted.stop == Stop::Converged);
    for raw in reference(&boosted.forest, &table, &valid) {
        assert!((raw - 7.5).abs() < 1e-12);
    }
    let one_class = Target::Classes {
        codes: vec![0; 200],
        labels: vec!["a".into()],
    };
    let refused = with_context(1, &TestClock::new(false), 1, |context| {
        boost(&binned, &one_class, rows, &settings(), context)
    });
    assert!(matches!(refused, Err(Error::Input(_))));
}

/// Values with what `noise` makes of numbers from 0 to 1 on top.
fn noisy_table(rows: usize, noise: impl Fn(f64) -> f64) -> (Rows, Binned) {
    let (mut table, binned) = binned_table(rows, 0);
    let Target::Values(values) = &mut table.target else {
        panic!("values expected")
    };
    for (row, value) in values.iter_mut().enumerate() {
        let drawn = crate::trees::place::below(mix(41, row as u64), 1000) as f64 / 1000.0;
        *value += noise(drawn);
    }
    (table, binned)
}

/// Noise with a long tail draws means up; medians stay where most values are.
#[test]
fn aimed_at_the_median_absolute_errors_are_smaller() {
    let (table, binned) = noisy_table(4000, |noise| 0.05 / (1.001 - noise).powf(0.9));
    let (fit, valid) = folds(4000);
    let rows = FoldRows {
        fit: &fit,
        valid: &valid,
    };
    for growth in [Growth::LeafWise, Growth::Symmetric] {
        for weights in [None, Some(vec![0.5; 4000])] {
            let errors = |aim| {
                let settings = Boosting {
                    aim,
                    limits: Limits {
                        growth,
                        ..settings().limits
                    },
                    ..settings()
                };
                let truth = TargetView {
                    target: &table.target,
                    weights: weights.as_deref(),
                };
                let boosted = with_context(1, &TestClock::new(false), 1, |context| {
                    boost(&binned, truth, rows, &settings, context).unwrap()
                });
                let Target::Values(values) = &table.target else {
                    panic!("values expected")
                };
                let off = |(row, raw): (&u32, &f64)| (values[*row as usize] - raw).abs();
                let sum: f64 = valid.iter().zip(&boosted.valid_raw).map(off).sum();
                let own = boosted.curve.iter().map(|point| point.1);
                (sum / valid.len() as f64, own.fold(f64::INFINITY, f64::min))
            };
            let (mean, (median, told)) = (errors(Aim::Mean).0, errors(Aim::Quantile(50)));
            assert!(median < 0.9 * mean, "{growth:?}: {median} against {mean}");
            assert!((told - median).abs() < 1e-9, "stopped by its own loss");
        }
    }
}

/// Of rows that were not fitted on, about as many as asked are below what is predicted of them, and no other quantile is as good.
#[test]
fn aimed_at_a_quantile_that_share_of_rows_is_below() {
    let (table, binned) = noisy_table(6000, |noise| 8.0 * noise);
    let (fit, valid) = folds(6000);
    let rows = FoldRows {
        fit: &fit,
        valid: &valid,
    };
    let Target::Values(values) = &table.target else {
        panic!("values expected")
    };
    let answers = |percent| {
        let settings = Boosting {
            aim: Aim::Quantile(percent),
            ..settings()
        };
        let boosted = with_context(1, &TestClock::new(false), 1, |context| {
            boost(&binned, &table.target, rows, &settings, context).unwrap()
        });
        boosted.valid_raw
    };
    let pairs = |answers: &[f64]| -> Vec<(f64, f64)> {
        let actual = valid.iter().map(|&row| values[row as usize]);
        actual.zip(answers.iter().copied()).collect()
    };
    let loss = |answers: &[f64], share: f64| -> f64 {
        let pairs = pairs(answers).into_iter();
        pairs
            .map(|(actual, told)| crate::metrics::pinball(actual, told, share))
            .sum()
    };
    let told: Vec<(u8, Vec<f64>)> = [10, 50, 90].map(|percent| (percent, answers(percent))).into();
    for (percent, answers) in &told {
        let share = f64::from(*percent) / 100.0;
        let below = pairs(answers)
            .iter()
            .filter(|(actual, told)| actual < told)
            .count();
        let found = below as f64 / valid.len() as f64;
        assert!((found - share).abs() < 0.06, "{percent}: {found}");
        for (other, theirs) in &told {
            assert!(
                other == percent || loss(answers, share) < loss(theirs, share),
                "{percent} {other}"
            );
        }
    }
}
