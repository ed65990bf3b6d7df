//! The whole job in one process: prepare, try, assemble, inside the budget.

use std::time::Duration;

use model::onnx;
use serde::Serialize;

use super::assemble::{Assembled, Assembly, Decision, assemble};
use super::control::Control;
use super::trial::run_trial;
use super::{TrialArtifact, holdout_frame};
use crate::context::{Clock, Context, Progress};
use crate::error::Error;
use crate::metrics::Metric;
use crate::plan::{self, Prepared};
use crate::profile::Profile;
use crate::read::Table;
use crate::search::{Finish, Outcome, Search, TrialRecord, TrialSpec};
use crate::settings::Settings;

/// Time kept at the end of the budget for writing the files.
const WRITE_SECONDS: f64 = 0.25;
/// Share of the budget kept for the same.
const WRITE_SHARE: f64 = 0.01;
/// Time that the baseline gets even when the budget is spent: without it there is no model at all.
const BASELINE_SECONDS: f64 = 2.0;

/// What a run is given.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The table that was read.
    pub table: &'a Table,
    /// Its profile.
    pub profile: &'a Profile,
    /// What the user wants.
    pub settings: &'a Settings,
    /// Time since the budget began to count.
    pub clock: &'a dyn Clock,
    /// How the caller stops it.
    pub control: &'a Control,
    /// Told of everything that happens.
    pub events: &'a (dyn Fn(&Event<'_>) + Sync),
    /// onnxruntime, to prove the ONNX file.
    pub runtime: Option<&'a onnx::Runtime>,
    /// Name and version of the program.
    pub program: &'a str,
}

/// What happens in a run. Serialises as one JSON object with `event` as tag.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// The data is prepared.
    Prepared {
        /// What is predicted.
        problem: model::ProblemType,
        /// What candidates are compared by.
        metric: Metric,
        /// Training rows.
        rows: usize,
        /// Rows kept for the end.
        holdout_rows: usize,
        /// Encoded features.
        features: usize,
        /// Folds of a trial.
        folds: usize,
        /// What was decided.
        notes: &'a [String],
    },
    /// A trial begins.
    TrialStarted {
        /// Which.
        spec: &'a TrialSpec,
    },
    /// A fit got further.
    TrialProgress {
        /// Trial number.
        number: usize,
        /// Fold.
        fold: usize,
        /// Round.
        round: usize,
        /// Validation loss.
        loss: f64,
    },
    /// A trial ended.
    TrialFinished {
        /// How.
        record: &'a TrialRecord,
        /// The best score so far.
        best: Option<f64>,
    },
    /// The search is over.
    Assembling {
        /// Why.
        reason: &'a str,
    },
}

/// A finished run.
pub struct Finished {
    /// The result.
    pub assembled: Assembled,
    /// The job's metric.
    pub metric: Metric,
    /// Every trial.
    pub history: Vec<TrialRecord>,
    /// What was decided and when.
    pub decisions: Vec<Decision>,
    /// What was decided about the data.
    pub notes: Vec<String>,
    /// When each step was done, in seconds on the job's clock.
    pub timings: Timings,
}

/// When each step was done, in seconds on the job's clock.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Timings {
    /// Data prepared.
    pub prepared: f64,
    /// Search over.
    pub searched: f64,
    /// Model assembled.
    pub assembled: f64,
}

/// Prepares, tries and assembles inside `settings.budget`.
///
/// # Errors
/// `Input` when data or settings cannot be used or nothing could be fitted, `Cancelled`, `Memory`, `Internal`.
pub fn run(job: &Job<'_>) -> Result<Finished, Error> {
    let settings = job.settings;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads.max(1))
        .build();
    let pool = pool.map_err(|error| Error::Internal(format!("threads could not be started: {error}")))?;
    let data = plan::prepare(job.table, job.profile, settings)?;
    let metric = settings
        .metric
        .unwrap_or_else(|| Metric::default_for(data.problem));
    metric.check(data.problem, &data.train.target)?;
    if let Some(goal) = settings.threshold {
        goal.check(data.problem)?;
    }
    tell_prepared(job, &data, metric);
    let prepared = job.clock.now();
    let mut trials = Trials {
        job,
        data: &data,
        metric,
        pool: &pool,
        history: Vec::new(),
        artifacts: Vec::new(),
        decisions: Vec::new(),
    };
    let reason = trials.all()?;
    let searched = job.clock.now();
    trials.decide(format!("the search ends: {reason}"));
    (job.events)(&Event::Assembling { reason });
    let assembled = trials.assemble()?;
    let Trials {
        history,
        mut decisions,
        ..
    } = trials;
    decisions.extend(assembled.decisions.iter().cloned());
    let timings = Timings {
        prepared: prepared.as_secs_f64(),
        searched: searched.as_secs_f64(),
        assembled: job.clock.now().as_secs_f64(),
    };
    Ok(Finished {
        assembled,
        metric,
        history,
        decisions,
        notes: data.notes.clone(),
        timings,
    })
}

