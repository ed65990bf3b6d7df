//! A platform with one person, jobs that have ended, and senders over a double of SES.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entities::job::{JobSettings, Notes};
use entities::{dataset, job, mail, step, user};
use migration::MigratorTrait;
use platform::database::now;
use platform::mail::{Folder, Ses};
use platform::{Platform, Secret, Settings};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;
use worker::notify;
use worker::notify::mail::{Sender, Waits};

use crate::double::Double;

/// Where mail in these tests goes.
pub const ADDRESS: &str = "ada@example.com";

/// Everything is the same as in production, only sooner.
pub const WAITS: Waits = Waits {
    poll: Duration::from_millis(20),
    lease: Duration::from_secs(60),
    first: Duration::from_millis(20),
    cap: Duration::from_millis(200),
    daily: Duration::from_millis(200),
    doubt: Duration::from_millis(1500),
    quota: Duration::from_millis(100),
};

pub struct Office {
    pub home: TempDir,
    pub platform: Platform,
    pub user_id: Uuid,
    dataset_id: Uuid,
}

/// A sender that runs.
pub struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// As the end of a process would.
    pub async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }

    /// As a deployment would.
    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(25), self.task)
            .await
            .expect("a stopped sender ends")
            .unwrap();
    }
}

impl Office {
    pub async fn over(double: &Double) -> Self {
        let mut office = Self::new().await;
        let settings = platform::settings::Ses {
            from: "AutoML Lite <automl@example.com>".to_owned(),
            region: None,
            endpoint: Some(format!("http://{}", double.address)),
        };
        let ses = Ses::with_credentials(&settings, "key", &Secret::new("secret")).await;
        office.platform.mail = Arc::new(ses);
        office
    }

    /// Mail as files.
    pub async fn with_folder() -> Self {
        let mut office = Self::new().await;
        let folder = Folder::open(&office.home.path().join("outbox")).await.unwrap();
        office.platform.mail = Arc::new(folder);
        office
    }

    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(home.path(), 2, 4 << 30);
        settings.public_url = Some("https://automl.example".to_owned());
        settings.database = postgres().await.map(Secret::new);
        let platform = Platform::open(settings).await.unwrap();
        let connection = platform.database.connection();
        migration::Migrator::up(connection, None).await.unwrap();
        let mut user = user::Model::new(Uuid::now_v7(), "Ada", now());
        user.email = Some(ADDRESS.to_owned());
        let user = user.into_active_model().insert(connection).await.unwrap();
        let dataset = dataset::Model {
            id: Uuid::now_v7(),
            user_id: user.id,
            name: "Penguins".to_owned(),
            file_name: "penguins.csv".to_owned(),
            size_bytes: 1,
            state: dataset::State::Ready,
            error: None,
            version: 1,
            source_key: "datasets/x/source".to_owned(),
            profile_key: None,
            frame_key: None,
            row_count: None,
            column_count: None,
            created_at: now(),
            format: None,
        };
        let dataset = dataset.into_active_model().insert(connection).await.unwrap();
        Self {
            home,
            user_id: user.id,
            dataset_id: dataset.id,
            platform,
        }
    }

    pub fn sender(&self, name: &str, waits: Waits) -> Running {
        let (stop, stopped) = watch::channel(false);
        let sender = Sender::new(self.platform.clone(), name.to_owned(), waits);
        Running {
            stop,
            task: tokio::spawn(sender.run(stopped)),
        }
    }

    /// A job that ends now: its row, its step and its notifications in one transaction.
    pub async fn ended(&self, state: job::State) -> job::Model {
        let row = job::Model {
            id: Uuid::now_v7(),
            user_id: self.user_id,
            dataset_id: self.dataset_id,
            name: "Penguins: species".to_owned(),
            state,
            error: (state == job::State::Failed).then(|| "the target has one value only".to_owned()),
            version: 7,
            target: "species".to_owned(),
            settings: JobSettings::default(),
            problem: None,
            metric: Some("log_loss".to_owned()),
            higher_is_better: None,
            shape: None,
            notes: Notes::default(),
            prepared_key: None,
            finish_requested: false,
            cancel_requested: false,
            created_at: now(),
            started_at: Some(now()),
            search_started_at: None,
            paused_ms: 0,
            finished_at: Some(now()),
            annotation: None,
            score: None,
        };
        let transaction = self.platform.database.begin().await.unwrap();
        let row = row.into_active_model().insert(&transaction).await.unwrap();
        let step = step::ActiveModel {
            job_id: Set(row.id),
            name: Set(step::Name::Notify),
            position: Set(4),
            state: Set(step::State::Pending),
            ..Default::default()
        };
        step::Entity::insert(step)
            .exec_without_returning(&transaction)
            .await
            .unwrap();
        notify::queue(&transaction, &row).await.unwrap();
        transaction.commit().await.unwrap();
        row
    }

    pub async fn job(&self, id: Uuid) -> job::Model {
        let row = job::Entity::find_by_id(id)
            .one(self.platform.database.connection())
            .await;
        row.unwrap().unwrap()
    }

    pub async fn step(&self, id: Uuid) -> step::Model {
        let row = step::Entity::find_by_id((id, step::Name::Notify))
            .one(self.platform.database.connection())
            .await;
        row.unwrap().unwrap()
    }

    /// Every row of the outbox, the oldest first.
    pub async fn mails(&self) -> Vec<mail::Model> {
        let rows = mail::Entity::find().order_by_asc(mail::Column::Id);
        rows.all(self.platform.database.connection()).await.unwrap()
    }

    pub async fn change_user(&self, change: impl FnOnce(&mut user::ActiveModel)) {
        let connection = self.platform.database.connection();
        let row = user::Entity::find_by_id(self.user_id).one(connection).await;
        let mut row = row.unwrap().unwrap().into_active_model();
        change(&mut row);
        row.update(connection).await.unwrap();
    }

    /// Waits until no row is open any more.
    pub async fn settled(&self, within: Duration) -> Vec<mail::Model> {
        self.until(within, |rows| rows.iter().all(|row| row.state.is_terminal()))
            .await
    }

    /// Waits until the rows are as wanted.
    pub async fn until(&self, within: Duration, wanted: impl Fn(&[mail::Model]) -> bool) -> Vec<mail::Model> {
        let began = Instant::now();
        loop {
            let rows = self.mails().await;
            for row in &rows {
                let error = row.error.as_deref().unwrap_or_default();
                assert!(!error.contains('@'), "an address in {error:?}");
            }
            if wanted(&rows) {
                return rows;
            }
            assert!(began.elapsed() < within, "still {rows:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A new database on the server that `AUTOML_TEST_POSTGRES` names, if it names one; else SQLite is used.
async fn postgres() -> Option<String> {
    let server = std::env::var("AUTOML_TEST_POSTGRES").ok()?;
    let name = format!("mail_{}", Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    let statement = format!("CREATE DATABASE {name}");
    admin.execute_unprepared(&statement).await.unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}
