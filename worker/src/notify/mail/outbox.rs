//! The rows of the outbox: claimed under a fence and a lease, as tasks are, and paced for all senders together.

use std::time::Duration;

use entities::mail::{Channel, Column, Entity, Model, State};
use platform::database::{milliseconds, now};
use platform::mail::MessageId;
use platform::{Database, Error};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, UpdateMany,
};

use crate::notify::pace::one_row;

/// How many messages all senders together may begin in which time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Messages.
    pub count: u64,
    /// Within.
    pub window: Duration,
}

impl Rate {
    /// That many a second; less than one is one in a longer time.
    pub fn per_second(rate: f64) -> Self {
        if rate >= 1.0 {
            return Self {
                count: rate as u64,
                window: Duration::from_secs(1),
            };
        }
        Self {
            count: 1,
            window: Duration::from_secs_f64(1.0 / rate.max(1e-3)),
        }
    }
}

/// What a sender finds.
#[derive(Debug)]
pub enum Next {
    /// A row that is now this sender's.
    Claimed(Box<Model>),
    /// Rows wait, and the rate is used up.
    TooFast,
    /// Nothing waits.
    Nothing,
}

/// What becomes of a claimed row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The mail service has taken it.
    Sent(MessageId),
    /// Nothing was sent; again after the pause, and no budget is used.
    Later(Duration),
    /// Nothing was sent; again after the pause, and a failure is counted.
    Retry(Duration, String),
    /// Nobody knows whether it was sent; once more after the pause.
    Doubt(Duration, String),
    /// Given up.
    Failed(String),
    /// Not wanted any more.
    Skipped(String),
}

/// Whether something waits to be sent now.
///
/// # Errors
/// When the database refuses.
pub async fn is_waiting(database: &Database) -> Result<bool, Error> {
    let connection = database.connection();
    Ok(waiting(connection).one(connection).await?.is_some())
}

/// Claims the row that waits longest, unless the rate is used up.
///
/// # Errors
/// When the database refuses.
pub async fn claim(database: &Database, worker: &str, lease: Duration, rate: Rate) -> Result<Next, Error> {
    let transaction = database.begin().await?;
    let clock = || milliseconds(transaction.get_database_backend());
    let begun = Entity::find()
        .filter(Column::Channel.eq(Channel::Mail))
        .filter(Expr::col(Column::AttemptedAt).gt(clock().sub(rate.window.as_millis() as i64)));
    let is_used_up = begun.count(&transaction).await? >= rate.count;
    let found = waiting(&transaction)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&transaction)
        .await?;
    let Some(row) = found else {
        return Ok(Next::Nothing);
    };
    if is_used_up {
        return Ok(Next::TooFast);
    }
    let update = owned(&row)
        .filter(Column::State.eq(State::Queued))
        .col_expr(Column::State, Column::State.save_as(Expr::val(State::Sending)))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .col_expr(Column::Worker, Expr::value(worker.to_owned()))
        .col_expr(Column::LeaseUntil, clock().add(lease.as_millis() as i64))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::AttemptedAt, clock());
    one_row(update.exec(&transaction).await?.rows_affected)?;
    let row = Entity::find_by_id(row.id)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    transaction.commit().await?;
    Ok(Next::Claimed(Box::new(row)))
}

/// Rows whose sender is gone or cut off in the middle of sending.
///
/// # Errors
/// When the database refuses.
pub async fn expired(database: &impl ConnectionTrait) -> Result<Vec<Model>, Error> {
    let now = milliseconds(database.get_database_backend());
    let rows = Entity::find()
        .filter(Column::Channel.eq(Channel::Mail))
        .filter(Column::State.eq(State::Sending))
        .filter(Expr::col(Column::LeaseUntil).lt(now));
    Ok(rows.all(database).await?)
}

/// Writes what became of a claimed row.
///
/// A success is written even when the claim had run out, as long as nobody else has claimed the row since: it is the truth, and
/// keeps the mail from being sent again.
///
/// # Errors
/// `Lost` when the row is somebody else's now.
pub async fn settle(transaction: &impl ConnectionTrait, row: &Model, outcome: &Outcome) -> Result<(), Error> {
    let after =
        |pause: Duration| milliseconds(transaction.get_database_backend()).add(pause.as_millis() as i64);
    let to = |state: State, error: Option<&str>| {
        owned(row)
            .col_expr(Column::State, Column::State.save_as(Expr::val(state)))
            .col_expr(Column::Worker, Expr::value(None::<String>))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(Column::Error, Expr::value(error.map(str::to_owned)))
    };
    let held = |update: UpdateMany<Entity>| update.filter(Column::State.eq(State::Sending));
    let update = match outcome {
        Outcome::Sent(id) => to(State::Sent, None)
            .col_expr(Column::MessageId, Expr::value(id.0.clone()))
            .col_expr(Column::SentAt, Expr::value(now())),
        Outcome::Later(pause) => {
            held(to(State::Queued, row.error.as_deref())).col_expr(Column::RunAfter, after(*pause))
        }
        Outcome::Retry(pause, why) => held(to(State::Queued, Some(why)))
            .col_expr(Column::RunAfter, after(*pause))
            .col_expr(Column::Failures, Expr::col(Column::Failures).add(1)),
        Outcome::Doubt(pause, why) => held(to(State::Queued, Some(why)))
            .col_expr(Column::RunAfter, after(*pause))
            .col_expr(Column::Doubts, Expr::col(Column::Doubts).add(1)),
        Outcome::Failed(why) => held(to(State::Failed, Some(why))),
        Outcome::Skipped(why) => held(to(State::Skipped, Some(why))),
    };
    one_row(update.exec(transaction).await?.rows_affected)
}

/// Queued rows that may be sent, the one that waits longest first.
fn waiting(database: &impl ConnectionTrait) -> Select<Entity> {
    let now = milliseconds(database.get_database_backend());
    Entity::find()
        .filter(Column::Channel.eq(Channel::Mail))
        .filter(Column::State.eq(State::Queued))
        .filter(Expr::col(Column::RunAfter).lte(now))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_rates_are_one_in_a_longer_time() {
        let rate = |per_second: f64| {
            let rate = Rate::per_second(per_second);
            (rate.count, rate.window.as_millis())
        };
        assert_eq!(rate(14.0), (14, 1000));
        assert_eq!(rate(1.0), (1, 1000));
        assert_eq!(rate(0.5), (1, 2000));
        assert_eq!(rate(0.0), (1, 1_000_000));
    }
}
