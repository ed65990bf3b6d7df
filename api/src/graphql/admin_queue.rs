//! What administrators do with the queue and its workers. Each asks for a reason, and is in the audit log with it.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use platform::administration::{self, Paused, Purge};

use super::administrator::{administrator, reason};
use super::id::{self, Noun};
use super::once::settle_field;
use super::payload::{UserError, payload};
use super::queue::Queue;
use super::task::{Task, TaskKind, WorkerCapability};
use super::worker::Worker;
use crate::failure::Failure;

/// What not to hand out; everything when neither kind nor capability is there.
#[derive(InputObject)]
pub struct PauseQueueInput {
    /// Tasks of this kind only.
    kind: Option<TaskKind>,
    /// Tasks for these workers only.
    capability: Option<WorkerCapability>,
    /// Why, 1 to 500 characters: everybody sees it.
    reason: String,
}

/// What to hand out again: exactly what was paused.
#[derive(InputObject)]
pub struct ResumeQueueInput {
    /// Tasks of this kind only.
    kind: Option<TaskKind>,
    /// Tasks for these workers only.
    capability: Option<WorkerCapability>,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// What to do again.
#[derive(InputObject)]
pub struct RequeueTaskInput {
    /// The task.
    id: ID,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// What to remove of the tasks that were given up; all of them when neither kind nor time is there.
#[derive(InputObject)]
pub struct PurgeDeadTasksInput {
    /// Of this kind only.
    kind: Option<TaskKind>,
    /// Given up before then only.
    before: Option<DateTime<Utc>>,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// Which worker is to leave.
#[derive(InputObject)]
pub struct DrainWorkerInput {
    /// The worker.
    id: ID,
    /// Why, 1 to 500 characters.
    reason: String,
}

payload! {
    /// What `pauseQueue` answers.
    PauseQueuePayload {
        /// The queue as it is now.
        queue: Queue
    }
}
payload! {
    /// What `resumeQueue` answers.
    ResumeQueuePayload {
        /// The queue as it is now.
        queue: Queue
    }
}
payload! {
    /// What `requeueTask` answers.
    RequeueTaskPayload {
        /// The task as it is now; one that was given up stays so, and its job is tried again.
        task: Task
    }
}
payload! {
    /// What `purgeDeadTasks` answers.
    PurgeDeadTasksPayload {
        /// Tasks that are gone now.
        purged_count: i32
    }
}
payload! {
    /// What `drainWorker` answers.
    DrainWorkerPayload {
        /// The worker as it is now.
        worker: Worker
    }
}

/// Changes of the queue and its workers by administrators.
#[derive(Default)]
pub struct AdminQueueMutation;

#[Object]
impl AdminQueueMutation {
    /// Hands out nothing more, or nothing more of one kind or for one kind of worker; what runs goes on, and jobs that wait do not
    /// lose time. For administrators.
    async fn pause_queue(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What, and why.")] input: PauseQueueInput,
    ) -> Result<Option<PauseQueuePayload>, Failure> {
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let what = paused(input.kind, input.capability);
        administration::pause(&state.platform, what, reason).await?;
        Ok(Some(Ok(Queue::now(&state.platform).await?).into()))
    }

    /// Hands out again what was paused. For administrators.
    async fn resume_queue(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What, and why.")] input: ResumeQueueInput,
    ) -> Result<Option<ResumeQueuePayload>, Failure> {
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let what = paused(input.kind, input.capability);
        if !administration::resume(&state.platform, what, reason).await? {
            let message = "This is not paused; name exactly what was: see `admin.queue.pauses`.";
            let error = UserError {
                code: "CONFLICT".to_owned(),
                message: message.to_owned(),
                field: None,
            };
            return Ok(Some(Err(vec![error]).into()));
        }
        Ok(Some(Ok(Queue::now(&state.platform).await?).into()))
    }

    /// Has a task done again: one that a worker holds is taken from it without a mark against it, one that waits for its next try is
    /// tried at once, and one that was given up and has ended its job has the job tried again. For administrators.
    async fn requeue_task(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: RequeueTaskInput,
    ) -> Result<Option<RequeueTaskPayload>, Failure> {
        let key = id::decode_as(&input.id, Noun::Task)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::requeue(&state.platform, key, reason).await;
        Ok(Some(settle_field(done, "id", "task")?.map(Task).into()))
    }

    /// Removes tasks that were given up. What they have cost stays counted. For administrators.
    async fn purge_dead_tasks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones, and why.")] input: PurgeDeadTasksInput,
    ) -> Result<Option<PurgeDeadTasksPayload>, Failure> {
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let which = Purge {
            kind: input.kind.map(Into::into),
            before: input.before,
        };
        let purged = administration::purge_dead(&state.platform, which, reason).await?;
        Ok(Some(Ok(i32::try_from(purged).unwrap_or(i32::MAX)).into()))
    }

    /// Has a worker take nothing more, finish what it holds and end. This is not undone: start another one. For administrators.
    async fn drain_worker(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: DrainWorkerInput,
    ) -> Result<Option<DrainWorkerPayload>, Failure> {
        let key = id::decode_as(&input.id, Noun::Worker)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::drain(&state.platform, key, reason).await;
        Ok(Some(settle_field(done, "id", "worker")?.map(Worker).into()))
    }
}

fn paused(kind: Option<TaskKind>, capability: Option<WorkerCapability>) -> Paused {
    Paused {
        kind: kind.map(Into::into),
        queue: capability.map(Into::into),
    }
}
