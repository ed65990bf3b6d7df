//! Who asks: bearer tokens, stored as SHA-256 only. Nothing is answered to nobody.

pub mod jwt;
pub mod oidc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use chrono::{DateTime, Duration, Utc};
use entities::{Viewer, token, user};
use platform::accounts::token_hash;
use rand::TryRngCore;
use rand::rngs::OsRng;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::failure::Failure;
use crate::state::AppState;

/// How long a browser session lasts.
const SESSION_DAYS: i64 = 30;
/// A longer token is not one of ours.
const MAX_TOKEN_LENGTH: usize = 512;

/// A valid token and its owner.
#[derive(Clone, Debug)]
pub struct Session {
    /// On whose behalf.
    pub viewer: Viewer,
    /// When it ends by itself, if that is known beforehand.
    pub expires_at: Option<DateTime<Utc>>,
    proof: Proof,
}

/// What a session rests on.
#[derive(Clone, Copy, Debug)]
enum Proof {
    /// A token of ours, by its row.
    Stored(Uuid),
    /// A token of another issuer, which nobody can withdraw before it ends.
    Foreign,
}

impl Session {
    /// The session of another issuer's token.
    pub fn foreign(viewer: Viewer, expires_at: DateTime<Utc>) -> Self {
        Self {
            viewer,
            expires_at: Some(expires_at),
            proof: Proof::Foreign,
        }
    }
}

/// The session of a request's `Authorization: Bearer` header.
///
/// # Errors
/// `UNAUTHENTICATED` without a valid token.
pub async fn authenticate(state: &AppState, headers: &HeaderMap) -> Result<Session, Failure> {
    session_of(state, bearer(headers).ok_or_else(Failure::unauthenticated)?).await
}

/// The session of a token.
///
/// # Errors
/// `UNAUTHENTICATED` for a token that is unknown, expired, or only good for an exchange.
pub async fn session_of(state: &AppState, secret: &str) -> Result<Session, Failure> {
    if let Some(session) = state.issuers.session_of(state, secret).await? {
        return Ok(session);
    }
    let row = find(state, secret).await?.ok_or_else(Failure::unauthenticated)?;
    if row.kind == token::Kind::OneTime {
        return Err(Failure::unauthenticated());
    }
    let person = person(state, row.user_id).await?;
    let person = person.ok_or_else(Failure::unauthenticated)?;
    Ok(Session {
        viewer: Viewer {
            user_id: person.id,
            role: person.role,
        },
        expires_at: row.expires_at,
        proof: Proof::Stored(row.id),
    })
}

/// The owner of a token, unless they are kept out.
async fn person(state: &AppState, id: Uuid) -> Result<Option<user::Model>, Failure> {
    let row = user::Entity::find_by_id(id)
        .one(state.platform.database.connection())
        .await?;
    Ok(row.filter(|row| row.suspended_at.is_none()))
}

/// False once the session's token has expired or is gone, or its owner is kept out or may do something else than before.
///
/// # Errors
/// When the database does not answer.
pub async fn still_valid(state: &AppState, session: &Session) -> Result<bool, Failure> {
    let now = platform::database::now();
    if session.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Ok(false);
    }
    if let Proof::Stored(id) = session.proof {
        let row = token::Entity::find_by_id(id)
            .one(state.platform.database.connection())
            .await?;
        if !row.is_some_and(|row| is_alive(&row, now)) {
            return Ok(false);
        }
    }
    let person = person(state, session.viewer.user_id).await?;
    Ok(person.is_some_and(|person| person.role == session.viewer.role))
}

/// Exchanges a one-time token for a session token. A second exchange of the same token fails.
///
/// # Errors
/// `UNAUTHENTICATED` for a token that is not a fresh one-time token.
pub async fn exchange(state: &AppState, one_time: &str) -> Result<(String, DateTime<Utc>), Failure> {
    let now = platform::database::now();
    let row = find(state, one_time)
        .await?
        .ok_or_else(Failure::unauthenticated)?;
    if row.kind != token::Kind::OneTime {
        return Err(Failure::unauthenticated());
    }
    let secret = new_secret()?;
    let expires_at = now + Duration::days(SESSION_DAYS);
    let transaction = state.platform.database.begin().await?;
    let used = token::Entity::update_many()
        .col_expr(token::Column::UsedAt, sea_orm::sea_query::Expr::value(now))
        .filter(token::Column::Id.eq(row.id))
        .filter(token::Column::UsedAt.is_null())
        .exec(&transaction)
        .await?;
    if used.rows_affected != 1 {
        return Err(Failure::unauthenticated());
    }
    let session = token::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(row.user_id),
        kind: Set(token::Kind::Session),
        hash: Set(token_hash(&secret)),
        created_at: Set(now),
        expires_at: Set(Some(expires_at)),
        used_at: Set(None),
    };
    session.insert(&transaction).await?;
    transaction.commit().await?;
    Ok((secret, expires_at))
}

async fn find(state: &AppState, secret: &str) -> Result<Option<token::Model>, Failure> {
    if secret.is_empty() || secret.len() > MAX_TOKEN_LENGTH {
        return Ok(None);
    }
    let row = token::Entity::find_by_hash(&token_hash(secret))
        .one(state.platform.database.connection())
        .await?;
    Ok(row.filter(|row| is_alive(row, platform::database::now())))
}

fn is_alive(row: &token::Model, now: DateTime<Utc>) -> bool {
    row.expires_at.is_none_or(|expires_at| now < expires_at) && row.used_at.is_none()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, secret) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// 256 random bits as hex.
fn new_secret() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(Failure::internal)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_one_bearer_token() {
        let headers = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            headers
        };
        assert_eq!(bearer(&headers(&["Bearer abc"])), Some("abc"));
        assert_eq!(bearer(&headers(&["bearer  abc "])), Some("abc"));
        for wrong in [
            &[][..],
            &["abc"],
            &["Basic abc"],
            &["Bearerabc"],
            &["Bearer a", "Bearer b"],
        ] {
            assert_eq!(bearer(&headers(wrong)), None, "{wrong:?}");
        }
    }
}
