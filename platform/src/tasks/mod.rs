//! The task queue: rows of the database, claimed with a rising fence under a lease on the database's clock.
//!
//! Whoever holds a [`Claim`] proves it in every transaction with [`hold`] (or by ending the task): when somebody else has
//! claimed the task since, that gives [`Error::Lost`] and the transaction must be dropped.

mod batch;
mod gpu;
mod overview;
mod pause;
pub mod policy;
mod queue;
mod spent;
mod withdraw;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use entities::task;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

pub use batch::{cancel_queued_of_batch, lock_of_batch};
pub use gpu::{GPU_BUDGET, OnGpu, leave_gpu, on_gpu, to_cpu};
pub use overview::{OfKind, Overview, overview};
pub use pause::{is_handed_out, pauses};
pub use queue::{Claim, Offer, claim, expired, held, in_turn, seize};
pub use withdraw::{lock, requeue_held, withdraw};

use crate::database::{milliseconds, now};
use crate::{Error, notices, trace};

/// Failures of its own that a task may have before it is given up.
pub const FAILURE_BUDGET: i32 = 3;
/// Deaths of its child or worker that a task may cause before it is given up.
pub const CRASH_BUDGET: i32 = 3;

/// The newest version of a task's meaning that this program knows. Tasks of a later one are left to newer programs, whole and
/// without a mark against them: while a pool is upgraded, old and new workers take from one queue.
pub const VERSION: i32 = 1;

/// Arguments of a task. A change of meaning is a new variant or a higher [`Payload::version`], so that old rows stay readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "task", deny_unknown_fields)]
pub enum Payload {
    /// Read and profile a dataset.
    Profile {
        /// Which.
        dataset: Uuid,
    },
    /// Split and encode the data of a job.
    Prepare {
        /// Which.
        job: Uuid,
    },
    /// Fit and score one configuration.
    Trial {
        /// Of which job.
        job: Uuid,
        /// Which.
        trial: Uuid,
    },
    /// Make the model of a job.
    Assemble {
        /// Which.
        job: Uuid,
    },
    /// Predict the rows of a file.
    Predict {
        /// Which batch prediction.
        batch: Uuid,
    },
}

impl Payload {
    /// The kind of the task.
    pub fn kind(self) -> task::Kind {
        match self {
            Self::Profile { .. } => task::Kind::Profile,
            Self::Prepare { .. } => task::Kind::Prepare,
            Self::Trial { .. } => task::Kind::Trial,
            Self::Assemble { .. } => task::Kind::Assemble,
            Self::Predict { .. } => task::Kind::Predict,
        }
    }

    /// What a worker must know to do it: raised, together with [`VERSION`], for a kind whose arguments or answer change meaning.
    pub fn version(self) -> i32 {
        match self {
            Self::Profile { .. }
            | Self::Prepare { .. }
            | Self::Trial { .. }
            | Self::Assemble { .. }
            | Self::Predict { .. } => 1,
        }
    }

    /// What is about to end goes first; among equals the older one, so that jobs take turns.
    fn priority(self) -> i32 {
        match self {
            Self::Assemble { .. } => 30,
            Self::Profile { .. } => 20,
            Self::Predict { .. } => 15,
            Self::Prepare { .. } => 10,
            Self::Trial { .. } => 0,
        }
    }

    fn job(self) -> Option<Uuid> {
        match self {
            Self::Profile { .. } | Self::Predict { .. } => None,
            Self::Prepare { job } | Self::Trial { job, .. } | Self::Assemble { job } => Some(job),
        }
    }

    fn dataset(self) -> Option<Uuid> {
        match self {
            Self::Profile { dataset } => Some(dataset),
            _ => None,
        }
    }

    fn batch_prediction(self) -> Option<Uuid> {
        match self {
            Self::Predict { batch } => Some(batch),
            _ => None,
        }
    }
}

/// What became of a task that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is queued again.
    Retried,
    /// Its budget is spent.
    Dead,
}

/// What a task needs of the slot that takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Which workers.
    pub queue: task::Queue,
    /// Memory in bytes; 0: any slot has enough.
    pub memory_bytes: u64,
}

/// Adds a task that any worker can take, in the caller's transaction: it exists when that commits.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    payload: Payload,
) -> Result<Uuid, Error> {
    enqueue_for(transaction, user_id, payload, Needs::default()).await
}

