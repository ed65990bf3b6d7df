//! Values checked against scikit-learn 1.7; properties against their definitions.

use proptest::prelude::*;

use super::*;
use crate::plan::WeightedTarget;

fn classes(codes: &[u32], count: usize) -> Target {
    Target::Classes {
        codes: codes.to_vec(),
        labels: (0..count).map(|class| class.to_string()).collect(),
    }
}

fn check(target: &Target, outputs: &[f64], expected: &[(Metric, f64)]) {
    for (metric, value) in expected {
        let got = metric.evaluate(target, outputs);
        assert!(
            got.is_some_and(|got| (got - value).abs() < 1e-12),
            "{}: {got:?}, expected {value}",
            metric.name()
        );
    }
}

fn two(second: &[f64]) -> Vec<f64> {
    second.iter().flat_map(|p| [1.0 - p, *p]).collect()
}

#[test]
fn every_metric_is_listed_once_and_parsed_by_name() {
    for entry in METRICS {
        assert_eq!(Metric::parse(entry.name).ok(), Some(entry.metric));
        assert_eq!(
            METRICS
                .iter()
                .filter(|other| other.metric == entry.metric)
                .count(),
            1
        );
        assert_eq!(serde_json::to_value(entry.metric).unwrap_or_default(), entry.name);
    }
    for entry in METRICS {
        let back = entry.metric.quantile().and_then(Metric::of_quantile);
        assert_eq!(back, entry.metric.quantile().map(|_| entry.metric));
    }
    assert!(Metric::parse("speed").is_err_and(|error| error.to_string().contains("roc_auc")));
}

#[test]
fn binary_values() {
    let outputs = two(&[0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.7]);
    check(
        &classes(&[0, 0, 1, 1, 0, 1, 1, 0], 2),
        &outputs,
        &[
            (Metric::RocAuc, 0.6875),
            (Metric::PrAuc, 0.767_857_142_857_142_8),
            (Metric::LogLoss, 0.578_200_186_357_576_5),
            (Metric::Brier, 0.206_562_5),
            (Metric::Accuracy, 0.625),
            (Metric::BalancedAccuracy, 0.625),
            (Metric::F1, 0.571_428_571_428_571_4),
            (Metric::F1Macro, 0.619_047_619_047_619),
            (Metric::F1Weighted, 0.619_047_619_047_619),
            (Metric::PrecisionMacro, 0.633_333_333_333_333_3),
            (Metric::PrecisionWeighted, 0.633_333_333_333_333_3),
            (Metric::RecallMacro, 0.625),
            (Metric::RecallWeighted, 0.625),
            (Metric::Mcc, 0.258_198_889_747_161_1),
        ],
    );
}

#[test]
fn multiclass_values() {
    #[rustfmt::skip]
    let outputs = [0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.2, 0.2, 0.6, 0.5, 0.25, 0.25, 0.1, 0.8, 0.1, 0.25, 0.5, 0.25, 0.3, 0.3, 0.4];
    check(
        &classes(&[0, 1, 2, 2, 1, 0, 1], 3),
        &outputs,
        &[
            (Metric::RocAuc, 0.761_111_111_111_111_1),
            (Metric::PrAuc, 0.735_185_185_185_185_3),
            (Metric::LogLoss, 0.854_785_196_779_829_3),
            (Metric::Brier, 0.495_714_285_714_285_66),
            (Metric::Accuracy, 0.571_428_571_428_571_4),
            (Metric::BalancedAccuracy, 0.555_555_555_555_555_5),
            (Metric::F1Macro, 0.555_555_555_555_555_5),
            (Metric::F1Weighted, 0.571_428_571_428_571_4),
            (Metric::PrecisionMacro, 0.555_555_555_555_555_5),
            (Metric::PrecisionWeighted, 0.571_428_571_428_571_4),
            (Metric::RecallMacro, 0.555_555_555_555_555_5),
            (Metric::Mcc, 0.343_75),
        ],
    );
}

