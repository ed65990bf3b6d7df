//! What trials cost and what is left: corrected estimates, the reserve for assembling, the limit of one trial.

use std::time::Duration;

use super::{Outcome, TrialRecord};
use crate::learners::{Cost, Learner, Params};
use crate::plan::Shape;
use crate::settings::Settings;

/// Seconds that assembling takes at least: selection, holdout, importance, export, check, files.
const ASSEMBLE_SECONDS: f64 = 0.5;
/// Shares of a short budget, and of what a longer one has beyond it, that are kept for it: explanations that took so many seconds are
/// good enough.
const ASSEMBLE_SHARES: (f64, f64) = (0.07, 0.03);
/// A short budget, in seconds.
const SHORT: f64 = 30.0;
/// Best trials that the ensemble is expected to be made of.
const MEMBERS: usize = 6;
/// Their refit on all rows, as a multiple of their trials' time, and the share of the budget that it may take.
const REFIT_TIME: f64 = 1.1;
const REFIT_LIMIT: f64 = 0.2;
/// Rows of the final holdout as a share of training rows, and how often they are predicted.
const HOLDOUT_SHARE: f64 = 0.2;
const HOLDOUT_PASSES: f64 = 3.0;
/// Predictions that the check of the ONNX file and the explanations take, at the least worth doing, and the shares of the budget
/// for them, as above.
const CHECK_ROWS: f64 = 8_000.0;
const CHECK_LIMITS: (f64, f64) = (0.15, 0.06);
/// No reserve is larger than these shares of the budget, as above: on a busy machine all of it takes longer.
const RESERVE_LIMITS: (f64, f64) = (0.4, 0.3);

/// Time kept for assembling, learned from what the best trials so far took to fit and take to predict.
pub(super) fn reserve(shape: &Shape, settings: &Settings, history: &[TrialRecord]) -> Duration {
    let budget = settings.budget.as_secs_f64();
    let mut best: Vec<(&super::TrialSpec, &super::Score)> = history
        .iter()
        .filter(|record| record.spec.learner != super::order::BASELINE)
        .filter_map(|record| Some((&record.spec, record.score()?)))
        .collect();
    best.sort_by(|(_, left), (_, right)| left.loss.total_cmp(&right.loss));
    best.truncate(MEMBERS);
    let row_seconds: f64 = best.iter().map(|(_, score)| score.predict_seconds_per_row).sum();
    let fit_seconds: f64 = best
        .iter()
        .map(|(spec, score)| score.seconds / refits_less(shape, spec))
        .sum();
    let cells = (shape.rows * shape.features) as f64;
    let holdout_rows = shape.rows as f64 * HOLDOUT_SHARE * HOLDOUT_PASSES;
    let seconds = ASSEMBLE_SECONDS
        + share(budget, ASSEMBLE_SHARES)
        + cells * 2e-7
        + row_seconds * holdout_rows / settings.threads.max(1) as f64
        + (row_seconds * CHECK_ROWS).min(share(budget, CHECK_LIMITS))
        + (fit_seconds * REFIT_TIME).min(REFIT_LIMIT * budget);
    Duration::from_secs_f64(seconds.min(share(budget, RESERVE_LIMITS)))
}

/// How many times less than its trial a refit takes: that of a forest is one fit in place of one a fold.
fn refits_less(shape: &Shape, spec: &super::TrialSpec) -> f64 {
    match crate::learners::by_name(&spec.learner) {
        Some(learner) if learner.is_mean_of_trees() => shape.folds.max(1) as f64,
        _ => 1.0,
    }
}

/// Seconds: a share of what is short of a budget, another one of the rest.
fn share(budget: f64, (short, beyond): (f64, f64)) -> f64 {
    short * budget.min(SHORT) + beyond * (budget - SHORT).max(0.0)
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
