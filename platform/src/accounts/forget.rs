//! Rows that mean nothing any more.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{attempt, password, session, token, user};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{Error, Platform};

/// Ended sessions and used or expired tokens stay so long, for whoever looks into what happened.
const KEPT: TimeDelta = TimeDelta::days(7);
/// Attempts are long forgotten by then.
const ATTEMPTS: TimeDelta = TimeDelta::days(1);
/// An account that was asked for and never confirmed.
const UNCONFIRMED: TimeDelta = TimeDelta::days(7);

/// Removes them and says how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old(platform: &Platform, now: DateTime<Utc>) -> Result<u64, Error> {
    let connection = platform.database.connection();
    let old = now - KEPT;
    let tokens = Condition::any()
        .add(token::Column::ExpiresAt.lt(old))
        .add(token::Column::UsedAt.lt(old));
    let sessions = Condition::any()
        .add(session::Column::ExpiresAt.lt(old))
        .add(session::Column::EndedAt.lt(old));
    // Nobody has ever come in by these: nothing hangs on them.
    let unconfirmed = Query::select()
        .column(password::Column::UserId)
        .from(password::Entity)
        .and_where(password::Column::IsOpen.eq(false))
        .and_where(password::Column::ChangedAt.lt(now - UNCONFIRMED))
        .to_owned();
    let removed = [
        token::Entity::delete_many()
            .filter(tokens)
            .exec(connection)
            .await?,
        session::Entity::delete_many()
            .filter(sessions)
            .exec(connection)
            .await?,
        attempt::Entity::delete_many()
            .filter(attempt::Column::CountedAt.lt(now - ATTEMPTS))
            .exec(connection)
            .await?,
        user::Entity::delete_many()
            .filter(user::Column::Id.in_subquery(unconfirmed))
            .exec(connection)
            .await?,
    ];
    Ok(removed.iter().map(|done| done.rows_affected).sum())
}
