//! What was used, read for one person or for many with the same number of statements.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{artifact, job, upload, usage};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{UNFINISHED, Used, midnight};
use crate::Error;

/// What somebody has used today.
pub(super) async fn today(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Used, Error> {
    let mut used = HashMap::new();
    add_today(database, &[user_id], now, &mut used).await?;
    Ok(used.remove(&user_id).unwrap_or_default())
}

/// Bytes of somebody's stored files.
pub(super) async fn stored(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, Error> {
    let mut used = HashMap::new();
    add_stored(database, &[user_id], now, &mut used).await?;
    Ok(used.remove(&user_id).unwrap_or_default().stored_bytes)
}

/// What these people have used; nothing of those who have used nothing. The statements are as many for many as for one.
///
/// # Errors
/// When the database refuses.
pub async fn used(
    database: &impl ConnectionTrait,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Used>, Error> {
    let mut used: HashMap<Uuid, Used> = HashMap::new();
    let unfinished: Vec<(Uuid, i64)> = job::Entity::find()
        .select_only()
        .column(job::Column::UserId)
        .column_as(job::Column::Id.count(), "jobs")
        .filter(job::Column::UserId.is_in(people.iter().copied()))
        .filter(job::Column::State.is_in(UNFINISHED))
        .group_by(job::Column::UserId)
        .into_tuple()
        .all(database)
        .await?;
    for (user_id, jobs) in unfinished {
        used.entry(user_id).or_default().unfinished_jobs = jobs;
    }
    add_today(database, people, now, &mut used).await?;
    add_stored(database, people, now, &mut used).await?;
    Ok(used)
}

async fn add_today(
    database: &impl ConnectionTrait,
    people: &[Uuid],
    now: DateTime<Utc>,
    used: &mut HashMap<Uuid, Used>,
) -> Result<(), Error> {
    let rows: Vec<(Uuid, usage::Kind, i64)> = usage::Entity::find()
        .select_only()
        .column(usage::Column::UserId)
        .column(usage::Column::Kind)
        .column_as(sum(usage::Column::Amount), "amount")
        .filter(usage::Column::UserId.is_in(people.iter().copied()))
        .filter(usage::Column::UsedAt.gte(midnight(now)))
        .group_by(usage::Column::UserId)
        .group_by(usage::Column::Kind)
        .into_tuple()
        .all(database)
        .await?;
    for (user_id, kind, amount) in rows {
        let used = used.entry(user_id).or_default();
        match kind {
            usage::Kind::Job => used.jobs_today = amount,
            usage::Kind::Compute => used.compute_ms_today = amount,
        }
    }
    Ok(())
}

async fn add_stored(
    database: &impl ConnectionTrait,
    people: &[Uuid],
    now: DateTime<Utc>,
    used: &mut HashMap<Uuid, Used>,
) -> Result<(), Error> {
    let files: Vec<(Uuid, i64)> = artifact::Entity::find()
        .select_only()
        .column(artifact::Column::UserId)
        .column_as(sum(artifact::Column::SizeBytes), "bytes")
        .filter(artifact::Column::UserId.is_in(people.iter().copied()))
        .group_by(artifact::Column::UserId)
        .into_tuple()
        .all(database)
        .await?;
    // What is announced is as good as there.
    let announced: Vec<(Uuid, i64)> = upload::Entity::find()
        .select_only()
        .column(upload::Column::UserId)
        .column_as(sum(upload::Column::SizeBytes), "bytes")
        .filter(upload::Column::UserId.is_in(people.iter().copied()))
        .filter(upload::Column::State.eq(upload::State::Open))
        .filter(upload::Column::ExpiresAt.gt(now))
        .group_by(upload::Column::UserId)
        .into_tuple()
        .all(database)
        .await?;
    for (user_id, bytes) in files.into_iter().chain(announced) {
        used.entry(user_id).or_default().stored_bytes += bytes;
    }
    Ok(())
}

/// A sum of whole numbers as one: Postgres makes a decimal number of it.
fn sum(column: impl ColumnTrait) -> SimpleExpr {
    Expr::col(column).sum().cast_as("BIGINT")
}
