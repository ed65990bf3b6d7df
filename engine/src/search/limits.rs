//! What a trial may take, and whether it is worth its start.

use std::time::Duration;

use super::order::{BASELINE, is_main};
use super::suggest::Search;
use super::{TrialRecord, TrialSpec, budget};
use crate::learners::{self, Learner, Params};
use crate::plan::Shape;

/// Share of the time left that the first real trial may use: something must be left to assemble and to compare.
const FIRST_LIMIT: f64 = 0.45;
/// Share of the time left that a later trial may use.
const LATER_LIMIT: f64 = 0.34;
/// Once less than this share of the budget is left to search, a whole fit brings more than several that are cut short.
pub(super) const END_GAME: f64 = 0.35;
/// What a trial may be expected to take then of what is left, and what it may take: some is left for its refit on all rows.
const END_GAME_FIT: f64 = 0.5;
pub(super) const END_GAME_LIMIT: f64 = 0.6;
/// Share of the budget that a trial of a learner beside boosting and networks may use: such members add little to an ensemble,
/// and most of it with few trees.
const SIDE_LIMIT: f64 = 0.07;
/// A candidate that is expected to take longer than this many times its limit is not started.
const OVERLONG: f64 = 1.5;
/// A candidate that would have to be hastened to less than this share of its time is not started; a variation of one that had its whole
/// time needs more.
const HASTIEST: f64 = 0.2;
const HASTIEST_VARIED: f64 = 0.6;

/// Bytes of the program and small buffers, and of a cell of the data: as it was read, encoded and in bins, with the rows of the holdout.
const PROGRAM_BYTES: u64 = 96 << 20;
const CELL_BYTES: u64 = 22;

impl Search {
    /// What a trial may take that starts now, some time after it was suggested: no more than it would get if it were suggested now.
    pub fn limit_at(&self, history: &[TrialRecord], now: Duration, spec: &TrialSpec) -> Duration {
        let left = self.end(history).saturating_sub(now);
        if self.settings.max_trials.is_some() || spec.learner == BASELINE {
            return spec.limit.min(left);
        }
        let before: Vec<TrialRecord> = history
            .iter()
            .filter(|record| record.spec.number < spec.number)
            .cloned()
            .collect();
        let Some(learner) = learners::by_name(&spec.learner) else {
            return spec.limit.min(left);
        };
        let expected = self.expected(&before, learner, &spec.params);
        spec.limit.min(Duration::from_secs_f64(
            self.limit(&before, learner, left, expected),
        ))
    }

    /// The trial with its limit, hastened where it would not fit otherwise; `None` when it cannot fit.
    pub(super) fn affordable(
        &self,
        history: &[TrialRecord],
        learner: &'static dyn Learner,
        name: &str,
        mut params: Params,
        left: Duration,
        reason: &str,
    ) -> Option<TrialSpec> {
        if !self.has_memory(learner, &params) {
            return None;
        }
        if self.settings.max_trials.is_some() {
            // A run that a number of trials ends must not depend on how fast the machine is.
            return Some(self.spec(history, learner, name.to_owned(), params, left, reason));
        }
        let is_first = is_first(history);
        let whole = self.expected(history, learner, &params);
        let limit = self.limit(history, learner, left, whole);
        let share = limit / whole;
        if !is_first && share < HASTIEST {
            return None;
        }
        if share < 1.0 {
            params = learner.hastened(&self.shape, &params, share).unwrap_or(params);
        }
        if !is_first && self.expected(history, learner, &params) > limit * OVERLONG {
            return None;
        }
        let limit = Duration::from_secs_f64(limit);
        Some(self.spec(history, learner, name.to_owned(), params, limit, reason))
    }

    /// Whether there is time for most of what a variation wants.
    pub(super) fn has_time_to_vary(
        &self,
        history: &[TrialRecord],
        learner: &dyn Learner,
        params: &Params,
        left: Duration,
    ) -> bool {
        let whole = self.expected(history, learner, params);
        self.settings.max_trials.is_some()
            || self.limit(history, learner, left, whole) >= HASTIEST_VARIED * whole
    }

    /// Whether a trial fits into the memory beside the data.
    pub(super) fn has_memory(&self, learner: &dyn Learner, params: &Params) -> bool {
        learner.cost(&self.shape, params).bytes <= beside_data(&self.shape, self.settings.memory_bytes)
    }

    fn expected(&self, history: &[TrialRecord], learner: &dyn Learner, params: &Params) -> f64 {
        budget::expected_seconds(&self.shape, &self.settings, history, learner, params)
    }

    /// Seconds that the next trial may take of those left, when it is expected to take `expected`.
    fn limit(&self, history: &[TrialRecord], learner: &dyn Learner, left: Duration, expected: f64) -> f64 {
        let left = left.as_secs_f64();
        let budget = self.settings.budget.as_secs_f64();
        if is_first(history) {
            FIRST_LIMIT * left
        } else if !is_main(learner) {
            (LATER_LIMIT * left).min(SIDE_LIMIT * budget)
        } else if left < END_GAME * budget && expected < END_GAME_FIT * left {
            END_GAME_LIMIT * left
        } else {
            LATER_LIMIT * left
        }
    }
}

/// Bytes of so much memory that are left beside the data and what the program has anyway.
pub(crate) fn beside_data(shape: &Shape, memory_bytes: u64) -> u64 {
    let cells = (shape.rows * shape.features) as u64;
    let resident = PROGRAM_BYTES.min(memory_bytes / 4) + cells * CELL_BYTES;
    memory_bytes.saturating_sub(resident)
}

/// True before any learner but the baseline was tried.
fn is_first(history: &[TrialRecord]) -> bool {
    history.iter().all(|record| record.spec.learner == BASELINE)
}
