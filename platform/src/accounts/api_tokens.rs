//! Tokens for scripts: made by their owner, with a name, scopes and an end.

use chrono::{DateTime, TimeDelta, Utc};
use entities::scope::Scopes;
use entities::token::{Column, Entity, Kind, Model};
use entities::user;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::{new_secret, token_hash};
use crate::audit::{self, Action, SubjectKind};
use crate::database::now;
use crate::{Error, Platform, Secret};

/// What every such token begins with, so that scanners of code find one that was published.
pub const PREFIX: &str = "automl_";
/// How many a person may have.
pub const MOST: u64 = 50;
/// How long one that `serve --json` prints is good.
const PRINTED_LIFE: TimeDelta = TimeDelta::days(30);
/// The time of the last use is written at most so often.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// A token that is to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose.
    pub user_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// From then on it is refused; none: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a token. Its secret is known to nobody afterwards but who gets it here.
///
/// # Errors
/// `Conflict` when the person has as many as one may have.
pub async fn create(
    platform: &Platform,
    new: NewToken,
    now: DateTime<Utc>,
) -> Result<(Model, Secret), Error> {
    let transaction = platform.database.begin().await?;
    // Of two that are made at the same time the second counts the first one.
    user::Entity::find_by_id(new.user_id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?;
    let there = Entity::find()
        .filter(Column::UserId.eq(new.user_id))
        .filter(Column::Kind.eq(Kind::Api));
    if there.count(&transaction).await? >= MOST {
        return Err(Error::Conflict(format!(
            "You have {MOST} tokens, which is as many as one may have. Delete one that is not used any more."
        )));
    }
    let made = json!({ "scopes": new.scopes.to_string(), "expiresAt": new.expires_at });
    let (row, secret) = insert(&transaction, Kind::Api, new, now).await?;
    let entry = audit::Entry::new(platform.by, Action::TokenCreated, now)
        .about(SubjectKind::ApiToken, row.id)
        .after(made);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok((row, secret))
}

/// The token of a start of the server under that name, which ends the one before of that name. `None` as a name ends all others
/// of this kind: for a server that works alone.
///
/// # Errors
/// When the database refuses.
pub async fn printed(platform: &Platform, user_id: Uuid, name: Option<&str>) -> Result<Secret, Error> {
    let transaction = platform.database.begin().await?;
    let mut before = Entity::delete_many().filter(Column::Kind.eq(Kind::Printed));
    if let Some(name) = name {
        before = before.filter(Column::Name.eq(name));
    }
    before.exec(&transaction).await?;
    let now = now();
    let new = NewToken {
        user_id,
        name: name.unwrap_or("serve --json").to_owned(),
        scopes: Scopes::all(),
        expires_at: Some(now + PRINTED_LIFE),
    };
    let (_, secret) = insert(&transaction, Kind::Printed, new, now).await?;
    transaction.commit().await?;
    Ok(secret)
}

/// Ends a token of a person. False when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn delete(platform: &Platform, user_id: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    let transaction = platform.database.begin().await?;
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Kind.is_in([Kind::Api, Kind::Printed]))
        .exec(&transaction)
        .await?;
    if deleted.rows_affected == 0 {
        return Ok(false);
    }
    let entry = audit::Entry::new(platform.by, Action::TokenRevoked, now).about(SubjectKind::ApiToken, id);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Notes that a token was used now; within a minute of the last note it does nothing.
///
/// # Errors
/// When the database refuses.
pub async fn note_use(
    database: &impl ConnectionTrait,
    token: &Model,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if token.last_used_at.is_some_and(|last| now < last + NOTED) {
        return Ok(());
    }
    // Of several that see the old time, one writes.
    let unchanged = match token.last_used_at {
        Some(last) => Column::LastUsedAt.eq(last),
        None => Column::LastUsedAt.is_null(),
    };
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Condition::all().add(Column::Id.eq(token.id)).add(unchanged))
        .exec(database)
        .await?;
    Ok(())
}

async fn insert(
    database: &impl ConnectionTrait,
    kind: Kind,
    new: NewToken,
    now: DateTime<Utc>,
) -> Result<(Model, Secret), Error> {
    let secret = Secret::new(format!("{PREFIX}{}", new_secret()?.expose()));
    let row = Model {
        expires_at: new.expires_at,
        name: Some(new.name),
        scopes: Some(new.scopes.to_string()),
        ..Model::new(
            Uuid::now_v7(),
            new.user_id,
            kind,
            token_hash(secret.expose()),
            now,
        )
    };
    let row = row.into_active_model().insert(database).await?;
    Ok((row, secret))
}
