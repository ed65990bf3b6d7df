//! The queue, its workers, and everybody's jobs.

use chrono::{DateTime, Utc};
use entities::{job, queue_pause, task, worker};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    Iterable, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::{begin, entry};
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::{Changes, Error, Platform, jobs, tasks, workers};

/// What of the queue is paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paused {
    /// Tasks of this kind only; none: of every kind.
    pub kind: Option<task::Kind>,
    /// Tasks for these workers only; none: for all.
    pub queue: Option<task::Queue>,
}

impl Paused {
    /// As it is recorded: `all`, `trial`, `gpu`, `trial gpu`.
    fn name(self) -> String {
        let kind = self.kind.map(|kind| kind.to_value());
        let queue = self.queue.map(|queue| queue.to_value());
        match (kind, queue) {
            (None, None) => "all".to_owned(),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(kind), Some(queue)) => format!("{kind} {queue}"),
        }
    }

    /// The pauses of exactly this.
    fn condition(self) -> Condition {
        let kind = match self.kind {
            Some(kind) => queue_pause::Column::Kind.eq(kind),
            None => queue_pause::Column::Kind.is_null(),
        };
        let queue = match self.queue {
            Some(queue) => queue_pause::Column::Queue.eq(queue),
            None => queue_pause::Column::Queue.is_null(),
        };
        Condition::all().add(kind).add(queue)
    }
}

/// Hands out nothing more of that; what runs goes on. Pausing it again changes the reason that people see.
///
/// # Errors
/// `NotAdministrator`.
pub async fn pause(platform: &Platform, what: Paused, reason: &str) -> Result<queue_pause::Model, Error> {
    let transaction = begin(platform).await?;
    let there = queue_pause::Entity::find()
        .filter(what.condition())
        .one(&transaction)
        .await?;
    let row = match there {
        Some(row) => {
            let mut change = row.into_active_model();
            change.reason = Set(reason.to_owned());
            change.update(&transaction).await?
        }
        None => {
            let row = queue_pause::Model {
                id: Uuid::now_v7(),
                kind: what.kind,
                queue: what.queue,
                reason: reason.to_owned(),
                paused_at: now(),
            };
            row.into_active_model().insert(&transaction).await?
        }
    };
    let entry = entry(platform, Action::QueuePaused, reason);
    audit::record(&transaction, entry.about(SubjectKind::Queue, what.name())).await?;
    transaction.commit().await?;
    Ok(row)
}

/// Hands that out again. The time in which nothing was done for a job does not count against its budget. False when it was not
/// paused.
///
/// # Errors
/// `NotAdministrator`.
pub async fn resume(platform: &Platform, what: Paused, reason: &str) -> Result<bool, Error> {
    let transaction = begin(platform).await?;
    let pauses = queue_pause::Entity::find()
        .filter(what.condition())
        .lock(LockType::Update)
        .all(&transaction)
        .await?;
    let Some(paused_at) = pauses.iter().map(|row| row.paused_at).min() else {
        return Ok(false);
    };
    give_time_back(&transaction, what, paused_at).await?;
    queue_pause::Entity::delete_many()
        .filter(what.condition())
        .exec(&transaction)
        .await?;
    let entry = entry(platform, Action::QueueResumed, reason);
    audit::record(&transaction, entry.about(SubjectKind::Queue, what.name())).await?;
    transaction.commit().await?;
    let mut changes = Changes::default();
    changes.task();
    platform.announce(changes);
    Ok(true)
}

