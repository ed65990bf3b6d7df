//! The pool: slots that work, and a reconciler that looks after what no slot looks after.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use platform::{Error, Platform};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::child::Launch;
use crate::notify::CHANNELS;
use crate::reconcile;
use crate::slot::Slot;

/// Largest file that a child may write.
const FILE_LIMIT: u64 = 64 << 30;

/// How a pool works.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program whose subcommand `trainer` is the child: normally this one.
    pub program: PathBuf,
    /// Arguments that make it a trainer.
    pub arguments: Vec<String>,
    /// True when no other worker can hold a task: what is marked as running belongs to a dead predecessor, and is taken
    /// over at once instead of when its lease ends.
    pub is_alone: bool,
}

/// Slots over one platform.
#[derive(Clone, Debug)]
pub struct Pool {
    platform: Platform,
    options: Arc<Options>,
    name: String,
}

impl Pool {
    /// A pool of `platform.settings.slots` slots under a name that no other boot has.
    pub fn new(platform: Platform, options: Options) -> Self {
        let name = format!("worker-{}", Uuid::now_v7().simple());
        Self {
            platform,
            options: Arc::new(options),
            name,
        }
    }

    /// Works until `shutdown` turns true, then gives back what it has, within seconds.
    ///
    /// # Errors
    /// When tasks of a dead predecessor cannot be taken over at the start. Later troubles with the database are waited out.
    pub async fn run(self, shutdown: watch::Receiver<bool>) -> Result<(), Error> {
        if self.options.is_alone {
            reconcile::take_over(&self.platform, &self.name).await?;
        }
        let mut parts = JoinSet::new();
        parts.spawn(reconcile::run(
            self.platform.clone(),
            self.name.clone(),
            shutdown.clone(),
        ));
        for channel in CHANNELS {
            parts.spawn(channel.run(self.platform.clone(), self.name.clone(), shutdown.clone()));
        }
        for number in 0..self.platform.settings.slots {
            let slot = Slot::new(
                self.platform.clone(),
                format!("{}-{number}", self.name),
                self.launch(),
            );
            parts.spawn(slot.run(shutdown.clone()));
        }
        while let Some(ended) = parts.join_next().await {
            if let Err(error) = ended {
                // A panic of ours: the other slots go on, and its lease ends.
                tracing::error!(%error, "a part of the pool ended");
            }
        }
        Ok(())
    }

    fn launch(&self) -> Launch {
        let settings = &self.platform.settings;
        Launch {
            program: self.options.program.clone(),
            arguments: self.options.arguments.clone(),
            memory_bytes: settings.memory_bytes,
            file_bytes: FILE_LIMIT,
            scratch: settings.scratch(),
        }
    }
}

/// Waits until `shutdown` is true or its sender is gone.
pub async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // An error says that the sender is gone: the process is stopping.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// Between two tries after the database refused.
pub const PAUSE: Duration = Duration::from_secs(1);
