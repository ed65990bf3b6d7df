//! Proofs that somebody reads the mail of an address: a token goes there, and comes back once.
//!
//! The token is made of its row's id by a key that all processes share. So the outbox holds no token: whoever sends the mail
//! makes it again, and every try of a mail carries the same one.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entities::mail::{self, AccountFacts};
use entities::token::{self, Kind};
use entities::user;
use hmac::{Hmac, Mac};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::Sha256;
use uuid::Uuid;

use super::token_hash;
use crate::{Error, Platform, Secret, secrets};

/// How long the token of a verification is good.
pub const VERIFY_LIFE: TimeDelta = TimeDelta::hours(24);
/// How long the token of a new password is good.
pub const RESET_LIFE: TimeDelta = TimeDelta::hours(1);
/// What the key is for.
const PURPOSE: &str = "mailed tokens";

/// What a mail about an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Showing that the address is theirs.
    Verify,
    /// Setting a new password.
    Reset,
}

impl Purpose {
    fn token(self) -> Kind {
        match self {
            Self::Verify => Kind::VerifyEmail,
            Self::Reset => Kind::ResetPassword,
        }
    }

    fn mail(self) -> mail::Kind {
        match self {
            Self::Verify => mail::Kind::VerifyEmail,
            Self::Reset => mail::Kind::ResetPassword,
        }
    }

    fn life(self) -> TimeDelta {
        match self {
            Self::Verify => VERIFY_LIFE,
            Self::Reset => RESET_LIFE,
        }
    }
}

/// Makes and takes tokens.
#[derive(Clone)]
pub struct Proofs {
    key: [u8; 32],
}

impl fmt::Debug for Proofs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Proofs")
    }
}

impl Proofs {
    /// With the key that all processes over this database share.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open(platform: &Platform) -> Result<Self, Error> {
        let key = secrets::key(platform, PURPOSE).await?;
        Ok(Self { key })
    }

    /// The token of a row.
    pub fn token(&self, id: Uuid) -> Secret {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(id.as_bytes());
        let mut bytes = id.as_bytes().to_vec();
        bytes.extend_from_slice(&mac.finalize().into_bytes());
        Secret::new(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Puts one mail with a new token into the outbox; tokens of that kind that the person has are good no more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ask(
        &self,
        transaction: &impl ConnectionTrait,
        person: &user::Model,
        address: &str,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        withdraw(transaction, person.id, purpose).await?;
        let id = Uuid::now_v7();
        let row = token::Model {
            expires_at: Some(now + purpose.life()),
            address: Some(address.to_owned()),
            ..token::Model::new(
                id,
                person.id,
                purpose.token(),
                token_hash(self.token(id).expose()),
                now,
            )
        };
        row.into_active_model().insert(transaction).await?;
        send(transaction, person, address, purpose.mail(), Some(id), now).await
    }
}

/// The token's row, if it is good for that now. It stays good until it is redeemed.
///
/// # Errors
/// When the database refuses.
pub async fn find(
    database: &impl ConnectionTrait,
    secret: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<token::Model>, Error> {
    let row = token::Entity::find_by_hash(&token_hash(secret))
        .filter(token::Column::Kind.eq(purpose.token()))
        .one(database)
        .await?;
    Ok(row.filter(|row| row.is_alive(now)))
}

/// Uses a token up. False when somebody has done so already.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    transaction: &impl ConnectionTrait,
    row: &token::Model,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let used = token::Entity::update_many()
        .col_expr(token::Column::UsedAt, Expr::value(now))
        .filter(token::Column::Id.eq(row.id))
        .filter(token::Column::UsedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Tokens of that kind that the person has are good no more.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    purpose: Purpose,
) -> Result<(), Error> {
    token::Entity::delete_many()
        .filter(token::Column::UserId.eq(user_id))
        .filter(token::Column::Kind.eq(purpose.token()))
        .filter(token::Column::UsedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Tells the holder of an address that somebody wanted to sign up with it.
///
/// # Errors
/// When the database refuses.
pub async fn tell_of_account(
    transaction: &impl ConnectionTrait,
    person: &user::Model,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    send(transaction, person, address, mail::Kind::AccountExists, None, now).await
}

async fn send(
    transaction: &impl ConnectionTrait,
    person: &user::Model,
    address: &str,
    kind: mail::Kind,
    token_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let facts = AccountFacts {
        user_name: person.name.clone(),
        token_id,
    };
    let mut row = mail::Model::queued(Uuid::now_v7(), person.id, kind, address.to_owned(), now);
    row.facts = serde_json::to_value(facts).map_err(|error| Error::Conflict(error.to_string()))?;
    row.into_active_model().insert(transaction).await?;
    Ok(())
}
