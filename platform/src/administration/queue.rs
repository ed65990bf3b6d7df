//! The queue, its workers, and everybody's jobs.

use chrono::{DateTime, Utc};
use entities::{job, task, worker};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::pause::Paused;
use super::{begin, entry};
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::{clock, now};
use crate::{Changes, Error, Platform, jobs, tasks, workers};

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
    let was = json!({ "state": row.state.to_value(), "worker": row.worker });
    let (before, after) = match (row.state, row.kind, row.job_id) {
        (task::State::Queued, _, _) if is_due(&transaction, &row).await? => return Ok(row),
        (task::State::Queued | task::State::Running, _, _) => {
            tasks::requeue_held(&transaction, &row).await?;
            changes.task();
            (was, json!({ "state": task::State::Queued.to_value() }))
        }
        (task::State::Dead, task::Kind::Prepare | task::Kind::Assemble, Some(job_id)) => {
            let job = jobs::lock(&transaction, job_id).await?.ok_or(Error::Gone)?;
            if job.state != job::State::Failed {
                return refused("its job has not failed since");
            }
            let again = jobs::retry_held(&platform.settings, &transaction, job_id, &mut changes).await?;
            // The task stays as it is; others do its work.
            let of_job = |row: &job::Model| json!({ "job": row.id, "jobState": row.state.to_value() });
            (of_job(&job), of_job(&again))
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
    };
    let entry = entry(platform, Action::TaskRequeued, reason).about(SubjectKind::Task, id);
    audit::record(&transaction, entry.changed(before, after)).await?;
    let row = task::Entity::find_by_id(id)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// Whether a task that waits may be taken at this moment.
async fn is_due(transaction: &impl ConnectionTrait, row: &task::Model) -> Result<bool, Error> {
    Ok(row.run_after <= clock(transaction).await?.timestamp_millis())
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
    // Of two who ask at the same time, the second finds that it is so.
    let there = worker::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?;
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
