//! A change is made once, however often it is asked for under the same key. The key's row is written in the transaction of the
//! change: both exist or neither.

use chrono::{DateTime, TimeDelta, Utc};
use entities::idempotency;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, TryInsertResult};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Error;
use crate::database::now;

/// Longest key.
pub const MAX_KEY: usize = 100;
/// How long a key is remembered.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// A request that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    user_id: Uuid,
    key: String,
    hash: String,
}

impl Request {
    /// A request of a user: its key, the name of the operation, and all that was asked, as text that is the same for the same
    /// request.
    pub fn new(user_id: Uuid, key: &str, operation: &str, asked: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(operation);
        hasher.update([0]);
        hasher.update(asked);
        let mut hash = String::with_capacity(64);
        for byte in hasher.finalize() {
            hash.push_str(&format!("{byte:02x}"));
        }
        Self {
            user_id,
            key: key.to_owned(),
            hash,
        }
    }
}

/// The id of the object that answered the request before, if it was answered.
///
/// # Errors
/// `KeyReused` when the key belongs to another request.
pub async fn answered(
    database: &impl ConnectionTrait,
    request: Option<&Request>,
) -> Result<Option<Uuid>, Error> {
    let Some(request) = request else { return Ok(None) };
    let key = (request.user_id, request.key.clone());
    match idempotency::Entity::find_by_id(key).one(database).await? {
        Some(row) if row.request_hash == request.hash => Ok(Some(row.answer_id)),
        Some(_) => Err(Error::KeyReused),
        None => Ok(None),
    }
}

/// Notes in the transaction of a change that `answer` answers the request. When the request was answered already, nothing is
/// noted and the id of that answer is given: the change must not be made again. One that asks at the same time waits here
/// until the first has committed.
///
/// # Errors
/// `KeyReused` when the key belongs to another request.
pub async fn claim(
    transaction: &impl ConnectionTrait,
    request: Option<&Request>,
    answer: Uuid,
) -> Result<Option<Uuid>, Error> {
    let Some(asked) = request else { return Ok(None) };
    let row = idempotency::Model {
        user_id: asked.user_id,
        key: asked.key.clone(),
        request_hash: asked.hash.clone(),
        answer_id: answer,
        created_at: now(),
    };
    let inserted = idempotency::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing_on([idempotency::Column::UserId, idempotency::Column::Key])
        .exec_without_returning(transaction)
        .await?;
    match inserted {
        TryInsertResult::Inserted(rows) if rows > 0 => Ok(None),
        _ => answered(transaction, request).await,
    }
}

/// Forgets keys that are a day old.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old(database: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, Error> {
    let old = idempotency::Entity::delete_many()
        .filter(idempotency::Column::CreatedAt.lt(now - REMEMBERED))
        .exec(database)
        .await?;
    Ok(old.rows_affected)
}
