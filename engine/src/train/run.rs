//! The whole job in one process: prepare, try, assemble, inside the budget.

use std::time::Duration;

use model::onnx;
use rayon::ThreadPool;
use serde::Serialize;

use super::assemble::{Assembled, Assembly, Decision, assemble};
use super::control::Control;
use super::trials::{Trials, Tried};
use super::{TrialArtifact, holdout_frame, lanes, latency};
use crate::context::{Clock, Context};
use crate::error::Error;
use crate::metrics::Metric;
use crate::plan::{self, Prepared};
use crate::profile::Profile;
use crate::read::Table;
use crate::search::{TrialRecord, TrialSpec};
use crate::settings::Settings;

/// Time kept at the end of the budget for writing the files.
const WRITE_SECONDS: f64 = 0.25;
/// Share of the budget kept for the same.
const WRITE_SHARE: f64 = 0.01;

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
    let pool = lanes::pool(settings.threads)?;
    let (data, metric) = prepare(job)?;
    let prepared = job.clock.now();
    let trials = Trials::new(job, &data, metric);
    let reason = trials.all(&pool)?;
    let searched = job.clock.now();
    let Tried {
        history,
        artifacts,
        mut decisions,
    } = trials.tried(reason);
    (job.events)(&Event::Assembling { reason });
    let assembled = assembled(job, &data, metric, &history, &artifacts, &pool)?;
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

/// Prepares the data, and checks that metric and goal belong to it.
pub(super) fn prepare(job: &Job<'_>) -> Result<(Prepared, Metric), Error> {
    let settings = job.settings;
    let data = plan::prepare(job.table, job.profile, settings)?;
    let metric = settings
        .metric
        .unwrap_or_else(|| Metric::default_for(data.problem));
    metric.check(data.problem, &data.train.target)?;
    if let Some(goal) = settings.threshold {
        goal.check(data.problem)?;
    }
    if let Some(limit) = settings.max_latency {
        latency::check_limit(limit)?;
    }
    (job.events)(&Event::Prepared {
        problem: data.problem,
        metric,
        rows: data.train.rows,
        holdout_rows: data.holdout.rows,
        features: data.encoder.features.len(),
        folds: data.folds.len(),
        notes: &data.notes,
    });
    Ok((data, metric))
}

/// The final model, with some time left to write it.
fn assembled(
    job: &Job<'_>,
    data: &Prepared,
    metric: Metric,
    history: &[TrialRecord],
    artifacts: &[TrialArtifact],
    pool: &ThreadPool,
) -> Result<Assembled, Error> {
    let holdout = holdout_frame(data, &job.table.frame);
    let assembly = Assembly {
        data,
        holdout: &holdout,
        artifacts,
        history,
        metric,
        settings: job.settings,
        data_sha256: &job.table.sha256,
        program: job.program,
        runtime: job.runtime,
    };
    let context = Context {
        clock: job.clock,
        deadline: deadline(job.settings.budget),
        cancelled: job.control.assemble_flag(),
        device: crate::Device::Cpu,
        pace: crate::Pace::default(),
        pool,
        seed: job.settings.seed,
        progress: &|_| {},
    };
    assemble(&assembly, &context)
}

/// When the model has to be there, so that a budget is enough to write it too.
pub(super) fn deadline(budget: Duration) -> Duration {
    budget.saturating_sub(Duration::from_secs_f64(
        WRITE_SECONDS + WRITE_SHARE * budget.as_secs_f64(),
    ))
}
