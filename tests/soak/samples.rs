//! What must not grow: memory and open files of the faces, keys in Redis, dead rows in Postgres.

use std::time::{Duration, Instant};

use harness::postgres::query;
use harness::stack::Services;
use harness::{Process, Stack};

/// Between two samples.
const INTERVAL: Duration = Duration::from_secs(10);
/// A process has reached its size by then.
const WARM: Duration = Duration::from_secs(20);

/// One look.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// MiB that one face uses, on average.
    pub face_mib: f64,
    /// Files and sockets that one face has open, on average.
    pub face_files: f64,
    /// Keys in Redis.
    pub redis_keys: f64,
    /// Dead rows for each live one of the table of tasks.
    pub dead_rows: f64,
}

/// Looks that have been taken.
#[derive(Debug)]
pub struct Samples {
    began: Instant,
    last: Instant,
    /// In order of time.
    pub taken: Vec<Sample>,
}

impl Samples {
    /// None yet.
    pub fn new() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            last: now,
            taken: Vec::new(),
        }
    }

    /// Takes one when it is time. What cannot be asked just now is left for the next time.
    pub fn tick(&mut self, stack: &Stack, services: &Services) {
        if self.last.elapsed() < INTERVAL || self.began.elapsed() < WARM {
            return;
        }
        self.last = Instant::now();
        self.taken.extend(look(stack, services));
    }
}

/// The services are the soak's own, so that its Redis database is the first one, the one that is counted.
fn look(stack: &Stack, services: &Services) -> Option<Sample> {
    let url = stack.database_url.as_deref()?;
    let dead = "SELECT n_dead_tup::float8 / greatest(n_live_tup, 100) FROM pg_stat_user_tables WHERE relname = 'task'";
    let rows = query(url, dead).ok()?;
    let keys = services.redis.command(&["DBSIZE"]).ok()?;
    let mean = |of: fn(&Process) -> Option<f64>| {
        let values: Vec<f64> = stack.faces.iter().filter_map(of).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    Some(Sample {
        face_mib: mean(resident_mib)?,
        face_files: mean(open_files)?,
        redis_keys: keys.parse().ok()?,
        dead_rows: rows.first()?.first()?.parse().ok()?,
    })
}

fn resident_mib(process: &Process) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024.0)
}

fn open_files(process: &Process) -> Option<f64> {
    Some(
        std::fs::read_dir(format!("/proc/{}/fd", process.id()))
            .ok()?
            .count() as f64,
    )
}
