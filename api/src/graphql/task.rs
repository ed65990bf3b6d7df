//! Units of work, for administrators.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use async_graphql::{ComplexObject, Context, Enum, ID};
use chrono::{DateTime, Utc};
use entities::task;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use super::administrator::everybody;
use super::id::{self, Noun};
use super::job::Job;
use super::loaders::{JobKey, LoadError, Rows, UserKey};
use super::object::object;
use super::user::User;
use crate::failure::Failure;

/// What a task is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "task::Kind")]
pub enum TaskKind {
    /// Read and profile a dataset.
    Profile,
    /// Split and encode the data of a job.
    Prepare,
    /// Fit and score one configuration.
    Trial,
    /// Make the model of a job.
    Assemble,
    /// Predict the rows of a file.
    Predict,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "task::State")]
pub enum TaskState {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Its result is there.
    Done,
    /// Given up; `error` says why.
    Dead,
    /// Not needed any more.
    Cancelled,
}

/// What a worker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "task::Queue")]
pub enum WorkerCapability {
    /// Nothing special.
    Cpu,
    /// A GPU.
    Gpu,
}

/// A unit of work of the pool.
#[derive(Clone)]
pub struct Task(pub task::Model);

object! {
    /// A unit of work of the pool.
    Task
}

#[ComplexObject]
impl Task {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Task, self.0.id)
    }

    /// What is to be done.
    async fn kind(&self) -> TaskKind {
        self.0.kind.into()
    }

    /// How far it is.
    async fn state(&self) -> TaskState {
        self.0.state.into()
    }

    /// Which workers may take it.
    async fn capability(&self) -> WorkerCapability {
        self.0.queue.into()
    }

    /// On whose behalf.
    async fn owner(&self, context: &Context<'_>) -> Result<Option<User>, Failure> {
        let row = everybody(context)?.load_one(UserKey(self.0.user_id)).await?;
        Ok(row.map(User))
    }

    /// The job it belongs to.
    async fn job(&self, context: &Context<'_>) -> Result<Option<Job>, Failure> {
        let Some(job_id) = self.0.job_id else {
            return Ok(None);
        };
        Ok(everybody(context)?.load_one(JobKey(job_id)).await?.map(Job))
    }

    /// Name of the worker that has it, or had it last; null: nobody has taken it.
    async fn worker_name(&self) -> Option<&str> {
        self.0.worker.as_deref()
    }

    /// The last failure.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// Times it failed by its own fault.
    async fn failures(&self) -> i32 {
        self.0.failures
    }

    /// Times its child or worker died under it.
    async fn crashes(&self) -> i32 {
        self.0.crashes
    }

    /// When the last claim began; null: it never was claimed.
    async fn claimed_at(&self) -> Option<DateTime<Utc>> {
        self.0.claimed_at.and_then(DateTime::from_timestamp_millis)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Tasks that this program can read: one of a newer program may be of a kind that it does not know.
pub fn known() -> Select<task::Entity> {
    task::Entity::find().filter(task::Column::Kind.is_in(task::Kind::iter()))
}

/// A task by id, for administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskKey(pub Uuid);

/// What a worker of that name does at the moment, for administrators.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TasksOfWorker(pub String);

impl Loader<TaskKey> for Rows {
    type Value = task::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[TaskKey]) -> Result<HashMap<TaskKey, task::Model>, LoadError> {
        // Asked for through the loaders of administrators only; nobody else's find any.
        if self.viewer().is_some() {
            return Ok(HashMap::new());
        }
        let query = known().filter(
            self.database
                .among(task::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (TaskKey(row.id), row)).collect())
    }
}

impl Loader<TasksOfWorker> for Rows {
    type Value = Vec<task::Model>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[TasksOfWorker],
    ) -> Result<HashMap<TasksOfWorker, Vec<task::Model>>, LoadError> {
        if self.viewer().is_some() {
            return Ok(HashMap::new());
        }
        let query = known()
            .filter(task::Column::State.eq(task::State::Running))
            .filter(task::Column::Worker.is_in(keys.iter().map(|key| key.0.as_str())))
            .order_by_asc(task::Column::Id);
        let mut groups: HashMap<TasksOfWorker, Vec<task::Model>> = HashMap::new();
        for row in self.database.all(query).await? {
            if let Some(name) = row.worker.clone() {
                groups.entry(TasksOfWorker(name)).or_default().push(row);
            }
        }
        Ok(groups)
    }
}
