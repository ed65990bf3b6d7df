//! Pauses of the queue, and the time that they cost nobody.

use std::collections::BTreeMap;

use entities::{job, queue_pause, task};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    Iterable, QueryFilter, QuerySelect, Set,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{begin, entry};
use crate::audit::{self, Action, SubjectKind};
use crate::database::now;
use crate::{Changes, Error, Platform, jobs, tasks};

/// What of the queue is paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paused {
    /// Tasks of this kind only; none: of every kind.
    pub kind: Option<task::Kind>,
    /// Tasks for these workers only; none: for all.
    pub queue: Option<task::Queue>,
}

impl Paused {
    /// As it is recorded: `all`, `trial`, `gpu`, `trial gpu`.
    pub(super) fn name(self) -> String {
        let kind = self.kind.map(|kind| kind.to_value());
        let queue = self.queue.map(|queue| queue.to_value());
        match (kind, queue) {
            (None, None) => "all".to_owned(),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(kind), Some(queue)) => format!("{kind} {queue}"),
        }
    }

    /// The same for the same in every process, so that it is paused once.
    fn id(self) -> Uuid {
        let digest = Sha256::digest(format!("automl-lite pause {}", self.name()).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// The pauses of exactly this.
    fn condition(self) -> Condition {
        let kind = match self.kind {
            Some(kind) => queue_pause::Column::Kind.eq(kind),
            None => queue_pause::Column::Kind.is_null(),
        };
        let queue = match self.queue {
            Some(queue) => queue_pause::Column::Queue.eq(queue),
            None => queue_pause::Column::Queue.is_null(),
        };
        Condition::all().add(kind).add(queue)
    }
}

/// Hands out nothing more of that; what runs goes on. Pausing it again changes the reason that people see.
///
/// # Errors
/// `NotAdministrator`.
pub async fn pause(platform: &Platform, what: Paused, reason: &str) -> Result<queue_pause::Model, Error> {
    let transaction = begin(platform).await?;
    let there = queue_pause::Entity::find()
        .filter(what.condition())
        .lock(LockType::Update)
        .one(&transaction)
        .await?;
    let row = there.unwrap_or_else(|| queue_pause::Model {
        id: what.id(),
        kind: what.kind,
        queue: what.queue,
        reason: String::new(),
        paused_at: now(),
    });
    let id = row.id;
    // Of two who pause the same at the same time, the second changes the first one's reason.
    let again = OnConflict::column(queue_pause::Column::Id)
        .update_column(queue_pause::Column::Reason)
        .action_and_where(Expr::col((queue_pause::Entity, queue_pause::Column::Reason)).ne(reason))
        .to_owned();
    let mut row = row.into_active_model().reset_all();
    row.reason = Set(reason.to_owned());
    let changed = queue_pause::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&transaction)
        .await?;
    let row = queue_pause::Entity::find_by_id(id)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    if changed == 0 {
        return Ok(row);
    }
    let entry = entry(platform, Action::QueuePaused, reason);
    audit::record(&transaction, entry.about(SubjectKind::Queue, what.name())).await?;
    transaction.commit().await?;
    Ok(row)
}

/// Hands that out again. The time in which nothing was done for a job does not count against its budget. False when it was not
/// paused.
///
/// # Errors
/// `NotAdministrator`.
pub async fn resume(platform: &Platform, what: Paused, reason: &str) -> Result<bool, Error> {
    let transaction = begin(platform).await?;
    let pauses = queue_pause::Entity::find()
        .filter(what.condition())
        .lock(LockType::Update)
        .all(&transaction)
        .await?;
    if pauses.is_empty() {
        return Ok(false);
    }
    give_time_back(&transaction, what).await?;
    queue_pause::Entity::delete_many()
        .filter(what.condition())
        .exec(&transaction)
        .await?;
    let entry = entry(platform, Action::QueueResumed, reason);
    audit::record(&transaction, entry.about(SubjectKind::Queue, what.name())).await?;
    transaction.commit().await?;
    let mut changes = Changes::default();
    changes.task();
    platform.announce(changes);
    Ok(true)
}

/// Lets the clocks of the jobs stand still for which nothing was done during a pause, since something last was. The tasks are not
/// locked: nobody is given one of them before the pause is gone, and whoever cancels has the job before its tasks as well.
async fn give_time_back(transaction: &impl ConnectionTrait, what: Paused) -> Result<(), Error> {
    let pauses = tasks::pauses(transaction).await?;
    for (id, waiting) in held_up(transaction, what).await? {
        let Some(row) = jobs::lock(transaction, id).await? else {
            continue;
        };
        if row.state.is_terminal() || tasks::running(transaction, id).await? > 0 {
            continue;
        }
        // Another pause may have held it up for longer.
        let holds =
            |pause: &&queue_pause::Model| waiting.iter().any(|(kind, queue)| pause.holds(*kind, *queue));
        let paused_at = pauses.iter().filter(holds).map(|pause| pause.paused_at).min();
        jobs::give_time_back(transaction, &row, paused_at, now()).await?;
    }
    Ok(())
}

/// Jobs that have begun and have tasks that wait and are paused, each with what of its tasks is.
async fn held_up(
    transaction: &impl ConnectionTrait,
    what: Paused,
) -> Result<BTreeMap<Uuid, Vec<(task::Kind, task::Queue)>>, Error> {
    let begun = Query::select()
        .column(job::Column::Id)
        .from(job::Entity)
        .and_where(job::Column::StartedAt.is_not_null())
        .to_owned();
    let kinds = what
        .kind
        .map_or_else(|| task::Kind::iter().collect(), |kind| vec![kind]);
    let queues = what
        .queue
        .map_or_else(|| task::Queue::iter().collect(), |queue| vec![queue]);
    let rows: Vec<(Uuid, task::Kind, task::Queue)> = task::Entity::find()
        .select_only()
        .column(task::Column::JobId)
        .column(task::Column::Kind)
        .column(task::Column::Queue)
        .distinct()
        .filter(task::Column::State.eq(task::State::Queued))
        .filter(task::Column::JobId.in_subquery(begun))
        .filter(task::Column::Kind.is_in(kinds))
        .filter(task::Column::Queue.is_in(queues))
        .into_tuple()
        .all(transaction)
        .await?;
    let mut held_up: BTreeMap<Uuid, Vec<(task::Kind, task::Queue)>> = BTreeMap::new();
    for (id, kind, queue) in rows {
        held_up.entry(id).or_default().push((kind, queue));
    }
    Ok(held_up)
}
