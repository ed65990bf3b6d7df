//! The workers that are alive, and how others see that one is not.

use chrono::{DateTime, Utc};
use entities::{task, worker};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, Statement,
};
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;

use crate::database::{milliseconds, now};
use crate::{Database, Error};

/// A worker that was not seen for so long is not counted on any more.
const ABSENT: Duration = Duration::from_secs(15);
/// A worker that was not seen for so long, and whose session with the database is gone, is dead.
const SILENT: Duration = Duration::from_millis(1200);
/// A row of a worker that was not seen for so long is of no interest to anybody.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);

/// What a worker says of itself when it starts.
#[derive(Clone, Debug)]
pub struct Registration {
    /// New with every start.
    pub id: Uuid,
    /// Name under which it claims tasks.
    pub name: String,
    /// Name of its machine.
    pub host: String,
    /// What it takes.
    pub queue: task::Queue,
    /// Tasks at the same time.
    pub slots: usize,
    /// Threads that the slots share.
    pub threads: usize,
    /// Memory of one slot, in bytes.
    pub memory_bytes: u64,
    /// What it computes on, for people.
    pub device: String,
}

/// Makes a worker known.
///
/// # Errors
/// When the database refuses.
pub async fn register(database: &Database, registration: &Registration) -> Result<(), Error> {
    let whole = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let row = worker::Model {
        id: registration.id,
        name: registration.name.clone(),
        host: registration.host.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        queue: registration.queue,
        slots: whole(registration.slots),
        threads: whole(registration.threads),
        memory_bytes: i64::try_from(registration.memory_bytes).unwrap_or(i64::MAX),
        device: registration.device.clone(),
        draining: false,
        seen_at: 0,
        started_at: now(),
        drain_requested_at: None,
    };
    let transaction = database.begin().await?;
    worker::Entity::insert(row.into_active_model())
        .exec_without_returning(&transaction)
        .await?;
    seen(&transaction, registration.id).await?;
    forget(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Gives a sign of life. True when somebody wants the worker to take nothing more and to end.
///
/// # Errors
/// When the database refuses.
pub async fn seen(database: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    let now = milliseconds(database.get_database_backend());
    let rows = worker::Entity::update_many()
        .col_expr(worker::Column::SeenAt, now)
        .filter(worker::Column::Id.eq(id))
        .exec_with_returning(database)
        .await?;
    Ok(rows.iter().any(|row| row.drain_requested_at.is_some()))
}

/// Asks a worker to take nothing more and to end when it has finished what it holds. From now on nobody counts on it. None when
/// there is no such worker; asking again changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn ask_to_drain(
    transaction: &impl ConnectionTrait,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<Option<worker::Model>, Error> {
    worker::Entity::update_many()
        .col_expr(worker::Column::Draining, Expr::value(true))
        .col_expr(worker::Column::DrainRequestedAt, Expr::value(at))
        .filter(worker::Column::Id.eq(id))
        .filter(worker::Column::DrainRequestedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(worker::Entity::find_by_id(id).one(transaction).await?)
}

/// Says that a worker takes nothing more.
///
/// # Errors
/// When the database refuses.
pub async fn drain(database: &impl ConnectionTrait, id: Uuid) -> Result<(), Error> {
    worker::Entity::update_many()
        .col_expr(worker::Column::Draining, Expr::value(true))
        .filter(worker::Column::Id.eq(id))
        .exec(database)
        .await?;
    Ok(())
}

/// Removes a worker that has ended.
///
/// # Errors
/// When the database refuses.
pub async fn leave(database: &impl ConnectionTrait, id: Uuid) -> Result<(), Error> {
    worker::Entity::delete_by_id(id).exec(database).await?;
    Ok(())
}

/// Workers that are there and take tasks.
///
/// # Errors
/// When the database refuses.
pub async fn present(database: &impl ConnectionTrait) -> Result<Vec<worker::Model>, Error> {
    let since = ago(database.get_database_backend(), ABSENT);
    let rows = worker::Entity::find()
        .filter(worker::Column::Draining.eq(false))
        .filter(Expr::col(worker::Column::SeenAt).gte(since));
    Ok(rows.all(database).await?)
}

/// Slots of all present workers, by queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Without a GPU.
    pub cpu: usize,
    /// With one.
    pub gpu: usize,
}

/// Counts the slots of the workers that are there and take tasks.
///
/// # Errors
/// When the database refuses.
pub async fn slots(database: &impl ConnectionTrait) -> Result<Slots, Error> {
    let mut slots = Slots::default();
    for row in present(database).await? {
        let own = usize::try_from(row.slots).unwrap_or(0);
        match row.queue {
            task::Queue::Cpu => slots.cpu += own,
            task::Queue::Gpu => slots.gpu += own,
        }
    }
    Ok(slots)
}

/// What a worker computes on, for people.
///
/// # Errors
/// When the database refuses.
pub async fn device(database: &impl ConnectionTrait, name: &str) -> Result<Option<String>, Error> {
    let row = worker::Entity::find()
        .filter(worker::Column::Name.eq(name))
        .one(database)
        .await?;
    Ok(row.map(|row| row.device))
}

/// True when a worker is dead for certain: it is silent, and the lock that its session with Postgres held is free. Other
/// databases have no sessions to look at: there the end of a lease tells.
///
/// # Errors
/// When the database refuses.
pub async fn is_dead(database: &Database, name: &str) -> Result<bool, Error> {
    let connection = database.connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(false);
    }
    let since = ago(DbBackend::Postgres, SILENT);
    let row = worker::Entity::find()
        .filter(worker::Column::Name.eq(name))
        .filter(Expr::col(worker::Column::SeenAt).gte(since));
    if row.one(connection).await?.is_some() {
        return Ok(false);
    }
    let transaction = database.begin().await?;
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pg_try_advisory_xact_lock($1) AS free",
        [lock_key(name).into()],
    );
    let answer = transaction.query_one_raw(statement).await?;
    let is_free = answer.map(|row| row.try_get("", "free")).transpose()?;
    transaction.rollback().await?;
    Ok(is_free.unwrap_or(false))
}

/// The advisory lock that a worker's session holds while it lives.
pub fn lock_key(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

async fn forget(database: &impl ConnectionTrait) -> Result<(), Error> {
    let before = ago(database.get_database_backend(), FORGOTTEN);
    worker::Entity::delete_many()
        .filter(Expr::col(worker::Column::SeenAt).lt(before))
        .exec(database)
        .await?;
    Ok(())
}

fn ago(backend: DbBackend, span: Duration) -> sea_orm::sea_query::SimpleExpr {
    milliseconds(backend).sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
}
