//! How much work there is and who does it, counted over all people: figures for whoever runs the platform.

use chrono::{DateTime, Utc};
use entities::task;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::{Error, workers};

/// States of tasks that are counted. Those that ended well, or were not needed any more, only grow in number.
pub const COUNTED: [task::State; 3] = [task::State::Queued, task::State::Running, task::State::Dead];

/// What was counted at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Tasks by kind and state; what is not there is 0.
    pub tasks: Vec<(task::Kind, task::State, i64)>,
    /// How long the task has waited that could have been taken first, in milliseconds, by queue; an empty queue is not there.
    pub waiting_ms: Vec<(task::Queue, i64)>,
    /// Workers that are there and take tasks, and their slots, by queue.
    pub workers: Vec<(task::Queue, i64, i64)>,
}

/// Counts.
///
/// # Errors
/// When the database refuses.
pub async fn take(database: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Census, Error> {
    let tasks = task::Entity::find()
        .select_only()
        .column(task::Column::Kind)
        .column(task::Column::State)
        .column_as(task::Column::Id.count(), "count")
        .filter(task::Column::State.is_in(COUNTED))
        .group_by(task::Column::Kind)
        .group_by(task::Column::State);
    let mut census = Census {
        tasks: tasks.into_tuple().all(database).await?,
        waiting_ms: waiting(database, now).await?,
        workers: Vec::new(),
    };
    for queue in [task::Queue::Cpu, task::Queue::Gpu] {
        census.workers.push((queue, 0, 0));
    }
    for worker in workers::present(database).await? {
        for (queue, count, slots) in &mut census.workers {
            if *queue == worker.queue {
                *count += 1;
                *slots += i64::from(worker.slots);
            }
        }
    }
    Ok(census)
}

async fn waiting(
    database: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<(task::Queue, i64)>, DbErr> {
    let oldest: Vec<(task::Queue, Option<i64>)> = task::Entity::find()
        .select_only()
        .column(task::Column::Queue)
        .column_as(task::Column::RunAfter.min(), "oldest")
        .filter(task::Column::State.eq(task::State::Queued))
        .group_by(task::Column::Queue)
        .into_tuple()
        .all(database)
        .await?;
    let mut waiting = Vec::new();
    for (queue, oldest) in oldest {
        if let Some(oldest) = oldest {
            // One that is to wait a while before its next try is not late.
            waiting.push((queue, (now.timestamp_millis() - oldest).max(0)));
        }
    }
    Ok(waiting)
}
