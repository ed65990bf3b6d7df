//! Tasks of a batch prediction.

use entities::task;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::Error;
use crate::database::now;

/// Locks the open tasks of a batch until the transaction ends: before the batch, in the order in which a worker that commits a
/// result does.
///
/// # Errors
/// When the database refuses.
pub async fn lock_of_batch(transaction: &impl ConnectionTrait, batch_id: Uuid) -> Result<(), Error> {
    task::Entity::find()
        .filter(task::Column::BatchPredictionId.eq(batch_id))
        .filter(task::Column::State.is_in([task::State::Queued, task::State::Running]))
        .lock(LockType::NoKeyUpdate)
        .all(transaction)
        .await?;
    Ok(())
}

/// Cancels the tasks of a batch that no worker has claimed. One that a worker has ends when its heartbeat sees that nobody
/// wants it.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_queued_of_batch(transaction: &impl ConnectionTrait, batch_id: Uuid) -> Result<(), Error> {
    task::Entity::update_many()
        .col_expr(
            task::Column::State,
            task::Column::State.save_as(Expr::val(task::State::Cancelled)),
        )
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
        .filter(task::Column::BatchPredictionId.eq(batch_id))
        .filter(task::Column::State.eq(task::State::Queued))
        .exec(transaction)
        .await?;
    Ok(())
}
