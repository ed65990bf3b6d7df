//! Rows of jobs, held by a transaction.

use entities::job;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use uuid::Uuid;

use crate::Error;

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
