//! The rows of the messages: claimed under a fence and a lease, as mails are.

use std::time::Duration;

use entities::webhook_delivery::{Column, Entity, Model, State};
use platform::database::{milliseconds, now};
use platform::{Database, Error};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    UpdateMany,
};

use crate::notify::pace::one_row;

/// What becomes of a claimed row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The receiver has it, with that status.
    Sent(u16),
    /// Again after the pause: the receiver answered with that status, or not at all.
    Retry(Duration, Option<u16>, String),
    /// Given up.
    Failed(Option<u16>, String),
    /// Not wanted any more.
    Skipped(String),
}

/// Claims the row that waits longest, or one whose sender died with it: the receiver tells a message that comes twice by its id.
///
/// # Errors
/// When the database refuses.
pub async fn claim(database: &Database, worker: &str, lease: Duration) -> Result<Option<Model>, Error> {
    // Most looks find nothing, and need no transaction.
    let connection = database.connection();
    if ready(connection).one(connection).await?.is_none() {
        return Ok(None);
    }
    let transaction = database.begin().await?;
    let clock = || milliseconds(transaction.get_database_backend());
    let found = ready(&transaction)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&transaction)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let update = owned(&row)
        .filter(Column::State.is_in([State::Queued, State::Sending]))
        .col_expr(Column::State, Column::State.save_as(Expr::val(State::Sending)))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .col_expr(Column::Worker, Expr::value(worker.to_owned()))
        .col_expr(Column::LeaseUntil, clock().add(lease.as_millis() as i64))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1));
    one_row(update.exec(&transaction).await?.rows_affected)?;
    let row = Entity::find_by_id(row.id).one(&transaction).await?;
    transaction.commit().await?;
    Ok(row)
}

/// Writes what became of a claimed row. A success is written even when the claim had run out, as long as nobody else has claimed
/// the row since: it keeps the message from being sent again.
///
/// # Errors
/// `Lost` when the row is somebody else's now.
pub async fn settle(transaction: &impl ConnectionTrait, row: &Model, outcome: &Outcome) -> Result<(), Error> {
    let to = |state: State, status: Option<u16>, error: Option<&str>| {
        owned(row)
            .col_expr(Column::State, Column::State.save_as(Expr::val(state)))
            .col_expr(Column::Worker, Expr::value(None::<String>))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(Column::Status, Expr::value(status.map(i32::from)))
            .col_expr(Column::Error, Expr::value(error.map(str::to_owned)))
    };
    let held = |update: UpdateMany<Entity>| update.filter(Column::State.eq(State::Sending));
    let update = match outcome {
        Outcome::Sent(status) => {
            to(State::Sent, Some(*status), None).col_expr(Column::SentAt, Expr::value(now()))
        }
        Outcome::Retry(pause, status, why) => {
            let clock = milliseconds(transaction.get_database_backend());
            held(to(State::Queued, *status, Some(why)))
                .col_expr(Column::RunAfter, clock.add(pause.as_millis() as i64))
        }
        Outcome::Failed(status, why) => held(to(State::Failed, *status, Some(why))),
        Outcome::Skipped(why) => held(to(State::Skipped, None, Some(why))),
    };
    one_row(update.exec(transaction).await?.rows_affected)
}

/// Rows that a sender may take now, the one that waits longest first.
fn ready(database: &impl ConnectionTrait) -> Select<Entity> {
    let now = || milliseconds(database.get_database_backend());
    let waits = Column::State
        .eq(State::Queued)
        .and(Expr::col(Column::RunAfter).lte(now()));
    let lost = Column::State
        .eq(State::Sending)
        .and(Expr::col(Column::LeaseUntil).lt(now()));
    Entity::find()
        .filter(waits.or(lost))
        .order_by_asc(Column::RunAfter)
        .order_by_asc(Column::Id)
        .limit(1)
}

/// An update of the row as long as nobody has claimed it since it was read.
fn owned(row: &Model) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(row.id))
        .filter(Column::Fence.eq(row.fence))
}
