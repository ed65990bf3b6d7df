//! The doorbell over real servers. Slots of these tests never look by themselves, so that only rings make them work.

mod over_postgres;
mod over_redis;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use migration::MigratorTrait;
use platform::datasets::NewDataset;
use platform::tasks::{self, Offer};
use platform::{Platform, Settings, accounts, datasets};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use worker::Queue;

/// Longer than any of these tests.
const NEVER: Duration = Duration::from_secs(600);

/// Variables and their values.
type Variables = Vec<(&'static str, String)>;

/// Where tasks are made.
struct Office {
    home: TempDir,
    variables: Variables,
    platform: Platform,
    done: Arc<AtomicUsize>,
}

/// A process with one slot, as far as the doorbell can tell.
struct Slot {
    working: JoinHandle<()>,
    attending: JoinHandle<()>,
    _stop: watch::Sender<bool>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.working.abort();
        self.attending.abort();
    }
}

impl Office {
    /// Over the services that the variables name; over a file where they name no database.
    async fn open(variables: Variables) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let platform = platform(home.path(), &variables).await;
        migration::Migrator::up(platform.database.connection(), None)
            .await
            .expect("the schema");
        Self {
            home,
            variables,
            platform,
            done: Arc::default(),
        }
    }

    async fn add(&self) {
        let file = self.home.path().join("d.csv");
        std::fs::write(&file, "a,b\n1,2\n").expect("a file");
        let new = NewDataset {
            user_id: accounts::owner(&self.platform).await.expect("an account").id,
            name: "d".to_owned(),
            file_name: "d.csv".to_owned(),
            upload_id: None,
            format: None,
        };
        datasets::create(&self.platform, new, &file)
            .await
            .expect("a dataset");
    }

    async fn slot(&self, number: usize) -> Slot {
        let platform = platform(self.home.path(), &self.variables).await;
        let (stop, stopped) = watch::channel(false);
        let bell = Arc::clone(&platform.doorbell);
        let attending = tokio::spawn(async move { bell.attend(Queue::Cpu, stopped).await });
        let done = Arc::clone(&self.done);
        let working = tokio::spawn(async move {
            let offer = Offer {
                worker: format!("w{number}"),
                kinds: worker::tasks::TASKS.iter().map(|task| task.kind()).collect(),
                queue: Queue::Cpu,
                memory_bytes: 1 << 30,
            };
            let mut bell = platform.doorbell.listen();
            loop {
                let claim = tasks::claim(&platform.database, &offer, NEVER).await;
                let Some(claim) = claim.expect("the database answers") else {
                    bell.wait(NEVER).await;
                    continue;
                };
                let connection = platform.database.connection();
                tasks::complete(connection, &claim).await.expect("it is ours");
                done.fetch_add(1, Ordering::SeqCst);
            }
        });
        Slot {
            working,
            attending,
            _stop: stop,
        }
    }

    /// Waits until so many tasks are done; returns how long that took.
    async fn until(&self, count: usize, limit: Duration) -> Duration {
        let began = Instant::now();
        while self.done.load(Ordering::SeqCst) < count {
            let done = self.done.load(Ordering::SeqCst);
            assert!(began.elapsed() < limit, "{done} of {count} after {limit:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        began.elapsed()
    }
}

/// What a process opens.
async fn platform(home: &Path, variables: &Variables) -> Platform {
    let mut settings = Settings::new(home, 2, 4 << 30);
    settings
        .override_from(&|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone())
        })
        .expect("settings");
    Platform::open(settings).await.expect("a platform")
}
