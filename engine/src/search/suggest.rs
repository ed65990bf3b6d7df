//! Which trials come next.

use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::order::{BASELINE, Candidate, is_main, portfolio};
use super::{Finish, Outcome, Room, TrialRecord, TrialSpec, budget};
use crate::learners::{self, Learner, Params};
use crate::metrics::Metric;
use crate::plan::Shape;
use crate::settings::{Preset, Settings};

/// Share of the time left that the first real trial may use: something must be left to assemble and to compare.
const FIRST_LIMIT: f64 = 0.45;
/// Share of the time left that a later trial may use.
const LATER_LIMIT: f64 = 0.34;
/// Once less than this share of the budget is left to search, a whole fit brings more than several that are cut short.
const END_GAME: f64 = 0.35;
/// What a trial may be expected to take then of what is left, and what it may take: some is left for its refit on all rows.
const END_GAME_FIT: f64 = 0.5;
const END_GAME_LIMIT: f64 = 0.6;
/// How many times its time the best configuration may take when it is refined, at least and at most.
const LEAST_REFINED: f64 = 1.5;
const MOST_REFINED: f64 = 3.0;
/// What it may then take of the time left, so that there is some for its refit on all rows, and in seconds to predict a row.
const REFINED_FIT: f64 = 0.4;
const REFINED_PREDICT: f64 = 4e-4;
/// Share of the budget that a trial of a learner beside boosting and networks may use: such members add little to an ensemble,
/// and most of it with few trees.
const SIDE_LIMIT: f64 = 0.1;
/// A candidate that is expected to take longer than this many times its limit is not started.
const OVERLONG: f64 = 1.5;
/// A candidate that would have to be hastened to less than this share of its time is not started.
const HASTIEST: f64 = 0.2;
/// A trial shorter than this share of the budget is not worth its start.
const SHORTEST_SHARE: f64 = 0.02;
/// A family whose best loss lies behind the best by this share of the baseline's distance is given up; with few rows chance
/// adds to it, by the second figure over the root of their number.
const HOPELESS: (f64, f64) = (0.08, 2.0);
/// Configurations drawn around the best ones of each family when the portfolio is done.
const DRAWN: usize = 1000;

/// How the reason of a trial begins that refines another.
const REFINES: &str = "refines";

