//! `make bench-pool`: what the pool adds to the work itself. Postgres, Redis and the worker processes are real; where this
//! machine has too few cores for several workers, their trials sleep for durations that were recorded on it.
//!
//! This program is also its own worker (`worker HOME DURATIONS`) and its own trainer (`trainer DURATIONS`). `pool` and `cost`
//! as an argument measure one half only.

mod cost;
mod table;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use engine::learners::Stop;
use engine::metrics::Metric;
use engine::plan::Shape;
use engine::search::Score;
use harness::stack::Services;
use harness::{postgres, redis};
use migration::MigratorTrait;
use model::ProblemType;
use platform::datasets::NewDataset;
use platform::jobs::NewJob;
use platform::{Platform, Settings, accounts, datasets, jobs};
use serde_json::{Value, json};
use tokio::sync::watch;
use worker::trainer::{self, Failure};
use worker::work::{self, Work};
use worker::{Options, Pool, Queue};

use crate::table::{Alone, ROWS};

/// Seconds of each search.
const BUDGET: u32 = 30;
/// Profiles that are timed from the insert to the start of the work, and the pause between two.
const STARTS: (usize, Duration) = (300, Duration::from_millis(40));
/// Turns of the comparison of one worker with four.
const TURNS: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["trainer", durations] => {
            let durations = read(durations)?;
            trainer::serve(|work, _| replay(work, &durations));
            Ok(())
        }
        ["worker", home, durations] => block_on(work_on(Path::new(home), durations)),
        // `cargo bench` adds an argument of its own.
        ["pool", ..] => block_on(measure()),
        ["cost", ..] => block_on(cost::measure()),
        _ => {
            block_on(measure())?;
            block_on(cost::measure())
        }
    }
}

fn block_on(future: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(future)
}

async fn measure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let table = table::write(folder.path())?;
    let durations = folder.path().join("durations.json");
    let alone = Alone::run(&table, &folder.path().join("alone"), BUDGET, None)?.trials()?;
    std::fs::write(&durations, serde_json::to_vec(&alone)?)?;
    println!(
        "{} trials of `automl train` alone in {BUDGET} s on one thread ({ROWS} rows); their durations are replayed below",
        alone.len()
    );

    let mut ratios = Vec::new();
    for _ in 0..TURNS {
        let one = Bench::start(1, &durations).await?.trials().await?;
        let four = Bench::start(4, &durations).await?.trials().await?;
        for (workers, done) in [(1, &one), (4, &four)] {
            println!(
                "{workers} at work: {} trials, {:.1} s of training in {:.1} s of search",
                done.trials, done.training, done.search
            );
        }
        ratios.push(four.rate() / one.rate());
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "4 workers against 1: {:.2} times the recorded training a second of search (median of {TURNS}; {:.2} to {:.2}; bar 3.2)",
        ratios[TURNS / 2],
        ratios[0],
        ratios[TURNS - 1]
    );
    let waits = Bench::start(4, &durations).await?.starts().await?;
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!(
        "insert to start of the work, a fresh child included: median {:.0} ms, p95 {:.0} ms, p99 {:.0} ms of {} (bar 100 ms)",
        at(0.5),
        at(0.95),
        at(0.99),
        waits.len()
    );
    Ok(())
}

/// What a search did. Trials differ in length and the last one ends when it ends, so that seconds are compared with seconds.
struct Done {
    trials: i64,
    /// Recorded seconds of the trials.
    training: f64,
    /// From the first trial that was handed out to the end of the last.
    search: f64,
}

impl Done {
    fn rate(&self) -> f64 {
        self.training / self.search
    }
}

/// A pool of so many workers with one slot each, and what is asked of it.
struct Bench {
    services: Services,
    database: String,
    platform: Platform,
    workers: Vec<Child>,
    home: tempfile::TempDir,
}

impl Drop for Bench {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            // It may have ended by itself.
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}

