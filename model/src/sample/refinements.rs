//! Random refinements for random models: half of the models have each kind that fits them.

use super::{Random, frame};
use crate::{Background, Calibration, Conformal, FeatureKind, Model, ProblemType, Quantile, Refinements};

/// Refinements that fit a model.
pub(super) fn refinements(model: &Model, random: &mut Random) -> Refinements {
    let is_binary = model.problem == ProblemType::Binary;
    let calibrations = match model.problem {
        ProblemType::Binary => 3,
        ProblemType::Multiclass => 1,
        ProblemType::Regression => 0,
    };
    let is_calibrated = calibrations > 0 && random.chance(0.7);
    let calibration = is_calibrated.then(|| calibration(random, calibrations));
    let threshold = (is_binary && random.chance(0.5)).then(|| random.weight().abs());
    let conformal = random.chance(0.5).then(|| {
        let quantile = |level| Quantile { level, bound: level };
        Conformal {
            quantiles: [0.8, 0.9, 0.95].map(quantile).to_vec(),
        }
    });
    let rows = frame(model, 30, random.next());
    let features = model.encoder.encode(&model.inputs, &rows).expect("rows fit");
    let kinds: Vec<FeatureKind> = model
        .encoder
        .features
        .iter()
        .map(|feature| feature.kind)
        .collect();
    let all: Vec<u32> = (0..30).collect();
    Refinements {
        calibration,
        threshold,
        conformal,
        background: Background::measure(&model.members, &kinds, &features, &all),
    }
}

fn calibration(random: &mut Random, kinds: usize) -> Calibration {
    match random.below(kinds) {
        0 => Calibration::Temperature {
            temperature: 0.3 + 3.0 * random.weight().abs(),
        },
        1 => Calibration::Platt {
            slope: 0.2 + 2.0 * random.weight().abs(),
            offset: random.weight(),
        },
        _ => {
            let mut points = Vec::new();
            let mut height = 0.0;
            for step in 1..10 {
                height += 0.1 * random.weight().abs();
                points.push((f64::from(step) / 10.0, height));
            }
            Calibration::Isotonic { points }
        }
    }
}
