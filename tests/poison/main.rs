//! F5: work that ruins whoever does it. A worker process gets tasks whose trainer children allocate without end, abort, loop,
//! panic, fill their disk, flood their output or just go, among many good ones. Each must end dead and with the right reason,
//! after a few tries; nothing else may notice.
//!
//! Postgres, Redis, the worker process and the limits of its children are real. This program is also that worker (`worker HOME`)
//! and its trainer (`trainer`), so that no other program needs a way to misbehave.

mod pretend;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::stack::{Part, Services};
use harness::{Process, postgres, redis};
use migration::MigratorTrait;
use platform::datasets::NewDataset;
use platform::jobs::NewJob;
use platform::{Platform, Settings, accounts, datasets, jobs};
use tokio::sync::watch;
use uuid::Uuid;
use worker::{Options, Pool, Queue, trainer};

use pretend::{ENDLESS, POISONS};

/// Good tasks among the bad ones.
const GOOD: usize = 50;
/// Slots of the worker: one is kept by the endless task, the other has to do everything else.
const SLOTS: &str = "2";
/// Memory and disk of one child.
const MEMORY: &str = "512MiB";
const DISK: &str = "64MiB";
/// Seconds of the job that never ends by itself; its task may take thirty more.
const BUDGET: u32 = 5;
/// How long all of it may take, on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);
/// Tries that any task may have.
const MOST_TRIES: i64 = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = || tokio::runtime::Runtime::new();
    match words.as_slice() {
        ["trainer"] => {
            trainer::serve(pretend::handle);
            Ok(())
        }
        ["worker", home] => runtime()?.block_on(work_on(Path::new(home))),
        _ => {
            runtime()?.block_on(check())?;
            println!("poison: 1 test passed");
            Ok(())
        }
    }
}

/// The worker's side, until it is killed.
async fn work_on(home: &Path) -> Result<()> {
    let mut settings = Settings::new(home, 1, 4 << 30);
    settings.override_from(&|name| std::env::var(name).ok())?;
    let options = Options {
        program: std::env::current_exe()?,
        arguments: vec!["trainer".to_owned()],
        is_alone: false,
        queue: Queue::Cpu,
        device: "CPU".to_owned(),
        environment: Vec::new(),
        host: None,
        exit_when_idle: None,
        outlives_slots: false,
    };
    let (_stop, stopped) = watch::channel(false);
    Ok(Pool::new(Platform::open(settings).await?, options)
        .run(stopped)
        .await?)
}

/// One worker process and what is asked of it.
struct Test {
    services: Services,
    database: String,
    platform: Platform,
    worker: Process,
    home: tempfile::TempDir,
}

async fn check() -> Result<()> {
    let mut test = Test::start().await?;
    let first = test.insert("good-first").await?;
    test.wait("SELECT count(*) FROM dataset WHERE state = 'profiling'")
        .await?;
    let job = test.start_endless_job(first).await?;
    let began = Instant::now();
    for number in 0..GOOD {
        test.insert(&format!("good-{number}")).await?;
        // The bad ones come early and close together.
        if let Some(poison) = POISONS.get(number) {
            test.insert(poison.name).await?;
        }
    }
    test.wait("SELECT count(*) FROM dataset WHERE state = 'profiling'")
        .await?;
    println!(
        "{GOOD} good tasks and {} poisonous ones ended after {:.1} s",
        POISONS.len(),
        began.elapsed().as_secs_f64()
    );
    test.check_poisons()?;
    test.check_good()?;
    test.wait("SELECT count(*) FROM job WHERE finished_at IS NULL")
        .await?;
    test.check_endless(job)?;
    ensure!(test.worker.is_running(), "the worker ended");
    test.check_nothing_is_left().await?;
    let peak = harness::process::peak(test.worker.id()).context("the worker runs")?;
    println!("the worker's own peak of memory: {} MiB", peak >> 20);
    ensure!(peak < 256 << 20, "the worker itself needed much memory");
    Ok(())
}

