//! Uploads whose time is over: their bytes and their rows go.

use chrono::{DateTime, Utc};
use entities::upload::{self, Method, State};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::LINK_LIFE;
use crate::artifacts::direct::Transfer;
use crate::artifacts::{self, Key};
use crate::{Error, Platform};

/// Uploads that one sweep removes.
const SWEEP: u64 = 100;

/// Removes uploads that have expired, with their bytes; returns how many. `now` is the time to compare with. What was signed
/// in an upload's last moments may still arrive, so the bytes go when no link can be good any more.
///
/// # Errors
/// When the database or the store refuses; what is left goes with the next sweep.
pub async fn sweep(platform: &Platform, now: DateTime<Utc>) -> Result<usize, Error> {
    let rows = upload::Entity::find()
        .filter(upload::Column::ExpiresAt.lte(now - LINK_LIFE))
        .order_by_asc(upload::Column::ExpiresAt)
        .limit(SWEEP)
        .all(platform.database.connection())
        .await?;
    let mut removed = 0;
    for row in rows {
        if remove(platform, &row).await? {
            removed += 1;
        }
    }
    Ok(removed)
}

/// Marks it first, so that nobody completes it meanwhile and a crash leaves a row that says what to remove.
async fn remove(platform: &Platform, row: &upload::Model) -> Result<bool, Error> {
    let connection = platform.database.connection();
    if row.state == State::Open {
        let expired = upload::Column::State.save_as(Expr::val(State::Expired));
        let update = upload::Entity::update_many()
            .col_expr(upload::Column::State, expired)
            .filter(upload::Column::Id.eq(row.id))
            .filter(upload::Column::State.eq(State::Open));
        if update.exec(connection).await?.rows_affected == 0 {
            return Ok(false);
        }
    }
    match (row.method, platform.artifacts.direct()) {
        (Method::Patch, _) => remove_file(platform, row.id).await?,
        // The bytes of a completed one are its dataset's.
        (_, Some(direct)) if row.state != State::Completed => {
            let key = Key::source(row.id);
            if let Some(id) = &row.transfer {
                direct.abort(Transfer { key: &key, id }).await?;
            }
            let prefix = artifacts::dataset_prefix(row.id);
            platform.artifacts.remove_prefix(&prefix).await?;
        }
        _ => {}
    }
    upload::Entity::delete_by_id(row.id).exec(connection).await?;
    Ok(true)
}

async fn remove_file(platform: &Platform, id: Uuid) -> Result<(), Error> {
    let file = platform.upload_path(id);
    match tokio::fs::remove_file(&file).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(&file, error)),
        _ => Ok(()),
    }
}
