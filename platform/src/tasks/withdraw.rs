//! Taking tasks back from the queue and from their workers.

use entities::task;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::spent;
use crate::database::now;
use crate::{Error, notices};

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
    let of_kind = Condition::all()
        .add(task::Column::JobId.eq(job_id))
        .add(task::Column::Kind.eq(kind));
    spent::count_running(transaction, of_kind).await?;
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

/// Puts a task back into the queue without a mark against it, whoever holds it: what its worker writes afterwards is refused,
/// and the worker stops when it next renews its lease. One that waits for its next try is tried at once.
///
/// # Errors
/// `Conflict` when the task has ended.
pub async fn requeue_held(transaction: &impl ConnectionTrait, row: &task::Model) -> Result<(), Error> {
    let same = || {
        Condition::all()
            .add(task::Column::Id.eq(row.id))
            .add(task::Column::Fence.eq(row.fence))
    };
    spent::count_running(transaction, same()).await?;
    let updated = task::Entity::update_many()
        .col_expr(
            task::Column::State,
            task::Column::State.save_as(Expr::val(task::State::Queued)),
        )
        .col_expr(task::Column::Worker, Expr::value(None::<String>))
        .col_expr(task::Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(task::Column::ClaimedAt, Expr::value(None::<i64>))
        .col_expr(task::Column::RunAfter, Expr::value(0_i64))
        .col_expr(task::Column::RungAt, Expr::value(None::<i64>))
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
        .filter(same())
        .filter(task::Column::State.is_in([task::State::Queued, task::State::Running]))
        .exec(transaction)
        .await?;
    if updated.rows_affected != 1 {
        return Err(Error::Conflict("the task has ended meanwhile".to_owned()));
    }
    notices::tell_task(transaction, row.queue).await?;
    Ok(())
}

fn open(job_id: Uuid, kind: task::Kind) -> sea_orm::Select<task::Entity> {
    task::Entity::find()
        .filter(task::Column::JobId.eq(job_id))
        .filter(task::Column::Kind.eq(kind))
        .filter(task::Column::State.is_in([task::State::Queued, task::State::Running]))
}