impl Test {
    async fn start() -> Result<Self> {
        let services = Services::start(&postgres::Options::default(), redis::Options::default());
        let database = services.postgres.create_database(None)?;
        let part = Part {
            database: database.clone(),
            number: 0,
        };
        let home = tempfile::tempdir()?;
        let folder = home.path().join("home");
        std::fs::create_dir(&folder)?;
        let mut variables = services.environment(&part);
        for (name, value) in [
            ("AUTOML_SLOTS", SLOTS),
            ("AUTOML_MEMORY", MEMORY),
            ("AUTOML_SCRATCH", DISK),
        ] {
            variables.push((name.to_owned(), value.to_owned()));
        }
        let mut settings = Settings::new(&folder, 1, 4 << 30);
        // Files stay in the folder: the store is not what is tested here.
        variables.retain(|(name, _)| !name.starts_with("AUTOML_S3"));
        settings.override_from(&|name| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })?;
        let platform = Platform::open(settings).await?;
        migration::Migrator::up(platform.database.connection(), None).await?;
        let worker = Process::start(harness::process::Launch {
            program: std::env::current_exe()?,
            arguments: vec!["worker".to_owned(), folder.display().to_string()],
            environment: variables,
            log: home.path().join("worker.log"),
        });
        Ok(Self {
            services,
            database,
            platform,
            worker,
            home,
        })
    }

    async fn insert(&self, name: &str) -> Result<Uuid> {
        let file = self.home.path().join("d.csv");
        std::fs::write(&file, "a,b\n1,2\n")?;
        let new = NewDataset {
            user_id: accounts::owner(&self.platform).await?.id,
            name: name.to_owned(),
            file_name: name.to_owned(),
            upload_id: None,
            format: None,
        };
        Ok(datasets::create(&self.platform, new, &file).await?.id)
    }

    async fn start_endless_job(&self, dataset_id: Uuid) -> Result<Uuid> {
        let mut new = NewJob {
            user_id: accounts::owner(&self.platform).await?.id,
            dataset_id,
            name: "endless".to_owned(),
            target: ENDLESS.to_owned(),
            settings: Default::default(),
        };
        new.settings.budget_seconds = BUDGET;
        Ok(jobs::create(&self.platform, new).await?.id)
    }

    /// Waits until a count is 0.
    async fn wait(&mut self, count: &str) -> Result<()> {
        let began = Instant::now();
        while self.rows(count)?[0][0] != "0" {
            ensure!(self.worker.is_running(), "the worker ended");
            ensure!(began.elapsed() < LIMIT, "still not 0 after {LIMIT:?}: {count}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    fn rows(&self, query: &str) -> Result<Vec<Vec<String>>> {
        self.services.postgres.query(&self.database, query)
    }

    fn check_poisons(&self) -> Result<()> {
        for poison in POISONS {
            let name = poison.name;
            let rows = self.rows(&format!(
                "SELECT dataset.state, dataset.error, task.state, task.fence FROM dataset JOIN task ON dataset_id = dataset.id \
                 WHERE dataset.name = '{name}'"
            ))?;
            let [state, reason, task, tries] = rows[0].as_slice() else {
                anyhow::bail!("{name}: {rows:?}")
            };
            println!("{name}: {tries} tries, {reason}");
            ensure!(state == "failed" && task == "dead", "{name}: {rows:?}");
            ensure!(reason.contains(poison.reason), "{name}: {reason}");
            ensure!(tries.parse::<i64>()? <= MOST_TRIES, "{name}: {tries} tries");
        }
        Ok(())
    }

    fn check_good(&self) -> Result<()> {
        let harmed = self.rows(
            "SELECT dataset.name, dataset.state, fence FROM dataset JOIN task ON dataset_id = dataset.id \
             WHERE name LIKE 'good-%' AND (dataset.state <> 'ready' OR fence <> 1 OR failures + crashes > 0)",
        )?;
        ensure!(harmed.is_empty(), "harmed: {harmed:?}");
        let count = self.rows("SELECT count(*) FROM dataset WHERE state = 'ready'")?;
        ensure!(count[0][0] == (GOOD + 1).to_string(), "{count:?} are ready");
        Ok(())
    }

    fn check_endless(&self, job: Uuid) -> Result<()> {
        let rows = self.rows(&format!(
            "SELECT job.state, job.error, max(fence) FROM job JOIN task ON job_id = job.id WHERE job.id = '{job}' GROUP BY 1, 2"
        ))?;
        let [state, reason, tries] = rows[0].as_slice() else {
            anyhow::bail!("{rows:?}")
        };
        println!("{ENDLESS}: {tries} tries, {reason}");
        ensure!(
            state == "failed" && reason.contains("did not end within"),
            "{rows:?}"
        );
        ensure!(tries.parse::<i64>()? <= MOST_TRIES, "{tries} tries");
        Ok(())
    }

    /// No child, and no file of one, stays behind.
    async fn check_nothing_is_left(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            let children = self.worker.children();
            let folders = trainer_folders(&self.platform.settings.scratch())?;
            if children.is_empty() && folders == 0 {
                return Ok(());
            }
            ensure!(
                began.elapsed() < Duration::from_secs(30),
                "children {children:?} and {folders} folders are left"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Folders of children below the folders of workers.
fn trainer_folders(scratch: &Path) -> Result<usize> {
    let mut count = 0;
    for worker in std::fs::read_dir(scratch)? {
        let worker = worker?.path();
        if worker.is_dir() {
            count += std::fs::read_dir(worker)?.count();
        }
    }
    Ok(count)
}