fn tell_prepared(job: &Job<'_>, data: &Prepared, metric: Metric) {
    (job.events)(&Event::Prepared {
        problem: data.problem,
        metric,
        rows: data.train.rows,
        holdout_rows: data.holdout.rows,
        features: data.encoder.features.len(),
        folds: data.folds.len(),
        notes: &data.notes,
    });
}

/// The trials of one run, one after the other: each uses all threads.
struct Trials<'a> {
    job: &'a Job<'a>,
    data: &'a Prepared,
    metric: Metric,
    pool: &'a rayon::ThreadPool,
    history: Vec<TrialRecord>,
    artifacts: Vec<TrialArtifact>,
    decisions: Vec<Decision>,
}

impl Trials<'_> {
    /// Runs trials until the search or the caller ends them; returns why.
    fn all(&mut self) -> Result<&'static str, Error> {
        let search = Search::new(self.data.shape(), self.metric, self.job.settings);
        loop {
            if self.job.control.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if self.job.control.is_finishing() && !self.artifacts.is_empty() {
                return Ok("finished on request");
            }
            let now = self.job.clock.now();
            if let Some(finish) = search.finished(&self.history, now) {
                return Ok(finish.words());
            }
            let Some(spec) = search.suggest(&self.history, now, 1).into_iter().next() else {
                return Ok(Finish::NothingFits.words());
            };
            self.one(&spec, search.end(&self.history));
        }
    }

    fn one(&mut self, spec: &TrialSpec, end: Duration) {
        let job = self.job;
        (job.events)(&Event::TrialStarted { spec });
        self.decide(format!(
            "{}: {}, at most {:.1} s",
            spec.name,
            spec.reason,
            spec.limit.as_secs_f64()
        ));
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
        let first = self.history.is_empty();
        let floor = job.clock.now() + Duration::from_secs_f64(BASELINE_SECONDS);
        let context = Context {
            clock: job.clock,
            deadline: if first { end.max(floor) } else { end },
            cancelled: if first { &never } else { job.control.trial_flag() },
            device: crate::Device::Cpu,
            pool: self.pool,
            seed: spec.seed,
            progress: &tell,
        };
        let mut spec = spec.clone();
        if first {
            spec.limit = spec.limit.max(Duration::from_secs_f64(BASELINE_SECONDS));
        }
        let outcome = match run_trial(self.data, &spec, &context, self.metric) {
            Ok(artifact) => {
                let score = artifact.score.clone();
                self.artifacts.push(artifact);
                Outcome::Completed(score)
            }
            Err(Error::Cancelled) => Outcome::Failed {
                reason: "stopped on request".into(),
            },
            Err(error) => Outcome::Failed {
                reason: error.to_string(),
            },
        };
        let words = match &outcome {
            Outcome::Completed(score) => format!("{}: {} in {:.2} s", spec.name, score.score, score.seconds),
            Outcome::Failed { reason } => format!("{} failed: {reason}", spec.name),
            Outcome::Open => String::new(),
        };
        self.decide(words);
        self.history.push(TrialRecord { spec, outcome });
        let best = self.best();
        if let Some(record) = self.history.last() {
            (job.events)(&Event::TrialFinished { record, best });
        }
    }

    /// The final model, with some time left to write it.
    fn assemble(&self) -> Result<Assembled, Error> {
        let job = self.job;
        let holdout = holdout_frame(self.data, &job.table.frame);
        let assembly = Assembly {
            data: self.data,
            holdout: &holdout,
            artifacts: &self.artifacts,
            history: &self.history,
            metric: self.metric,
            settings: job.settings,
            data_sha256: &job.table.sha256,
            program: job.program,
            runtime: job.runtime,
        };
        let budget = job.settings.budget;
        let margin = Duration::from_secs_f64(WRITE_SECONDS + WRITE_SHARE * budget.as_secs_f64());
        let context = Context {
            clock: job.clock,
            deadline: budget.saturating_sub(margin),
            cancelled: job.control.assemble_flag(),
            device: crate::Device::Cpu,
            pool: self.pool,
            seed: job.settings.seed,
            progress: &|_| {},
        };
        assemble(&assembly, &context)
    }

    fn decide(&mut self, what: String) {
        self.decisions.push(Decision {
            at_seconds: self.job.clock.now().as_secs_f64(),
            what,
        });
    }

    fn best(&self) -> Option<f64> {
        let mut best: Option<f64> = None;
        for record in &self.history {
            let Some(score) = record.score() else { continue };
            if best.is_none_or(|best| self.metric.is_better(score.score, best)) {
                best = Some(score.score);
            }
        }
        best
    }
}
