//! What trials cost and what is left: corrected estimates, the reserve for assembling, the limit of one trial.

use std::time::Duration;

use super::{Outcome, TrialRecord};
use crate::learners::{Cost, Learner, Params};
use crate::plan::Shape;
use crate::settings::{Settings, Validation};

/// Seconds that assembling takes at least: selection, holdout, importance, export, check, files.
const ASSEMBLE_SECONDS: f64 = 0.8;
/// Share of the budget that is kept for it.
const ASSEMBLE_SHARE: f64 = 0.08;
/// Further share for refitting winners on all training rows, where folds did not fit on all of them.
const REFIT_SHARE: f64 = 0.12;
/// Rows of the final holdout as a share of training rows, and how often they are predicted.
const HOLDOUT_SHARE: f64 = 0.2;
const HOLDOUT_PASSES: f64 = 6.0;
/// Rows that the check of the ONNX file generates, in native predictions: it is about ten times slower there.
const CHECK_ROWS: f64 = 40_000.0;
/// Members of an ensemble, as a multiple of the slowest one's time to predict.
const MEMBERS: f64 = 2.0;
/// No reserve is larger than this share of the budget.
const RESERVE_LIMIT: f64 = 0.4;

/// Time kept for assembling, learned from how long rows take to predict.
pub(super) fn reserve(shape: &Shape, settings: &Settings, history: &[TrialRecord]) -> Duration {
    let budget = settings.budget.as_secs_f64();
    let mut row_seconds: f64 = 0.0;
    for record in history {
        if let Some(score) = record.score() {
            row_seconds = row_seconds.max(score.predict_seconds_per_row);
        }
    }
    let cells = (shape.rows * shape.features) as f64;
    let rows = shape.rows as f64 * HOLDOUT_SHARE * HOLDOUT_PASSES + CHECK_ROWS;
    let predicting = row_seconds * rows * MEMBERS / settings.threads.max(1) as f64;
    let is_by_time = matches!(settings.validation, Validation::Time(_));
    let refit = if shape.folds == 1 || is_by_time {
        REFIT_SHARE * budget
    } else {
        0.0
    };
    let seconds = ASSEMBLE_SECONDS + ASSEMBLE_SHARE * budget + cells * 2e-7 + predicting + refit;
    Duration::from_secs_f64(seconds.min(RESERVE_LIMIT * budget))
}

/// Wall seconds that a whole trial is expected to take.
pub(super) fn expected_seconds(
    shape: &Shape,
    settings: &Settings,
    history: &[TrialRecord],
    learner: &dyn Learner,
    params: &Params,
) -> f64 {
    prior_seconds(shape, learner.cost(shape, params)) * correction(shape, settings, history, learner)
}

fn prior_seconds(shape: &Shape, cost: Cost) -> f64 {
    (cost.seconds * shape.folds.max(1) as f64).max(1e-4)
}

/// Actual over estimated seconds: of this learner's trials when it has some, else of all, else one over the threads.
fn correction(shape: &Shape, settings: &Settings, history: &[TrialRecord], learner: &dyn Learner) -> f64 {
    let mut own = Vec::new();
    let mut all = Vec::new();
    for record in history {
        let Outcome::Completed(score) = &record.outcome else {
            continue;
        };
        let Some(tried) = crate::learners::by_name(&record.spec.learner) else {
            continue;
        };
        if tried.name() == super::order::BASELINE {
            continue;
        }
        let ratio = score.seconds / prior_seconds(shape, tried.cost(shape, &record.spec.params));
        all.push(ratio);
        if tried.name() == learner.name() {
            own.push(ratio);
        }
    }
    let single = 1.0 / settings.threads.max(1) as f64;
    median(&mut own)
        .or_else(|| median(&mut all))
        .map_or(single, |ratio| ratio.clamp(0.01, 100.0))
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
