//! The clock of a job while nothing is done for it.

use chrono::{DateTime, Utc};
use entities::{job, step, task};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::changed;
use crate::Error;

/// Lets the clock of a held job stand still for the time since something was last done for it, or since `from` where that is
/// later. What waits for a worker is as new as `now` afterwards: the same time is not given back again by whoever asks next.
///
/// # Errors
/// When the database refuses.
pub async fn give_time_back(
    transaction: &impl ConnectionTrait,
    row: &job::Model,
    from: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let last = task::Entity::find()
        .filter(task::Column::JobId.eq(row.id))
        .order_by_desc(task::Column::UpdatedAt)
        .one(transaction)
        .await?;
    let (Some(last), Some(started_at)) = (last, row.started_at) else {
        return Ok(());
    };
    // A job that was just resumed has old tasks only, and the time before is accounted for.
    let step = step::Entity::find()
        .filter(step::Column::JobId.eq(row.id))
        .filter(step::Column::StartedAt.is_not_null())
        .order_by_desc(step::Column::StartedAt)
        .one(transaction)
        .await?;
    let moments = [Some(started_at), step.and_then(|step| step.started_at), from];
    let since = moments.into_iter().flatten().fold(last.updated_at, DateTime::max);
    let stood_still = (now - since).num_milliseconds().max(0);
    let mut change = changed(row);
    change.paused_ms = Set(row.paused_ms + stood_still);
    change.update(transaction).await?;
    task::Entity::update_many()
        .col_expr(task::Column::UpdatedAt, Expr::value(now))
        .filter(task::Column::JobId.eq(row.id))
        .filter(task::Column::State.eq(task::State::Queued))
        .exec(transaction)
        .await?;
    Ok(())
}
