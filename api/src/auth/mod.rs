//! Who asks: bearer tokens. Ours are signed and short (`own`), or random and stored as SHA-256 only. Nothing is answered to
//! nobody, but for the few mutations by which people come in (`open`).

mod identity;
pub mod jwt;
pub mod oidc;
pub mod open;
mod own;
pub mod scopes;
mod seen;
mod session;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use chrono::{DateTime, Duration, Utc};
use entities::{Viewer, token, user};
use platform::accounts::{api_tokens, new_secret, proofs, token_hash};
use platform::allowance::Subject;
use platform::audit::{self, Action, Entry, SubjectKind};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

pub use identity::Identity;
pub use session::{Origin, Session};

use crate::failure::{Code, Failure};
use crate::http::client::Client;
use crate::state::AppState;

/// How long a browser session lasts that began with a one-time link.
const SESSION_DAYS: i64 = 30;
/// A longer random token is not one of ours.
const MAX_TOKEN_LENGTH: usize = 512;

/// The session of a request's `Authorization: Bearer` header.
///
/// # Errors
/// `UNAUTHENTICATED` without a valid token.
pub async fn authenticate(state: &AppState, headers: &HeaderMap) -> Result<Session, Failure> {
    session_of(state, bearer(headers).ok_or_else(Failure::unauthenticated)?).await
}

/// As [`authenticate`]; a token that lets nobody in costs the network that it comes from a point.
///
/// # Errors
/// `UNAUTHENTICATED` without a valid token; `RATE_LIMITED` when the network has no points left either.
pub async fn admit(state: &AppState, headers: &HeaderMap, client: &Client) -> Result<Session, Failure> {
    let token = bearer(headers).ok_or_else(Failure::unauthenticated)?;
    admit_token(state, token, client).await
}

/// As [`session_of`]; a token that lets nobody in costs the network that it comes from a point.
///
/// # Errors
/// As [`admit`].
pub async fn admit_token(state: &AppState, token: &str, client: &Client) -> Result<Session, Failure> {
    let admitted = session_of(state, token).await;
    if let Err(failure) = &admitted
        && failure.code() == Code::Unauthenticated
    {
        charge_for_nothing(state, client).await?;
    }
    admitted
}

/// Takes a point from the network that a request comes from: a token of it was looked up for nothing.
///
/// # Errors
/// `RATE_LIMITED` when it has none left.
pub async fn charge_for_nothing(state: &AppState, client: &Client) -> Result<(), Failure> {
    let Some(address) = client.address else {
        return Ok(());
    };
    let allowances = &state.platform.allowances;
    let subject = Subject::address(address);
    let taken = allowances.take(subject, 1, platform::database::now()).await;
    taken.map_err(|refused| Failure::rate_limited(refused, "requests"))
}

/// Whether a request has a token, good or not.
pub fn has_token(headers: &HeaderMap) -> bool {
    bearer(headers).is_some()
}

/// The session of a token. It was checked now, or a moment ago ([`seen`]).
///
/// # Errors
/// `UNAUTHENTICATED` for a token that is unknown, expired, or only good for an exchange.
pub async fn session_of(state: &AppState, secret: &str) -> Result<Session, Failure> {
    checked_at(state, secret, platform::database::now()).await
}

async fn checked_at(state: &AppState, secret: &str, now: DateTime<Utc>) -> Result<Session, Failure> {
    let seen = state.identity.seen();
    if let Some(session) = seen.get(secret, now) {
        return Ok(session);
    }
    // Random tokens have no dot.
    let session = match secret.contains('.') {
        true => signed(state, secret, now).await?,
        false => random(state, secret).await?,
    };
    seen.put(secret, &session, now);
    Ok(session)
}

/// The session of a random token, from its row.
async fn random(state: &AppState, secret: &str) -> Result<Session, Failure> {
    let row = find(state, secret).await?.ok_or_else(Failure::unauthenticated)?;
    if !row.kind.is_bearer() {
        return Err(Failure::unauthenticated());
    }
    let person = person(state, row.user_id).await?;
    let person = person.ok_or_else(Failure::unauthenticated)?;
    if row.kind != token::Kind::Session {
        let connection = state.platform.database.connection();
        // A note that cannot be made keeps nobody out.
        if let Err(error) = api_tokens::note_use(connection, &row, platform::database::now()).await {
            tracing::warn!(%error, "the use of a token could not be noted");
        }
    }
    Ok(Session {
        viewer: viewer(&person),
        scopes: row.scopes(),
        origin: Origin::Token(row.id),
        expires_at: row.expires_at,
    })
}

