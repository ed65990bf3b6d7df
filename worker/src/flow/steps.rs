//! The steps that people see.

use chrono::DateTime;
use entities::{job, step, task};
use platform::database::now;
use platform::{Changes, Error, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
};

/// Moves a step of a job to a state; its times follow. The caller announces the job.
///
/// # Errors
/// When the database refuses.
pub async fn step(
    transaction: &impl ConnectionTrait,
    job: &job::Model,
    name: step::Name,
    state: step::State,
    error: Option<&str>,
) -> Result<(), Error> {
    let found = step::Entity::find()
        .filter(step::Column::JobId.eq(job.id))
        .filter(step::Column::Name.eq(name))
        .one(transaction)
        .await?;
    let Some(row) = found else { return Ok(()) };
    let is_over = matches!(state, step::State::Completed | step::State::Failed);
    let started_at = row.started_at.or_else(|| Some(now()));
    let mut change = row.into_active_model();
    change.state = Set(state);
    change.started_at = Set(started_at);
    change.finished_at = Set(is_over.then(now));
    change.error = Set(error.map(str::to_owned));
    change.retry_at = Set(None);
    step::Entity::update(change).exec(transaction).await?;
    Ok(())
}

/// Shows on the step that work of it failed or was lost and is queued again: how often that was, why, and when it goes on.
/// Kinds of work that no step shows change nothing.
///
/// # Errors
/// When the database refuses.
pub async fn tried_again(
    transaction: &impl ConnectionTrait,
    task: &task::Model,
    reason: &str,
    changes: &mut Changes,
) -> Result<(), Error> {
    let name = match task.kind {
        task::Kind::Prepare => step::Name::Prepare,
        task::Kind::Trial => step::Name::Train,
        task::Kind::Assemble => step::Name::Assemble,
        _ => return Ok(()),
    };
    let Some(job) = super::job_of(transaction, task).await? else {
        return Ok(());
    };
    let queued = task::Entity::find_by_id(task.id).one(transaction).await?;
    let found = step::Entity::find_by_id((job.id, name)).one(transaction).await?;
    let Some((queued, row)) = queued.zip(found) else {
        return Ok(());
    };
    let attempts = row.attempts + 1;
    let mut change = row.into_active_model();
    change.attempts = Set(attempts);
    change.error = Set(Some(reason.to_owned()));
    change.retry_at = Set(DateTime::from_timestamp_millis(queued.run_after));
    step::Entity::update(change).exec(transaction).await?;
    changes.job(&jobs::changed(&job).update(transaction).await?);
    Ok(())
}
