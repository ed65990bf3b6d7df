//! What the platform costs beside `automl train` alone: the same table, seed and budget, one thread on one processor, real
//! training. The platform is all of it: `automl api` and `automl worker` over Postgres, Redis and S3.
//!
//! Both count the budget from their first work on the job. Alone that includes reading and profiling the file, which the
//! platform has done when the file was uploaded: what is compared is the time from the end of the preparation to the end of
//! the search, and what of it was training.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::stack::{Plan, Services};
use harness::{Process, Stack, postgres, redis};

use crate::table::{self, Alone};

/// Seconds of each job.
const BUDGET: u32 = 60;
/// Who is measured in a turn, in this order: what changes slowly weighs on both.
const TURN: [Who; 4] = [Who::Alone, Who::Platform, Who::Platform, Who::Alone];
/// Turns.
const TURNS: usize = 2;
/// What lies between the training of one trial and the start of the next on the one slot: the child writes its file, the worker
/// stores it and records the result, the next task is claimed and ordered.
const BETWEEN: &str = "SELECT coalesce(avg(gap), 0) FROM (SELECT extract(epoch FROM lead(started_at) OVER (ORDER BY started_at) - started_at) \
    - seconds AS gap FROM trial WHERE started_at IS NOT NULL) AS gaps";
/// How long a job may take.
const LIMIT: Duration = Duration::from_secs(4 * BUDGET as u64);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Alone,
    Platform,
}

/// What one run did.
struct Run {
    who: Who,
    /// Trials that gave a model.
    trials: usize,
    /// Seconds in these.
    training: f64,
    /// When the data was prepared, in seconds since the budget began to count.
    prepared: f64,
    /// When the last trial had ended.
    searched: f64,
    /// When the model was there.
    done: f64,
    /// Seconds between the training of one trial and the start of the next, the mean; the platform says it of itself.
    between: Option<f64>,
}

impl Run {
    /// Share of the search in which a trial ran.
    fn share(&self) -> f64 {
        self.training / (self.searched - self.prepared)
    }

    fn show(&self) {
        let who = if self.who == Who::Alone {
            "alone   "
        } else {
            "platform"
        };
        println!(
            "{who}: {:2} trials, {:5.2} s of training; prepared at {:.2} s, searched at {:.2} s, done at {:.2} s; a trial ran in {:.1} % of the search",
            self.trials,
            self.training,
            self.prepared,
            self.searched,
            self.done,
            100.0 * self.share()
        );
        if let Some(between) = self.between {
            println!("          {:.0} ms between two trials (mean)", 1000.0 * between);
        }
    }
}

/// Measures and prints.
pub async fn measure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let table = table::write(folder.path())?;
    let services = Services::start(
        &postgres::Options {
            is_durable: true,
            ..postgres::Options::default()
        },
        redis::Options::default(),
    );
    let processor = processor();
    match processor {
        Some(number) => println!("{BUDGET} s each; training on processor {number} only"),
        None => println!("{BUDGET} s each; taskset is missing, nothing is bound to a processor"),
    }
    let mut runs = Vec::new();
    for number in 0..TURNS * TURN.len() {
        let run = match TURN[number % TURN.len()] {
            Who::Alone => alone(&table, &folder.path().join("alone"), processor)?,
            Who::Platform => with_platform(&services, &table, processor).await?,
        };
        run.show();
        runs.push(run);
    }
    compare(&runs);
    Ok(())
}

/// The last processor, where processes can be bound to it.
fn processor() -> Option<usize> {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let works = Command::new("taskset").arg("--version").output().is_ok();
    (works && count > 1).then(|| count - 1)
}

fn alone(table: &Path, out: &Path, processor: Option<usize>) -> Result<Run> {
    let alone = Alone::run(table, out, BUDGET, processor)?;
    let trials = alone.trials()?;
    Ok(Run {
        who: Who::Alone,
        trials: trials.len(),
        training: trials.iter().sum(),
        prepared: alone.moment("prepared")?,
        searched: alone.moment("searched")?,
        done: alone.moment("assembled")?,
        between: None,
    })
}

async fn with_platform(services: &Services, table: &Path, processor: Option<usize>) -> Result<Run> {
    let program = env!("CARGO_BIN_EXE_automl");
    let part = services.part(Path::new(program));
    let mut plan = Plan::new(program, services.environment(&part));
    plan.faces = 1;
    plan.workers = 1;
    plan.set("AUTOML_MEMORY", "4GiB");
    let stack = Stack::production(&plan);
    if let Some(processor) = processor {
        bind(&stack.workers[0], processor)?;
    }
    let csv = std::fs::read(table)?;
    let dataset = stack.client().upload("table.csv", &csv).await;
    let ready = stack.client().wait_for_dataset(&dataset).await;
    ensure!(ready["state"] == "READY", "the dataset is {ready:#}");
    let job = stack
        .client()
        .start_job_on(&dataset, "y", BUDGET, "BALANCED")
        .await;
    let done = stack.client().wait_for_job(&job, LIMIT).await;
    ensure!(done["state"] == "COMPLETED", "the job is {done:#}");
    let since = |moment: &str| format!("extract(epoch FROM {moment} - job.started_at)");
    let query = format!(
        "SELECT count(*), sum(trial.seconds), {}, {}, {} FROM job JOIN trial ON trial.job_id = job.id AND trial.state = 'completed' GROUP BY job.id",
        since("search_started_at"),
        since("max(trial.finished_at)"),
        since("job.finished_at")
    );
    let rows = services.postgres.query(&part.database, &query)?;
    let row = rows.first().context("there is one job")?;
    let between = services.postgres.query(&part.database, BETWEEN)?;
    Ok(Run {
        who: Who::Platform,
        between: Some(between[0][0].parse()?),
        trials: row[0].parse()?,
        training: row[1].parse()?,
        prepared: row[2].parse()?,
        searched: row[3].parse()?,
        done: row[4].parse()?,
    })
}

/// Binds a process, and what it starts from now on, to a processor.
fn bind(process: &Process, processor: usize) -> Result<()> {
    let bound = Command::new("taskset")
        .args([
            "-a",
            "-c",
            "-p",
            &processor.to_string(),
            &process.id().to_string(),
        ])
        .output()?;
    ensure!(bound.status.success(), "taskset: {bound:?}");
    Ok(())
}

/// Each run of the platform beside the run alone that was next to it.
fn compare(runs: &[Run]) {
    let pairs: Vec<(&Run, &Run)> = runs
        .chunks_exact(2)
        .map(|pair| {
            if pair[0].who == Who::Alone {
                (&pair[0], &pair[1])
            } else {
                (&pair[1], &pair[0])
            }
        })
        .collect();
    let show = |what: &str, ratio: &dyn Fn(&Run, &Run) -> f64| {
        let mut ratios: Vec<f64> = pairs.iter().map(|(alone, with)| ratio(alone, with)).collect();
        ratios.sort_by(f64::total_cmp);
        let (low, high) = (ratios[0], ratios[ratios.len() - 1]);
        let middle = (ratios[(ratios.len() - 1) / 2] + ratios[ratios.len() / 2]) / 2.0;
        println!(
            "platform against alone, {what}: {middle:.3} (median of {}; {low:.3} to {high:.3}; bar 0.95)",
            ratios.len()
        );
    };
    show("trials", &|alone, with| with.trials as f64 / alone.trials as f64);
    show("seconds of training", &|alone, with| {
        with.training / alone.training
    });
    show("share of the search in which a trial ran", &|alone, with| {
        with.share() / alone.share()
    });
}