/// Adds a task for workers that have what it needs. The row is its own outbox: `rung_at` stays empty until workers were told.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue_for(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    payload: Payload,
    needs: Needs,
) -> Result<Uuid, Error> {
    let now = now();
    let row = task::Model {
        id: Uuid::now_v7(),
        kind: payload.kind(),
        payload: serde_json::to_value(payload).map_err(|error| Error::Conflict(error.to_string()))?,
        version: payload.version(),
        user_id,
        job_id: payload.job(),
        dataset_id: payload.dataset(),
        batch_prediction_id: payload.batch_prediction(),
        state: task::State::Queued,
        priority: payload.priority(),
        fence: 0,
        worker: None,
        lease_until: None,
        failures: 0,
        crashes: 0,
        run_after: 0,
        error: None,
        queue: needs.queue,
        memory_bytes: i64::try_from(needs.memory_bytes).unwrap_or(i64::MAX),
        rung_at: None,
        created_at: now,
        updated_at: now,
        claimed_at: None,
        traceparent: traceparent(transaction, payload).await?,
    };
    let id = row.id;
    task::Entity::insert(sea_orm::IntoActiveModel::into_active_model(row))
        .exec_without_returning(transaction)
        .await?;
    notices::tell_task(transaction, needs.queue).await?;
    Ok(id)
}

/// The trace of a new task: that of the work which asks for it. A job's model is asked for by whoever sees the search end, which
/// may be nobody's work: it goes where the job's other tasks are.
async fn traceparent(transaction: &impl ConnectionTrait, payload: Payload) -> Result<Option<String>, Error> {
    if let Some(parent) = trace::followed() {
        return Ok(Some(parent.to_string()));
    }
    let Payload::Assemble { job } = payload else {
        return Ok(None);
    };
    let other = task::Entity::find()
        .select_only()
        .column(task::Column::Traceparent)
        .filter(task::Column::JobId.eq(job))
        .filter(task::Column::Traceparent.is_not_null())
        .order_by_desc(task::Column::Id)
        .limit(1);
    Ok(other.into_tuple().one(transaction).await?)
}

/// Moves the end of the lease. The worker that could not do so for a lease's length must stop by itself.
///
/// # Errors
/// `Lost` when somebody else has the task, or it was cancelled.
pub async fn renew(database: &impl ConnectionTrait, claim: &Claim, lease: Duration) -> Result<(), Error> {
    let until = milliseconds(database.get_database_backend()).add(lease.as_millis() as i64);
    let update = owned(claim)
        .col_expr(task::Column::LeaseUntil, until)
        .col_expr(task::Column::UpdatedAt, Expr::value(now()));
    one_row(update.exec(database).await?.rows_affected)
}

/// Proves inside a transaction that the task is still this claim's, and locks its row until the end.
///
/// # Errors
/// `Lost` when it is not.
pub async fn hold(transaction: &impl ConnectionTrait, claim: &Claim) -> Result<(), Error> {
    let update = owned(claim).col_expr(task::Column::UpdatedAt, Expr::value(now()));
    one_row(update.exec(transaction).await?.rows_affected)
}

/// Ends a task whose result is written in the same transaction.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn complete(transaction: &impl ConnectionTrait, claim: &Claim) -> Result<(), Error> {
    end(transaction, claim, task::State::Done, None).await
}

/// Ends a task that is not needed any more.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn drop_claimed(transaction: &impl ConnectionTrait, claim: &Claim) -> Result<(), Error> {
    end(transaction, claim, task::State::Cancelled, None).await
}

/// Gives a task up at once: trying again would fail the same way.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn give_up(transaction: &impl ConnectionTrait, claim: &Claim, reason: &str) -> Result<(), Error> {
    end(transaction, claim, task::State::Dead, Some(reason)).await
}

/// Gives a task back untouched, for a worker that is being stopped. No budget is used.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn release(transaction: &impl ConnectionTrait, claim: &Claim) -> Result<(), Error> {
    requeue(
        transaction,
        claim,
        claim.task.failures,
        claim.task.crashes,
        Duration::ZERO,
        None,
    )
    .await
}

/// Counts a failure of the task itself: it is tried again after a pause, or dead when the budget is spent.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn fail(transaction: &impl ConnectionTrait, claim: &Claim, reason: &str) -> Result<Next, Error> {
    let policy = policy::policy(claim.task.kind);
    let failures = claim.task.failures + 1;
    if failures >= policy.failures {
        give_up(transaction, claim, reason).await?;
        return Ok(Next::Dead);
    }
    let pause = policy.pause(failures, policy::jitter(&claim.task));
    requeue(
        transaction,
        claim,
        failures,
        claim.task.crashes,
        pause,
        Some(reason),
    )
    .await?;
    Ok(Next::Retried)
}

