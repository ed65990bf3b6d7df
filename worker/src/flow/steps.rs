//! The steps that people see.

use entities::{job, step};
use platform::Error;
use platform::database::now;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

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
    step::Entity::update(change).exec(transaction).await?;
    Ok(())
}