/// Which learners may be next.
type Takes<'a> = &'a dyn Fn(&dyn Learner) -> bool;
/// A trial and its learner.
type Next = (&'static dyn Learner, TrialSpec);

/// The ask-tell search of one job. Its answers depend on its arguments only.
pub struct Search {
    shape: Shape,
    metric: Metric,
    settings: Settings,
    learners: Vec<&'static dyn Learner>,
    portfolio: Vec<Candidate>,
}

impl Search {
    /// A search over [`learners::LEARNERS`], or those of them that the settings name.
    pub fn new(shape: Shape, metric: Metric, settings: &Settings) -> Self {
        let mut allowed = Vec::new();
        for learner in learners::LEARNERS {
            let name = learner.name();
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
        if spec.reason.starts_with(REFINES) {
            return spec.limit.min(left);
        }
        spec.limit.min(Duration::from_secs_f64(
            self.limit(&before, learner, left, expected),
        ))
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
        self.next_refined(history, left, takes)
            .or_else(|| self.next_of_portfolio(history, left, takes))
            .or_else(|| self.next_drawn(history, left, takes))
    }

    /// Towards the end the best configuration gets most of the time left, learning the slower for it; again as long as the
    /// refined one is the best.
    fn next_refined(&self, history: &[TrialRecord], left: Duration, takes: Takes<'_>) -> Option<Next> {
        let is_late = left.as_secs_f64() < END_GAME * self.settings.budget.as_secs_f64();
        if !is_late || self.settings.max_trials.is_some() || is_brief(&self.settings) {
            return None;
        }
        let best = self.families_by_loss(history, takes).into_iter().next()?;
        let learner = learners::by_name(&best.spec.learner)?;
        let score = best.score()?;
        let times = (REFINED_FIT * left.as_secs_f64() / score.seconds.max(1e-3))
            .min(REFINED_PREDICT / score.predict_seconds_per_row.max(1e-12))
            .min(MOST_REFINED);
        if times < LEAST_REFINED {
            return None;
        }
        let params = learner.refined(&self.shape, &best.spec.params, times)?;
        if learner.cost(&self.shape, &params).bytes > self.settings.memory_bytes
            || history.iter().any(|record| record.spec.params == params)
        {
            return None;
        }
        let name = drawn_name(history, learner);
        let reason = format!("{REFINES} {}", best.spec.name);
        let limit = left.mul_f64(END_GAME_LIMIT);
        Some((learner, self.spec(history, learner, name, params, limit, &reason)))
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

    /// A configuration between a drawn one and the best one of a family; families take turns, better ones more often.
    fn next_drawn(&self, history: &[TrialRecord], left: Duration, takes: Takes<'_>) -> Option<Next> {
        if is_brief(&self.settings) || history.len() > DRAWN {
            return None;
        }
        let mut rng =
            Pcg64Mcg::seed_from_u64(self.settings.seed ^ (history.len() as u64).wrapping_mul(0x9E37_79B9));
        let families = self.families_by_loss(history, takes);
        for _ in 0..8 {
            let skewed = rng.random::<f64>() * rng.random::<f64>();
            let parent = families.get((skewed * families.len() as f64) as usize)?;
            let learner = self
                .learners
                .iter()
                .copied()
                .find(|learner| learner.name() == parent.spec.learner)?;
            let drawn = learner.sample(&self.shape, &mut rng);
            let params = cross(&parent.spec.params, drawn, &mut rng);
            if history
                .iter()
                .any(|record| record.spec.learner == learner.name() && record.spec.params == params)
            {
                continue;
            }
            let name = drawn_name(history, learner);
            let reason = format!("varies {}", parent.spec.name);
            if let Some(spec) = self.affordable(history, learner, &name, params, left, &reason) {
                return Some((learner, spec));
            }
        }
        None
    }

    /// The best trial of each family that is not given up, best first.
    fn families_by_loss<'a>(&self, history: &'a [TrialRecord], takes: Takes<'_>) -> Vec<&'a TrialRecord> {
        let mut best: Vec<&TrialRecord> = Vec::new();
        for learner in &self.learners {
            if learner.name() == BASELINE || !takes(*learner) || self.is_given_up(history, *learner) {
                continue;
            }
            let scored = history
                .iter()
                .filter(|record| record.spec.learner == learner.name() && record.score().is_some());
            best.extend(scored.min_by(|left, right| self.loss(left).total_cmp(&self.loss(right))));
        }
        best.sort_by(|left, right| self.loss(left).total_cmp(&self.loss(right)));
        best
    }

    fn loss(&self, record: &TrialRecord) -> f64 {
        record
            .score()
            .map_or(f64::INFINITY, |score| self.metric.as_loss(score.score))
    }

    /// A family is given up after two failures without success, or when its best is far behind.
    fn is_given_up(&self, history: &[TrialRecord], learner: &dyn Learner) -> bool {
        let mut failures = 0;
        let mut family = f64::INFINITY;
        let mut best = f64::INFINITY;
        let mut baseline = f64::NAN;
        for record in history {
            let own = record.spec.learner == learner.name();
            match &record.outcome {
                Outcome::Completed(score) => {
                    best = best.min(score.loss);
                    if own {
                        family = family.min(score.loss);
                    }
                    if record.spec.learner == BASELINE {
                        baseline = score.loss;
                    }
                }
                Outcome::Failed { .. } if own => failures += 1,
                Outcome::Failed { .. } | Outcome::Open => {}
            }
        }
        let bound = HOPELESS.0 + HOPELESS.1 / (self.shape.rows.max(1) as f64).sqrt();
        let far_behind = family.is_finite() && (family - best) > bound * (baseline - best).abs();
        far_behind || (failures >= 2 && family.is_infinite())
    }

    /// The trial with its limit, hastened where it would not fit otherwise; `None` when it cannot fit.
    fn affordable(
        &self,
        history: &[TrialRecord],
        learner: &'static dyn Learner,
        name: &str,
        mut params: Params,
        left: Duration,
        reason: &str,
    ) -> Option<TrialSpec> {
        if learner.cost(&self.shape, &params).bytes > self.settings.memory_bytes {
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

    fn spec(
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

/// True before any learner but the baseline was tried.
fn is_first(history: &[TrialRecord]) -> bool {
    history.iter().all(|record| record.spec.learner == BASELINE)
}

/// A quick search stops at the first of each portfolio, unless somebody who saw its result wants more.
fn is_brief(settings: &Settings) -> bool {
    settings.preset == Preset::Quick && settings.seen_trials == 0
}

/// A name that no other trial has, for a configuration that is drawn.
fn drawn_name(history: &[TrialRecord], learner: &dyn Learner) -> String {
    let own = history
        .iter()
        .filter(|record| record.spec.learner == learner.name());
    let mut count = own.count();
    loop {
        count += 1;
        let name = format!("{} s{count}", learner.title());
        if history.iter().all(|record| record.spec.name != name) {
            return name;
        }
    }
}

/// Each hyperparameter of the parent is kept with probability 0.6, else it is the drawn one.
fn cross(parent: &Params, drawn: Params, rng: &mut Pcg64Mcg) -> Params {
    let mut params = Params::new();
    for (name, value) in drawn {
        let keep = rng.random::<f64>() < 0.6;
        let kept = parent.get(&name).filter(|_| keep).cloned();
        params.insert(name, kept.unwrap_or(value));
    }
    params
}
