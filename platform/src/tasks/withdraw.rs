//! Taking tasks back from the queue and from their workers.

use entities::task;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::Error;
use crate::database::now;

/// Locks the open tasks of a kind of a job until the transaction ends. Whoever means to [`withdraw`] them locks them before
/// the job, in the order in which a worker that commits a result does.
///
/// # Errors
/// When the database refuses.
pub async fn lock(transaction: &impl ConnectionTrait, job_id: Uuid, kind: task::Kind) -> Result<(), Error> {
    open(job_id, kind)
        .lock(LockType::NoKeyUpdate)
        .all(transaction)
        .await?;
    Ok(())
}

/// Cancels the open tasks of a kind of a job, those of workers included: what these write afterwards is refused, and they
/// stop when they next renew their lease.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(
    transaction: &impl ConnectionTrait,
    job_id: Uuid,
    kind: task::Kind,
) -> Result<(), Error> {
    task::Entity::update_many()
        .col_expr(
            task::Column::State,
            task::Column::State.save_as(Expr::val(task::State::Cancelled)),
        )
        .col_expr(task::Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
        .filter(task::Column::JobId.eq(job_id))
        .filter(task::Column::Kind.eq(kind))
        .filter(task::Column::State.is_in([task::State::Queued, task::State::Running]))
        .exec(transaction)
        .await?;
    Ok(())
}

fn open(job_id: Uuid, kind: task::Kind) -> sea_orm::Select<task::Entity> {
    task::Entity::find()
        .filter(task::Column::JobId.eq(job_id))
        .filter(task::Column::Kind.eq(kind))
        .filter(task::Column::State.is_in([task::State::Queued, task::State::Running]))
}
