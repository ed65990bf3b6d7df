//! What came of a task, written: each a transaction that the claim's fence guards, said again while the database is away.

use std::time::{Duration, Instant};

use entities::task::Queue;
use platform::database::is_passing;
use platform::error::DISK_FULL;
use platform::lifeline::Guard;
use platform::tasks::{self, CRASH_BUDGET, Claim, GPU_BUDGET, Next};
use platform::{Changes, Error, Platform};
use sea_orm::DatabaseTransaction;
use serde_json::Value;
use tracing::Span;

use crate::child::Exit;
use crate::flow;
use crate::protocol::FailureClass;
use crate::tasks::{Files, Held, Order, Task};

/// Between two tries to write what came of a task.
const AGAIN: Duration = Duration::from_millis(300);

/// The last of a task in this slot: a fault is settled, and the log says how it ended.
pub async fn close(
    task: &dyn Task,
    held: Held<'_>,
    guard: &Guard,
    settled: Result<(), Error>,
    began: Instant,
) {
    let settled = match settled {
        // A fault outside: the store, the disk, an answer that cannot be read or written.
        Err(error) if !matches!(error, Error::Lost) => {
            let reason = words_of(&error);
            Span::current().record("otel.status_code", "error");
            tracing::error!(%error, "task failed outside its child");
            insist(held, guard, || fault(task, held, &reason)).await
        }
        settled => settled,
    };
    let duration_ms = began.elapsed().as_millis() as u64;
    match settled {
        Ok(()) => tracing::info!(duration_ms, "task ended"),
        // Its lease ends by itself, and somebody else goes on.
        Err(error) => {
            Span::current().record("otel.status_code", "error");
            tracing::warn!(%error, duration_ms, "task left");
        }
    }
}

/// What the child is to do; none when nobody wants it any more, and then the task is over.
pub async fn begin(task: &dyn Task, held: Held<'_>) -> Result<Option<Order>, Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    tasks::hold(&transaction, held.claim).await?;
    let order = task.begin(held, &transaction, &mut changes).await?;
    if order.is_none() {
        flow::unwanted(&transaction, held.claim, &mut changes).await?;
    }
    conclude(held.platform, transaction, changes).await?;
    Ok(order)
}

/// Commits, and announces even when the answer to that was lost: it may have happened, and an announcement only says "look".
async fn conclude(
    platform: &Platform,
    transaction: DatabaseTransaction,
    changes: Changes,
) -> Result<(), Error> {
    let committed = transaction.commit().await;
    platform.announce(changes);
    Ok(committed?)
}

/// Words with the database, for at most a lease: by then the claim is not ours any more. A connection that died without a word,
/// in a router that forgot it for example, would be waited for without end.
pub async fn within<T>(lease: Duration, words: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let said = tokio::time::timeout(lease, words).await;
    said.unwrap_or(Err(Error::Lost))
}

/// Does a transaction or a read, and again as [`again`] does; each time for at most a lease. What was committed before its answer
/// was lost is not done twice: the task is not this claim's any more, and that is `Lost`.
pub async fn insist<T, W: Future<Output = Result<T, Error>>>(
    held: Held<'_>,
    guard: &Guard,
    words: impl Fn() -> W,
) -> Result<T, Error> {
    again(held, guard, || within(held.platform.settings.lease, words())).await
}

/// Does something of any length, and again while the database cannot be reached and the claim is still ours, for at most a lease:
/// a database that is away for seconds costs no finished work.
pub async fn again<T, W: Future<Output = Result<T, Error>>>(
    held: Held<'_>,
    guard: &Guard,
    work: impl Fn() -> W,
) -> Result<T, Error> {
    let (lease, began) = (held.platform.settings.lease, Instant::now());
    loop {
        match work().await {
            Err(Error::Database(error)) if is_passing(&error) && guard.touch() && began.elapsed() < lease => {
                tracing::warn!(%error, "the database was not reached; what is to be written is kept");
                tokio::time::sleep(AGAIN).await;
            }
            ended => return ended,
        }
    }
}

/// Records the result of a task whose files are stored.
pub async fn answer(task: &dyn Task, held: Held<'_>, answer: &Value, files: &Files) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    tasks::complete(&transaction, held.claim).await?;
    task.commit(held, &transaction, answer.clone(), files, &mut changes)
        .await?;
    finish_cancelled(held, &transaction, &mut changes).await?;
    conclude(held.platform, transaction, changes).await
}

