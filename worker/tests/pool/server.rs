//! A server of these tests, and what can be asked of it.

use std::time::{Duration, Instant};

use entities::{dataset, job, model as model_row, task, trial};
use migration::MigratorTrait;
use platform::datasets::NewDataset;
use platform::jobs::NewJob;
use platform::{Platform, Settings, accounts, datasets, jobs};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;
use worker::{Options, Pool};

use crate::pretend::UNLUCKY;

/// A server on a temporary home.
pub struct Server {
    _home: TempDir,
    pub platform: Platform,
    pub arguments: Vec<String>,
    pub exit_when_idle: Option<Duration>,
    pub outlives_slots: bool,
    running: Option<(watch::Sender<bool>, JoinHandle<()>)>,
    user_id: Uuid,
}

impl Server {
    pub async fn start(mode: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(home.path(), 2, 4 << 30);
        settings.poll = Duration::from_secs(1);
        let platform = Platform::open(settings).await.unwrap();
        migration::Migrator::up(platform.database.connection(), None)
            .await
            .unwrap();
        let user_id = accounts::owner(&platform).await.unwrap().id;
        let mut arguments = vec!["trainer".to_owned(), mode.to_owned()];
        if mode == UNLUCKY {
            arguments.push(home.path().join("memory").display().to_string());
        }
        let mut server = Self {
            _home: home,
            platform,
            arguments,
            exit_when_idle: None,
            outlives_slots: false,
            running: None,
            user_id,
        };
        server.start_pool();
        server
    }

    pub fn start_pool(&mut self) {
        let (stop, stopped) = watch::channel(false);
        let program = std::env::current_exe().unwrap();
        let options = Options {
            program,
            arguments: self.arguments.clone(),
            environment: Vec::new(),
            is_alone: true,
            queue: worker::Queue::Cpu,
            device: "CPU".to_owned(),
            host: None,
            exit_when_idle: self.exit_when_idle,
            outlives_slots: self.outlives_slots,
        };
        let pool = Pool::new(self.platform.clone(), options);
        let running = tokio::spawn(async move { pool.run(stopped).await.unwrap() });
        self.running = Some((stop, running));
    }

    /// As the end of a process would: nothing is given back.
    pub async fn kill(&mut self) {
        let (_stop, running) = self.running.take().unwrap();
        running.abort();
        let _ = running.await;
    }

    pub async fn stop(&mut self) {
        let (stop, running) = self.running.take().unwrap();
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(10), running)
            .await
            .expect("a drained pool ends")
            .unwrap();
    }

    /// Waits until the pool has ended by itself.
    pub async fn wait_for_pool(&mut self, limit: Duration) {
        let (_stop, running) = self.running.take().unwrap();
        tokio::time::timeout(limit, running)
            .await
            .expect("an idle pool ends")
            .unwrap();
    }

    pub async fn dataset(&self) -> dataset::Model {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a,b\n1,2\n").unwrap();
        let new = NewDataset {
            user_id: self.user_id,
            name: "d".to_owned(),
            file_name: "d.csv".to_owned(),
            upload_id: None,
            format: None,
        };
        let id = datasets::create(&self.platform, new, file.path())
            .await
            .unwrap()
            .id;
        let began = Instant::now();
        loop {
            let row = dataset::Entity::find_by_id(id)
                .one(self.platform.database.connection())
                .await
                .unwrap();
            let row = row.unwrap();
            if row.state.is_terminal() {
                return row;
            }
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "the dataset stays {:?}",
                row.state
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn create_job(&self, max_trials: u32) -> Uuid {
        let dataset = self.dataset().await;
        let new = NewJob {
            user_id: self.user_id,
            dataset_id: dataset.id,
            name: "j".to_owned(),
            target: "b".to_owned(),
            settings: job::JobSettings {
                budget_seconds: 600,
                seed: 1,
                max_trials: Some(max_trials),
                ..job::JobSettings::default()
            },
        };
        jobs::create(&self.platform, new).await.unwrap().id
    }

    pub async fn job(&self, id: Uuid) -> job::Model {
        job::Entity::find_by_id(id)
            .one(self.platform.database.connection())
            .await
            .unwrap()
            .unwrap()
    }

    /// Waits until the job is over; its version must rise with every change seen.
    pub async fn end(&self, id: Uuid, within: Duration) -> job::Model {
        let began = Instant::now();
        let mut seen = self.job(id).await;
        loop {
            let row = self.job(id).await;
            assert!(
                row.version > seen.version || row == seen,
                "{seen:?} became {row:?}"
            );
            if row.state.is_terminal() {
                return row;
            }
            assert!(began.elapsed() < within, "the job stays {:?}", row.state);
            seen = row;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn trials(&self, id: Uuid) -> Vec<trial::Model> {
        let rows = trial::Entity::find()
            .filter(trial::Column::JobId.eq(id))
            .order_by_asc(trial::Column::Number);
        rows.all(self.platform.database.connection()).await.unwrap()
    }

    pub async fn wait_for_running_trial(&self, id: Uuid, number: i32) {
        let began = Instant::now();
        loop {
            let running = |row: &trial::Model| row.number == number && row.state == trial::State::Running;
            if self
                .trials(id)
                .await
                .iter()
                .any(|row| running(row) && row.rounds == Some(1))
            {
                return;
            }
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "trial {number} does not run"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What must hold when a job is over, however it ended.
    pub async fn check_over(&self, id: Uuid) {
        let connection = self.platform.database.connection();
        let row = self.job(id).await;
        assert!(row.state.is_terminal() && row.finished_at.is_some());
        for trial in self.trials(id).await {
            assert!(
                trial.state.is_terminal(),
                "trial {} is {:?}",
                trial.number,
                trial.state
            );
        }
        let models = model_row::Entity::find()
            .filter(model_row::Column::JobId.eq(id))
            .all(connection)
            .await
            .unwrap();
        assert_eq!(models.len(), usize::from(row.state == job::State::Completed));
        // A trial that was cancelled by the end of the search may still be dying.
        let began = Instant::now();
        loop {
            let tasks = task::Entity::find()
                .filter(task::Column::JobId.eq(id))
                .all(connection)
                .await
                .unwrap();
            let open: Vec<_> = tasks.iter().filter(|task| !task.state.is_terminal()).collect();
            if open.is_empty() {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(3), "open tasks: {open:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn children(&self) -> usize {
        let mut count = 0;
        for entry in std::fs::read_dir(self.platform.settings.scratch()).unwrap() {
            let worker = entry.unwrap().path();
            if worker.is_dir() {
                count += std::fs::read_dir(worker).unwrap().count();
            }
        }
        count
    }
}
