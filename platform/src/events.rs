//! Tells subscribers that a row changed. They read the row again; an event carries no content.

use std::fmt;

use tokio::sync::broadcast;
use uuid::Uuid;

/// Events kept for a slow subscriber; one that falls behind is told so and reads its rows again.
const BACKLOG: usize = 4096;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Object {
    /// A dataset.
    Dataset,
    /// A job, its steps included.
    Job,
    /// A trial.
    Trial,
    /// A model.
    Model,
}

/// A committed change of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What changed.
    pub object: Object,
    /// Its id.
    pub id: Uuid,
    /// The job it belongs to (a job: itself).
    pub job_id: Option<Uuid>,
    /// Who owns it.
    pub user_id: Uuid,
    /// Its version after the change; 0 for objects without one.
    pub version: i64,
}

/// Carries events to subscribers.
pub trait Events: fmt::Debug + Send + Sync {
    /// Publishes a change that is committed.
    fn publish(&self, event: Event);
    /// Every event from now on. `Lagged` means: some were dropped, read your rows again.
    fn subscribe(&self) -> broadcast::Receiver<Event>;
}

/// Events inside one process.
#[derive(Debug)]
pub struct InProcess {
    sender: broadcast::Sender<Event>,
}

impl Default for InProcess {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
        }
    }
}

impl Events for InProcess {
    fn publish(&self, event: Event) {
        // An error only says that nobody listens.
        let _ = self.sender.send(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
