//! Configurations beyond the portfolio: drawn around the best ones, and the best one with more time.

use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::TrialRecord;
use super::limits::{END_GAME, END_GAME_LIMIT};
use super::order::BASELINE;
use super::suggest::{Next, Search, Takes, is_brief};
use crate::learners::{self, Learner, Params, Stop};

/// Configurations drawn around the best ones of each family when the portfolio is done.
const DRAWN: usize = 1000;

/// How many times its time the best configuration may take when it is refined, at least and at most.
const LEAST_REFINED: f64 = 1.5;
const MOST_REFINED: f64 = 3.0;
/// What it may then take of the time left, so that there is some for its refit on all rows, and in seconds to predict a row.
const REFINED_FIT: f64 = 0.4;
const REFINED_PREDICT: f64 = 8e-4;

/// How the reason begins of a trial with larger or smaller models than the first.
const RESIZES: &str = "resizes";

impl Search {
    /// Towards the end the best configuration gets most of the time left, learning the slower for it; again as long as the
    /// refined one is the best.
    pub(super) fn next_refined(
        &self,
        history: &[TrialRecord],
        left: Duration,
        takes: Takes<'_>,
    ) -> Option<Next> {
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
        if !self.has_memory(learner, &params) || history.iter().any(|record| record.spec.params == params) {
            return None;
        }
        let name = drawn_name(history, learner);
        let reason = format!("refines {}", best.spec.name);
        let limit = left.mul_f64(END_GAME_LIMIT);
        Some((learner, self.spec(history, learner, name, params, limit, &reason)))
    }

    /// What the first trial of a family says of the size of its models, once.
    pub(super) fn next_resized(
        &self,
        history: &[TrialRecord],
        left: Duration,
        takes: Takes<'_>,
    ) -> Option<Next> {
        if is_brief(&self.settings) {
            return None;
        }
        for learner in self.learners.iter().copied().filter(|learner| takes(*learner)) {
            let mut own = history
                .iter()
                .filter(|record| record.spec.learner == learner.name());
            let Some((first, score)) = own.next().and_then(|first| Some((first, first.score()?))) else {
                continue;
            };
            let resized = learner.resized(&self.shape, &first.spec.params, score.rounds);
            let Some(params) = resized.filter(|_| score.stop == Stop::Converged) else {
                continue;
            };
            if own.any(|record| record.spec.reason.starts_with(RESIZES)) {
                continue;
            }
            let name = drawn_name(history, learner);
            let reason = format!("{RESIZES} {}: it took {} rounds", first.spec.name, score.rounds);
            if let Some(spec) = self.affordable(history, learner, &name, params, left, &reason) {
                return Some((learner, spec));
            }
        }
        None
    }

    /// A configuration between a drawn one and the best one of a family; families take turns, better ones more often.
    pub(super) fn next_drawn(
        &self,
        history: &[TrialRecord],
        left: Duration,
        takes: Takes<'_>,
    ) -> Option<Next> {
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
            let had_its_time = parent.score().is_some_and(|score| score.stop != Stop::Deadline);
            if had_its_time && !self.has_time_to_vary(history, learner, &params, left) {
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