#[test]
fn regression_values() {
    let outputs = [2.5, 0.0, 2.0, 8.0, 4.0];
    let target = Target::Values(vec![3.0, -0.5, 2.0, 7.0, 4.2]);
    check(
        &target,
        &outputs,
        &[
            (Metric::Rmse, 0.554_977_477_020_464_3),
            (Metric::R2, 0.949_660_041_841_004_2),
            (Metric::Mae, 0.44),
            (Metric::MedianAe, 0.5),
            (Metric::Mape, 0.271_428_571_428_571_46),
        ],
    );
    // 0.5 and 0.2 too low; 0.5 and 1 too high.
    check(
        &target,
        &outputs,
        &[
            (Metric::Pinball90, (0.9 * 0.7 + 0.1 * 1.5) / 5.0),
            (Metric::Pinball05, (0.05 * 0.7 + 0.95 * 1.5) / 5.0),
        ],
    );
    assert_eq!(Metric::Rmsle.evaluate(&target, &outputs), None);
    check(
        &Target::Values(vec![3.0, 0.5, 2.0, 7.0, 4.2]),
        &outputs,
        &[(Metric::Rmsle, 0.198_818_356_566_034_8)],
    );
}

#[test]
fn the_undefined_is_none() {
    let one_class = classes(&[1, 1], 2);
    assert_eq!(Metric::RocAuc.evaluate(&one_class, &two(&[0.2, 0.9])), None);
    assert_eq!(Metric::PrAuc.evaluate(&one_class, &two(&[0.2, 0.9])), None);
    assert_eq!(
        Metric::R2.evaluate(&Target::Values(vec![2.0, 2.0]), &[1.0, 2.0]),
        None
    );
    assert_eq!(
        Metric::Mape.evaluate(&Target::Values(vec![0.0, 2.0]), &[1.0, 2.0]),
        None
    );
    assert_eq!(
        Metric::Rmse.evaluate(&Target::Values(vec![1.0]), &[f64::NAN]),
        None
    );
    assert_eq!(Metric::Rmse.evaluate(&Target::Values(vec![]), &[]), None);
    assert_eq!(Metric::F1.evaluate(&classes(&[0, 0], 2), &two(&[0.1, 0.1])), None);
    assert!(
        Metric::Mape
            .check(ProblemType::Regression, &Target::Values(vec![0.0]))
            .is_err()
    );
    assert!(Metric::Rmse.check(ProblemType::Binary, &one_class).is_err());
}

#[test]
fn a_class_absent_from_the_target_does_not_count_in_the_area() {
    let outputs = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1];
    check(&classes(&[0, 1], 3), &outputs, &[(Metric::RocAuc, 1.0)]);
}

#[test]
fn curves_of_weights_are_those_of_copies() {
    let scores = [0.05, 0.12, 0.18, 0.4, 0.55, 0.57, 0.8, 0.95];
    let positive = [false, true, false, false, true, false, true, true];
    let mut weights = [1.0; 8];
    let (mut copied, mut copied_positive) = (scores.to_vec(), positive.to_vec());
    for twice in [1, 3, 5] {
        weights[twice] = 2.0;
        copied.push(scores[twice]);
        copied_positive.push(positive[twice]);
    }
    let near = |left: &[curves::Point], right: &[curves::Point]| {
        let close = |(left, right): (&curves::Point, &curves::Point)| {
            (left.x - right.x).abs() < 1e-12 && (left.y - right.y).abs() < 1e-12
        };
        left.len() == right.len() && left.iter().zip(right).all(close)
    };
    for curve in [curves::roc, curves::precision_recall] {
        let expected = curve(&copied, &copied_positive, None, 200);
        assert!(near(&curve(&scores, &positive, Some(&weights), 200), &expected));
        assert!(!near(&curve(&scores, &positive, None, 200), &expected));
    }
    let expected = curves::calibration(&copied, &copied_positive, None);
    let bins = curves::calibration(&scores, &positive, Some(&weights));
    for (bin, expected) in bins.iter().zip(&expected) {
        assert!(
            (bin.predicted - expected.predicted).abs() < 1e-12,
            "{bin:?} {expected:?}"
        );
        assert!(
            (bin.actual - expected.actual).abs() < 1e-12,
            "{bin:?} {expected:?}"
        );
    }
    let rows: u64 = bins.iter().map(|bin| bin.count).sum();
    assert_eq!((bins.len(), rows), (expected.len(), 8));
}

