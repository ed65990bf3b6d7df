//! The doorbell over a real Redis. What the queue library is known to get wrong (wake-ups that are lost, fetches that break on
//! a long queue, workers that end with the first slow answer, names that cannot be used again) must not matter here: slots of
//! these tests never look by themselves, so that only rings make them work.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use harness::{Redis, redis};
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

/// A database in a folder, and a Redis.
struct Office {
    home: TempDir,
    redis: Redis,
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
    async fn open() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let redis = Redis::start(redis::Options::default()).expect("Redis starts");
        let platform = platform(home.path(), &redis).await;
        migration::Migrator::up(platform.database.connection(), None)
            .await
            .expect("the schema");
        Self {
            home,
            redis,
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
        };
        datasets::create(&self.platform, new, &file)
            .await
            .expect("a dataset");
    }

    async fn slot(&self, number: usize) -> Slot {
        let platform = platform(self.home.path(), &self.redis).await;
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

    fn messages(&self) -> usize {
        let count = |words: &[&str]| {
            let answer = self.redis.command(words).expect("Redis answers");
            let digits: String = answer.chars().filter(char::is_ascii_digit).collect();
            digits.parse::<usize>().expect("a number")
        };
        count(&["LLEN", "automl:cpu:active"]) + count(&["ZCARD", "automl:cpu:scheduled"])
    }
}

async fn platform(home: &Path, redis: &Redis) -> Platform {
    let mut settings = Settings::new(home, 2, 4 << 30);
    settings
        .override_from(&|name| (name == "AUTOML_REDIS_URL").then(|| redis.url(0)))
        .expect("settings");
    Platform::open(settings).await.expect("a platform")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_ring_is_heard_by_somebody_idle() {
    let office = Office::open().await;
    let mut slots = Vec::new();
    for number in 0..5 {
        slots.push(office.slot(number).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut slowest = Duration::ZERO;
    for count in 1..=60 {
        office.add().await;
        slowest = slowest.max(office.until(count, Duration::from_secs(10)).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(slowest < Duration::from_secs(5), "one took {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_stays_in_the_database() {
    const BACKLOG: usize = 1200;
    let office = Office::open().await;
    for _ in 0..BACKLOG {
        office.add().await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let told = office.messages();
    assert!((1..=600).contains(&told), "{told} messages");
    let _slot = office.slot(0).await;
    office.until(BACKLOG, Duration::from_secs(60)).await;
    office.add().await;
    office.until(BACKLOG + 1, Duration::from_secs(20)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_trouble_of_redis_ends_the_listening() {
    let office = Office::open().await;
    let _slot = office.slot(0).await;
    office.add().await;
    office.until(1, Duration::from_secs(10)).await;

    office.redis.pause().expect("Redis stalls");
    office.add().await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    office.redis.unpause().expect("Redis goes on");
    office.until(2, Duration::from_secs(20)).await;

    office.redis.flush_all().expect("Redis forgets");
    office.add().await;
    office.until(3, Duration::from_secs(45)).await;

    office.redis.restart().expect("Redis restarts");
    office.add().await;
    office.until(4, Duration::from_secs(20)).await;
}
