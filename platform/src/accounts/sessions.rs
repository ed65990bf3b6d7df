//! Sessions and their refresh tokens: each is exchanged once for the next, and whoever uses a spent one ends the session.
//!
//! A client that never got the answer to its exchange may ask again with the spent token within [`GRACE`]. The successor that
//! was lost is withdrawn and another one is made: no successor is told twice, and of two holders of one token only one gets on.
//! The other one's next exchange is with a spent token, and ends the session for both.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{refresh_token, session, token, user};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::{new_secret, token_hash};
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::{Error, Platform, Secret};

/// How long an access token is good.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(10);
/// A session ends when it is not refreshed for so long,
pub const IDLE: TimeDelta = TimeDelta::days(30);
/// and after so long at the latest.
pub const WHOLE: TimeDelta = TimeDelta::days(90);
/// For so long a spent token may be used again by a client that never saw its successor.
pub const GRACE: TimeDelta = TimeDelta::seconds(10);
/// Sessions of a person; one more ends the one that was used least recently.
pub const MOST: u64 = 50;
/// For so long a spent token is known; after that it is refused without ending anything.
pub const REMEMBERED: TimeDelta = TimeDelta::days(7);
/// Characters of what a client calls itself.
const AGENT: usize = 200;

/// A session and the token that refreshes it next.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The session.
    pub session: session::Model,
    /// Good for one exchange.
    pub refresh_token: Secret,
}

