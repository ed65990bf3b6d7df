//! Which trials come next.

use std::time::Duration;

use super::order::{BASELINE, Candidate, portfolio};
use super::{Finish, Outcome, Room, TrialRecord, TrialSpec, budget};
use crate::learners::{self, Learner, Params};
use crate::metrics::Metric;
use crate::plan::Shape;
use crate::settings::{Preset, Settings};

/// A trial shorter than this share of the budget is not worth its start.
const SHORTEST_SHARE: f64 = 0.02;
/// A family whose best loss lies behind the best by this share of the baseline's distance is given up; with few rows chance
/// adds to it, by the second figure over the root of their number.
const HOPELESS: (f64, f64) = (0.08, 2.0);
/// So is one whose best loss is this many times the best; with few rows more, by the second figure over the root of their number. Where
/// little of the baseline's loss is left, the distance from it tells nothing.
const HOPELESS_TIMES: (f64, f64) = (1.5, 10.0);
/// The same for a family whose further configurations wait until those of better ones are tried, and then take turns with variations.
const LAGGING: (f64, f64) = (0.025, 2.0);
/// Configurations of a family, or the share of the budget that they took, before it is given up.
const LEAST_TRIED: usize = 3;
const LEAST_TRIED_SHARE: f64 = 0.05;
/// Which learners may be next.
pub(super) type Takes<'a> = &'a dyn Fn(&dyn Learner) -> bool;
/// A trial and its learner.
pub(super) type Next = (&'static dyn Learner, TrialSpec);

/// The ask-tell search of one job. Its answers depend on its arguments only.
pub struct Search {
    pub(super) shape: Shape,
    pub(super) metric: Metric,
    pub(super) settings: Settings,
    pub(super) learners: Vec<&'static dyn Learner>,
    portfolio: Vec<Candidate>,
}

impl Search {
    /// A search over [`learners::LEARNERS`], or those of them that the settings name.
    pub fn new(shape: Shape, metric: Metric, settings: &Settings) -> Self {
        let mut allowed = Vec::new();
        for learner in learners::LEARNERS {
            let name = learner.name();
            let is_bound = !settings.monotone.is_empty() && !learner.keeps_monotone();
            if is_bound || metric.is_of_outer_quantile() && !learner.aims_at_quantiles() {
                continue;
            }
            if name == BASELINE
                || settings.learners.is_empty()
                || settings.learners.iter().any(|item| item == name)
            {
                allowed.push(*learner);
            }
        }
        let mut portfolio = portfolio(&allowed, &shape);
        if is_brief(settings) {
            portfolio.retain(|candidate| candidate.place < 2);
        }
        Self {
            shape,
            metric,
            settings: settings.clone(),
            learners: allowed,
            portfolio,
        }
    }

    /// Moment on the job's clock after which no trial may run: the budget less what assembling needs.
    pub fn end(&self, history: &[TrialRecord]) -> Duration {
        self.settings
            .budget
            .saturating_sub(budget::reserve(&self.shape, &self.settings, history))
    }

    /// The next trials, at most `slots`. Empty: wait for open trials, or, without any, the search is finished.
    /// `history` holds every trial suggested so far in order of their numbers; `now` is on the job's clock.
    pub fn suggest(&self, history: &[TrialRecord], now: Duration, slots: usize) -> Vec<TrialSpec> {
        self.suggest_into(history, now, Room::new(slots))
    }

    /// The same where some of the slots have a GPU.
    pub fn suggest_into(&self, history: &[TrialRecord], now: Duration, room: Room) -> Vec<TrialSpec> {
        let mut room = room;
        let mut known = history.to_vec();
        let mut specs = Vec::new();
        while !room.is_full() && self.stopped(&known, now).is_none() {
            let Some((learner, spec)) = self.next(&known, now, &|learner| room.has(learner)) else {
                break;
            };
            room = room.less(learner);
            known.push(TrialRecord {
                spec: spec.clone(),
                outcome: Outcome::Open,
            });
            specs.push(spec);
        }
        specs
    }

    /// Why nothing more will be suggested; `None` while there is, or may be, something to do.
    pub fn finished(&self, history: &[TrialRecord], now: Duration) -> Option<Finish> {
        let open = history.iter().any(|record| record.outcome == Outcome::Open);
        if open && now < self.end(history) {
            return None;
        }
        self.stopped(history, now).or_else(|| {
            self.next(history, now, &|_| true)
                .is_none()
                .then_some(Finish::NothingFits)
        })
    }

    fn stopped(&self, history: &[TrialRecord], now: Duration) -> Option<Finish> {
        if history.is_empty() {
            return None;
        }
        if self
            .settings
            .max_trials
            .is_some_and(|limit| history.len() >= limit.max(1))
        {
            return Some(Finish::TrialLimit);
        }
        if now >= self.end(history) {
            return Some(Finish::TimeReserved);
        }
        (self.trials_without_gain(history) >= self.patience()).then_some(Finish::Converged)
    }

    /// Trials to wait for an improvement, as AutoGluon 1.5 has it by rows: on few rows more trials fit noise.
    fn patience(&self) -> usize {
        let patience = match self.shape.rows {
            0..100 => 6,
            100..500 => 10,
            500..2_500 => 18,
            2_500..10_000 => 40,
            _ => 100,
        };
        if self.settings.preset == Preset::Best {
            patience * 2
        } else {
            patience
        }
    }

    fn trials_without_gain(&self, history: &[TrialRecord]) -> usize {
        let mut best: Option<f64> = None;
        let mut since = 0;
        for record in history {
            let Outcome::Completed(score) = &record.outcome else {
                continue;
            };
            if record.spec.number >= self.settings.seen_trials {
                since += 1;
            }
            if best.is_none_or(|best| self.metric.is_better(score.score, best)) {
                best = Some(score.score);
                since = 0;
            }
        }
        since
    }

    /// The next trial among the learners that `takes` lets through, and its learner.
    fn next(&self, history: &[TrialRecord], now: Duration, takes: Takes<'_>) -> Option<Next> {
        let left = self.end(history).saturating_sub(now);
        if history.is_empty() {
            let learner = self
                .learners
                .iter()
                .copied()
                .find(|learner| learner.name() == BASELINE && takes(*learner))?;
            let params = learner
                .portfolio(&self.shape)
                .into_iter()
                .next()
                .unwrap_or_default();
            let reason = "what knowing nothing is worth";
            let spec = self.spec(history, learner, learner.title().to_owned(), params, left, reason);
            return Some((learner, spec));
        }
        if left.as_secs_f64() < SHORTEST_SHARE * self.settings.budget.as_secs_f64() {
            return None;
        }
        let leading = |learner: &dyn Learner| takes(learner) && !self.is_lagging(history, learner);
        let foremost = self
            .next_refined(history, left, takes)
            .or_else(|| self.next_resized(history, left, takes))
            .or_else(|| self.next_of_portfolio(history, left, &leading));
        if foremost.is_some() {
            return foremost;
        }
        let lagging = || self.next_of_portfolio(history, left, takes);
        let drawn = || self.next_drawn(history, left, takes);
        if history.len().is_multiple_of(2) {
            lagging().or_else(drawn)
        } else {
            drawn().or_else(lagging)
        }
    }

    fn next_of_portfolio(&self, history: &[TrialRecord], left: Duration, takes: Takes<'_>) -> Option<Next> {
        for candidate in &self.portfolio {
            if !takes(candidate.learner) {
                continue;
            }
            let name = format!("{} {}", candidate.learner.title(), candidate.place + 1);
            if history.iter().any(|record| record.spec.name == name)
                || self.is_given_up(history, candidate.learner)
            {
                continue;
            }
            let reason = "next of the portfolio";
            if let Some(spec) = self.affordable(
                history,
                candidate.learner,
                &name,
                candidate.params.clone(),
                left,
                reason,
            ) {
                return Some((candidate.learner, spec));
            }
        }
        None
    }

    pub(super) fn loss(&self, record: &TrialRecord) -> f64 {
        record
            .score()
            .map_or(f64::INFINITY, |score| self.metric.as_loss(score.score))
    }

    /// A family is given up after two failures without success, or when the best of several is far behind; one that took long is
    /// several.
    pub(super) fn is_given_up(&self, history: &[TrialRecord], learner: &dyn Learner) -> bool {
        let standing = Standing::of(history, learner);
        let took_long = standing.seconds >= LEAST_TRIED_SHARE * self.settings.budget.as_secs_f64();
        let is_tried = standing.tried >= LEAST_TRIED || took_long;
        let is_far = standing.is_behind(HOPELESS, self.shape.rows)
            || standing.is_multiple(HOPELESS_TIMES, self.shape.rows);
        is_tried && is_far || (standing.failures >= 2 && standing.family.is_infinite())
    }

    /// Whether the first trials of a family say that others bring more for their time.
    fn is_lagging(&self, history: &[TrialRecord], learner: &dyn Learner) -> bool {
        let standing = Standing::of(history, learner);
        standing.tried > 0 && standing.is_behind(LAGGING, self.shape.rows)
    }

    pub(super) fn spec(
        &self,
        history: &[TrialRecord],
        learner: &dyn Learner,
        name: String,
        params: Params,
        limit: Duration,
        reason: &str,
    ) -> TrialSpec {
        // Trials that a search cut short are forgotten when it goes on: their numbers are not given again.
        let number = history.last().map_or(0, |record| record.spec.number + 1);
        TrialSpec {
            number,
            name,
            learner: learner.name().to_owned(),
            params,
            seed: self.settings.seed.wrapping_add(1 + number as u64),
            limit,
            reason: reason.to_owned(),
        }
    }
}

/// How a family of learners did so far; losses are infinite without trials.
struct Standing {
    tried: usize,
    failures: usize,
    seconds: f64,
    /// Its best loss.
    family: f64,
    /// The best loss of all.
    best: f64,
    baseline: f64,
}

impl Standing {
    fn of(history: &[TrialRecord], learner: &dyn Learner) -> Self {
        let mut standing = Self {
            tried: 0,
            failures: 0,
            seconds: 0.0,
            family: f64::INFINITY,
            best: f64::INFINITY,
            baseline: f64::NAN,
        };
        for record in history {
            let own = record.spec.learner == learner.name();
            match &record.outcome {
                Outcome::Completed(score) => {
                    standing.best = standing.best.min(score.loss);
                    if own {
                        standing.family = standing.family.min(score.loss);
                        standing.tried += 1;
                        standing.seconds += score.seconds;
                    }
                    if record.spec.learner == BASELINE {
                        standing.baseline = score.loss;
                    }
                }
                Outcome::Failed { .. } if own => standing.failures += 1,
                Outcome::Failed { .. } | Outcome::Open => {}
            }
        }
        standing
    }

    /// Behind the best by more than a share of the baseline's distance, and more on few rows.
    fn is_behind(&self, (share, chance): (f64, f64), rows: usize) -> bool {
        let bound = share + chance / (rows.max(1) as f64).sqrt();
        self.family - self.best > bound * (self.baseline - self.best).abs()
    }

    /// More than a multiple of the best, which is larger on few rows.
    fn is_multiple(&self, (times, chance): (f64, f64), rows: usize) -> bool {
        let times = times + chance / (rows.max(1) as f64).sqrt();
        self.best > 0.0 && self.family > times * self.best
    }
}

/// A quick search stops at the first of each portfolio, unless somebody who saw its result wants more.
pub(super) fn is_brief(settings: &Settings) -> bool {
    settings.preset == Preset::Quick && settings.seen_trials == 0
}
