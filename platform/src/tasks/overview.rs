//! The queue in numbers, for those who look after it.

use chrono::{DateTime, Utc};
use entities::{queue_pause, task};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::pauses;
use crate::{Error, workers};

/// Tasks of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfKind {
    /// Which.
    pub kind: task::Kind,
    /// Nobody has them yet.
    pub queued: i64,
    /// A worker has them.
    pub running: i64,
}

/// The whole queue at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Kinds of which there is something, in the order of a job.
    pub kinds: Vec<OfKind>,
    /// Tasks that were given up and are still known.
    pub dead: i64,
    /// When the task was made that waits longest.
    pub oldest_queued_at: Option<DateTime<Utc>>,
    /// What is not handed out.
    pub pauses: Vec<queue_pause::Model>,
    /// Workers that take tasks.
    pub workers: usize,
    /// Their slots.
    pub slots: i64,
}

impl Overview {
    /// Tasks that nobody has yet.
    pub fn queued(&self) -> i64 {
        self.kinds.iter().map(|kind| kind.queued).sum()
    }

    /// Tasks that workers have.
    pub fn running(&self) -> i64 {
        self.kinds.iter().map(|kind| kind.running).sum()
    }
}

/// Reads it.
///
/// # Errors
/// When the database refuses.
pub async fn overview(database: &impl ConnectionTrait) -> Result<Overview, Error> {
    let states = [task::State::Queued, task::State::Running, task::State::Dead];
    let rows: Vec<(task::Kind, task::State, i64, Option<DateTime<Utc>>)> = task::Entity::find()
        .select_only()
        .column(task::Column::Kind)
        .column(task::Column::State)
        .column_as(task::Column::Id.count(), "tasks")
        .column_as(task::Column::CreatedAt.min(), "oldest")
        .filter(task::Column::State.is_in(states))
        // What only a newer program knows could not even be read.
        .filter(task::Column::Kind.is_in(<task::Kind as sea_orm::Iterable>::iter()))
        .group_by(task::Column::Kind)
        .group_by(task::Column::State)
        .into_tuple()
        .all(database)
        .await?;
    let mut found = Overview {
        pauses: pauses(database).await?,
        ..Overview::default()
    };
    for kind in <task::Kind as sea_orm::Iterable>::iter() {
        let mut of_kind = OfKind {
            kind,
            queued: 0,
            running: 0,
        };
        for (_, state, count, oldest) in rows.iter().filter(|row| row.0 == kind) {
            match state {
                task::State::Queued => {
                    of_kind.queued = *count;
                    let earlier = [found.oldest_queued_at, *oldest].into_iter().flatten().min();
                    found.oldest_queued_at = earlier;
                }
                task::State::Running => of_kind.running = *count,
                _ => found.dead += count,
            }
        }
        if of_kind.queued + of_kind.running > 0 {
            found.kinds.push(of_kind);
        }
    }
    for row in workers::present(database).await? {
        found.workers += 1;
        found.slots += i64::from(row.slots);
    }
    Ok(found)
}
