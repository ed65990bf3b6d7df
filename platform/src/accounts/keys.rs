//! The keys that sign access tokens: ECDSA over P-256, made here, kept in the table of secrets, shared by all processes.
//!
//! A new key is published before it signs, so that everybody who verifies has it by then; an old one verifies until the last
//! token that it signed has expired.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entities::secret;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};

use super::sessions::ACCESS_LIFE;
use crate::database::Alone;
use crate::{Error, Platform};

/// How old the newest key becomes.
pub const ROTATED: TimeDelta = TimeDelta::days(90);
/// A new key signs after so long.
pub const PUBLISHED: TimeDelta = TimeDelta::minutes(10);
/// Clocks that differ get so much more.
const SLACK: TimeDelta = TimeDelta::minutes(2);
/// What the names of its rows begin with.
const NAME: &str = "signing key ";

/// A key pair. `Debug` shows its id only.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// Thumbprint of the public key (RFC 7638): what tokens name in their header.
    pub id: String,
    /// PKCS #8.
    private: Vec<u8>,
    /// Coordinates of the public key, base64url of 32 bytes each.
    pub x: String,
    /// The other one.
    pub y: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyPair({})", self.id)
    }
}

impl KeyPair {
    /// A new pair.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate(now: DateTime<Utc>) -> Result<Self, Error> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let document = document.map_err(|_| Error::Conflict("a signing key could not be made".to_owned()))?;
        Self::read(document.as_ref(), now).ok_or_else(|| Error::Conflict("a new key is none".to_owned()))
    }

    /// The private part, as PKCS #8: for the call that signs, never for a log.
    pub fn expose_private(&self) -> &[u8] {
        &self.private
    }

    /// The public part as a JSON Web Key.
    pub fn public(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y, "kid": self.id, "alg": "ES256", "use": "sig",
        })
    }

    fn read(private: &[u8], created_at: DateTime<Utc>) -> Option<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private).ok()?;
        // 4, x and y.
        let (mark, point) = pair.public_key().as_ref().split_first()?;
        let (x, y) = point
            .split_at_checked(32)
            .filter(|(_, y)| *mark == 4 && y.len() == 32)?;
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Some(Self {
            id: URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)),
            private: private.to_vec(),
            x,
            y,
            created_at,
        })
    }

    fn stored(row: &secret::Model) -> Option<Self> {
        Self::read(&URL_SAFE_NO_PAD.decode(&row.value).ok()?, row.created_at)
    }
}

/// Every key that verifies, the newest first; one at least. Makes a new one where the newest is old, and forgets those whose
/// tokens have all expired.
///
/// # Errors
/// When the database refuses.
pub async fn load(platform: &Platform, now: DateTime<Utc>) -> Result<Vec<KeyPair>, Error> {
    let keys = read(platform.database.connection()).await?;
    if !is_due(&keys, now) {
        return forget(platform, keys, now).await;
    }
    let transaction = platform.database.begin_alone(Alone::SigningKey).await?;
    // Another process may have been faster.
    let keys = read(&transaction).await?;
    if is_due(&keys, now) {
        let key = KeyPair::generate(now)?;
        tracing::info!(key.id = key.id, "a new key for access tokens was made");
        insert(&transaction, &key).await?;
    }
    let keys = read(&transaction).await?;
    transaction.commit().await?;
    Ok(keys)
}

/// The key that signs: the newest that everybody knows.
pub fn signing(keys: &[KeyPair], now: DateTime<Utc>) -> Option<&KeyPair> {
    let known = keys.iter().find(|key| key.created_at + PUBLISHED <= now);
    known.or(keys.last())
}

/// True when the newest key is too old, or there is none.
fn is_due(keys: &[KeyPair], now: DateTime<Utc>) -> bool {
    keys.first()
        .is_none_or(|newest| newest.created_at + ROTATED <= now)
}

/// True for a key whose place the next newer one has taken so long ago that no token of it is good any more.
fn is_over(newer: &KeyPair, now: DateTime<Utc>) -> bool {
    newer.created_at + PUBLISHED + ACCESS_LIFE + SLACK <= now
}

async fn forget(platform: &Platform, keys: Vec<KeyPair>, now: DateTime<Utc>) -> Result<Vec<KeyPair>, Error> {
    let mut kept: Vec<KeyPair> = Vec::new();
    for key in keys {
        if kept.last().is_some_and(|newer| is_over(newer, now)) {
            let name = format!("{NAME}{}", key.id);
            secret::Entity::delete_by_id(name)
                .exec(platform.database.connection())
                .await?;
        } else {
            kept.push(key);
        }
    }
    Ok(kept)
}

async fn read(database: &impl ConnectionTrait) -> Result<Vec<KeyPair>, Error> {
    let rows = secret::Entity::find()
        .filter(secret::Column::Name.starts_with(NAME))
        .all(database)
        .await?;
    let mut keys: Vec<KeyPair> = rows.iter().filter_map(KeyPair::stored).collect();
    keys.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
    Ok(keys)
}

async fn insert(database: &impl ConnectionTrait, key: &KeyPair) -> Result<(), Error> {
    let row = secret::Model {
        name: format!("{NAME}{}", key.id),
        value: URL_SAFE_NO_PAD.encode(&key.private),
        created_at: key.created_at,
    };
    secret::Entity::insert(row.into_active_model())
        .exec_without_returning(database)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_published_before_it_signs_and_the_old_one_outlives_its_tokens() {
        let at = |minutes: i64| DateTime::from_timestamp(1_800_000_000 + 60 * minutes, 0).unwrap();
        let old = KeyPair::generate(at(0)).unwrap();
        let new = KeyPair::generate(at(1000)).unwrap();
        let both = [new.clone(), old.clone()];
        // The very first signs at once: there is nothing else.
        assert_eq!(signing(&both[1..], at(0)), Some(&old));
        assert_eq!(signing(&both, at(1009)), Some(&old));
        assert_eq!(signing(&both, at(1010)), Some(&new));
        assert!(!is_over(&new, at(1021)) && is_over(&new, at(1022)));
        assert!(is_due(&[], at(0)));
        assert!(!is_due(&both, at(1000) + ROTATED - TimeDelta::seconds(1)));
        assert!(is_due(&both, at(1000) + ROTATED));
        assert!(!format!("{both:?}").contains("private"));
    }
}
