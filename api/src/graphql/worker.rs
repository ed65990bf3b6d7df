//! Processes that take tasks, for administrators.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, ID};
use chrono::{DateTime, Utc};
use entities::worker;
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use super::administrator::everybody;
use super::id::{self, Noun};
use super::loaders::{LoadError, Rows};
use super::long::Long;
use super::object::object;
use super::task::{Task, TasksOfWorker, WorkerCapability};
use crate::failure::Failure;

/// A process that takes tasks. One that ended is not listed; one that died is, for a day.
#[derive(Clone)]
pub struct Worker(pub worker::Model);

object! {
    /// A process that takes tasks. One that ended is not listed; one that died is, for a day.
    Worker
}

#[ComplexObject]
impl Worker {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Worker, self.0.id)
    }

    /// Its name in logs; new with every start.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name of its machine.
    async fn host(&self) -> &str {
        &self.0.host
    }

    /// Version of the program.
    async fn version(&self) -> &str {
        &self.0.version
    }

    /// Which tasks it takes.
    async fn capability(&self) -> WorkerCapability {
        self.0.queue.into()
    }

    /// What it computes on: `CPU`, or the name of its GPU.
    async fn device(&self) -> &str {
        &self.0.device
    }

    /// Tasks at the same time.
    async fn slots(&self) -> i32 {
        self.0.slots
    }

    /// Threads that the slots share.
    async fn threads(&self) -> i32 {
        self.0.threads
    }

    /// Memory of one slot.
    async fn memory_bytes(&self) -> Long {
        Long(self.0.memory_bytes)
    }

    /// Last sign of life, by the database's clock; it gives several a second.
    async fn seen_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0.seen_at)
    }

    /// When it started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    /// True when it takes nothing more and ends soon.
    async fn is_draining(&self) -> bool {
        self.0.draining
    }

    /// When an administrator asked for that; null: nobody did.
    async fn drain_requested_at(&self) -> Option<DateTime<Utc>> {
        self.0.drain_requested_at
    }

    /// What it does at the moment: at most as many as it has slots, and results on their way.
    async fn tasks(&self, context: &Context<'_>) -> Result<Option<Vec<Task>>, Failure> {
        let rows = everybody(context)?
            .load_one(TasksOfWorker(self.0.name.clone()))
            .await?;
        Ok(Some(rows.unwrap_or_default().into_iter().map(Task).collect()))
    }
}

/// A worker by id, for administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkerKey(pub Uuid);

impl Loader<WorkerKey> for Rows {
    type Value = worker::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[WorkerKey]) -> Result<HashMap<WorkerKey, worker::Model>, LoadError> {
        // Asked for through the loaders of administrators only; nobody else's find any.
        if self.viewer().is_some() {
            return Ok(HashMap::new());
        }
        let query = worker::Entity::find().filter(
            self.database
                .among(worker::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (WorkerKey(row.id), row)).collect())
    }
}