/// The session of a signed token: another issuer's, or one of our own.
async fn signed(state: &AppState, token: &str, now: DateTime<Utc>) -> Result<Session, Failure> {
    match state.issuers.session_of(state, token, now).await? {
        Some(session) => Ok(session),
        None => of_our_own(state, token).await,
    }
}

/// The session of one of our access tokens: what the token says, and what the database says of its session and its owner.
async fn of_our_own(state: &AppState, token: &str) -> Result<Session, Failure> {
    let claims = state.identity.verify(&state.platform, token).await?;
    let person = match session_is_alive(state, claims.sid, claims.sub).await? {
        true => person(state, claims.sub).await?,
        false => None,
    };
    let person = person.ok_or_else(Failure::unauthenticated)?;
    Ok(Session {
        viewer: viewer(&person),
        scopes: entities::scope::Scopes::all(),
        origin: Origin::Session(claims.sid),
        expires_at: own::end_of(&claims),
    })
}

async fn session_is_alive(state: &AppState, id: Uuid, user_id: Uuid) -> Result<bool, Failure> {
    let row = entities::session::Entity::find_by_id(id)
        .one(state.platform.database.connection())
        .await?;
    Ok(row.is_some_and(|row| row.user_id == user_id && row.is_alive(platform::database::now())))
}

/// The owner of a token, unless they are kept out.
async fn person(state: &AppState, id: Uuid) -> Result<Option<user::Model>, Failure> {
    let row = user::Entity::find_by_id(id)
        .one(state.platform.database.connection())
        .await?;
    Ok(row.filter(|row| row.suspended_at.is_none()))
}

fn viewer(person: &user::Model) -> Viewer {
    Viewer {
        user_id: person.id,
        role: person.role,
    }
}

/// False once the session's token has expired or is gone, or its owner is kept out or may do something else than before.
///
/// # Errors
/// When the database does not answer.
pub async fn still_valid(state: &AppState, session: &Session) -> Result<bool, Failure> {
    let now = platform::database::now();
    let is_alive = match session.origin {
        Origin::Session(id) => session_is_alive(state, id, session.viewer.user_id).await?,
        Origin::Token(id) => {
            let row = token::Entity::find_by_id(id)
                .one(state.platform.database.connection())
                .await?;
            row.is_some_and(|row| row.is_alive(now))
        }
        // Nobody can withdraw it before it ends.
        Origin::Foreign => true,
    };
    if !is_alive || session.has_expired(now) {
        return Ok(false);
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
    if row.kind != token::Kind::OneTime || person(state, row.user_id).await?.is_none() {
        return Err(Failure::unauthenticated());
    }
    let secret = new_secret()?;
    let expires_at = now + Duration::days(SESSION_DAYS);
    let transaction = state.platform.database.begin().await?;
    if !proofs::redeem(&transaction, &row, now).await? {
        return Err(Failure::unauthenticated());
    }
    let hash = token_hash(secret.expose());
    let session = token::Model {
        expires_at: Some(expires_at),
        ..token::Model::new(Uuid::now_v7(), row.user_id, token::Kind::Session, hash, now)
    };
    let session = session.into_active_model().insert(&transaction).await?;
    let by = state.platform.by.person(row.user_id);
    let entry = Entry::new(by, Action::SignedIn, now).about(SubjectKind::Session, session.id);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok((secret.expose().to_owned(), expires_at))
}

async fn find(state: &AppState, secret: &str) -> Result<Option<token::Model>, Failure> {
    if secret.is_empty() || secret.len() > MAX_TOKEN_LENGTH {
        return Ok(None);
    }
    let row = token::Entity::find_by_hash(&token_hash(secret))
        .one(state.platform.database.connection())
        .await?;
    Ok(row.filter(|row| row.is_alive(platform::database::now())))
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
