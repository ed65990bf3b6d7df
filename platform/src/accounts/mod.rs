//! People and how they come in: passwords, sessions, tokens, and proofs that an address is theirs. A token is shown once; the
//! database holds its hash.

pub mod addresses;
pub mod api_tokens;
pub mod attempts;
pub mod common_passwords;
pub mod forget;
pub mod keys;
pub mod local;
pub mod passwords;
pub mod proofs;
pub mod sessions;
pub mod standing;

#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::{token, user};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::database::{Alone, now};
use crate::{Error, Platform, Secret};

/// The account that a fresh home gets: the oldest one.
///
/// # Errors
/// When the database refuses.
pub async fn owner(platform: &Platform) -> Result<user::Model, Error> {
    // Two processes that start on a fresh database make one account.
    let transaction = platform.database.begin_alone(Alone::Owner).await?;
    if let Some(user) = user::Entity::find()
        .order_by_asc(user::Column::Id)
        .one(&transaction)
        .await?
    {
        return Ok(user);
    }
    let mut user = user::Model::new(Uuid::now_v7(), "Owner", now());
    user.role = user::Role::Admin;
    let user = user.into_active_model().insert(&transaction).await?;
    transaction.commit().await?;
    Ok(user)
}

/// A token that can be exchanged once for a session, for so long.
///
/// # Errors
/// When the database refuses.
pub async fn one_time_token(platform: &Platform, user_id: Uuid, valid: Duration) -> Result<Secret, Error> {
    let secret = new_secret()?;
    let created_at = now();
    let mut row = token::Model::new(
        Uuid::now_v7(),
        user_id,
        token::Kind::OneTime,
        token_hash(secret.expose()),
        created_at,
    );
    row.expires_at = Some(created_at + valid);
    row.into_active_model()
        .insert(platform.database.connection())
        .await?;
    Ok(secret)
}

/// What is stored of a token: its SHA-256 in lower-case hex.
pub fn token_hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// 256 random bits of the operating system, as base64url.
///
/// # Errors
/// When the system has none.
pub fn new_secret() -> Result<Secret, Error> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| Error::Conflict("the system has no randomness".to_owned()))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

/// Lower-case hex.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
