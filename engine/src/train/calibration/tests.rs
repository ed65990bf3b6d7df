//! Calibration on made probabilities: what is wrong on purpose is mended, what is right is left alone.

use model::calibration::logistic;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::plan::Target;

/// Rows whose class has the probability `truth`, told as `told(logit of truth)`.
fn binary(rows: usize, seed: u64, told: impl Fn(f64) -> f64) -> (Vec<u32>, Vec<f64>) {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let (mut codes, mut outputs) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let truth = rng.random_range(-4.0..4.0);
        codes.push(u32::from(rng.random_bool(logistic(truth))));
        let probability = logistic(told(truth));
        outputs.extend([1.0 - probability, probability]);
    }
    (codes, outputs)
}

fn decided(
    codes: &[u32],
    outputs: &[f64],
    metric: Metric,
    has_threshold: bool,
) -> (Option<Calibration>, CalibrationDecision) {
    let rows: Vec<u32> = (0..codes.len() as u32).collect();
    decide(&Given {
        codes,
        weights: None,
        outputs,
        rows: &rows,
        metric,
        has_threshold,
    })
}

#[test]
fn too_sure_a_model_gets_its_slope_and_offset_back() {
    let (codes, outputs) = binary(4000, 1, |truth| (truth - 0.5) * 3.0);
    let (calibration, decision) = decided(&codes, &outputs, Metric::RocAuc, false);
    let Some(Calibration::Platt { slope, offset }) = calibration else {
        panic!("{decision:?}");
    };
    assert!((slope - 1.0 / 3.0).abs() < 0.04, "slope {slope}");
    assert!((offset - 0.5).abs() < 0.15, "offset {offset}");
    assert!(
        decision.is_kept && decision.loss_after < decision.loss_before,
        "{decision:?}"
    );
}

#[test]
fn a_calibrated_model_and_few_rows_are_left_alone() {
    for seed in 0..5 {
        let (codes, outputs) = binary(2000, seed, |truth| truth);
        let (calibration, decision) = decided(&codes, &outputs, Metric::LogLoss, false);
        assert_eq!(calibration, None, "{decision:?}");
        assert!(!decision.is_kept && decision.kind.is_some());
    }
    let (codes, outputs) = binary(50, 1, |truth| truth * 5.0);
    assert_eq!(decided(&codes, &outputs, Metric::LogLoss, false).0, None);
}

#[test]
fn the_order_of_the_rows_stays_and_so_does_the_auc() {
    let (codes, outputs) = binary(3000, 3, |truth| truth * 4.0 + 1.0);
    let (calibration, _) = decided(&codes, &outputs, Metric::RocAuc, false);
    let calibration = calibration.expect("kept");
    let mut calibrated = outputs.clone();
    calibrated
        .chunks_exact_mut(2)
        .for_each(|row| calibration.apply(row));
    let target = Target::Classes {
        codes,
        labels: vec!["no".to_owned(), "yes".to_owned()],
    };
    let auc = |outputs: &[f64]| Metric::RocAuc.evaluate(&target, outputs).expect("defined");
    assert!((auc(&outputs) - auc(&calibrated)).abs() < 1e-12);
    let loss = |outputs: &[f64]| Metric::LogLoss.evaluate(&target, outputs).expect("defined");
    assert!(loss(&calibrated) < loss(&outputs));
}

#[test]
fn labels_stay_where_the_metric_is_of_labels() {
    let (codes, outputs) = binary(3000, 4, |truth| truth * 4.0 + 1.0);
    let (calibration, _) = decided(&codes, &outputs, Metric::Accuracy, false);
    assert!(
        matches!(calibration, Some(Calibration::Platt { offset, .. }) if offset == 0.0),
        "{calibration:?}"
    );
    let (calibration, _) = decided(&codes, &outputs, Metric::Accuracy, true);
    assert!(
        matches!(calibration, Some(Calibration::Platt { offset, .. }) if offset != 0.0),
        "{calibration:?}"
    );
}

#[test]
fn a_bent_line_needs_isotonic_points_and_many_rows() {
    let bend = |truth: f64| {
        if truth > 0.0 {
            truth * 8.0
        } else {
            truth * 0.3 - 1.0
        }
    };
    let (codes, outputs) = binary(12_000, 5, bend);
    let (calibration, decision) = decided(&codes, &outputs, Metric::LogLoss, false);
    assert!(
        matches!(calibration, Some(Calibration::Isotonic { .. })),
        "{decision:?}"
    );
    let (calibration, _) = decided(&codes, &outputs, Metric::RocAuc, false);
    assert!(
        matches!(calibration, Some(Calibration::Platt { .. })),
        "ties cost AUC"
    );
    let (codes, outputs) = binary(3000, 5, bend);
    let (calibration, _) = decided(&codes, &outputs, Metric::LogLoss, false);
    assert!(
        !matches!(calibration, Some(Calibration::Isotonic { .. })),
        "too few rows"
    );
}

