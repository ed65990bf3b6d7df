//! Tasks that only a GPU worker takes, and the way back to all the others.

use std::time::Duration;

use entities::task;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{Claim, one_row, requeued, spent};
use crate::database::now;
use crate::{Error, notices};

/// Times that a task may end without a result on GPU workers before it is computed without one.
pub const GPU_BUDGET: i32 = 2;

/// Open tasks of a job on the GPU queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnGpu {
    /// Nobody has them.
    pub queued: usize,
    /// A worker has them.
    pub running: usize,
}

/// Counts them.
///
/// # Errors
/// When the database refuses.
pub async fn on_gpu(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<OnGpu, Error> {
    let count = async |state: task::State| -> Result<usize, Error> {
        let rows = task::Entity::find()
            .filter(task::Column::JobId.eq(job_id))
            .filter(task::Column::Queue.eq(task::Queue::Gpu))
            .filter(task::Column::State.eq(state));
        Ok(usize::try_from(rows.count(transaction).await?).unwrap_or(usize::MAX))
    };
    Ok(OnGpu {
        queued: count(task::State::Queued).await?,
        running: count(task::State::Running).await?,
    })
}

/// Has any worker take what waits for a GPU. Returns how many tasks those were.
///
/// # Errors
/// When the database refuses.
pub async fn to_cpu(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<u64, Error> {
    let moved = task::Entity::update_many()
        .col_expr(task::Column::Queue, cpu())
        // Those who listen to the other queue are still to be told.
        .col_expr(task::Column::RungAt, Expr::value(None::<i64>))
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
        .filter(task::Column::JobId.eq(job_id))
        .filter(task::Column::Queue.eq(task::Queue::Gpu))
        .filter(task::Column::State.eq(task::State::Queued))
        .exec(transaction)
        .await?;
    notices::tell_task(transaction, task::Queue::Cpu).await?;
    Ok(moved.rows_affected)
}

/// Gives a claimed task to the workers without a GPU, with their whole budget.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn leave_gpu(transaction: &impl ConnectionTrait, claim: &Claim, reason: &str) -> Result<(), Error> {
    spent::count(transaction, claim).await?;
    let update =
        requeued(transaction, claim, 0, 0, Duration::ZERO, Some(reason)).col_expr(task::Column::Queue, cpu());
    one_row(update.exec(transaction).await?.rows_affected)?;
    notices::tell_task(transaction, task::Queue::Cpu).await?;
    Ok(())
}

fn cpu() -> sea_orm::sea_query::SimpleExpr {
    task::Column::Queue.save_as(Expr::val(task::Queue::Cpu))
}
