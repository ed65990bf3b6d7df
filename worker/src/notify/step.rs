//! The step "notify" of a job: what its rows in the outbox add up to.

use entities::mail::{self, Kind, State};
use entities::{job, step};
use platform::database::now;
use platform::{Changes, Error};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use uuid::Uuid;

/// A row of the outbox has changed: the job that it belongs to shows it. The caller announces the changes.
///
/// # Errors
/// When the database refuses.
pub async fn settled(
    transaction: &impl ConnectionTrait,
    row: &mail::Model,
    changes: &mut Changes,
) -> Result<(), Error> {
    // Mail about an account belongs to no job.
    let Some(job_id) = row.job_id else { return Ok(()) };
    // The version rises in one statement: somebody else may change the job at this moment.
    job::Entity::update_many()
        .col_expr(job::Column::Version, Expr::col(job::Column::Version).add(1))
        .filter(job::Column::Id.eq(job_id))
        .exec(transaction)
        .await?;
    let Some(job) = job::Entity::find_by_id(job_id).one(transaction).await? else {
        return Ok(());
    };
    // A job that has gone on since shows its own end, not the one before.
    if Kind::of(job.state) == Some(row.kind) {
        show(transaction, job_id, row.kind).await?;
    }
    changes.job(&job);
    Ok(())
}

/// Writes the step's state from the rows of that kind.
///
/// # Errors
/// When the database refuses.
pub async fn show(transaction: &impl ConnectionTrait, job_id: Uuid, kind: Kind) -> Result<(), Error> {
    let rows = mail::Entity::find()
        .filter(mail::Column::JobId.eq(job_id))
        .filter(mail::Column::Kind.eq(kind))
        .order_by_asc(mail::Column::Id)
        .all(transaction)
        .await?;
    let found = step::Entity::find_by_id((job_id, step::Name::Notify))
        .one(transaction)
        .await?;
    let Some(row) = found else { return Ok(()) };
    let (state, error) = sum(&rows);
    let is_over = state != step::State::Running;
    let started_at = row.started_at.or_else(|| Some(now()));
    let mut change = row.into_active_model();
    change.state = Set(state);
    change.started_at = Set(started_at);
    change.finished_at = Set(is_over.then(now));
    change.error = Set(error);
    step::Entity::update(change).exec(transaction).await?;
    Ok(())
}

/// Open rows keep the step running; then one that was sent is enough, and a failure is said.
fn sum(rows: &[mail::Model]) -> (step::State, Option<String>) {
    let first = |state: State| rows.iter().find(|row| row.state == state);
    if rows.iter().any(|row| !row.state.is_terminal()) {
        return (step::State::Running, None);
    }
    if let Some(failed) = first(State::Failed) {
        return (step::State::Failed, failed.error.clone());
    }
    if first(State::Sent).is_some() {
        return (step::State::Completed, None);
    }
    (
        step::State::Skipped,
        first(State::Skipped).and_then(|row| row.error.clone()),
    )
}
