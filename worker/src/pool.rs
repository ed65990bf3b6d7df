//! The pool: slots that work, and a reconciler that looks after what no slot looks after.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use entities::task::Queue;
use platform::tasks::Offer;
use platform::workers::{self, Registration};
use platform::{Error, Lifeline, Platform};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::activity::Activity;
use crate::child::{Launch, Subtree};
use crate::notify::{CHANNELS, webhook};
use crate::reconcile;
use crate::scratch::Scratch;
use crate::slot::Slot;
use crate::tasks::TASKS;

/// How a pool works.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program whose subcommand `trainer` is the child: normally this one.
    pub program: PathBuf,
    /// Arguments that make it a trainer.
    pub arguments: Vec<String>,
    /// The child's whole environment: what a GPU's libraries need, else nothing.
    pub environment: Vec<(String, String)>,
    /// True when no other worker can hold a task: what is marked as running belongs to a dead predecessor, and is taken
    /// over at once instead of when its lease ends.
    pub is_alone: bool,
    /// What it takes; [`Queue::Gpu`] needs a program that computes on one.
    pub queue: Queue,
    /// What it computes on, for people.
    pub device: String,
    /// Name of its machine; none: the name that the machine has.
    pub host: Option<String>,
    /// It ends by itself when it had nothing to do for so long; none: it stays.
    pub exit_when_idle: Option<Duration>,
    /// Once it is drained or idle for too long only its slots end: messages are sent and the queue is looked after until `shutdown`.
    /// For a process that goes on without them.
    pub outlives_slots: bool,
}

/// Slots over one platform.
#[derive(Clone, Debug)]
pub struct Pool {
    platform: Platform,
    options: Arc<Options>,
    registration: Registration,
}

impl Pool {
    /// A pool of `platform.settings.slots` slots under a name that no other boot has.
    pub fn new(platform: Platform, options: Options) -> Self {
        let id = Uuid::now_v7();
        let settings = &platform.settings;
        let registration = Registration {
            id,
            name: format!("worker-{}", id.simple()),
            host: options.host.clone().unwrap_or_else(host),
            queue: options.queue,
            slots: settings.slots,
            threads: settings.threads,
            memory_bytes: settings.memory_bytes,
            device: options.device.clone(),
        };
        Self {
            platform,
            options: Arc::new(options),
            registration,
        }
    }

    /// Works until `shutdown` turns true, then gives back what it has, within seconds; or until it was idle for too long.
    ///
    /// # Errors
    /// When tasks of a dead predecessor cannot be taken over at the start, or there is no scratch space. Later troubles with the database are waited out.
    pub async fn run(self, shutdown: watch::Receiver<bool>) -> Result<(), Error> {
        let (platform, name) = (&self.platform, &self.registration.name);
        if self.options.is_alone {
            reconcile::take_over(platform, name).await?;
        }
        let scratch = Scratch::take(&platform.settings.scratch(), name)?;
        let launch = self.launch(&scratch);
        let lifeline = Lifeline::start(&platform.settings, &platform.database, &self.registration).await?;
        tracing::info!(worker = name, "registered");
        let activity = Activity::default();
        let mut parts = JoinSet::new();
        let stop = shutdown.clone();
        let shutdown = self.end_by_itself(shutdown, lifeline.drain(), activity.clone(), &mut parts);
        let stop = if self.options.outlives_slots {
            stop
        } else {
            shutdown.clone()
        };
        parts.spawn(reconcile::run(platform.clone(), name.clone(), stop.clone()));
        parts.spawn(attend(platform.clone(), self.options.queue, shutdown.clone()));
        parts.spawn(announce_drain(
            platform.clone(),
            self.registration.id,
            shutdown.clone(),
        ));
        for channel in CHANNELS {
            parts.spawn(channel.run(platform.clone(), name.clone(), stop.clone()));
        }
        parts.spawn(webhook::run(platform.clone(), name.clone(), stop));
        for _ in 0..platform.settings.slots {
            let activity = activity.clone();
            let slot = Slot::new(
                platform.clone(),
                self.offer(),
                lifeline.clone(),
                launch.clone(),
                activity,
            );
            parts.spawn(slot.run(shutdown.clone()));
        }
        while let Some(ended) = parts.join_next().await {
            if let Err(error) = ended {
                // A panic of ours: the other slots go on, and its lease ends.
                tracing::error!(%error, "a part of the pool ended");
            }
        }
        lifeline.end();
        // Should the database be away, the row is forgotten later.
        if let Err(error) = workers::leave(platform.database.connection(), self.registration.id).await {
            tracing::warn!(%error, "the worker's row stays for now");
        }
        Ok(())
    }

