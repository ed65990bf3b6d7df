//! Pauses of the queue: what they hold up is not handed out, what runs goes on.

use entities::{queue_pause, task};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder};

use crate::Error;

/// That no pause holds the row of a task up: part of the statement that looks for the next one.
const NOT_PAUSED: &str = r#"NOT EXISTS (SELECT 1 FROM "queue_pause" AS "pause" WHERE ("pause"."kind" IS NULL OR "pause"."kind" = "task"."kind") AND ("pause"."queue" IS NULL OR "pause"."queue" = "task"."queue"))"#;

/// The condition that a task is handed out at the moment.
pub fn is_handed_out() -> SimpleExpr {
    Expr::cust(NOT_PAUSED)
}

/// Every pause that this program knows the meaning of, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn pauses(database: &impl ConnectionTrait) -> Result<Vec<queue_pause::Model>, Error> {
    let known = Condition::any()
        .add(queue_pause::Column::Kind.is_null())
        .add(queue_pause::Column::Kind.is_in(task::Kind::iter()));
    let rows = queue_pause::Entity::find()
        .filter(known)
        .order_by_asc(queue_pause::Column::PausedAt)
        .order_by_asc(queue_pause::Column::Id);
    Ok(rows.all(database).await?)
}
