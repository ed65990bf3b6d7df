//! Rows of jobs, held by a transaction.

use entities::{job, user};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
    Select,
};
use uuid::Uuid;

use crate::Error;

/// States of a job that is not over.
const UNFINISHED: [job::State; 4] = [
    job::State::Queued,
    job::State::Running,
    job::State::Finishing,
    job::State::Cancelling,
];

/// Reads a job and keeps its row as it is until the transaction ends: whoever else wants to move it waits. On SQLite every
/// writing transaction is alone anyway.
///
/// # Errors
/// When the database refuses.
pub async fn lock(transaction: &impl ConnectionTrait, id: Uuid) -> Result<Option<job::Model>, Error> {
    // Rows that refer to the job may be inserted meanwhile: that is why the lock is not for the key.
    let query = job::Entity::find_by_id(id).lock(LockType::NoKeyUpdate);
    Ok(query.one(transaction).await?)
}

/// Like [`lock`], but none also when somebody else is moving the job: for those who come back anyway, and must not wait for a
/// transaction whose holder was stopped in the middle.
///
/// # Errors
/// When the database refuses.
pub async fn lock_if_free(transaction: &impl ConnectionTrait, id: Uuid) -> Result<Option<job::Model>, Error> {
    let query = job::Entity::find_by_id(id);
    let query = query.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    Ok(query.one(transaction).await?)
}

/// Lets a user's job into the queue.
///
/// # Errors
/// `QueueFull` when the user has as many unfinished jobs as one may have.
pub async fn admit(transaction: &impl ConnectionTrait, user_id: Uuid, limit: u32) -> Result<(), Error> {
    let unfinished = job::Entity::find()
        .filter(job::Column::UserId.eq(user_id))
        .filter(job::Column::State.is_in(UNFINISHED));
    admit_beside(transaction, user_id, unfinished, limit).await
}

/// Lets one more of a user's things beside those that are there. Of two that ask at the same time the second counts the first
/// one's.
///
/// # Errors
/// `QueueFull` when there are as many as one may have.
pub(crate) async fn admit_beside<E>(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    there: Select<E>,
    limit: u32,
) -> Result<(), Error>
where
    E: EntityTrait<Model: FromQueryResult + Sized + Send + Sync>,
{
    user::Entity::find_by_id(user_id)
        .lock(LockType::NoKeyUpdate)
        .one(transaction)
        .await?;
    let unfinished = there.count(transaction).await?;
    let limit = u64::from(limit);
    if unfinished < limit {
        return Ok(());
    }
    Err(Error::QueueFull {
        position: unfinished + 1,
        limit,
    })
}
