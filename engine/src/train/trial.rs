//! One trial: fit every fold, score the pooled out-of-fold predictions.

use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use model::Predictor;

use super::TrialArtifact;
use super::lanes::in_lanes;
use super::thinned::thinned;
use crate::context::{Context, Pace, Progress, Turn};
use crate::error::Error;
use crate::learners::{self, Fitted, FoldRows, Learner, Stop};
use crate::metrics::Metric;
use crate::plan::{Prepared, WeightedTarget};
use crate::search::{Score, TrialSpec};

/// What a fold that has all threads for itself takes, as a share of one of several side by side.
pub(super) const SEQUENTIAL_SHARE: f64 = 0.7;
/// Rows that the time of a prediction is measured on.
const TIMED_ROWS: usize = 500;

/// Fits all folds of a trial and scores it. It ends by `spec.limit` or `context.deadline`, whichever is first; each fold
/// gets its share of that time, so that a trial is scored on all folds or fails.
///
/// # Errors
/// `Input` for an unknown learner or bad parameters, `Deadline` when a fold had nothing usable in time, `Cancelled`,
/// `Internal` when the learner failed or its score is undefined.
pub fn run_trial(
    data: &Prepared,
    spec: &TrialSpec,
    context: &Context<'_>,
    metric: Metric,
) -> Result<TrialArtifact, Error> {
    fit_and_score(data, spec, None, context, metric)
}

/// A trial once more: its folds' fits end where they ended then, whatever the clock says.
///
/// # Errors
/// As [`run_trial`].
pub(super) fn replay_trial(
    data: &Prepared,
    spec: &TrialSpec,
    turns: &[Vec<Turn>],
    context: &Context<'_>,
    metric: Metric,
) -> Result<TrialArtifact, Error> {
    if turns.len() != data.folds.len() {
        let name = &spec.name;
        return Err(Error::Input(format!("{name}: the record is of other folds")));
    }
    fit_and_score(data, spec, Some(turns), context, metric)
}

fn fit_and_score(
    data: &Prepared,
    spec: &TrialSpec,
    before: Option<&[Vec<Turn>]>,
    context: &Context<'_>,
    metric: Metric,
) -> Result<TrialArtifact, Error> {
    let Some(learner) = learners::by_name(&spec.learner) else {
        return Err(Error::Input(format!("there is no learner \"{}\"", spec.learner)));
    };
    let started = context.clock.now();
    let context = Context {
        deadline: context.deadline.min(started + spec.limit),
        seed: spec.seed,
        ..*context
    };
    let folds = Folds {
        data,
        spec,
        learner,
        context,
        before,
        turns: data.folds.iter().map(|_| Mutex::default()).collect(),
    };
    let fits = folds.fit()?;
    let turns = match before {
        Some(before) => before.to_vec(),
        None => folds.turns.into_iter().map(told).collect(),
    };
    let seconds = context.clock.now().saturating_sub(started).as_secs_f64();
    let artifact = score(data, spec, &context, metric, fits, seconds)?;
    Ok(TrialArtifact { turns, ..artifact })
}

/// What was told.
pub(super) fn told(turns: Mutex<Vec<Turn>>) -> Vec<Turn> {
    turns.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The target of the out-of-fold predictions, with weights: validation rows in fold order.
pub fn oof_target(data: &Prepared) -> WeightedTarget {
    data.train_view().gather(&data.validation_rows())
}

struct Folds<'a> {
    data: &'a Prepared,
    spec: &'a TrialSpec,
    learner: &'static dyn Learner,
    context: Context<'a>,
    /// What the clock said in each fold when the trial was done before.
    before: Option<&'a [Vec<Turn>]>,
    /// What it says now.
    turns: Vec<Mutex<Vec<Turn>>>,
}

