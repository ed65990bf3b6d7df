//! What the database says of one queue.

use std::collections::HashMap;

use entities::task::{self, Queue};
use platform::database::milliseconds;
use platform::{Database, Error, tasks, workers};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::decision::{Load, Present};

/// What is remembered from one look at a queue to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The most memory that a slot of its workers had.
    largest: Option<i64>,
    /// Tasks that need more.
    unfit: u64,
}

/// Looks at a queue; the size of its fleet is the caller's to know. Workers of one fleet are alike: a task that needs more memory
/// than they have does not count.
///
/// # Errors
/// When the database refuses.
pub async fn look(database: &Database, queue: Queue, size: usize, seen: &mut Seen) -> Result<Load, Error> {
    let connection = database.connection();
    let now = milliseconds(connection.get_database_backend());
    let held = held(connection).await?;
    let mut present = workers::present(connection).await?;
    present.retain(|row| row.queue == queue);
    let largest = Ord::max(present.iter().map(|row| row.memory_bytes).max(), seen.largest);
    let due = task::Entity::find()
        .filter(task::Column::State.eq(task::State::Queued))
        .filter(task::Column::Queue.eq(queue))
        .filter(Expr::col(task::Column::RunAfter).lte(now))
        // What is paused needs no worker.
        .filter(tasks::is_handed_out());
    let fits = task::Column::MemoryBytes.lte(largest.unwrap_or(0));
    let unfit = due.clone().filter(fits.clone().not()).count(connection).await?;
    let mut waiting = due.filter(fits).count(connection).await?;
    if unfit > 0 && largest.is_none() {
        // The first worker shows what memory they have.
        waiting += 1;
    } else if unfit > seen.unfit {
        tracing::warn!(
            ?queue,
            tasks = unfit,
            largest_bytes = largest.unwrap_or(0),
            "tasks need more memory than a slot of this fleet has: no worker is started for them"
        );
    }
    *seen = Seen { largest, unfit };
    let workers = present.into_iter().map(|row| Present {
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
