use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use model::{Encoder, Feature, Predictor, ProblemType};

use super::*;
use crate::context::Clock;
use crate::learners::gradient_boosting::GradientBoosting;
use crate::learners::{FoldRows, Learner, ParamValue};
use crate::plan::{Chosen, Fold, Rows, Target};
use crate::trees::mix;

struct Still;

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

fn with_context<T>(threads: usize, run: impl FnOnce(&Context<'_>) -> T) -> T {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads start");
    let cancelled = AtomicBool::new(false);
    run(&Context {
        clock: &Still,
        deadline: Duration::from_secs(1),
        cancelled: &cancelled,
        device: crate::Device::Cpu,
        pool: &pool,
        seed: 3,
        progress: &|_| {},
        pace: crate::Pace::default(),
    })
}

/// A number from -1 to 1.
fn draw(column: u64, row: usize) -> f64 {
    (mix(column, row as u64) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// Rows of which the first three in four are fitted on.
fn prepared(columns: Vec<(Vec<f64>, FeatureKind)>, target: Target) -> Prepared {
    let rows = target.len() as u32;
    let (features, kinds): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let described = kinds.into_iter().enumerate().map(|(input, kind)| Feature {
        name: format!("x{input}"),
        input,
        kind,
    });
    let classes = matches!(target, Target::Classes { .. });
    let part = |features: Vec<Vec<f64>>, target: Target| Rows {
        rows: target.len(),
        features,
        target,
        source: Vec::new(),
    };
    let none = target.gather(&[]);
    Prepared {
        problem: if classes {
            ProblemType::Binary
        } else {
            ProblemType::Regression
        },
        inputs: Vec::new(),
        encoder: Encoder {
            steps: Vec::new(),
            features: described.collect(),
        },
        train: part(features, target),
        holdout: part(Vec::new(), none),
        folds: vec![Fold {
            fit: (0..rows * 3 / 4).collect(),
            valid: (rows * 3 / 4..rows).collect(),
        }],
        notes: Vec::new(),
        weights: None,
        monotone: Vec::new(),
        aim: crate::plan::Aim::default(),
        binned: OnceLock::new(),
        crosses: Chosen::default(),
    }
}

/// Four numbers, with gaps and infinities, and what a function makes of the first two, with noise.
fn numbers(rows: usize, truth: impl Fn(f64, f64) -> f64) -> Prepared {
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for column in 0..4 {
        columns.push((0..rows).map(|row| 3.0 * draw(column, row)).collect());
    }
    let target = (0..rows)
        .map(|row| truth(columns[0][row], columns[1][row]) + 0.3 * draw(9, row))
        .collect();
    for row in (0..rows).step_by(50) {
        columns[0][row] = f64::NAN;
        columns[1][(row + 1) % rows] = f64::INFINITY;
        columns[2][(row + 2) % rows] = 0.0;
    }
    // A column without any value, and one that is always the same.
    columns.push(vec![f64::NAN; rows]);
    columns.push(vec![1.0; rows]);
    let columns = columns.into_iter().map(|values| (values, FeatureKind::Number));
    prepared(columns.collect(), Target::Values(target))
}

/// Levels of a category, most of them rare, that move the odds; and a number that does so too.
fn levels(rows: usize, cardinality: u32, effect: f64) -> Prepared {
    let code = |row: usize| {
        let share = (draw(1, row) + 1.0) / 2.0;
        2.0 + (share * share * f64::from(cardinality - 2)).floor()
    };
    let codes: Vec<f64> = (0..rows).map(code).collect();
    let number: Vec<f64> = (0..rows).map(|row| draw(2, row)).collect();
    let class = |row: usize| {
        let level = draw(3, codes[row] as usize).signum() * effect;
        u32::from(level + number[row] + draw(4, row) > 0.0)
    };
    let target = Target::Classes {
        codes: (0..rows).map(class).collect(),
        labels: vec!["no".into(), "yes".into()],
    };
    prepared(
        vec![
            (codes, FeatureKind::Category { cardinality }),
            (number, FeatureKind::Number),
        ],
        target,
    )
}

fn params(crosses: bool, target_statistics: bool) -> Params {
    Params::from([
        ("crosses".to_owned(), ParamValue::Flag(crosses)),
        (
            "target_statistics".to_owned(),
            ParamValue::Flag(target_statistics),
        ),
    ])
}

/// The predictor, its loss on the validation rows, and its answers there.
fn fit(data: &Prepared, params: &Params, threads: usize) -> (Predictor, f64, Vec<f64>) {
    let fold = &data.folds[0];
    let rows = FoldRows {
        fit: &fold.fit,
        valid: &fold.valid,
    };
    let fitted = with_context(threads, |context| {
        GradientBoosting.fit(data, rows, params, context)
    })
    .expect("fits");
    let loss = crate::learners::loss::of_outputs(data.train_view(), &fold.valid, &fitted.valid_outputs);
    (fitted.predictor, loss, fitted.valid_outputs)
}

#[test]
fn a_product_is_found_and_pays() {
    let data = numbers(4_000, |left, right| left * right);
    let (plain, plain_loss, _) = fit(&data, &params(false, false), 2);
    let (widened, loss, _) = fit(&data, &params(true, false), 2);
    assert!(plain.estimator.added().is_empty());
    let product = |added: &Added| {
        matches!(
            added,
            Added::Cross {
                left: 0 | 1,
                right: 0 | 1,
                operation: model::estimator::widened::Operation::Product
            }
        )
    };
    assert!(
        widened.estimator.added().iter().any(product),
        "{:?}",
        widened.estimator.added()
    );
    assert!(widened.estimator.added().len() <= MOST_CROSSES);
    assert!(loss < 0.9 * plain_loss, "{loss} {plain_loss}");
}

#[test]
fn what_brings_nothing_is_not_added() {
    for truth in [|_, _| 0.0, |left: f64, _| left.round()] {
        let data = numbers(4_000, truth);
        let (predictor, _, _) = fit(&data, &params(true, true), 2);
        assert!(
            predictor.estimator.added().is_empty(),
            "{:?}",
            predictor.estimator.added()
        );
    }
    let few = numbers(400, |left, right| left * right);
    assert!(fit(&few, &params(true, true), 2).0.estimator.added().is_empty());
}

#[test]
fn rare_levels_are_told_apart_by_the_target() {
    let data = levels(12_000, 2_000, 1.0);
    let (_, plain, _) = fit(&data, &params(false, false), 2);
    let (predictor, loss, _) = fit(&data, &params(false, true), 2);
    assert_eq!(predictor.estimator.added().len(), 1);
    assert!(loss < 0.95 * plain, "{loss} {plain}");
    // Levels that mean nothing: a row must not find its own target in its level.
    let data = levels(12_000, 6_000, 0.0);
    let (_, plain, _) = fit(&data, &params(false, false), 2);
    let (_, loss, _) = fit(&data, &params(false, true), 2);
    assert!(loss < 1.01 * plain, "{loss} {plain}");
}

#[test]
fn answers_are_the_predictors_for_any_number_of_threads() {
    let both = params(true, true);
    for data in [
        numbers(3_000, |left, right| left * right),
        levels(3_000, 300, 1.0),
    ] {
        let (predictor, _, outputs) = fit(&data, &both, 1);
        assert!(!predictor.estimator.added().is_empty());
        let answers = predictor.predict(&data.train.features, &data.folds[0].valid);
        for (given, answer) in outputs.iter().zip(&answers) {
            assert!((given - answer).abs() < 1e-9, "{given} {answer}");
        }
        let fresh = || {
            let mut fresh = levels(30, 5, 1.0);
            fresh.train = data.train.clone();
            fresh.encoder = data.encoder.clone();
            fresh.folds = data.folds.clone();
            fresh.problem = data.problem;
            fresh
        };
        assert_eq!(fit(&fresh(), &both, 2).0, predictor);
    }
}

#[test]
fn rows_that_are_scored_have_no_say() {
    let wish = Wish {
        crosses: true,
        target_statistics: true,
    };
    let added = |data: &Prepared| {
        let rows = &data.folds[0].fit;
        with_context(1, |context| widen(data, rows, wish, context))
            .expect("widens")
            .added
    };
    let mut values = numbers(3_000, |left, right| left * right);
    let mut classes = levels(3_000, 300, 1.0);
    let before = [added(&values), added(&classes)];
    assert!(before.iter().all(|added| !added.is_empty()));
    for data in [&mut values, &mut classes] {
        data.crosses = Chosen::default();
        data.binned = OnceLock::new();
        let valid = data.folds[0].valid.clone();
        for &row in &valid {
            match &mut data.train.target {
                Target::Values(values) => values[row as usize] = 1e6,
                Target::Classes { codes, .. } => codes[row as usize] = 0,
            }
            if data.train.features.len() > 2 {
                data.train.features[0][row as usize] = -1e9;
            }
        }
    }
    assert_eq!([added(&values), added(&classes)], before);
}

/// A clock on which every look takes a second.
#[derive(Default)]
struct Ticking(std::sync::atomic::AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }
}

#[test]
fn without_time_to_choose_nothing_is_joined_and_a_repeat_does_the_same() {
    let data = numbers(3_000, |left, right| left * right);
    let wish = Wish {
        crosses: true,
        target_statistics: false,
    };
    let turns = std::sync::Mutex::new(Vec::new());
    let tell = |turn| turns.lock().expect("no panic").push(turn);
    let clock = Ticking::default();
    let added = |context: &Context<'_>| {
        widen(&data, &data.folds[0].fit, wish, context)
            .expect("widens")
            .added
    };
    let hurried = with_context(1, |context| {
        added(&Context {
            clock: &clock,
            deadline: Duration::from_secs(8),
            pace: crate::Pace::Clock(&tell),
            ..*context
        })
    });
    assert!(hurried.is_empty(), "{hurried:?}");
    let record = turns.into_inner().expect("no panic");
    assert_eq!(record.len(), 1);
    let repeated = with_context(1, |context| {
        added(&Context {
            pace: crate::Pace::Record(&record),
            ..*context
        })
    });
    assert!(repeated.is_empty(), "{repeated:?}");
    assert!(!with_context(1, added).is_empty(), "with time there are some");
}
