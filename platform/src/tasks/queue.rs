//! Taking tasks: from the queue, or from a worker that is gone.

use std::time::Duration;

use entities::{task, user};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Payload, VERSION, is_handed_out, one_row, spent};
use crate::database::{is_passing, milliseconds, now};
use crate::{Database, Error};

/// Pauses before each look whether a claim stands whose commit was not answered.
const CONFIRM_AFTER: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(1),
];

/// The right to work on a task until the lease ends or somebody claims it with a higher fence.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The row as it was right after the claim; `fence` is this claim's.
    pub task: task::Model,
}

impl Claim {
    /// The arguments.
    ///
    /// # Errors
    /// `Conflict` for a task that a newer version of the program made.
    pub fn payload(&self) -> Result<Payload, Error> {
        serde_json::from_value(self.task.payload.clone())
            .map_err(|error| Error::Conflict(format!("this version does not know the task: {error}")))
    }
}

/// What a slot can take.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Name of its worker.
    pub worker: String,
    /// Kinds of tasks that its program knows.
    pub kinds: Vec<task::Kind>,
    /// The one queue that it takes from: a GPU is not kept busy by what any processor could do.
    pub queue: task::Queue,
    /// Memory for one task, in bytes.
    pub memory_bytes: u64,
}

/// Claims the next task that fits, if there is one. Whoever has the fewest running tasks is next, and among these who has
/// waited longest for a turn, so that nobody waits for somebody else's thousand jobs, however few slots there are; among one's
/// own tasks priority decides, then age.
///
/// # Errors
/// When the database refuses.
pub async fn claim(database: &Database, offer: &Offer, lease: Duration) -> Result<Option<Claim>, Error> {
    // A look without the write lock: idle workers do not disturb others.
    if waiting(database.connection(), offer)
        .one(database.connection())
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let transaction = database.begin().await?;
    let next = waiting(&transaction, offer)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&transaction)
        .await?;
    let Some(row) = next else { return Ok(None) };
    take(&transaction, &row, &offer.worker, lease).await?;
    let task = task::Entity::find_by_id(row.id)
        .one(&transaction)
        .await?
        .ok_or(Error::Lost)?;
    had_a_turn(&transaction, row.user_id).await?;
    match transaction.commit().await {
        Ok(()) => Ok(Some(Claim { task })),
        Err(error) if is_passing(&error) => confirmed(database, &task, error).await,
        Err(error) => Err(error.into()),
    }
}

/// The claim, if its commit happened though the answer was lost: unnoticed, it would block the task for the length of a lease
/// and count as a death.
async fn confirmed(database: &Database, task: &task::Model, lost: DbErr) -> Result<Option<Claim>, Error> {
    let mut error = lost;
    for pause in CONFIRM_AFTER {
        tokio::time::sleep(pause).await;
        match standing(database, task).await {
            Ok(found) => return Ok(found.map(|task| Claim { task })),
            Err(cause) if is_passing(&cause) => error = cause,
            Err(cause) => return Err(cause.into()),
        }
    }
    Err(error.into())
}

/// The row of a claim if it stands. A commit that is still on its way is waited for: it holds the row.
async fn standing(database: &Database, task: &task::Model) -> Result<Option<task::Model>, DbErr> {
    let transaction = database.begin().await?;
    let claimed = task::Entity::find_by_id(task.id)
        .filter(task::Column::Fence.eq(task.fence))
        .filter(task::Column::Worker.eq(task.worker.clone()))
        .filter(task::Column::State.eq(task::State::Running))
        .lock(LockType::Update);
    let found = claimed.one(&transaction).await?;
    transaction.rollback().await?;
    Ok(found)
}

/// Running tasks that this program knows and whose lease has ended: their worker is gone or cut off.
///
/// # Errors
/// When the database refuses.
pub async fn expired(database: &impl ConnectionTrait) -> Result<Vec<task::Model>, Error> {
    let now = milliseconds(database.get_database_backend());
    let rows = running().filter(Expr::col(task::Column::LeaseUntil).lt(now));
    Ok(rows.all(database).await?)
}

/// Every running task that this program knows.
///
/// # Errors
/// When the database refuses.
pub async fn held(database: &impl ConnectionTrait) -> Result<Vec<task::Model>, Error> {
    Ok(running().all(database).await?)
}