#[test]
fn roc_points_start_and_end_in_the_corners() {
    let scores: Vec<f64> = (0..1000).map(|row| f64::from(row % 317)).collect();
    let positive: Vec<bool> = (0..1000).map(|row| row % 3 == 0).collect();
    let points = curves::roc(&scores, &positive, None, 200);
    assert_eq!(points.len(), 200);
    assert_eq!((points[0].x, points[0].y), (0.0, 0.0));
    assert_eq!((points[199].x, points[199].y), (1.0, 1.0));
    assert!(
        points
            .windows(2)
            .all(|pair| pair[0].x <= pair[1].x && pair[0].y <= pair[1].y)
    );
    let bars = curves::histogram(&scores, 20);
    assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 1000);
}

fn weighted(target: Target, weights: &[f64]) -> WeightedTarget {
    WeightedTarget {
        target,
        weights: Some(weights.to_vec()),
    }
}

/// Derived by hand from scikit-learn's definitions of `sample_weight`.
#[test]
fn weighted_values() {
    let binary = weighted(classes(&[1, 0, 1], 2), &[1.0, 2.0, 1.0]);
    let outputs = two(&[0.8, 0.6, 0.4]);
    for (metric, value) in [
        // Of the four pairs that count (1 × 2 twice) the first positive's are in order.
        (Metric::RocAuc, 0.5),
        // Recall rises by a half at precision 1, and by a half at 2 / 4.
        (Metric::PrAuc, 0.75),
        (Metric::LogLoss, -(0.8_f64.ln() + 3.0 * 0.4_f64.ln()) / 4.0),
        (Metric::Brier, (0.04 + 2.0 * 0.36 + 0.36) / 4.0),
        (Metric::Accuracy, 0.25),
        (Metric::BalancedAccuracy, 0.25),
        (Metric::F1, 2.0 / 5.0),
        // Of the first class nothing is right.
        (Metric::F1Macro, 1.0 / 5.0),
        (Metric::PrecisionMacro, (1.0 / 3.0) / 2.0),
    ] {
        let got = metric.evaluate(&binary, &outputs).expect("defined");
        assert!((got - value).abs() < 1e-12, "{}: {got} {value}", metric.name());
    }
    let numbers = weighted(Target::Values(vec![1.0, 2.0, 4.0]), &[1.0, 2.0, 1.0]);
    for (metric, value) in [
        (Metric::Rmse, 1.25_f64.sqrt()),
        (Metric::Mae, 0.75),
        // The mean is 2.25 and the variance 4.75 / 4.
        (Metric::R2, 1.0 - 5.0 / 4.75),
        // Half of the weight has no error, half has 1 or more.
        (Metric::MedianAe, 0.5),
        (Metric::Mape, 1.5 / 4.0),
    ] {
        let got = metric.evaluate(&numbers, &[2.0; 3]).expect("defined");
        assert!((got - value).abs() < 1e-12, "{}: {got} {value}", metric.name());
    }
}