    /// What turns true at `shutdown`, when the pool was idle for too long, and when it is drained and has finished what it held.
    fn end_by_itself(
        &self,
        shutdown: watch::Receiver<bool>,
        drain: watch::Receiver<bool>,
        activity: Activity,
        parts: &mut JoinSet<()>,
    ) -> watch::Receiver<bool> {
        let limit = self.options.exit_when_idle;
        let (stop, ending) = watch::channel(false);
        let (mut asked, mut drain) = (shutdown, drain);
        let idle = activity.clone();
        let idle = async move {
            match limit {
                Some(limit) => idle.idle_for(limit).await,
                None => std::future::pending().await,
            }
        };
        let drained = async move {
            stopped(&mut drain).await;
            tracing::info!("an administrator drains this worker: it finishes what it holds");
            // A slot that had not heard of it before its look has begun that look by now.
            tokio::time::sleep(LAST_CLAIM).await;
            activity.idle_for(LAST_CLAIM).await;
        };
        parts.spawn(async move {
            tokio::select! {
                () = stopped(&mut asked) => {}
                () = idle => tracing::info!(idle_s = limit.map(|limit| limit.as_secs()), "nothing to do: stopping"),
                () = drained => tracing::info!("drained: stopping"),
            }
            stop.send_replace(true);
        });
        ending
    }

    fn offer(&self) -> Offer {
        Offer {
            worker: self.registration.name.clone(),
            kinds: TASKS.iter().map(|task| task.kind()).collect(),
            queue: self.options.queue,
            memory_bytes: self.platform.settings.memory_bytes,
        }
    }

    fn launch(&self, scratch: &Scratch) -> Launch {
        let cgroup = Subtree::take()
            .inspect(|_| tracing::info!("each trainer child gets a cgroup of its own"))
            .inspect_err(|absent| tracing::info!(%absent, "trainer children are bounded without cgroups"));
        let settings = &self.platform.settings;
        Launch {
            program: self.options.program.clone(),
            arguments: self.options.arguments.clone(),
            environment: self.options.environment.clone(),
            bounds_addresses: self.options.queue == Queue::Cpu,
            memory_bytes: settings.memory_bytes,
            disk_bytes: settings.scratch_bytes,
            scratch: scratch.folder().to_owned(),
            cgroup: cgroup.ok(),
        }
    }
}

/// Hears the rings of other processes.
async fn attend(platform: Platform, queue: Queue, shutdown: watch::Receiver<bool>) {
    platform.doorbell.attend(queue, shutdown).await;
}

/// Tells the others, as soon as it is known, that this worker takes nothing more.
async fn announce_drain(platform: Platform, id: Uuid, mut shutdown: watch::Receiver<bool>) {
    stopped(&mut shutdown).await;
    if let Err(error) = workers::drain(platform.database.connection(), id).await {
        tracing::warn!(%error, "the others do not know that this worker drains");
    }
}

/// Name of this machine, for people.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "unknown".to_owned(),
        name => name.chars().take(100).collect(),
    }
}

/// Waits until `shutdown` is true or its sender is gone.
pub async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // An error says that the sender is gone: the process is stopping.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// A slot that was about to look for a task when the worker was drained looks for it within this time.
const LAST_CLAIM: Duration = Duration::from_millis(500);

/// Between two tries after the database refused.
pub const PAUSE: Duration = Duration::from_secs(1);