#[test]
fn three_classes_get_their_temperature_back() {
    let mut rng = Pcg64Mcg::seed_from_u64(6);
    let (mut codes, mut outputs) = (Vec::new(), Vec::new());
    for _ in 0..4000 {
        let scores: Vec<f64> = (0..3).map(|_| rng.random_range(-2.0..2.0)).collect();
        let softmax = |factor: f64| {
            let sum: f64 = scores.iter().map(|score| (score * factor).exp()).sum();
            scores
                .iter()
                .map(|score| (score * factor).exp() / sum)
                .collect::<Vec<f64>>()
        };
        let truth = softmax(1.0);
        let drawn: f64 = rng.random();
        codes.push(u32::from(drawn > truth[0]) + u32::from(drawn > truth[0] + truth[1]));
        outputs.extend(softmax(2.5));
    }
    let (calibration, decision) = decided(&codes, &outputs, Metric::LogLoss, false);
    let Some(Calibration::Temperature { temperature }) = calibration else {
        panic!("{decision:?}");
    };
    assert!((temperature - 2.5).abs() < 0.2, "{temperature}");
}

/// The maps and their losses are those of as many copies of the row; a copy has its original's number.
#[test]
fn a_row_that_counts_twice_is_two_rows() {
    let (codes, outputs) = binary(12_000, 7, |truth| (truth - 0.5) * 3.0);
    let rows: Vec<u32> = (0..codes.len() as u32).collect();
    // Every fourth row, and of these only the second class: what is wrong with the probabilities is another thing then.
    let twice: Vec<usize> = (0..codes.len())
        .step_by(4)
        .filter(|row| codes[*row] == 1)
        .collect();
    let mut weights = vec![1.0; codes.len()];
    let (mut copied_codes, mut copied_outputs, mut copied_rows) =
        (codes.clone(), outputs.clone(), rows.clone());
    for &row in &twice {
        weights[row] = 2.0;
        copied_codes.push(codes[row]);
        copied_outputs.extend_from_slice(&outputs[row * 2..row * 2 + 2]);
        copied_rows.push(rows[row]);
    }
    let given = |weights| Given {
        codes: &codes,
        weights,
        outputs: &outputs,
        rows: &rows,
        metric: Metric::LogLoss,
        has_threshold: false,
    };
    let copied = Given {
        codes: &copied_codes,
        weights: None,
        outputs: &copied_outputs,
        rows: &copied_rows,
        metric: Metric::LogLoss,
        has_threshold: false,
    };
    let (weighted, plain) = (given(Some(weights.as_slice())), given(None));
    for kind in [Kind::Temperature, Kind::Slope, Kind::Platt, Kind::Isotonic] {
        let of = |given: &Given<'_>| {
            let all = Sample::new(given);
            let tried = Tried::new(kind, &all.halves()).expect("fits");
            let map = kind.fit(&all).expect("fits");
            let told: Vec<f64> = [0.05, 0.3, 0.5, 0.8, 0.97]
                .iter()
                .map(|second| {
                    let mut row = [1.0 - second, *second];
                    map.apply(&mut row);
                    row[1]
                })
                .collect();
            (told, [tried.before, tried.after])
        };
        let near = |left: &[f64], right: &[f64]| {
            left.iter()
                .zip(right)
                .all(|(left, right)| (left - right).abs() < 1e-6)
        };
        let (expected, losses) = of(&copied);
        let (got, weighted_losses) = of(&weighted);
        assert!(near(&got, &expected), "{kind:?}: {got:?} {expected:?}");
        assert!(
            near(&weighted_losses, &losses),
            "{kind:?}: {weighted_losses:?} {losses:?}"
        );
        assert!(
            !near(&of(&plain).1, &losses),
            "{kind:?}: the weights change something"
        );
    }
    assert_eq!(decide(&weighted).1.kind, decide(&copied).1.kind);
    assert!(decide(&weighted).1.is_kept);
}

#[test]
fn equal_probabilities_have_one_height() {
    let of = |codes: &[u32]| isotonic::fit(&[0.1, 0.1, 0.1, 0.9], codes, &[1.0; 4]);
    assert_eq!(of(&[0, 0, 1, 1]), of(&[1, 0, 0, 1]));
}
