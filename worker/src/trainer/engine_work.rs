//! The engine's work in the child: bytes of files in, files and a small answer out.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use engine::plan::Prepared;
use engine::profile::Profile;
use engine::read::stream::{self, Source};
use engine::read::{Limits, ReadOptions, Table};
use engine::{Clock, Context, Device, Progress, Settings};
use serde::Serialize;
use serde_json::Value;

use super::{Failure, Reporter, assemble, predict};
use crate::protocol::Step;
use crate::work::{self, DATA_REPORT, PREPARED, PROFILE, Profiled, Scored, TABLE, TRIAL, Work};

/// What a child keeps from one piece of work to the next.
#[derive(Debug, Default)]
pub struct Trainer {
    prepared: Option<(PathBuf, Prepared)>,
}

impl Trainer {
    /// Does a piece of work.
    ///
    /// # Errors
    /// As the engine; `Internal` for files that cannot be read or written.
    pub fn handle(&mut self, work: Work, reporter: &Reporter) -> Result<Value, Failure> {
        match work {
            Work::Profile {
                source,
                file_name,
                format,
                threads,
                memory_bytes,
                out,
            } => {
                let options = ReadOptions {
                    delimiter: format.delimiter,
                    encoding: format.encoding,
                    header: format.header,
                    threads,
                    limits: Limits::within(memory_bytes),
                    ..ReadOptions::default()
                };
                profile(&source, &file_name, &options, memory_bytes, &out)
            }
            Work::Prepare {
                table,
                profile,
                settings,
                out,
            } => prepare(&table, &profile, &settings, &out),
            Work::Trial {
                prepared,
                spec,
                metric,
                threads,
                memory_bytes,
                gpu,
                limit,
                out,
            } => {
                // Reading the prepared data is part of the trial's time.
                let surroundings = Surroundings {
                    clock: Stopwatch::start(Duration::ZERO),
                    deadline: limit,
                };
                let prepared = self.prepared(prepared, memory_bytes)?;
                let pool = threads_of(threads)?;
                let progress = |progress: Progress| reporter.step(Step::from(progress));
                let told = Told::default();
                let tell = |words: String| told.add(words);
                let context = Context {
                    device: if gpu { Device::Gpu(&tell) } else { Device::Cpu },
                    ..surroundings.context(&pool, spec.seed, &progress)
                };
                let artifact = engine::train::run_trial(prepared, &spec, &context, metric)?;
                let scored = answer(&Scored {
                    score: artifact.score.clone(),
                    notes: told.into_notes(),
                })?;
                write(&out.join(TRIAL), &artifact.into_bytes()?)?;
                Ok(scored)
            }
            Work::Assemble { .. } => assemble::assemble(self, work),
            Work::Predict { .. } => predict::predict(work, reporter),
        }
    }

    /// The prepared data of the job, read at the first trial.
    pub(super) fn prepared(&mut self, path: PathBuf, memory_bytes: u64) -> Result<&Prepared, Failure> {
        let known = self.prepared.take().filter(|(known, _)| *known == path);
        let kept = match known {
            Some(kept) => kept,
            None => {
                let prepared = Prepared::from_bytes(&read(&path)?, memory_bytes)?;
                (path, prepared)
            }
        };
        Ok(&self.prepared.insert(kept).1)
    }
}

/// Reads within the memory: of a larger file an even sample of its rows, which jobs are then trained on.
fn profile(
    source: &Path,
    file_name: &str,
    options: &ReadOptions,
    memory_bytes: u64,
    out: &Path,
) -> Result<Value, Failure> {
    let unreadable = |error: io::Error| Failure::file(source, &error);
    let open = || File::open(source).map(|file| -> Box<dyn io::Read> { Box::new(file) });
    let file = Source {
        open: &open,
        size: fs::metadata(source).map_err(unreadable)?.len(),
        file_name,
        whole: &options.limits,
    };
    let sampled = stream::read_within(&file, options, memory_bytes)?;
    let profile = engine::profile::profile_sampled(
        &sampled,
        &engine::profile::Options {
            target: None,
            threads: options.threads,
        },
    )?;
    write(
        &out.join(PROFILE),
        &serde_json::to_vec(&profile).map_err(Failure::internal)?,
    )?;
    write(
        &out.join(TABLE),
        &postcard::to_stdvec(&sampled.table).map_err(Failure::internal)?,
    )?;
    let page = engine::profile::report_page(&profile, file_name, None)?;
    write(&out.join(DATA_REPORT), page.as_bytes())?;
    let columns = u32::try_from(profile.columns.len()).map_err(Failure::internal)?;
    answer(&Profiled {
        rows: profile.rows as u64,
        columns,
    })
}

fn prepare(table: &Path, profile: &Path, settings: &Settings, out: &Path) -> Result<Value, Failure> {
    let table = read_table(table)?;
    let profile: Profile = serde_json::from_slice(&read(profile)?).map_err(Failure::internal)?;
    let prepared = engine::plan::prepare(&table, &profile, settings)?;
    write(&out.join(PREPARED), &prepared.to_bytes()?)?;
    let metric = settings
        .metric
        .unwrap_or_else(|| engine::metrics::Metric::default_for(prepared.problem));
    metric.check(prepared.problem, &prepared.train.target)?;
    if let Some(goal) = settings.threshold {
        goal.check(prepared.problem)?;
    }
    answer(&work::Prepared {
        problem: prepared.problem,
        metric,
        shape: prepared.shape(),
        notes: prepared.notes.clone(),
    })
}

/// What was told of a trial: once, though every fold tells it.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Told {
    fn add(&self, words: String) {
        if let Ok(mut notes) = self.0.lock()
            && !notes.contains(&words)
        {
            notes.push(words);
        }
    }

    fn into_notes(self) -> Vec<String> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// A clock and a deadline on it.
pub(super) struct Surroundings {
    /// The job's or the trial's clock.
    pub clock: Stopwatch,
    /// Moment on it.
    pub deadline: Duration,
}

/// Nobody cancels inside the child: it is killed.
static NEVER: AtomicBool = AtomicBool::new(false);

impl Surroundings {
    /// A context on them.
    pub fn context<'a>(
        &'a self,
        pool: &'a rayon::ThreadPool,
        seed: u64,
        progress: &'a (dyn Fn(Progress) + Sync),
    ) -> Context<'a> {
        Context {
            clock: &self.clock,
            deadline: self.deadline,
            cancelled: &NEVER,
            device: Device::Cpu,
            pace: engine::Pace::default(),
            pool,
            seed,
            progress,
        }
    }
}

/// A clock that stood at `already` when it was started.
pub(super) struct Stopwatch {
    started: Instant,
    already: Duration,
}

impl Stopwatch {
    /// Starts it.
    pub fn start(already: Duration) -> Self {
        Self {
            started: Instant::now(),
            already,
        }
    }
}

impl Clock for Stopwatch {
    fn now(&self) -> Duration {
        self.already + self.started.elapsed()
    }
}

/// Threads to compute on.
pub(super) fn threads_of(threads: usize) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(Failure::internal)
}

/// Reads a table in the cache format.
pub(super) fn read_table(path: &Path) -> Result<Table, Failure> {
    let table = postcard::from_bytes(&read(path)?);
    table.map_err(|error| Failure::internal(format!("{}: {error}", path.display())))
}

/// Reads a file of the child's folder.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::file(path, &error))
}

/// Writes a file of the child's folder.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| Failure::file(path, &error))
}

/// An answer as JSON.
pub(super) fn answer(value: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(Failure::internal)
}
