//! Tells subscribers that a row changed. They read the row again; an event carries no content.

mod carried;
mod in_process;

use std::fmt;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

pub use carried::{Carried, Carriers};
pub use in_process::InProcess;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A dataset.
    Dataset,
    /// A job, its steps included.
    Job,
    /// A trial.
    Trial,
    /// A model.
    Model,
    /// A batch prediction.
    BatchPrediction,
}

/// A committed change of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Every event from now on. None, as `Lagged`, means: some may be lost, read your rows again.
    fn subscribe(&self) -> broadcast::Receiver<Option<Event>>;
}