proptest! {
    /// A whole weight is so many copies, in every metric.
    #[test]
    fn weights_are_copies(rows in prop::collection::vec((0_u32..3, 1_usize..4, 0.05_f64..1.0, 0.05_f64..1.0, 0.05_f64..1.0), 2..40)) {
        let weights: Vec<f64> = rows.iter().map(|row| row.1 as f64).collect();
        let copies: Vec<u32> = (0..rows.len() as u32)
            .flat_map(|row| std::iter::repeat_n(row, rows[row as usize].1))
            .collect();
        for entry in METRICS {
            let width = if entry.problems == VALUES { 1 } else if entry.problems == BINARY { 2 } else { 3 };
            let mut outputs = Vec::new();
            for (_, _, a, b, c) in &rows {
                let all = [*a, *b, *c];
                let sum: f64 = all[..width].iter().sum();
                outputs.extend(all[..width].iter().map(|value| if width == 1 { *value } else { value / sum }));
            }
            let target = if width == 1 {
                Target::Values(rows.iter().map(|row| f64::from(row.0) + 0.5).collect())
            } else {
                classes(&rows.iter().map(|row| row.0 % width as u32).collect::<Vec<_>>(), width)
            };
            let of_copies: Vec<f64> = copies
                .iter()
                .flat_map(|&row| outputs[row as usize * width..][..width].to_vec())
                .collect();
            let expected = entry.metric.evaluate(&target.gather(&copies), &of_copies);
            let got = entry.metric.evaluate(&weighted(target, &weights), &outputs);
            prop_assert_eq!(got.is_some(), expected.is_some(), "{}", entry.name);
            if let (Some(got), Some(expected)) = (got, expected) {
                prop_assert!((got - expected).abs() < 1e-9, "{}: {} {}", entry.name, got, expected);
            }
        }
    }

    #[test]
    fn bounds_and_permutation(rows in prop::collection::vec((0_u32..3, 0.01_f64..1.0, 0.01_f64..1.0, 0.01_f64..1.0), 1..60), turn in 0_usize..60) {
        let mut rows = rows;
        let measure = |rows: &[(u32, f64, f64, f64)]| -> Vec<Option<f64>> {
            let target = classes(&rows.iter().map(|row| row.0).collect::<Vec<_>>(), 3);
            let mut outputs = Vec::new();
            for (_, a, b, c) in rows {
                let sum = a + b + c;
                outputs.extend([a / sum, b / sum, c / sum]);
            }
            METRICS.iter().filter(|entry| entry.problems == CLASSES).map(|entry| entry.metric.evaluate(&target, &outputs)).collect()
        };
        let before = measure(&rows);
        let turn = turn % rows.len();
        rows.rotate_left(turn);
        let after = measure(&rows);
        let listed = METRICS.iter().filter(|entry| entry.problems == CLASSES);
        for ((entry, left), right) in listed.zip(&before).zip(&after) {
            prop_assert_eq!(left.is_some(), right.is_some());
            if let (Some(left), Some(right)) = (left, right) {
                prop_assert!((left - right).abs() < 1e-9, "{}", entry.name);
                let low = if entry.metric == Metric::Mcc { -1.0 } else { 0.0 };
                prop_assert!(*left >= low - 1e-12, "{} {}", entry.name, left);
                if entry.higher_is_better {
                    prop_assert!(*left <= 1.0 + 1e-12, "{} {}", entry.name, left);
                }
            }
        }
    }

    #[test]
    fn the_area_is_the_share_of_ordered_pairs(rows in prop::collection::vec((0_u8..10, any::<bool>()), 2..50)) {
        let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let positive: Vec<bool> = rows.iter().map(|row| row.1).collect();
        let (mut right, mut pairs) = (0.0, 0.0);
        for (i, above) in positive.iter().enumerate() {
            for (j, below) in positive.iter().enumerate() {
                if *above && !*below {
                    pairs += 1.0;
                    if scores[i] > scores[j] {
                        right += 1.0;
                    } else if scores[i] == scores[j] {
                        right += 0.5;
                    }
                }
            }
        }
        let expected = (pairs > 0.0).then(|| right / pairs);
        let got = binary_roc_auc(&scores, &positive, None);
        prop_assert_eq!(got.is_some(), expected.is_some());
        if let (Some(got), Some(expected)) = (got, expected) {
            prop_assert!((got - expected).abs() < 1e-12);
        }
    }
}