/// Begins a session.
///
/// # Errors
/// When the database refuses.
pub async fn open(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    agent: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Opened, Error> {
    open_for(transaction, user_id, agent, WHOLE, now).await
}

/// Begins a session that ends after so long, however often it is refreshed.
///
/// # Errors
/// When the database refuses.
pub async fn open_for(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    agent: Option<&str>,
    life: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Opened, Error> {
    make_room(transaction, user_id, now).await?;
    let session = session::Model {
        id: Uuid::now_v7(),
        user_id,
        agent: agent.map(|agent| agent.chars().take(AGENT).collect()),
        created_at: now,
        used_at: now,
        expires_at: now + IDLE.min(life),
        ends_at: now + life,
        ended_at: None,
    };
    let session = session.into_active_model().insert(transaction).await?;
    let refresh_token = insert(transaction, session.id, 0, now).await?;
    Ok(Opened {
        session,
        refresh_token,
    })
}

/// Exchanges a refresh token. None when it lets nobody in: it is unknown, or its session is over, or is over now because the
/// token was spent before.
///
/// # Errors
/// When the database refuses.
pub async fn refresh(platform: &Platform, secret: &str, now: DateTime<Utc>) -> Result<Option<Opened>, Error> {
    let hash = token_hash(secret);
    let transaction = platform.database.begin().await?;
    let found = refresh_token::Entity::find_by_id(&hash).one(&transaction).await?;
    let Some(found) = found else { return Ok(None) };
    let session = session::Entity::find_by_id(found.session_id)
        .lock_exclusive()
        .one(&transaction)
        .await?;
    let Some(session) = session.filter(|session| session.is_alive(now)) else {
        return Ok(None);
    };
    if !is_let_in(&transaction, session.user_id).await? {
        return Ok(None);
    }
    // Nobody changes the tokens of a session that is locked: these are as they are.
    let given = refresh_token::Entity::find_by_id(&hash)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let live = refresh_token::Entity::find()
        .filter(refresh_token::Column::SessionId.eq(session.id))
        .filter(refresh_token::Column::SpentAt.is_null())
        .one(&transaction)
        .await?;
    let spends = match (given.spent_at, live) {
        (None, _) => Some(given.clone()),
        (Some(spent_at), Some(live)) if now < spent_at + GRACE && live.number == given.number + 1 => {
            Some(live)
        }
        _ => None,
    };
    let Some(spends) = spends else {
        tracing::warn!(session.id = %session.id, user.id = %session.user_id, "a spent refresh token was used: the session is ended");
        // Whoever came with it may be its owner or a thief.
        let entry = Entry::new(platform.by, Action::SessionReused, now)
            .about(SubjectKind::User, session.user_id)
            .before(json!({ "session": session.id }));
        end_row(&transaction, session, now).await?;
        audit::record(&transaction, entry).await?;
        transaction.commit().await?;
        return Ok(None);
    };
    let mut spent = spends.into_active_model();
    spent.spent_at = Set(Some(now));
    spent.update(&transaction).await?;
    let refresh_token = insert(&transaction, session.id, given.number + 1, now).await?;
    forget_spent(&transaction, session.id, now).await?;
    let expires_at = (now + IDLE).min(session.ends_at);
    let mut change = session.into_active_model();
    change.used_at = Set(now);
    change.expires_at = Set(expires_at);
    let session = change.update(&transaction).await?;
    transaction.commit().await?;
    Ok(Some(Opened {
        session,
        refresh_token,
    }))
}

/// Ends one session of a person, whatever kind it is. False when there is none that lives.
///
/// # Errors
/// When the database refuses.
pub async fn end(platform: &Platform, user_id: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    let transaction = platform.database.begin().await?;
    let row = session::Entity::find_by_id(id)
        .filter(session::Column::UserId.eq(user_id))
        .lock_exclusive()
        .one(&transaction)
        .await?;
    let is_ended = match row.filter(|row| row.is_alive(now)) {
        Some(row) => {
            end_row(&transaction, row, now).await?;
            true
        }
        None => plain(user_id, Some(id)).exec(&transaction).await?.rows_affected == 1,
    };
    if is_ended {
        let entry = Entry::new(platform.by, Action::SignedOut, now).about(SubjectKind::Session, id);
        audit::record(&transaction, entry).await?;
    }
    transaction.commit().await?;
    Ok(is_ended)
}

/// Ends every session of a person, as they asked for, and says how many.
///
/// # Errors
/// When the database refuses.
pub async fn sign_out_everywhere(
    platform: &Platform,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    let transaction = platform.database.begin().await?;
    let ended = end_all(&transaction, user_id, None, now).await?;
    if ended == 0 {
        return Ok(0);
    }
    let entry = Entry::new(platform.by, Action::SignedOut, now)
        .about(SubjectKind::User, user_id)
        .changed(json!({ "sessions": ended }), json!({ "sessions": 0 }));
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(ended)
}

/// Ends every session of a person but that one, and says how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    let mut rows = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    let mut opaque = plain(user_id, None);
    if let Some(but) = but {
        rows = rows.filter(session::Column::Id.ne(but));
        opaque = opaque.filter(token::Column::Id.ne(but));
    }
    let ended = rows.exec(transaction).await?.rows_affected;
    Ok(ended + opaque.exec(transaction).await?.rows_affected)
}

/// Sessions that began with a one-time link: one token from begin to end.
fn plain(user_id: Uuid, id: Option<Uuid>) -> sea_orm::DeleteMany<token::Entity> {
    let sessions = token::Entity::delete_many()
        .filter(token::Column::UserId.eq(user_id))
        .filter(token::Column::Kind.eq(token::Kind::Session));
    match id {
        Some(id) => sessions.filter(token::Column::Id.eq(id)),
        None => sessions,
    }
}

async fn end_row(
    transaction: &impl ConnectionTrait,
    row: session::Model,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut change = row.into_active_model();
    change.ended_at = Set(Some(now));
    change.update(transaction).await?;
    Ok(())
}

async fn is_let_in(transaction: &impl ConnectionTrait, user_id: Uuid) -> Result<bool, Error> {
    let person = user::Entity::find_by_id(user_id).one(transaction).await?;
    Ok(person.is_some_and(|person| person.suspended_at.is_none()))
}

async fn insert(
    transaction: &impl ConnectionTrait,
    session_id: Uuid,
    number: i32,
    now: DateTime<Utc>,
) -> Result<Secret, Error> {
    let secret = new_secret()?;
    let row = refresh_token::Model {
        hash: token_hash(secret.expose()),
        session_id,
        number,
        created_at: now,
        spent_at: None,
    };
    refresh_token::Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await?;
    Ok(secret)
}

async fn forget_spent(
    transaction: &impl ConnectionTrait,
    session_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.eq(session_id))
        .filter(refresh_token::Column::SpentAt.lt(now - REMEMBERED))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Ends what was used least recently where a person has as many sessions as one may have.
async fn make_room(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let too_many = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::UsedAt)
        .offset(MOST - 1)
        .limit(MOST)
        .all(transaction)
        .await?;
    for row in too_many {
        end_row(transaction, row, now).await?;
    }
    Ok(())
}