/// A child that ended without a result: again where that makes sense, else the task is dead.
pub async fn exit(task: &dyn Task, held: Held<'_>, exit: &Exit) -> Result<(), Error> {
    let reason = reason(exit);
    Span::current().record("otel.status_code", "error");
    tracing::warn!(reason, "the trainer child gave no result");
    crash(task, held, &reason, exit.budget(), exit.blames_gpu()).await
}

/// Counts a crash of a claimed task and writes what it means. Where a GPU may be to blame, the task leaves it before its budget
/// is spent.
pub async fn crash(
    task: &dyn Task,
    held: Held<'_>,
    reason: &str,
    budget: i32,
    blames_gpu: bool,
) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    // The task before the job, as everywhere: two that lock them in different orders would wait for each other.
    tasks::hold(&transaction, held.claim).await?;
    let is_cancelled = flow::job_of(&transaction, &held.claim.task)
        .await?
        .is_some_and(|row| row.cancel_requested);
    if is_cancelled {
        flow::unwanted(&transaction, held.claim, &mut changes).await?;
    } else {
        match crashed(&transaction, held.claim, reason, budget, blames_gpu).await? {
            Next::Retried => {
                flow::tried_again(&transaction, &held.claim.task, reason, &mut changes).await?;
                task.retried(held, &transaction, &mut changes).await?;
            }
            Next::Dead => task.dead(held, &transaction, reason, &mut changes).await?,
        }
        changes.task();
    }
    conclude(held.platform, transaction, changes).await
}

async fn crashed(
    transaction: &DatabaseTransaction,
    claim: &Claim,
    reason: &str,
    budget: i32,
    blames_gpu: bool,
) -> Result<Next, Error> {
    let is_last_there = claim.task.crashes + 1 >= budget.min(GPU_BUDGET);
    if claim.task.queue == Queue::Gpu && blames_gpu && is_last_there {
        tasks::leave_gpu(transaction, claim, reason).await?;
        return Ok(Next::Retried);
    }
    tasks::crash(transaction, claim, reason, budget.min(CRASH_BUDGET)).await
}

/// A fault of the worker's side: tried again after a pause, a few times.
async fn fault(task: &dyn Task, held: Held<'_>, reason: &str) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    match tasks::fail(&transaction, held.claim, reason).await? {
        Next::Retried => {
            flow::tried_again(&transaction, &held.claim.task, reason, &mut changes).await?;
            task.retried(held, &transaction, &mut changes).await?;
        }
        Next::Dead => task.dead(held, &transaction, reason, &mut changes).await?,
    }
    conclude(held.platform, transaction, changes).await
}

/// Nobody wants it any more.
pub async fn unwanted(held: Held<'_>) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    flow::unwanted(&transaction, held.claim, &mut changes).await?;
    conclude(held.platform, transaction, changes).await
}

/// The process is stopping: the task goes back without a mark.
pub async fn drained(task: &dyn Task, held: Held<'_>) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    tasks::release(&transaction, held.claim).await?;
    task.retried(held, &transaction, &mut changes).await?;
    conclude(held.platform, transaction, changes).await
}

/// The last running task of a cancelled job ended by itself before its heartbeat saw the wish.
async fn finish_cancelled(
    held: Held<'_>,
    transaction: &DatabaseTransaction,
    changes: &mut Changes,
) -> Result<(), Error> {
    let Some(row) = flow::job_of(transaction, &held.claim.task).await? else {
        return Ok(());
    };
    let is_cancelling = row.state == entities::job::State::Cancelling;
    if is_cancelling && tasks::running(transaction, row.id).await? == 0 {
        let row = platform::jobs::stopped(transaction, row, changes).await?;
        changes.job(&row);
    }
    Ok(())
}

/// Words for people: where this machine's disk is full, they name no file of it.
fn words_of(error: &Error) -> String {
    match error {
        Error::File { .. } if error.is_disk_full() => DISK_FULL.to_owned(),
        error => error.to_string(),
    }
}

/// Words for people. They may quote a table, and Postgres cannot store the character NUL.
fn reason(exit: &Exit) -> String {
    let words = match exit {
        Exit::Failed {
            class: FailureClass::Panic,
            message,
        } => format!("a fault of the program: {message}"),
        exit => exit.to_string(),
    };
    words.replace('\0', "\u{fffd}")
}
