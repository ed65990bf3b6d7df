//! Training and holdout rows together, for the model that is published.

use std::sync::OnceLock;

use crate::plan::{Fold, Prepared, Rows, SampleWeights, Target};

/// The prepared data with the holdout rows behind the training rows: `train` holds all of them, and every fold fits on the
/// holdout rows as well. Encodings stay as they were fitted.
pub(super) fn with_holdout(data: &Prepared) -> Prepared {
    let (train, holdout) = (&data.train, &data.holdout);
    let added = train.rows as u32..(train.rows + holdout.rows) as u32;
    let mut folds = Vec::with_capacity(data.folds.len());
    for fold in &data.folds {
        folds.push(Fold {
            fit: fold.fit.iter().copied().chain(added.clone()).collect(),
            valid: fold.valid.clone(),
        });
    }
    let features = train.features.iter().zip(&holdout.features);
    Prepared {
        problem: data.problem,
        inputs: data.inputs.clone(),
        encoder: data.encoder.clone(),
        train: Rows {
            features: features.map(|(train, holdout)| joined(train, holdout)).collect(),
            target: joined_target(&train.target, &holdout.target),
            rows: train.rows + holdout.rows,
            source: joined(&train.source, &holdout.source),
        },
        holdout: Rows {
            features: vec![Vec::new(); holdout.features.len()],
            target: holdout.target.gather(&[]),
            rows: 0,
            source: Vec::new(),
        },
        folds,
        notes: Vec::new(),
        weights: data.weights.as_ref().map(|weights| SampleWeights {
            train: joined(&weights.train, &weights.holdout),
            holdout: Vec::new(),
        }),
        monotone: data.monotone.clone(),
        aim: data.aim,
        binned: OnceLock::new(),
        crosses: crate::plan::Chosen::default(),
    }
}

/// Bytes that [`with_holdout`] takes, bins included.
pub(super) fn bytes(data: &Prepared) -> u64 {
    let cells = (data.train.rows + data.holdout.rows) as u64 * data.encoder.features.len() as u64;
    // f64, and two copies as bins of one byte.
    cells * 10
}

fn joined<T: Copy>(first: &[T], second: &[T]) -> Vec<T> {
    let mut all = Vec::with_capacity(first.len() + second.len());
    all.extend_from_slice(first);
    all.extend_from_slice(second);
    all
}

fn joined_target(first: &Target, second: &Target) -> Target {
    match (first, second) {
        (Target::Classes { codes, labels }, Target::Classes { codes: more, .. }) => Target::Classes {
            codes: joined(codes, more),
            labels: labels.clone(),
        },
        (Target::Values(values), Target::Values(more)) => Target::Values(joined(values, more)),
        // Both come of one column.
        (first, _) => first.clone(),
    }
}

#[cfg(test)]
mod tests {
    use model::{Encoder, ProblemType};

    use super::*;

    fn rows(values: &[f64], source: &[u32]) -> Rows {
        Rows {
            features: vec![values.to_vec()],
            target: Target::Values(values.iter().map(|value| value * 10.0).collect()),
            rows: values.len(),
            source: source.to_vec(),
        }
    }

    #[test]
    fn holdout_rows_come_last_and_every_fold_fits_on_them() {
        let data = Prepared {
            problem: ProblemType::Regression,
            inputs: Vec::new(),
            encoder: Encoder::default(),
            train: rows(&[1.0, 2.0, 3.0], &[5, 6, 8]),
            holdout: rows(&[4.0, 5.0], &[0, 9]),
            folds: vec![Fold {
                fit: vec![0, 2],
                valid: vec![1],
            }],
            notes: Vec::new(),
            weights: Some(SampleWeights {
                train: vec![0.5, 1.0, 1.5],
                holdout: vec![2.0, 3.0],
            }),
            monotone: Vec::new(),
            aim: crate::plan::Aim::default(),
            binned: OnceLock::new(),
            crosses: crate::plan::Chosen::default(),
        };
        let whole = with_holdout(&data);
        assert_eq!(whole.train, rows(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5, 6, 8, 0, 9]));
        assert_eq!(whole.holdout.rows, 0);
        let weights = whole.weights.expect("weights");
        assert_eq!(weights.train, [0.5, 1.0, 1.5, 2.0, 3.0]);
        assert_eq!(
            whole.folds,
            [Fold {
                fit: vec![0, 2, 3, 4],
                valid: vec![1],
            }]
        );
    }
}
