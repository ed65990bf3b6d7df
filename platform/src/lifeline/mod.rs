//! Keeps a worker's claims alive, on a thread and a connection of its own that no work of the process can starve.
//!
//! A claim whose lease could not be renewed for two thirds of its length is lost for its holder, whatever the database thinks:
//! the holder must have stopped before somebody else begins.

mod session;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use uuid::Uuid;

use crate::tasks::{self, Claim};
use crate::workers::{self, Registration};
use crate::{Database, Error, Settings};

/// Between two signs of life.
const INTERVAL: Duration = Duration::from_millis(400);
/// A holder that did not touch its guard for so long hangs: its lease is left to end.
const HANGING: Duration = Duration::from_secs(60);

/// A worker's lifeline. Dropping the last clone ends it.
#[derive(Clone, Debug)]
pub struct Lifeline {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    claims: Mutex<HashMap<Uuid, Arc<Held>>>,
    is_over: Arc<AtomicBool>,
    drain: watch::Sender<bool>,
}

#[derive(Debug)]
struct Held {
    claim: Claim,
    is_lost: AtomicBool,
    renewed: Mutex<Instant>,
    touched: Mutex<Instant>,
}

/// Keeps one claim alive until it is dropped.
#[derive(Debug)]
pub struct Guard {
    held: Arc<Held>,
    shared: Arc<Shared>,
}

impl Guard {
    /// Says that the holder still works, and asks whether the claim is still its own.
    pub fn touch(&self) -> bool {
        *locked(&self.held.touched) = Instant::now();
        !self.held.is_lost.load(Ordering::Acquire)
    }

    /// Says so for as long as a piece of the holder's own work takes, a large file on its way to the store for example.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(HANGING / 4) => {
                    self.touch();
                }
            }
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        locked(&self.shared.claims).remove(&self.held.claim.task.id);
    }
}

impl Lifeline {
    /// Registers a worker and begins to give signs of life.
    ///
    /// # Errors
    /// When the database refuses, or no thread can be started.
    pub async fn start(
        settings: &Settings,
        database: &Database,
        registration: &Registration,
    ) -> Result<Self, Error> {
        workers::register(database, registration).await?;
        let shared = Arc::new(Shared {
            claims: Mutex::default(),
            is_over: Arc::new(AtomicBool::new(false)),
            drain: watch::Sender::new(false),
        });
        if settings.database.is_some() {
            session::hold(
                &settings.database_url(),
                &registration.name,
                Arc::clone(&shared.is_over),
            )?;
        }
        let renewal = Renewal {
            settings: settings.clone(),
            worker: registration.id,
            shared: Arc::clone(&shared),
        };
        thread::Builder::new()
            .name("lifeline".to_owned())
            .spawn(move || renewal.run())
            .map_err(|error| Error::Settings(format!("no thread for the leases: {error}")))?;
        Ok(Self { shared })
    }

    /// Renews a claim's lease until the guard is dropped.
    pub fn guard(&self, claim: &Claim) -> Guard {
        let held = Arc::new(Held {
            claim: claim.clone(),
            is_lost: AtomicBool::new(false),
            renewed: Mutex::new(Instant::now()),
            touched: Mutex::new(Instant::now()),
        });
        locked(&self.shared.claims).insert(claim.task.id, Arc::clone(&held));
        Guard {
            held,
            shared: Arc::clone(&self.shared),
        }
    }

    /// What turns true when an administrator wants the worker to take nothing more and to end.
    pub fn drain(&self) -> watch::Receiver<bool> {
        self.shared.drain.subscribe()
    }

    /// Ends the signs of life; the session's lock is free a moment later.
    pub fn end(&self) {
        self.shared.is_over.store(true, Ordering::Release);
    }
}

/// The thread's side.
struct Renewal {
    settings: Settings,
    worker: Uuid,
    shared: Arc<Shared>,
}

impl Renewal {
    fn run(self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        match runtime {
            Ok(runtime) => runtime.block_on(self.beat()),
            // Every claim is given up by its holder when two thirds of its lease have passed.
            Err(error) => tracing::error!(%error, "leases cannot be renewed"),
        }
    }

    async fn beat(self) {
        let mut database = None;
        // The thread's own reference does not keep the lifeline alive.
        while !self.shared.is_over.load(Ordering::Acquire) && Arc::strong_count(&self.shared) > 1 {
            if let Err(error) = self.once(&mut database).await {
                tracing::warn!(%error, "no sign of life reached the database");
                database = None;
            }
            self.give_up_stale();
            tokio::time::sleep(INTERVAL).await;
        }
        // However it ended: a session that outlives it would say that the worker lives.
        self.shared.is_over.store(true, Ordering::Release);
    }

    async fn once(&self, database: &mut Option<Database>) -> Result<(), Error> {
        let patience = self.settings.lease / 3;
        let late = || Error::Conflict("the database does not answer".to_owned());
        let connected = match database.take() {
            Some(database) => database,
            None => {
                let url = self.settings.database_url();
                let connecting = Database::connect_with(url.expose(), 1);
                tokio::time::timeout(patience, connecting)
                    .await
                    .map_err(|_| late())??
            }
        };
        tokio::time::timeout(patience, self.renew(&connected))
            .await
            .map_err(|_| late())??;
        *database = Some(connected);
        Ok(())
    }

    async fn renew(&self, database: &Database) -> Result<(), Error> {
        if workers::seen(database.connection(), self.worker).await? {
            self.shared.drain.send_replace(true);
        }
        let lease = self.settings.lease;
        let claims: Vec<_> = locked(&self.shared.claims).values().cloned().collect();
        for held in claims {
            let is_hanging = locked(&held.touched).elapsed() > HANGING;
            if is_hanging || locked(&held.renewed).elapsed() < lease / 5 {
                continue;
            }
            match tasks::renew(database.connection(), &held.claim, lease).await {
                Ok(()) => *locked(&held.renewed) = Instant::now(),
                Err(Error::Lost) => held.is_lost.store(true, Ordering::Release),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn give_up_stale(&self) {
        for held in locked(&self.shared.claims).values() {
            if locked(&held.renewed).elapsed() >= self.settings.lease * 2 / 3 {
                held.is_lost.store(true, Ordering::Release);
            }
        }
    }
}

/// A panic elsewhere leaves these maps and times as good as they were.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