/// Counts a death of the child or the worker under the task: it is tried again at once, or dead when the budget (or that of
/// its kind, where it is smaller) is spent.
///
/// # Errors
/// `Lost` when it is somebody else's now.
pub async fn crash(
    transaction: &impl ConnectionTrait,
    claim: &Claim,
    reason: &str,
    budget: i32,
) -> Result<Next, Error> {
    let policy = policy::policy(claim.task.kind);
    let crashes = claim.task.crashes + 1;
    if crashes >= std::cmp::min(budget, policy.crashes) {
        give_up(transaction, claim, reason).await?;
        return Ok(Next::Dead);
    }
    requeue(
        transaction,
        claim,
        claim.task.failures,
        crashes,
        Duration::ZERO,
        Some(reason),
    )
    .await?;
    Ok(Next::Retried)
}

/// Cancels the tasks of a job that no worker has claimed.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_queued(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<(), Error> {
    task::Entity::update_many()
        .col_expr(
            task::Column::State,
            task::Column::State.save_as(Expr::val(task::State::Cancelled)),
        )
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
        .filter(task::Column::JobId.eq(job_id))
        .filter(task::Column::State.eq(task::State::Queued))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Number of tasks of a job that a worker holds.
///
/// # Errors
/// When the database refuses.
pub async fn running(transaction: &impl ConnectionTrait, job_id: Uuid) -> Result<u64, Error> {
    let rows = task::Entity::find()
        .filter(task::Column::JobId.eq(job_id))
        .filter(task::Column::State.eq(task::State::Running));
    Ok(sea_orm::PaginatorTrait::count(rows, transaction).await?)
}

/// An update of the task as long as it is this claim's.
fn owned(claim: &Claim) -> sea_orm::UpdateMany<task::Entity> {
    task::Entity::update_many()
        .filter(task::Column::Id.eq(claim.task.id))
        .filter(task::Column::Fence.eq(claim.task.fence))
        .filter(task::Column::State.eq(task::State::Running))
}

async fn end(
    transaction: &impl ConnectionTrait,
    claim: &Claim,
    state: task::State,
    error: Option<&str>,
) -> Result<(), Error> {
    let update = owned(claim)
        .col_expr(task::Column::State, task::Column::State.save_as(Expr::val(state)))
        .col_expr(task::Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(task::Column::Error, Expr::value(error.map(str::to_owned)))
        .col_expr(task::Column::UpdatedAt, Expr::value(now()));
    one_row(update.exec(transaction).await?.rows_affected)?;
    spent::count(transaction, claim).await
}

async fn requeue(
    transaction: &impl ConnectionTrait,
    claim: &Claim,
    failures: i32,
    crashes: i32,
    pause: Duration,
    error: Option<&str>,
) -> Result<(), Error> {
    // Before the row forgets when it was claimed; of a claim that is not ours any more the caller's transaction is dropped.
    spent::count(transaction, claim).await?;
    let update = requeued(transaction, claim, failures, crashes, pause, error);
    one_row(update.exec(transaction).await?.rows_affected)?;
    if pause.is_zero() {
        notices::tell_task(transaction, claim.task.queue).await?;
    }
    Ok(())
}

/// The update that queues a claimed task again.
fn requeued(
    transaction: &impl ConnectionTrait,
    claim: &Claim,
    failures: i32,
    crashes: i32,
    pause: Duration,
    error: Option<&str>,
) -> sea_orm::UpdateMany<task::Entity> {
    let from = milliseconds(transaction.get_database_backend()).add(pause.as_millis() as i64);
    owned(claim)
        .col_expr(
            task::Column::State,
            task::Column::State.save_as(Expr::val(task::State::Queued)),
        )
        .col_expr(task::Column::Worker, Expr::value(None::<String>))
        .col_expr(task::Column::LeaseUntil, Expr::value(None::<i64>))
        // A worker of an older version does not set it, and would count from the claim before.
        .col_expr(task::Column::ClaimedAt, Expr::value(None::<i64>))
        .col_expr(task::Column::Failures, Expr::value(failures))
        .col_expr(task::Column::Crashes, Expr::value(crashes))
        .col_expr(task::Column::RunAfter, from)
        .col_expr(task::Column::RungAt, Expr::value(None::<i64>))
        .col_expr(task::Column::Error, Expr::value(error.map(str::to_owned)))
        .col_expr(task::Column::UpdatedAt, Expr::value(now()))
}

/// No row updated means: somebody else is it.
fn one_row(rows_affected: u64) -> Result<(), Error> {
    if rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Lost)
    }
}
