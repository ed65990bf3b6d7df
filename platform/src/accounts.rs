//! People and their tokens. A token is shown once; the database holds its hash.

use std::time::Duration;

use entities::{token, user};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::database::{Alone, now};
use crate::{Error, Platform};

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
pub async fn one_time_token(platform: &Platform, user_id: Uuid, valid: Duration) -> Result<String, Error> {
    issue(platform, user_id, token::Kind::OneTime, Some(valid)).await
}

/// A bearer token for scripts that does not expire.
///
/// # Errors
/// When the database refuses.
pub async fn api_token(platform: &Platform, user_id: Uuid) -> Result<String, Error> {
    issue(platform, user_id, token::Kind::Api, None).await
}

/// What is stored of a token: its SHA-256 in lower-case hex.
pub fn token_hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

async fn issue(
    platform: &Platform,
    user_id: Uuid,
    kind: token::Kind,
    valid: Option<Duration>,
) -> Result<String, Error> {
    // Two version-4 UUIDs hold 244 random bits of the operating system.
    let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let created_at = now();
    let row = token::Model {
        id: Uuid::now_v7(),
        user_id,
        kind,
        hash: token_hash(&secret),
        created_at,
        expires_at: valid.map(|valid| created_at + valid),
        used_at: None,
    };
    row.into_active_model()
        .insert(platform.database.connection())
        .await?;
    Ok(secret)
}