impl Bench {
    async fn start(workers: usize, durations: &Path) -> Result<Self> {
        let services = Services::start(&postgres::Options::default(), redis::Options::default());
        let database = services.postgres.create_database(None)?;
        let home = tempfile::tempdir()?;
        let variables = [
            ("AUTOML_DATABASE_URL", services.postgres.url(&database)),
            ("AUTOML_REDIS_URL", services.redis.url(0)),
        ];
        let platform = open(home.path(), &|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone())
        })
        .await?;
        migration::Migrator::up(platform.database.connection(), None).await?;
        let mut started = Vec::new();
        for _ in 0..workers {
            let worker = Command::new(std::env::current_exe()?)
                .arg("worker")
                .arg(home.path())
                .arg(durations)
                .envs(variables.iter().map(|(name, value)| (name, value)))
                .stderr(Stdio::null())
                .spawn()?;
            started.push(worker);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(Self {
            services,
            database,
            platform,
            workers: started,
            home,
        })
    }

    /// What the search of one job did.
    async fn trials(self) -> Result<Done> {
        let user_id = accounts::owner(&self.platform).await?.id;
        let dataset_id = self.dataset().await?;
        let mut new = NewJob {
            user_id,
            dataset_id: dataset_id.parse()?,
            name: "j".to_owned(),
            target: "b".to_owned(),
            settings: Default::default(),
        };
        new.settings.budget_seconds = BUDGET;
        jobs::create(&self.platform, new).await?;
        let began = Instant::now();
        while self.number("SELECT count(*) FROM job WHERE finished_at IS NULL")? > 0 {
            ensure!(
                began.elapsed() < Duration::from_secs(u64::from(BUDGET) * 3),
                "the job does not end"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let ended = self
            .services
            .postgres
            .query(&self.database, "SELECT state, error FROM job")?;
        ensure!(ended[0][0] == "completed", "the job ended so: {ended:?}");
        let query = "SELECT count(*), sum(trial.seconds), extract(epoch FROM max(trial.finished_at) - job.search_started_at) \
            FROM job JOIN trial ON trial.job_id = job.id AND trial.state = 'completed' GROUP BY job.id";
        let rows = self.services.postgres.query(&self.database, query)?;
        let row = rows.first().context("no trial was completed")?;
        Ok(Done {
            trials: row[0].parse()?,
            training: row[1].parse()?,
            search: row[2].parse()?,
        })
    }

    /// Milliseconds from the insert of a task to the start of its work, in order.
    async fn starts(self) -> Result<Vec<f64>> {
        for _ in 0..STARTS.0 {
            self.insert().await?;
            tokio::time::sleep(STARTS.1).await;
        }
        let began = Instant::now();
        while self.number("SELECT count(*) FROM dataset WHERE state <> 'ready'")? > 0 {
            ensure!(
                began.elapsed() < Duration::from_secs(60),
                "the profiles do not end"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        // The made-up number of rows says when the work began, in microseconds since 1970.
        let waits =
            "SELECT row_count / 1000.0 - extract(epoch FROM created_at) * 1000 FROM dataset ORDER BY 1";
        let rows = self.services.postgres.query(&self.database, waits)?;
        rows.iter().map(|row| Ok(row[0].parse()?)).collect()
    }

    async fn dataset(&self) -> Result<String> {
        let id = self.insert().await?;
        while self.number("SELECT count(*) FROM dataset WHERE state <> 'ready'")? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(id)
    }

    async fn insert(&self) -> Result<String> {
        let file = self.home.path().join("d.csv");
        std::fs::write(&file, "a,b\n1,2\n")?;
        let new = NewDataset {
            user_id: accounts::owner(&self.platform).await?.id,
            name: "d".to_owned(),
            file_name: "d.csv".to_owned(),
            upload_id: None,
            format: None,
        };
        Ok(datasets::create(&self.platform, new, &file).await?.id.to_string())
    }

    fn number(&self, query: &str) -> Result<i64> {
        let rows = self.services.postgres.query(&self.database, query)?;
        Ok(rows[0][0].parse()?)
    }
}

async fn open(home: &Path, variable: &(dyn Fn(&str) -> Option<String> + Sync)) -> Result<Platform> {
    let mut settings = Settings::new(home, 1, 4 << 30);
    settings.override_from(&|name| variable(name))?;
    settings.slots = 1;
    Ok(Platform::open(settings).await?)
}

/// The worker's side, until it is killed.
async fn work_on(home: &Path, durations: &str) -> Result<()> {
    let platform = open(home, &|name| std::env::var(name).ok()).await?;
    let options = Options {
        program: std::env::current_exe()?,
        arguments: vec!["trainer".to_owned(), durations.to_owned()],
        environment: Vec::new(),
        is_alone: false,
        queue: Queue::Cpu,
        device: "CPU".to_owned(),
        host: None,
        exit_when_idle: None,
        outlives_slots: false,
    };
    let (_stop, stopped) = watch::channel(false);
    Ok(Pool::new(platform, options).run(stopped).await?)
}

fn read(durations: &str) -> Result<Vec<f64>> {
    Ok(serde_json::from_slice(&std::fs::read(durations)?)?)
}

/// The trainer's side: takes as long as the recorded trial of that number did.
fn replay(work: Work, durations: &[f64]) -> Result<Value, Failure> {
    let write = |out: &Path, names: &[&str]| {
        let mut files = names.iter().map(|name| std::fs::write(out.join(name), *name));
        files.try_for_each(|written| written.map_err(Failure::internal))
    };
    let answer = match work {
        Work::Profile { out, .. } => {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let rows = now.map_err(Failure::internal)?.as_micros() as u64;
            write(&out, &[work::PROFILE, work::TABLE, work::DATA_REPORT])?;
            serde_json::to_value(work::Profiled { rows, columns: 2 })
        }
        Work::Predict { .. } => return Err(Failure::internal("this bench asks for no predictions")),
        Work::Prepare { out, .. } => {
            write(&out, &[work::PREPARED])?;
            serde_json::to_value(prepared())
        }
        Work::Trial { spec, out, .. } => {
            let seconds = durations[spec.number % durations.len()];
            std::thread::sleep(Duration::from_secs_f64(seconds));
            write(&out, &[work::TRIAL])?;
            let (score, notes) = (score(spec.number, seconds), Vec::new());
            serde_json::to_value(work::Scored { score, notes })
        }
        Work::Assemble { out, .. } => {
            let names: Vec<&str> = worker::tasks::FILES.iter().map(|file| file.name).collect();
            write(&out, &names)?;
            serde_json::to_value(assembled())
        }
    };
    answer.map_err(Failure::internal)
}

fn prepared() -> work::Prepared {
    work::Prepared {
        problem: ProblemType::Binary,
        metric: Metric::RocAuc,
        shape: Shape {
            rows: ROWS * 4 / 5,
            features: 20,
            categories: 2,
            classes: 2,
            folds: 1,
            problem: ProblemType::Binary,
        },
        notes: Vec::new(),
    }
}

/// Each trial is a little better than the one before, so that the search goes on to its end.
fn score(number: usize, seconds: f64) -> Score {
    let gain = (number as f64 + 1.0).ln() / 20.0;
    Score {
        score: 0.6 + gain,
        loss: 0.7 - gain,
        fold_scores: vec![0.6 + gain],
        seconds,
        rounds: 100,
        stop: Stop::Converged,
        predict_seconds_per_row: 1e-6,
        curve: vec![(1, 0.7), (100, 0.7 - gain)],
    }
}

fn assembled() -> work::Assembled {
    work::Assembled {
        problem: ProblemType::Binary,
        classes: vec!["0".to_owned(), "1".to_owned()],
        inputs: Vec::new(),
        evaluation: json!({}),
        members: Vec::new(),
        certificate: None,
        onnx_withheld: Some("made up".to_owned()),
        notes: Vec::new(),
    }
}
