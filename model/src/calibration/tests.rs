//! The shapes of calibrations. That ONNX files answer alike is tested with whole models (`onnx::tests`).

use super::*;

const ISOTONIC: [(f64, f64); 4] = [(0.1, 0.05), (0.3, 0.2), (0.6, 0.2), (0.8, 0.9)];

#[test]
fn a_temperature_keeps_sum_and_order() {
    let calibration = Calibration::Temperature { temperature: 2.5 };
    for row in [[0.7, 0.2, 0.1], [1.0, 0.0, 0.0], [0.2, 0.3, 0.5]] {
        let mut calibrated = row;
        calibration.apply(&mut calibrated);
        assert!((calibrated.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{row:?}");
        for (left, right) in [(0, 1), (1, 2), (0, 2)] {
            assert_eq!(
                row[left].total_cmp(&row[right]),
                calibrated[left].total_cmp(&calibrated[right]),
                "{row:?}"
            );
        }
        assert!(
            calibrated[0].max(calibrated[2]) <= row[0].max(row[2]),
            "less sure: {row:?}"
        );
    }
}

#[test]
fn neutral_numbers_change_nothing() {
    let temperature = Calibration::Temperature { temperature: 1.0 };
    let platt = Calibration::Platt {
        slope: 1.0,
        offset: 0.0,
    };
    for step in 1..100 {
        let probability = f64::from(step) / 100.0;
        assert!((temperature.second(probability) - probability).abs() < 1e-12);
        assert!((platt.second(probability) - probability).abs() < 1e-12);
    }
}

#[test]
fn platt_keeps_the_order_of_the_rows_to_the_ends() {
    let platt = Calibration::Platt {
        slope: 0.3,
        offset: -1.0,
    };
    let mut last = -1.0;
    for step in 0..=10_000 {
        let calibrated = platt.second(f64::from(step) / 10_000.0);
        assert!(calibrated > last && calibrated < 1.0, "at {step}");
        last = calibrated;
    }
}

#[test]
fn isotonic_points_are_joined_and_level_outside() {
    let isotonic = Calibration::Isotonic {
        points: ISOTONIC.to_vec(),
    };
    for (probability, expected) in [
        (0.0, 0.05),
        (0.1, 0.05),
        (0.2, 0.125),
        (0.45, 0.2),
        (0.7, 0.55),
        (0.8, 0.9),
        (1.0, 0.9),
    ] {
        assert!(
            (isotonic.second(probability) - expected).abs() < 1e-12,
            "{probability}"
        );
    }
}

#[test]
fn what_could_not_be_asked_is_refused() {
    let binary = ProblemType::Binary;
    for (calibration, problem) in [
        (Calibration::Temperature { temperature: 0.0 }, binary),
        (
            Calibration::Temperature { temperature: 1.0 },
            ProblemType::Regression,
        ),
        (
            Calibration::Platt {
                slope: -1.0,
                offset: 0.0,
            },
            binary,
        ),
        (
            Calibration::Platt {
                slope: 1.0,
                offset: 0.0,
            },
            ProblemType::Multiclass,
        ),
        (
            Calibration::Isotonic {
                points: vec![(0.5, 0.5)],
            },
            binary,
        ),
        (
            Calibration::Isotonic {
                points: vec![(0.5, 0.5), (0.5, 0.6)],
            },
            binary,
        ),
        (
            Calibration::Isotonic {
                points: vec![(0.4, 0.6), (0.5, 0.5)],
            },
            binary,
        ),
    ] {
        assert!(calibration.validate(problem).is_err(), "{calibration:?}");
    }
}
