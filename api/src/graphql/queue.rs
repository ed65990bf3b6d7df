//! The queue in numbers, and what of it is paused.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use entities::queue_pause;
use platform::Platform;
use platform::database::clock;
use platform::tasks::{Overview, overview};

use super::long::Long;
use super::task::{TaskKind, WorkerCapability};
use crate::failure::Failure;

/// The queue of tasks at one moment.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "TaskQueue")]
pub struct Queue {
    /// Tasks that wait for a worker.
    pub queued: Long,
    /// Tasks that workers have.
    pub running: Long,
    /// Tasks that were given up and are still known.
    pub dead: Long,
    /// The kinds of which there is something (at most one of each), in the order of a job.
    pub by_kind: Vec<QueueOfKind>,
    /// When the task was made that waits longest; null: none waits.
    pub oldest_queued_at: Option<DateTime<Utc>>,
    /// True when nothing at all is handed out.
    pub is_paused: bool,
    /// What is not handed out (at most a few), the oldest first.
    pub pauses: Vec<QueuePause>,
    /// Workers that are there and take tasks.
    pub workers: i32,
    /// Tasks that these can do at the same time.
    pub slots: Long,
    /// Rises with every change that is told by `queueUpdated`; of what is read at different times, the higher one is newer.
    pub version: Long,
}

/// Tasks of one kind.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct QueueOfKind {
    /// Which.
    pub kind: TaskKind,
    /// Tasks that wait for a worker.
    pub queued: Long,
    /// Tasks that workers have.
    pub running: Long,
}

/// A pause: what it holds up is not handed out, what runs goes on.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct QueuePause {
    /// Tasks of this kind only; null: of every kind.
    pub kind: Option<TaskKind>,
    /// Tasks for these workers only; null: for all.
    pub capability: Option<WorkerCapability>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub paused_at: DateTime<Utc>,
}

impl From<queue_pause::Model> for QueuePause {
    fn from(row: queue_pause::Model) -> Self {
        Self {
            kind: row.kind.map(TaskKind::from),
            capability: row.queue.map(WorkerCapability::from),
            reason: row.reason,
            paused_at: row.paused_at,
        }
    }
}

impl Queue {
    /// The queue as an administrator sees it now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn now(platform: &Platform) -> Result<Self, Failure> {
        let connection = platform.database.connection();
        // The clock before what is seen: what is told later was seen later.
        let now = clock(connection).await?;
        let seen = overview(connection).await?;
        Ok(Self::of(seen, now.timestamp_millis()))
    }

    /// What was seen at that moment of the database's clock.
    pub fn of(seen: Overview, version: i64) -> Self {
        let mut by_kind = Vec::with_capacity(seen.kinds.len());
        for of_kind in &seen.kinds {
            by_kind.push(QueueOfKind {
                kind: of_kind.kind.into(),
                queued: Long(of_kind.queued),
                running: Long(of_kind.running),
            });
        }
        Self {
            queued: Long(seen.queued()),
            running: Long(seen.running()),
            dead: Long(seen.dead),
            by_kind,
            oldest_queued_at: seen.oldest_queued_at,
            is_paused: seen
                .pauses
                .iter()
                .any(|pause| pause.kind.is_none() && pause.queue.is_none()),
            workers: i32::try_from(seen.workers).unwrap_or(i32::MAX),
            slots: Long(seen.slots),
            pauses: seen.pauses.into_iter().map(QueuePause::from).collect(),
            version: Long(version),
        }
    }
}
