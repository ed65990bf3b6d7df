//! Where a person's mail goes, and the proof that it is theirs.

use chrono::{DateTime, Utc};
use entities::{password, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Set,
};
use uuid::Uuid;

use super::local::{Refused, login, person};
use super::proofs::{self, Proofs, Purpose};
use crate::database::now;
use crate::mail::Address;
use crate::{Error, Platform};

/// Takes the token of a mail as proof that its address is the person's. Whoever signs in with a password does so with that
/// address from now on.
///
/// # Errors
/// When the database refuses.
pub async fn verify_address(platform: &Platform, token: &str) -> Result<Result<Uuid, Refused>, Error> {
    let now = now();
    let transaction = platform.database.begin().await?;
    let Some(proof) = proofs::find(&transaction, token, Purpose::Verify, now).await? else {
        return Ok(Err(Refused::Stale));
    };
    let address = proof.address.clone().unwrap_or_default();
    let person = person(&transaction, proof.user_id).await?;
    if person.email.as_deref().map(login) != Some(login(&address)) {
        return Ok(Err(Refused::Stale));
    }
    let row = password::Entity::find_by_id(proof.user_id)
        .lock_exclusive()
        .one(&transaction)
        .await?;
    if let Some(row) = row {
        let other = password::Entity::find_by_login(&login(&address))
            .filter(password::Column::UserId.ne(proof.user_id))
            .one(&transaction)
            .await?;
        if other.is_some() {
            return Ok(Err(Refused::AddressTaken));
        }
        let mut change = row.into_active_model();
        change.login = Set(login(&address));
        change.is_open = Set(true);
        change.update(&transaction).await?;
    }
    if !proofs::redeem(&transaction, &proof, now).await? {
        return Ok(Err(Refused::Stale));
    }
    confirm(&transaction, person, &address, now).await?;
    transaction.commit().await?;
    Ok(Ok(proof.user_id))
}

/// Sends the mail with which a person shows that their address is theirs. False: there is nothing to show.
///
/// # Errors
/// When the database refuses.
pub async fn request_verification(platform: &Platform, user_id: Uuid) -> Result<Option<user::Model>, Error> {
    let proofs = Proofs::open(platform).await?;
    let now = now();
    let transaction = platform.database.begin().await?;
    let person = person(&transaction, user_id).await?;
    let Some(address) = person
        .email
        .clone()
        .filter(|_| person.email_verified_at.is_none())
    else {
        return Ok(None);
    };
    let mut change = person.into_active_model();
    change.email_asked_at = Set(Some(now));
    let person = change.update(&transaction).await?;
    proofs
        .ask(&transaction, &person, &address, Purpose::Verify, now)
        .await?;
    transaction.commit().await?;
    Ok(Some(person))
}

/// Changes where a person's mail goes. Whoever has a password is asked to show that the new address is theirs: until then they
/// sign in with the old one.
///
/// # Errors
/// When the database refuses.
pub async fn update_address(
    platform: &Platform,
    user_id: Uuid,
    address: Option<&Address>,
) -> Result<user::Model, Error> {
    let proofs = Proofs::open(platform).await?;
    let now = now();
    let transaction = platform.database.begin().await?;
    let person = person(&transaction, user_id).await?;
    let wanted = address.map(Address::expose);
    if person.email.as_deref() == wanted {
        return Ok(person);
    }
    proofs::withdraw(&transaction, user_id, Purpose::Verify).await?;
    let has_password = password::Entity::find_by_id(user_id).one(&transaction).await?;
    let person = match (address, has_password) {
        (Some(address), Some(_)) => write_address(&transaction, person, address, &proofs, now).await?,
        _ => {
            let mut change = person.into_active_model();
            change.email = Set(wanted.map(str::to_owned));
            change.email_verified_at = Set(None);
            change.email_asked_at = Set(None);
            change.update(&transaction).await?
        }
    };
    transaction.commit().await?;
    Ok(person)
}

/// A new address, and the mail that asks whether it is theirs.
pub(super) async fn write_address(
    transaction: &impl ConnectionTrait,
    person: user::Model,
    address: &Address,
    proofs: &Proofs,
    now: DateTime<Utc>,
) -> Result<user::Model, Error> {
    let is_known = person.email.as_deref().map(login) == Some(login(address.expose()));
    let is_verified = is_known && person.email_verified_at.is_some();
    let mut change = person.into_active_model();
    change.email = Set(Some(address.expose().to_owned()));
    if is_verified {
        return Ok(change.update(transaction).await?);
    }
    change.email_verified_at = Set(None);
    change.email_asked_at = Set(Some(now));
    let person = change.update(transaction).await?;
    proofs
        .ask(transaction, &person, address.expose(), Purpose::Verify, now)
        .await?;
    Ok(person)
}

/// The address is theirs, if it still is the one that their mail goes to.
pub(super) async fn confirm(
    transaction: &impl ConnectionTrait,
    person: user::Model,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if person.email.as_deref().map(login) == Some(login(address)) {
        let mut change = person.into_active_model();
        change.email_verified_at = Set(Some(now));
        change.update(transaction).await?;
    }
    Ok(())
}
