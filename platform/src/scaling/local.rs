//! Workers as children of this process: for one large machine, and for tests.

use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use entities::task::Queue;

use super::{Fleet, Program, Surplus, worker_arguments};
use crate::Error;
use crate::settings::Scaling;

/// How long workers may take to give back what they have.
const LAST_WORDS: Duration = Duration::from_secs(25);
/// Between two looks whether they have ended.
const LOOK: Duration = Duration::from_millis(50);

/// Children that drain when the pipe to them breaks, however this process ends.
#[derive(Debug)]
pub struct Local {
    scaling: Scaling,
    program: Program,
    workers: Mutex<Vec<Worker>>,
}

#[derive(Debug)]
struct Worker {
    queue: Queue,
    process: Child,
    /// It stays when it is idle.
    is_kept: bool,
    /// Open as long as the worker may work.
    life: Option<ChildStdin>,
}

impl Local {
    /// No worker yet.
    pub fn new(scaling: Scaling, program: Program) -> Self {
        Self {
            scaling,
            program,
            workers: Mutex::default(),
        }
    }

    /// The workers that have not ended.
    fn living(&self) -> MutexGuard<'_, Vec<Worker>> {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.retain_mut(|worker| match worker.process.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) if status.success() => false,
            Ok(Some(status)) => {
                tracing::warn!(process.id = worker.process.id(), %status, "a worker of the fleet ended badly");
                false
            }
            Err(error) => {
                tracing::warn!(process.id = worker.process.id(), %error, "a worker of the fleet is not heard of");
                false
            }
        });
        workers
    }

    fn start(&self, queue: Queue, is_kept: bool) -> Result<Worker, Error> {
        let mut process = Command::new(&self.program.file)
            .args(&self.program.arguments)
            .args(worker_arguments(&self.scaling, queue, is_kept))
            .arg("--until-stdin-ends")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| Error::Fleet(format!("{}: {error}", self.program.file.display())))?;
        tracing::info!(process.id = process.id(), ?queue, "a worker of the fleet starts");
        Ok(Worker {
            queue,
            life: process.stdin.take(),
            process,
            is_kept,
        })
    }
}

#[async_trait]
impl Fleet for Local {
    async fn size(&self, queue: Queue) -> Result<usize, Error> {
        let workers = self.living();
        Ok(workers.iter().filter(|worker| worker.queue == queue).count())
    }

    async fn grow(&self, queue: Queue, by: usize) -> Result<(), Error> {
        let mut workers = self.living();
        let min = self.scaling.of(queue).map_or(0, |scaled| scaled.min);
        for _ in 0..by {
            let kept = workers
                .iter()
                .filter(|worker| worker.queue == queue && worker.is_kept)
                .count();
            let worker = self.start(queue, kept < min)?;
            workers.push(worker);
        }
        Ok(())
    }

    async fn shrink(&self, _queue: Queue, _surplus: &Surplus) -> Result<(), Error> {
        // They end by themselves.
        Ok(())
    }

    async fn close(&self) {
        for worker in self.living().iter_mut() {
            worker.life = None;
        }
        let began = Instant::now();
        while !self.living().is_empty() && began.elapsed() < LAST_WORDS {
            tokio::time::sleep(LOOK).await;
        }
        let left = self.living().len();
        if left > 0 {
            tracing::warn!(left, "workers of the fleet still drain");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Place, Scaled};

    /// A program that says how it was called and lives until its stdin ends, or for `alive`.
    fn fleet(min: usize, folder: &std::path::Path, life: &str) -> Local {
        let scaled = Scaled {
            min,
            max: 9,
            slots: 3,
            place: Place::Local,
        };
        let scaling = Scaling {
            cpu: Some(scaled),
            gpu: None,
            name: "automl".to_owned(),
            idle: Duration::from_secs(7),
            boot: Duration::from_secs(600),
            interval: Duration::from_secs(5),
            region: None,
            endpoint: None,
        };
        let script = format!("echo \"$@\" >> {}; {life}", folder.join("calls").display());
        let program = Program {
            file: "/bin/sh".into(),
            arguments: ["-c", &script, "worker", "worker", "--home", "/h"]
                .map(str::to_owned)
                .into(),
        };
        Local::new(scaling, program)
    }

    async fn until(fleet: &Local, size: usize) {
        let began = Instant::now();
        while fleet.size(Queue::Cpu).await.unwrap() != size {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "the fleet is not {size}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn calls(folder: &std::path::Path, count: usize) -> Vec<String> {
        let began = Instant::now();
        loop {
            let text = std::fs::read_to_string(folder.join("calls")).unwrap_or_default();
            if text.lines().count() >= count || began.elapsed() > Duration::from_secs(10) {
                return text.lines().map(str::to_owned).collect();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    #[tokio::test]
    async fn starts_counts_and_drains() {
        let folder = tempfile::tempdir().unwrap();
        let fleet = fleet(1, folder.path(), "cat");
        fleet.grow(Queue::Cpu, 1).await.unwrap();
        calls(folder.path(), 1).await;
        fleet.grow(Queue::Cpu, 2).await.unwrap();
        until(&fleet, 3).await;
        assert_eq!(fleet.size(Queue::Gpu).await.unwrap(), 0);
        let calls = calls(folder.path(), 3).await;
        let usual = "worker --home /h --queue cpu --slots 3";
        assert_eq!(
            calls[0],
            format!("{usual} --until-stdin-ends"),
            "the first one is kept"
        );
        for call in &calls[1..] {
            assert_eq!(call, &format!("{usual} --exit-when-idle 7 --until-stdin-ends"));
        }
        let began = Instant::now();
        fleet.close().await;
        assert!(began.elapsed() < Duration::from_secs(5));
        until(&fleet, 0).await;
    }

    #[tokio::test]
    async fn what_ended_is_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let fleet = fleet(0, folder.path(), "exit 3");
        fleet.grow(Queue::Cpu, 2).await.unwrap();
        until(&fleet, 0).await;
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut fleet = fleet(0, folder.path(), "cat");
        fleet.program.file = folder.path().join("nothing");
        let refused = fleet.grow(Queue::Cpu, 1).await;
        assert!(matches!(refused, Err(Error::Fleet(_))), "{refused:?}");
    }
}
