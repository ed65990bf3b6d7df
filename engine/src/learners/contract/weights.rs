//! What rows count: in every learner, and as if they were repeated where a fit is exact enough to tell.

use super::*;
use crate::plan::{Fold, Rows, SampleWeights, Target};

/// One where all rows count alike, else what `heavy` says.
fn weighted(data: &mut Prepared, weight: impl Fn(usize) -> f64) {
    data.weights = Some(SampleWeights {
        train: (0..data.train.rows).map(weight).collect(),
        holdout: vec![1.0; data.holdout.rows],
    });
}

#[test]
fn heavy_rows_draw_every_learner_to_them() {
    for (problem, aim) in AIMS {
        let mut data = table(problem, 400, 3);
        data.aim = aim;
        // The last class, or what lies above the mean.
        let is_high: Vec<bool> = match &data.train.target {
            Target::Classes { codes, labels } => codes
                .iter()
                .map(|&code| code as usize + 1 == labels.len())
                .collect(),
            Target::Values(values) => values.iter().map(|&value| value > 1_000.0).collect(),
        };
        let valid = data.folds[0].valid.len() as f64;
        let width = data.outputs();
        let mean = |outputs: &[f64]| outputs.iter().skip(width - 1).step_by(width).sum::<f64>() / valid;
        for learner in LEARNERS {
            let what = format!("{} {problem:?}", learner.name());
            let params = first(*learner, &data);
            let mut fit = |weight: &dyn Fn(usize) -> f64| {
                weighted(&mut data, weight);
                mean(&CALM.fit(*learner, &data, &params).expect("fits").valid_outputs)
            };
            let heavy = fit(&|row| if is_high[row] { 1.95 } else { 0.05 });
            let light = fit(&|row| if is_high[row] { 0.05 } else { 1.95 });
            // Leaves of deep trees are nearly pure, whatever their rows count.
            let least = if problem == ProblemType::Regression {
                0.1
            } else {
                0.005
            };
            assert!(heavy > light + least, "{what}: {heavy} {light}");
        }
    }
}

/// Numbers of few values, so that bins are the same however often a row stands there; weights that go with the target.
fn whole_numbers(problem: ProblemType) -> (Prepared, Vec<usize>) {
    let mut data = table(problem, 400, 3);
    let mut rng = Pcg64Mcg::seed_from_u64(4);
    data.encoder.features.truncate(3);
    data.train.features.truncate(3);
    for values in &mut data.train.features {
        for value in values {
            *value = if value.is_finite() {
                (*value * 8.0).round()
            } else {
                0.0
            };
        }
    }
    let times: Vec<usize> = match &data.train.target {
        Target::Classes { codes, .. } => codes.iter().map(|&code| 1 + 3 * code as usize).collect(),
        Target::Values(values) => values
            .iter()
            .map(|&value| {
                if value > 1_000.0 {
                    4
                } else {
                    rng.random_range(1..=2)
                }
            })
            .collect(),
    };
    (data, times)
}

/// The same data with every row as often as it counts.
fn repeated(data: &Prepared, times: &[usize]) -> Prepared {
    let copies = |rows: &[u32]| -> Vec<u32> {
        rows.iter()
            .flat_map(|&row| std::iter::repeat_n(row, times[row as usize]))
            .collect()
    };
    let all: Vec<u32> = (0..data.train.rows as u32).collect();
    let source = copies(&all);
    // Where the copies of a row stand among the repeated rows.
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); data.train.rows];
    for (place, &row) in source.iter().enumerate() {
        places[row as usize].push(place as u32);
    }
    let moved = |rows: &[u32]| -> Vec<u32> {
        rows.iter()
            .flat_map(|&row| places[row as usize].clone())
            .collect()
    };
    let gather = |values: &Vec<f64>| source.iter().map(|&row| values[row as usize]).collect();
    Prepared {
        problem: data.problem,
        inputs: Vec::new(),
        encoder: data.encoder.clone(),
        train: Rows {
            features: data.train.features.iter().map(gather).collect(),
            target: data.train.target.gather(&source),
            rows: source.len(),
            source,
        },
        holdout: data.holdout.clone(),
        folds: data
            .folds
            .iter()
            .map(|fold| Fold {
                fit: moved(&fold.fit),
                valid: moved(&fold.valid),
            })
            .collect(),
        notes: Vec::new(),
        weights: None,
        monotone: data.monotone.clone(),
        aim: data.aim,
        binned: std::sync::OnceLock::new(),
        crosses: crate::plan::Chosen::default(),
    }
}

#[test]
fn a_weight_is_a_number_of_copies() {
    let rounds = |most: i64| {
        Params::from([
            ("rounds".to_owned(), ParamValue::Int(most)),
            ("leaves".to_owned(), ParamValue::Int(8)),
            // A bound by weight is the same for copies; one by rows is not.
            ("min_rows".to_owned(), ParamValue::Int(1)),
            ("min_hessian".to_owned(), ParamValue::Float(5.0)),
        ])
    };
    let straight = Params::from([("bins".to_owned(), ParamValue::Int(0))]);
    for problem in PROBLEMS {
        for (name, params) in [("gradient_boosting", rounds(40)), ("linear", straight.clone())] {
            let learner = crate::learners::by_name(name).expect("a learner");
            let (mut data, times) = whole_numbers(problem);
            let copies = repeated(&data, &times);
            let valid = data.folds[0].valid.clone();
            let answers = |data: &Prepared, features: &[Vec<f64>]| {
                CALM.fit(learner, data, &params)
                    .expect("fits")
                    .predictor
                    .predict(features, &valid)
            };
            let plain = answers(&data, &data.train.features);
            let of_copies = answers(&copies, &data.train.features);
            weighted(&mut data, |row| times[row] as f64);
            let of_weights = answers(&data, &data.train.features);
            let distance = |outputs: &[f64]| -> f64 {
                let square = |(a, b): (&f64, &f64)| (a - b).powi(2);
                outputs.iter().zip(&of_copies).map(square).sum::<f64>().sqrt()
            };
            // Inputs of linear models are scaled by rows, not by weights.
            let close = if name == "linear" { 0.2 } else { 0.05 };
            assert!(
                distance(&of_weights) < close * distance(&plain),
                "{name} {problem:?}: {} {}",
                distance(&of_weights),
                distance(&plain)
            );
        }
    }
}
