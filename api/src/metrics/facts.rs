//! What is not counted as it happens but looked at when somebody asks: the database, the cache of models, the process itself.

use std::time::{Duration, Instant};

use entities::task;
use platform::census::{self, COUNTED, Census};
use platform::database::now;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sea_orm::{ActiveEnum, Iterable};
use tokio::sync::{Mutex, MutexGuard};

use crate::server::Server;

/// What was counted in the database is good for so long: several collectors cost it no more than one.
const GOOD_FOR: Duration = Duration::from_secs(5);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Labels of a number of tasks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Tasks {
    kind: String,
    state: String,
}

/// Labels of a queue's figures.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfQueue {
    queue: String,
}

/// Labels of the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

#[derive(Debug)]
pub struct Facts {
    tasks: Family<Tasks, Gauge>,
    waiting: Family<OfQueue, Gauge>,
    workers: Family<OfQueue, Gauge>,
    slots: Family<OfQueue, Gauge>,
    database: Gauge,
    models: Gauge,
    model_bytes: Gauge,
    memory: Gauge,
    uptime: Gauge,
    started: Instant,
    /// When the database was asked last; held while the figures are set and read, so that nobody reads half of them.
    asked: Mutex<Option<Instant>>,
}

impl Facts {
    /// The figures, all of them 0 at first.
    pub fn register(registry: &mut Registry) -> Self {
        let facts = Self {
            tasks: Family::default(),
            waiting: Family::default(),
            workers: Family::default(),
            slots: Family::default(),
            database: Gauge::default(),
            models: Gauge::default(),
            model_bytes: Gauge::default(),
            memory: Gauge::default(),
            uptime: Gauge::default(),
            started: Instant::now(),
            asked: Mutex::new(None),
        };
        let build: Family<Build, Gauge> = Family::default();
        let version = env!("CARGO_PKG_VERSION");
        build.get_or_create(&Build { version }).set(1);
        let started: Gauge = Gauge::default();
        started.set(now().timestamp());
        let mut gauge = |name: &str, help: &str, gauge: &Gauge| registry.register(name, help, gauge.clone());
        gauge(
            "automl_database_up",
            "1 when the database answered the last look at it, else its figures are of the last time that it did",
            &facts.database,
        );
        gauge(
            "automl_models_loaded",
            "Models in memory, ready to predict",
            &facts.models,
        );
        gauge(
            "automl_models_loaded_bytes",
            "Stored size of the loaded models; in memory they take a few times as much",
            &facts.model_bytes,
        );
        gauge(
            "process_resident_memory_bytes",
            "Resident memory of this process",
            &facts.memory,
        );
        gauge(
            "process_start_time_seconds",
            "When this process started, in seconds since 1970",
            &started,
        );
        gauge(
            "automl_uptime_seconds",
            "How long this process runs",
            &facts.uptime,
        );
        registry.register("automl_build_info", "The version of this program", build);
        registry.register(
            "automl_tasks",
            "Tasks of all people in the database, without those that are over and well",
            facts.tasks.clone(),
        );
        registry.register(
            "automl_queue_oldest_seconds",
            "How long the task has waited that could have been taken first",
            facts.waiting.clone(),
        );
        registry.register(
            "automl_workers",
            "Workers that are alive and take tasks, as they tell the database",
            facts.workers.clone(),
        );
        registry.register(
            "automl_worker_slots",
            "Tasks that the living workers can do at a time",
            facts.slots.clone(),
        );
        facts
    }

    /// Looks at everything. The figures stay as they are while the guard lives.
    pub async fn look(&self, server: &Server) -> MutexGuard<'_, Option<Instant>> {
        let mut asked = self.asked.lock().await;
        if asked.is_none_or(|then| then.elapsed() >= GOOD_FOR) {
            let platform = server.state.platform.as_admin();
            let census = census::take(platform.database.connection(), now());
            let answered = match tokio::time::timeout(PATIENCE, census).await {
                Ok(Ok(census)) => {
                    self.show(&census);
                    true
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the tasks could not be counted");
                    false
                }
                Err(_) => false,
            };
            self.database.set(i64::from(answered));
            *asked = Some(Instant::now());
        }
        let (models, bytes) = server.models.usage();
        self.models.set(whole(models as u64));
        self.model_bytes.set(whole(bytes));
        self.memory.set(resident_bytes());
        self.uptime
            .set(i64::try_from(self.started.elapsed().as_secs()).unwrap_or(i64::MAX));
        asked
    }

    fn show(&self, census: &Census) {
        // Those that are 0 are there as well: a series that comes and goes raises no alarm.
        for kind in task::Kind::iter() {
            for state in COUNTED {
                let found = census.tasks.iter().find(|row| (row.0, row.1) == (kind, state));
                let labels = Tasks {
                    kind: kind.to_value(),
                    state: state.to_value(),
                };
                self.tasks
                    .get_or_create(&labels)
                    .set(found.map_or(0, |row| row.2));
            }
        }
        for queue in task::Queue::iter() {
            let labels = OfQueue {
                queue: queue.to_value(),
            };
            let waiting = census.waiting_ms.iter().find(|row| row.0 == queue);
            let waiting = waiting.map_or(0, |row| row.1 / 1000);
            self.waiting.get_or_create(&labels).set(waiting);
            let workers = census.workers.iter().find(|row| row.0 == queue);
            let (count, slots) = workers.map_or((0, 0), |row| (row.1, row.2));
            self.workers.get_or_create(&labels).set(count);
            self.slots.get_or_create(&labels).set(slots);
        }
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Resident memory, or 0 where the system does not tell.
fn resident_bytes() -> i64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<i64>().ok());
    kibibytes.unwrap_or(0) * 1024
}
