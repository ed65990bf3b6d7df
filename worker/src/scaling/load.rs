//! What the database says of one queue.

use std::collections::HashMap;

use entities::task::{self, Queue};
use platform::database::milliseconds;
use platform::{Database, Error, workers};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::decision::{Load, Present};

/// Looks at a queue; the size of its fleet is the caller's to know.
///
/// # Errors
/// When the database refuses.
pub async fn look(database: &Database, queue: Queue, size: usize) -> Result<Load, Error> {
    let connection = database.connection();
    let now = milliseconds(connection.get_database_backend());
    let waiting = task::Entity::find()
        .filter(task::Column::State.eq(task::State::Queued))
        .filter(task::Column::Queue.eq(queue))
        .filter(Expr::col(task::Column::RunAfter).lte(now))
        .count(connection)
        .await?;
    let held = held(connection).await?;
    let present = workers::present(connection).await?;
    let workers = present
        .into_iter()
        .filter(|row| row.queue == queue)
        .map(|row| Present {
            id: row.id,
            tasks: held.get(&row.name).copied().unwrap_or(0),
            slots: whole(row.slots.into()),
            host: row.host,
        });
    Ok(Load {
        waiting: usize::try_from(waiting).unwrap_or(usize::MAX),
        workers: workers.collect(),
        size,
    })
}

/// Number of running tasks by the name of their worker.
async fn held(connection: &impl ConnectionTrait) -> Result<HashMap<String, usize>, Error> {
    let rows: Vec<(Option<String>, i64)> = task::Entity::find()
        .select_only()
        .column(task::Column::Worker)
        .column_as(task::Column::Id.count(), "tasks")
        .filter(task::Column::State.eq(task::State::Running))
        .group_by(task::Column::Worker)
        .into_tuple()
        .all(connection)
        .await?;
    let named = rows
        .into_iter()
        .filter_map(|(name, tasks)| Some((name?, whole(tasks))));
    Ok(named.collect())
}

fn whole(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