impl Folds<'_> {
    /// As many folds side by side as fill the threads; what is left over one after the other on all threads.
    fn fit(&self) -> Result<Vec<Fitted>, Error> {
        let folds = self.data.folds.len();
        let threads = self.context.pool.current_num_threads();
        let lanes = threads.min(folds).max(1);
        let side_by_side = if lanes > 1 { folds / lanes * lanes } else { 0 };
        let mut fits = Vec::with_capacity(folds);
        if side_by_side > 0 {
            let waves = (side_by_side / lanes) as f64;
            let rest = (folds - side_by_side) as f64 * SEQUENTIAL_SHARE;
            let now = self.context.clock.now();
            let share = waves / (waves + rest);
            let deadline = now + self.context.deadline.saturating_sub(now).mul_f64(share);
            fits.extend(self.fit_lanes(lanes, threads / lanes, side_by_side, deadline)?);
        }
        for fold in side_by_side..folds {
            let deadline = self.share(self.context.deadline, folds - fold);
            fits.push(self.fit_one(
                fold,
                &Context {
                    deadline,
                    ..self.context
                },
            )?);
        }
        Ok(fits)
    }

    /// Folds `0..count`, `lanes` of them at a time.
    fn fit_lanes(
        &self,
        lanes: usize,
        threads: usize,
        count: usize,
        deadline: Duration,
    ) -> Result<Vec<Fitted>, Error> {
        let fit = |fold: usize, pool: &rayon::ThreadPool| {
            let waves_left = (count - fold).div_ceil(lanes);
            let context = Context {
                deadline: self.share(deadline, waves_left),
                pool,
                ..self.context
            };
            self.fit_one(fold, &context)
        };
        in_lanes(lanes, threads, count, &fit)?.into_iter().collect()
    }

    /// The deadline of one of `parts` equal parts of the time until `deadline`.
    fn share(&self, deadline: Duration, parts: usize) -> Duration {
        let now = self.context.clock.now();
        now + deadline.saturating_sub(now) / u32::try_from(parts.max(1)).unwrap_or(u32::MAX)
    }

    fn fit_one(&self, fold: usize, context: &Context<'_>) -> Result<Fitted, Error> {
        let tell = |progress: Progress| (context.progress)(Progress { fold, ..progress });
        let turns = |turn: Turn| {
            let mut turns = self.turns[fold].lock().unwrap_or_else(PoisonError::into_inner);
            turns.push(turn);
        };
        let context = Context {
            progress: &tell,
            pace: match self.before {
                None => Pace::Clock(&turns),
                Some(before) => Pace::Record(&before[fold]),
            },
            ..*context
        };
        if context.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let rows = FoldRows {
            fit: &self.data.folds[fold].fit,
            valid: &self.data.folds[fold].valid,
        };
        // A fault of one learner is a failed trial, not the end of the job.
        let fit = || self.learner.fit(self.data, rows, &self.spec.params, &context);
        let fitted = std::panic::catch_unwind(AssertUnwindSafe(fit)).unwrap_or_else(|panic| {
            Err(Error::Internal(format!(
                "{} failed: {}",
                self.learner.title(),
                panic_words(&*panic)
            )))
        })?;
        let expected = rows.valid.len() * self.data.outputs();
        if fitted.valid_outputs.len() != expected
            || fitted.valid_outputs.iter().any(|output| !output.is_finite())
        {
            return Err(Error::Internal(format!(
                "{} gave no finite prediction for some rows",
                self.learner.title()
            )));
        }
        Ok(fitted)
    }
}

fn panic_words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "an unknown fault".into())
}

fn score(
    data: &Prepared,
    spec: &TrialSpec,
    context: &Context<'_>,
    metric: Metric,
    fits: Vec<Fitted>,
    seconds: f64,
) -> Result<TrialArtifact, Error> {
    let mut pooled = Vec::new();
    let mut fold_scores = Vec::new();
    for (fold, fit) in data.folds.iter().zip(&fits) {
        let target = data.train_view().gather(&fold.valid);
        fold_scores.extend(metric.evaluate(&target, &fit.valid_outputs));
        pooled.extend_from_slice(&fit.valid_outputs);
    }
    let target = oof_target(data);
    let undefined = || Error::Internal(format!("{} is undefined on the validation rows", metric.title()));
    let score = metric.evaluate(&target, &pooled).ok_or_else(undefined)?;
    let loss = data.loss().evaluate(&target, &pooled).ok_or_else(undefined)?;
    let rounds = fits.iter().map(|fit| fit.rounds).sum::<usize>() / fits.len().max(1);
    let curve = fits.first().map(|fit| fit.curve.clone()).unwrap_or_default();
    let stop = fits
        .iter()
        .map(|fit| fit.stop)
        .max_by_key(|stop| severity(*stop))
        .unwrap_or(Stop::Finished);
    let mut predictors: Vec<Predictor> = fits.into_iter().map(|fit| fit.predictor).collect();
    if is_mean_of_trees(spec) && data.folds_fit_all_rows() {
        predictors = thinned(predictors);
    }
    let predict_seconds_per_row = time_prediction(data, &predictors, context);
    let score = Score {
        score,
        loss,
        fold_scores,
        seconds,
        rounds,
        stop,
        predict_seconds_per_row,
        curve,
    };
    let oof = pooled.into_iter().map(|output| output as f32).collect();
    Ok(TrialArtifact {
        spec: spec.clone(),
        score,
        predictors,
        oof,
        turns: Vec::new(),
    })
}

/// Whether the learner's models are means of independent trees.
pub(super) fn is_mean_of_trees(spec: &TrialSpec) -> bool {
    learners::by_name(&spec.learner).is_some_and(Learner::is_mean_of_trees)
}

fn severity(stop: Stop) -> u8 {
    match stop {
        Stop::Converged => 0,
        Stop::Finished => 1,
        Stop::Deadline => 2,
    }
}

/// Seconds that all predictors together need for one row.
fn time_prediction(data: &Prepared, predictors: &[Predictor], context: &Context<'_>) -> f64 {
    let Some(predictor) = predictors.first() else {
        return 0.0;
    };
    let rows: Vec<u32> = (0..data.train.rows.min(TIMED_ROWS))
        .map(|row| row as u32)
        .collect();
    let started = context.clock.now();
    let outputs = predictor.predict(&data.train.features, &rows);
    let seconds = context.clock.now().saturating_sub(started).as_secs_f64();
    debug_assert_eq!(outputs.len(), rows.len() * data.outputs());
    seconds / rows.len().max(1) as f64 * predictors.len() as f64
}