/// Lets the clocks of the jobs stand still for which nothing was done during a pause, since something last was.
async fn give_time_back(
    transaction: &impl ConnectionTrait,
    what: Paused,
    paused_at: DateTime<Utc>,
) -> Result<(), Error> {
    // Tasks before their jobs, as everywhere.
    let held_up = task::Entity::find()
        .filter(task::Column::State.eq(task::State::Queued))
        .filter(task::Column::JobId.is_not_null())
        .filter(
            task::Column::Kind.is_in(
                what.kind
                    .map_or_else(|| task::Kind::iter().collect(), |kind| vec![kind]),
            ),
        )
        .filter(
            task::Column::Queue.is_in(
                what.queue
                    .map_or_else(|| task::Queue::iter().collect(), |queue| vec![queue]),
            ),
        )
        .order_by_asc(task::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(transaction)
        .await?;
    let mut waiting: Vec<Uuid> = held_up.iter().filter_map(|row| row.job_id).collect();
    waiting.sort_unstable();
    waiting.dedup();
    for id in waiting {
        if tasks::running(transaction, id).await? > 0 {
            continue;
        }
        let Some(row) = jobs::lock(transaction, id).await? else {
            continue;
        };
        let Some(started_at) = row.started_at.filter(|_| !row.state.is_terminal()) else {
            continue;
        };
        let last = task::Entity::find()
            .filter(task::Column::JobId.eq(id))
            .order_by_desc(task::Column::UpdatedAt)
            .one(transaction)
            .await?;
        let since = last.map_or(started_at, |last| last.updated_at.max(started_at));
        let stood_still = (now() - since.max(paused_at)).num_milliseconds().max(0);
        let mut change = jobs::changed(&row);
        change.paused_ms = Set(row.paused_ms + stood_still);
        change.update(transaction).await?;
        // Another pause of the same job gives back what comes after this one.
        task::Entity::update_many()
            .col_expr(task::Column::UpdatedAt, Expr::value(now()))
            .filter(task::Column::JobId.eq(id))
            .filter(task::Column::State.eq(task::State::Queued))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Has a task done again: one that a worker holds is taken from it without a mark, one that waits for its next try is tried at
/// once, and one that was given up and has ended its job has the job tried again.
///
/// # Errors
/// `Conflict` where that is of no use, `Gone`, `NotAdministrator`; as `jobs::retry` does.
pub async fn requeue(platform: &Platform, id: Uuid, reason: &str) -> Result<task::Model, Error> {
    let transaction = begin(platform).await?;
    let known = task::Entity::find_by_id(id)
        .filter(task::Column::Kind.is_in(task::Kind::iter()))
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?;
    let row = known.ok_or(Error::Gone)?;
    let mut changes = Changes::default();
    match (row.state, row.kind, row.job_id) {
        (task::State::Queued | task::State::Running, _, _) => {
            tasks::requeue_held(&transaction, &row).await?;
            changes.task();
        }
        (task::State::Dead, task::Kind::Prepare | task::Kind::Assemble, Some(job_id)) => {
            jobs::retry_held(&platform.settings, &transaction, job_id, &mut changes).await?;
        }
        (task::State::Dead, task::Kind::Trial, _) => {
            return refused("its job has gone on without this trial, and tries others");
        }
        (task::State::Dead, task::Kind::Profile, _) => {
            return refused("the dataset cannot be read: its owner uploads it again");
        }
        (task::State::Dead, _, _) => {
            return refused("the batch prediction has failed: its owner begins another one");
        }
        (task::State::Done | task::State::Cancelled, _, _) => return refused("it has ended"),
    }
    let state = row.state.to_value();
    let entry = entry(platform, Action::TaskRequeued, reason).about(SubjectKind::Task, id);
    let before = json!({ "state": state, "worker": row.worker });
    audit::record(&transaction, entry.changed(before, json!({ "state": "queued" }))).await?;
    let row = task::Entity::find_by_id(id)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

fn refused<T>(why: &str) -> Result<T, Error> {
    Err(Error::Conflict(format!("the task cannot be done again: {why}")))
}

/// Which of the tasks that were given up to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purge {
    /// Of this kind only; none: of every kind.
    pub kind: Option<task::Kind>,
    /// Given up before then; none: whenever.
    pub before: Option<DateTime<Utc>>,
}

/// Removes tasks that were given up, and says how many. What they have cost stays counted, and what became of their jobs stays.
///
/// # Errors
/// `NotAdministrator`.
pub async fn purge_dead(platform: &Platform, which: Purge, reason: &str) -> Result<u64, Error> {
    let transaction = begin(platform).await?;
    let mut dead = task::Entity::delete_many().filter(task::Column::State.eq(task::State::Dead));
    if let Some(kind) = which.kind {
        dead = dead.filter(task::Column::Kind.eq(kind));
    }
    if let Some(before) = which.before {
        dead = dead.filter(task::Column::UpdatedAt.lt(before));
    }
    let purged = dead.exec(&transaction).await?.rows_affected;
    if purged == 0 {
        return Ok(0);
    }
    let all = Paused {
        kind: which.kind,
        queue: None,
    };
    let entry = Entry {
        after: Some(json!({ "purged": purged, "givenUpBefore": which.before })),
        ..entry(platform, Action::TasksPurged, reason)
    };
    audit::record(&transaction, entry.about(SubjectKind::Queue, all.name())).await?;
    transaction.commit().await?;
    Ok(purged)
}

/// Has a worker take nothing more, finish what it holds, and end.
///
/// # Errors
/// `Gone` when there is no such worker, `NotAdministrator`.
pub async fn drain(platform: &Platform, id: Uuid, reason: &str) -> Result<worker::Model, Error> {
    let transaction = begin(platform).await?;
    let there = worker::Entity::find_by_id(id).one(&transaction).await?;
    let before = there.ok_or(Error::Gone)?;
    if before.drain_requested_at.is_some() {
        return Ok(before);
    }
    let asked = workers::ask_to_drain(&transaction, id, now()).await?;
    let row = asked.ok_or(Error::Gone)?;
    let entry = entry(platform, Action::WorkerDrained, reason).about(SubjectKind::Worker, &row.name);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(row)
}

/// Stops anybody's job, as its owner could. Asking again changes nothing.
///
/// # Errors
/// `Conflict` when it has ended otherwise, `Gone`, `NotAdministrator`.
pub async fn cancel_job(platform: &Platform, id: Uuid, reason: &str) -> Result<job::Model, Error> {
    let transaction = begin(platform).await?;
    let row = jobs::lock(&transaction, id).await?.ok_or(Error::Gone)?;
    match row.state {
        job::State::Cancelling | job::State::Cancelled => return Ok(row),
        state if state.is_terminal() => {
            let ended = "the job has ended already; there is nothing to cancel";
            return Err(Error::Conflict(ended.to_owned()));
        }
        _ => {}
    }
    let before = row.state.to_value();
    let mut changes = Changes::default();
    let row = jobs::cancel_held(&transaction, row, &mut changes).await?;
    let entry = entry(platform, Action::JobCancelledByAdmin, reason).about(SubjectKind::Job, id);
    let after = json!({ "state": row.state.to_value() });
    audit::record(&transaction, entry.changed(json!({ "state": before }), after)).await?;
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}