/// What only a newer program knows is left out: the kind of such a row could not even be read.
fn running() -> sea_orm::Select<task::Entity> {
    task::Entity::find()
        .filter(task::Column::State.eq(task::State::Running))
        .filter(task::Column::Kind.is_in(task::Kind::iter()))
        .filter(task::Column::Version.lte(VERSION))
}

/// Takes a running task over in the caller's transaction; from its commit on, the former worker's writes are refused. Its time is
/// counted with it: so this is not for a connection that commits each statement by itself.
///
/// # Errors
/// `Lost` when the task has changed since `row` was read, by a renewal for example.
pub async fn seize(
    transaction: &DatabaseTransaction,
    row: &task::Model,
    worker: &str,
    lease: Duration,
) -> Result<Claim, Error> {
    take(transaction, row, worker, lease).await?;
    spent::count_lost(transaction, row).await?;
    let task = task::Entity::find_by_id(row.id)
        .one(transaction)
        .await?
        .ok_or(Error::Lost)?;
    Ok(Claim { task })
}

/// Running tasks of the user of a row.
const RUNNING_OF_USER: &str = r#"(SELECT COUNT(*) FROM "task" AS "held" WHERE "held"."user_id" = "task"."user_id" AND "held"."state" = 'running')"#;

/// When the user of a row last had a turn.
const SERVED: &str = r#"(SELECT "served_at" FROM "user" WHERE "user"."id" = "task"."user_id")"#;

/// Queued tasks that may run on such a slot, the next one first.
fn waiting(database: &impl ConnectionTrait, offer: &Offer) -> sea_orm::Select<task::Entity> {
    let now = milliseconds(database.get_database_backend());
    let memory_bytes = i64::try_from(offer.memory_bytes).unwrap_or(i64::MAX);
    let waiting = task::Entity::find()
        .filter(task::Column::State.eq(task::State::Queued))
        .filter(task::Column::Queue.eq(offer.queue))
        .filter(task::Column::Kind.is_in(offer.kinds.iter().copied()))
        .filter(task::Column::Version.lte(VERSION))
        .filter(Expr::col(task::Column::RunAfter).lte(now))
        .filter(task::Column::MemoryBytes.lte(memory_bytes))
        .filter(is_handed_out());
    in_turn(waiting).limit(1)
}

/// Whose task is next: who has the fewest running ones; among one's own, priority, then age.
pub fn in_turn(tasks: sea_orm::Select<task::Entity>) -> sea_orm::Select<task::Entity> {
    tasks
        .order_by_asc(Expr::cust(RUNNING_OF_USER))
        .order_by_asc(Expr::cust(SERVED))
        .order_by_desc(task::Column::Priority)
        .order_by_asc(task::Column::Id)
}

async fn had_a_turn(transaction: &impl ConnectionTrait, user_id: Uuid) -> Result<(), Error> {
    let now = milliseconds(transaction.get_database_backend());
    user::Entity::update_many()
        .col_expr(user::Column::ServedAt, now)
        .filter(user::Column::Id.eq(user_id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Raises the fence of a row that is still as it was read.
async fn take(
    transaction: &impl ConnectionTrait,
    row: &task::Model,
    worker: &str,
    lease: Duration,
) -> Result<(), Error> {
    let now_by_database = milliseconds(transaction.get_database_backend());
    let until = now_by_database.clone().add(lease.as_millis() as i64);
    let mut update = task::Entity::update_many()
        .col_expr(
            task::Column::State,
            task::Column::State.save_as(Expr::val(task::State::Running)),
        )
        .col_expr(task::Column::Fence, Expr::col(task::Column::Fence).add(1))
        .col_expr(task::Column::Worker, Expr::value(worker.to_owned()))
        .col_expr(task::Column::LeaseUntil, until)
        .col_expr(task::Column::ClaimedAt, now_by_database)
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
        .filter(task::Column::Id.eq(row.id))
        .filter(task::Column::Fence.eq(row.fence))
        .filter(task::Column::State.eq(row.state));
    if let Some(lease_until) = row.lease_until {
        update = update.filter(task::Column::LeaseUntil.eq(lease_until));
    }
    one_row(update.exec(transaction).await?.rows_affected)
}
