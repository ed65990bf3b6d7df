//! The trials of one run in this process, one after the other or side by side.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::ThreadPool;

use super::assemble::Decision;
use super::ensemble::CANDIDATES;
use super::run::{Event, Job};
use super::trial::run_trial;
use super::{TrialArtifact, lanes};
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::metrics::Metric;
use crate::plan::Prepared;
use crate::search::{BASELINE, Finish, Outcome, Search, TrialRecord, TrialSpec};
use crate::settings::Settings;

/// How often a lane without work looks at the clock again.
const LOOK: Duration = Duration::from_millis(50);
/// Time that the baseline gets even when the budget is spent: without it there is no model at all.
const BASELINE_SECONDS: f64 = 2.0;

/// Fastest trials that are kept beside the best ones where there is a limit to the time of an answer.
const FASTEST: usize = 5;

/// The trials of one run.
pub(super) struct Trials<'a> {
    job: &'a Job<'a>,
    data: &'a Prepared,
    metric: Metric,
    state: Mutex<Tried>,
    /// A trial has ended.
    changed: Condvar,
}

/// What the trials of a run left behind.
#[derive(Default)]
pub(super) struct Tried {
    /// Every trial, in order of their numbers.
    pub history: Vec<TrialRecord>,
    /// Those that were completed, in the same order.
    pub artifacts: Vec<TrialArtifact>,
    /// What was decided and when.
    pub decisions: Vec<Decision>,
}

/// What a lane does next.
enum Next {
    /// This trial, until that moment.
    Try(Box<TrialSpec>, Duration),
    /// Nothing: for this reason the search is over.
    End(&'static str),
}

impl<'a> Trials<'a> {
    /// None yet.
    pub(super) fn new(job: &'a Job<'a>, data: &'a Prepared, metric: Metric) -> Self {
        Self {
            job,
            data,
            metric,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Runs trials until the search or the caller ends them; returns why.
    ///
    /// # Errors
    /// `Cancelled`, or `Internal` when threads cannot be started.
    pub(super) fn all(&self, pool: &ThreadPool) -> Result<&'static str, Error> {
        let lanes = self.lanes();
        let threads = (self.job.settings.threads / lanes).max(1);
        let settings = Settings {
            threads,
            ..self.job.settings.clone()
        };
        let search = Search::new(self.data.shape(), self.metric, &settings);
        if lanes == 1 {
            return self.lane(&search, pool);
        }
        let reasons = lanes::in_lanes(lanes, threads, lanes, &|_, pool| self.lane(&search, pool))?;
        reasons
            .into_iter()
            .next()
            .unwrap_or(Ok(Finish::NothingFits.words()))
    }

    /// Trials at a time. Folds fill the threads already; trials of one split go side by side, each in its share of them,
    /// which is more than they gain from all. A run that is to be the same every time does not depend on which ends first.
    fn lanes(&self) -> usize {
        if self.data.folds.len() > 1 || self.job.settings.max_trials.is_some() {
            return 1;
        }
        lanes::lanes_of(self.data, self.job.settings.threads)
    }

    /// One trial after the other.
    fn lane(&self, search: &Search, pool: &ThreadPool) -> Result<&'static str, Error> {
        loop {
            match self.next(search)? {
                Next::Try(spec, end) => self.one(&spec, end, pool),
                Next::End(reason) => return Ok(reason),
            }
        }
    }

