//! How a job ends without a model.

use entities::job::Event;
use entities::{job, step, task, trial};
use platform::database::now;
use platform::tasks::{self, Claim, Payload};
use platform::{Changes, Error, jobs};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};

use super::step;
use crate::notify;

/// Fails a job: the step where it happened says why, what is open is cancelled. A job that was resumed and has a model from
/// before is COMPLETED with that one instead.
///
/// # Errors
/// When the database refuses.
pub async fn fail(
    transaction: &impl ConnectionTrait,
    job: job::Model,
    at: step::Name,
    reason: &str,
    changes: &mut Changes,
) -> Result<job::Model, Error> {
    if let Some(restored) = jobs::restore(transaction, &job, reason, changes).await? {
        changes.job(&restored);
        return Ok(restored);
    }
    let Some(state) = job.state.after(Event::Fail) else {
        return Ok(job);
    };
    step(transaction, &job, at, step::State::Failed, Some(reason)).await?;
    jobs::close(transaction, &job, "the job failed", changes).await?;
    let mut change = jobs::changed(&job);
    change.state = Set(state);
    change.error = Set(Some(reason.to_owned()));
    change.finished_at = Set(Some(now()));
    let job = change.update(transaction).await?;
    notify::queue(transaction, &job).await?;
    changes.job(&job);
    Ok(job)
}

/// Ends a claimed task that nobody wants any more: its trial is cancelled, and when it was the last of a cancelled job,
/// the job is CANCELLED.
///
/// # Errors
/// `Lost` when the task is somebody else's now.
pub async fn unwanted(
    transaction: &impl ConnectionTrait,
    claim: &Claim,
    changes: &mut Changes,
) -> Result<(), Error> {
    tasks::drop_claimed(transaction, claim).await?;
    // The job first, as everywhere: what is read of its trials stays true then.
    let job = job_of(transaction, &claim.task).await?;
    if let Payload::Trial { trial, .. } = claim.payload()? {
        let found = trial::Entity::find_by_id(trial).one(transaction).await?;
        if let Some(row) = found.filter(|row| row.state.after(trial::Event::Cancel).is_some()) {
            let version = row.version + 1;
            let mut change = row.into_active_model();
            change.state = Set(trial::State::Cancelled);
            change.finished_at = Set(Some(now()));
            change.version = Set(version);
            changes.trial(&change.update(transaction).await?, claim.task.user_id);
        }
    }
    let Some(job) = job else {
        return Ok(());
    };
    if job.state == job::State::Cancelling && tasks::running(transaction, job.id).await? == 0 {
        let job = jobs::stopped(transaction, job, changes).await?;
        changes.job(&job);
    }
    Ok(())
}

/// The job of a task, if it has one. In a transaction its row is held from here on, so that no wish of its owner and no other
/// result comes between.
///
/// # Errors
/// When the database refuses.
pub async fn job_of(
    transaction: &impl ConnectionTrait,
    task: &task::Model,
) -> Result<Option<job::Model>, Error> {
    match task.job_id {
        Some(id) => jobs::lock(transaction, id).await,
        None => Ok(None),
    }
}

/// The job of a task as it is right now.
///
/// # Errors
/// When the database refuses.
pub async fn glance_at_job_of(
    database: &impl ConnectionTrait,
    task: &task::Model,
) -> Result<Option<job::Model>, Error> {
    match task.job_id {
        Some(id) => Ok(job::Entity::find_by_id(id).one(database).await?),
        None => Ok(None),
    }
}