    /// Waits while others' trials may lead to new ones.
    fn next(&self, search: &Search) -> Result<Next, Error> {
        let mut state = self.state();
        loop {
            if self.job.control.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if self.job.control.is_finishing() && !state.artifacts.is_empty() {
                return Ok(Next::End("finished on request"));
            }
            let now = self.job.clock.now();
            if let Some(finish) = search.finished(&state.history, now) {
                return Ok(Next::End(finish.words()));
            }
            if let Some(spec) = search.suggest(&state.history, now, 1).into_iter().next() {
                let end = search.end(&state.history);
                state.history.push(TrialRecord {
                    spec: spec.clone(),
                    outcome: Outcome::Open,
                });
                return Ok(Next::Try(Box::new(spec), end));
            }
            if state.history.iter().all(|record| record.outcome != Outcome::Open) {
                return Ok(Next::End(Finish::NothingFits.words()));
            }
            let waited = self.changed.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn one(&self, spec: &TrialSpec, end: Duration, pool: &ThreadPool) {
        let job = self.job;
        (job.events)(&Event::TrialStarted { spec });
        let seconds = spec.limit.as_secs_f64();
        self.decide(format!("{}: {}, at most {seconds:.1} s", spec.name, spec.reason));
        let tell = |progress: Progress| {
            let Progress { fold, round, loss } = progress;
            (job.events)(&Event::TrialProgress {
                number: spec.number,
                fold,
                round,
                loss,
            });
        };
        // Even when all time is spent there is a baseline; and it is there before anybody could stop it.
        let never = std::sync::atomic::AtomicBool::new(false);
        let first = spec.number == 0;
        let floor = Duration::from_secs_f64(BASELINE_SECONDS);
        let context = Context {
            clock: job.clock,
            deadline: if first {
                end.max(job.clock.now() + floor)
            } else {
                end
            },
            cancelled: if first { &never } else { job.control.trial_flag() },
            device: crate::Device::Cpu,
            pace: crate::Pace::default(),
            pool,
            seed: spec.seed,
            progress: &tell,
        };
        let limit = if first { spec.limit.max(floor) } else { spec.limit };
        let result = run_trial(
            self.data,
            &TrialSpec {
                limit,
                ..spec.clone()
            },
            &context,
            self.metric,
        );
        self.ended(spec, result);
    }

    /// What they left behind, when the search is over for that reason.
    pub(super) fn tried(self, reason: &str) -> Tried {
        self.decide(format!("the search ends: {reason}"));
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, spec: &TrialSpec, result: Result<TrialArtifact, Error>) {
        let (outcome, words) = match &result {
            Ok(TrialArtifact { score, .. }) => (
                Outcome::Completed(score.clone()),
                format!("{}: {} in {:.2} s", spec.name, score.score, score.seconds),
            ),
            Err(error) => {
                let reason = match error {
                    Error::Cancelled => "stopped on request".to_owned(),
                    error => error.to_string(),
                };
                let words = format!("{} failed: {reason}", spec.name);
                (Outcome::Failed { reason }, words)
            }
        };
        self.decide(words);
        let mut state = self.state();
        state.artifacts.extend(result);
        self.keep_candidates(&mut state.artifacts);
        let own = |record: &&mut TrialRecord| record.spec.number == spec.number;
        if let Some(record) = state.history.iter_mut().find(own) {
            record.outcome = outcome;
            let record = record.clone();
            let best = best(&state.history, self.metric);
            drop(state);
            (self.job.events)(&Event::TrialFinished {
                record: &record,
                best,
            });
        }
        self.changed.notify_all();
    }

    /// Drops what cannot become a member any more: a forest takes tens of megabytes, on many folds hundreds. In order of the
    /// numbers, so that nothing depends on which of several ended first.
    fn keep_candidates(&self, artifacts: &mut Vec<TrialArtifact>) {
        let loss = |artifact: &TrialArtifact| self.metric.as_loss(artifact.score.score);
        let is_baseline = |artifact: &TrialArtifact| artifact.spec.learner == BASELINE;
        let mut fastest: Vec<usize> = Vec::new();
        if self.job.settings.max_latency.is_some() {
            // A limit may leave only what is fast, and the best are often slow.
            let mut by_time: Vec<&TrialArtifact> = artifacts.iter().collect();
            by_time.sort_by(|left, right| {
                let seconds = |artifact: &TrialArtifact| artifact.score.predict_seconds_per_row;
                seconds(left).total_cmp(&seconds(right))
            });
            fastest.extend(by_time.iter().take(FASTEST).map(|artifact| artifact.spec.number));
        }
        artifacts.sort_by(|left, right| {
            let better = loss(left).total_cmp(&loss(right));
            is_baseline(right).cmp(&is_baseline(left)).then(better)
        });
        // The baseline is compared with at the end.
        let mut place = 0;
        artifacts.retain(|artifact| {
            place += 1;
            place <= CANDIDATES + 1 || fastest.contains(&artifact.spec.number)
        });
        artifacts.sort_by_key(|artifact| artifact.spec.number);
    }

    fn decide(&self, what: String) {
        let at_seconds = self.job.clock.now().as_secs_f64();
        self.state().decisions.push(Decision { at_seconds, what });
    }

    fn state(&self) -> MutexGuard<'_, Tried> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn best(history: &[TrialRecord], metric: Metric) -> Option<f64> {
    let mut best: Option<f64> = None;
    for record in history {
        let Some(score) = record.score() else { continue };
        if best.is_none_or(|best| metric.is_better(score.score, best)) {
            best = Some(score.score);
        }
    }
    best
}
