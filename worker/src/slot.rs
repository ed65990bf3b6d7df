//! A slot: claims a task, has its child do it, writes what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entities::task::Queue;
use platform::artifacts::{dataset_prefix, job_prefix};
use platform::lifeline::Guard;
use platform::tasks::{self, CRASH_BUDGET, Claim, GPU_BUDGET, Next, Offer};
use platform::{Changes, Error, Lifeline, Platform};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use crate::activity::Activity;
use crate::child::{Child, Exit, Launch};
use crate::flow;
use crate::pool::{PAUSE, stopped};
use crate::protocol::{FailureClass, Step};
use crate::tasks::{Files, Held, OUT, Order, Task, fetch, of_kind};

/// Between two looks whether the work is still wanted: a cancelled job's child is dead within two of them.
const HEARTBEAT: Duration = Duration::from_millis(700);
/// How long one heartbeat waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// One slot with its child.
#[derive(Debug)]
pub struct Slot {
    platform: Platform,
    offer: Offer,
    lifeline: Lifeline,
    launch: Launch,
    activity: Activity,
    child: Option<Kept>,
}

/// A child and whose data it has seen: it never sees anybody else's.
#[derive(Debug)]
struct Kept {
    child: Child,
    prefix: String,
}

/// How a claimed task ended in this slot.
enum End {
    Answered(Value),
    Exited(Exit),
    /// Nobody wants it any more.
    Unwanted,
    /// The lease was lost, or could not be renewed for its length.
    Lost,
    /// The process is stopping.
    Drained,
}

impl Slot {
    /// A slot that takes what it offers to.
    pub fn new(
        platform: Platform,
        offer: Offer,
        lifeline: Lifeline,
        launch: Launch,
        activity: Activity,
    ) -> Self {
        Self {
            platform,
            offer,
            lifeline,
            launch,
            activity,
            child: None,
        }
    }

    /// Works until `shutdown` turns true.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        let mut bell = self.platform.doorbell.listen();
        while !*shutdown.borrow() {
            let settings = Arc::clone(&self.platform.settings);
            let claimed = tasks::claim(&self.platform.database, &self.offer, settings.lease).await;
            match claimed {
                Ok(Some(claim)) => {
                    let _working = self.activity.begin();
                    self.work(claim, &mut shutdown).await;
                }
                Ok(None) => {
                    // An idle slot keeps no child: it would keep the job's data in memory.
                    let rest = if self.child.is_some() {
                        settings.poll * 5
                    } else {
                        settings.poll
                    };
                    let rang = tokio::select! {
                        rang = bell.wait(rest) => rang,
                        () = stopped(&mut shutdown) => true,
                    };
                    if !rang {
                        self.drop_child().await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, worker = self.offer.worker, "no task could be claimed");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        self.drop_child().await;
    }

    /// Does a claimed task and writes what came of it.
    async fn work(&mut self, claim: Claim, shutdown: &mut watch::Receiver<bool>) {
        let began = Instant::now();
        let guard = self.lifeline.guard(&claim);
        let Some(task) = of_kind(claim.task.kind) else {
            return;
        };
        let platform = self.platform.clone();
        let held = Held {
            platform: &platform,
            claim: &claim,
        };
        let settled = match self.attempt(task, held, &guard, shutdown).await {
            Ok(()) => Ok(()),
            // A fault outside: the store, the disk, an answer that cannot be read.
            Err(error) if !matches!(error, Error::Lost | Error::Database(_)) => {
                settle_fault(task, held, &error.to_string()).await
            }
            Err(error) => Err(error),
        };
        let duration_ms = began.elapsed().as_millis() as u64;
        match settled {
            Ok(()) => {
                tracing::info!(task.id = %claim.task.id, task.kind = ?claim.task.kind, duration_ms, "task ended");
            }
            // Its lease ends by itself, and somebody else goes on.
            Err(error) => tracing::warn!(task.id = %claim.task.id, %error, duration_ms, "task left"),
        }
    }

    async fn attempt(
        &mut self,
        task: &dyn Task,
        held: Held<'_>,
        guard: &Guard,
        shutdown: &mut watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let mut changes = Changes::default();
        let transaction = self.platform.database.begin().await?;
        tasks::hold(&transaction, held.claim).await?;
        let order = task.begin(held, &transaction, &mut changes).await?;
        if order.is_none() {
            flow::unwanted(&transaction, held.claim, &mut changes).await?;
        }
        transaction.commit().await?;
        self.platform.announce(changes);
        let Some(order) = order else { return Ok(()) };
        let outputs = order.outputs;
        match self.execute(task, held, order, guard, shutdown).await? {
            End::Answered(answer) => {
                let folder = self
                    .child
                    .as_ref()
                    .map(|kept| kept.child.folder().join(OUT))
                    .ok_or(Error::Lost)?;
                let files = guard.during(Files::store(held, outputs, &folder)).await?;
                settle_answer(task, held, answer, &files).await
            }
            End::Exited(exit) => {
                if !exit.leaves_child_alive() {
                    self.drop_child().await;
                }
                settle_exit(task, held, &exit).await
            }
            End::Unwanted => {
                self.drop_child().await;
                settle_unwanted(held).await
            }
            End::Lost => {
                self.drop_child().await;
                Err(Error::Lost)
            }
            End::Drained => {
                self.drop_child().await;
                settle_drained(task, held).await
            }
        }
    }

    /// Runs the order in the child, with the heart beating beside it.
    async fn execute(
        &mut self,
        task: &dyn Task,
        held: Held<'_>,
        order: Order,
        guard: &Guard,
        shutdown: &mut watch::Receiver<bool>,
    ) -> Result<End, Error> {
        let platform = self.platform.clone();
        let kept = match self.child_for(held) {
            Ok(kept) => kept,
            Err(error) => return Ok(End::Exited(Exit::Start(error.to_string()))),
        };
        let folder = kept.child.folder().to_owned();
        let prepare = async {
            fetch(&platform, &order.inputs, &folder).await?;
            let out = folder.join(OUT);
            // Left by the work before, or not there yet.
            let _ = tokio::fs::remove_dir_all(&out).await;
            tokio::fs::create_dir_all(&out)
                .await
                .map_err(|error| Error::file(&out, error))
        };
        let work = serde_json::to_value(&order.work).map_err(|error| Error::Conflict(error.to_string()))?;
        let (steps, heard) = mpsc::unbounded_channel();
        let run = async {
            prepare.await?;
            Ok::<_, Error>(match kept.child.run(work, order.wall_limit, &steps).await {
                Ok(answer) => End::Answered(answer),
                Err(exit) => End::Exited(exit),
            })
        };
        tokio::select! {
            end = run => end,
            end = beat(task, held, guard, heard) => Ok(end),
            () = stopped(shutdown) => Ok(End::Drained),
        }
    }

    /// The child for a task: the one that has this job's or dataset's data, or a new one.
    fn child_for(&mut self, held: Held<'_>) -> std::io::Result<&mut Kept> {
        let task = &held.claim.task;
        let prefix = match (task.job_id, task.dataset_id) {
            (Some(id), _) => job_prefix(id),
            (None, Some(id)) => dataset_prefix(id),
            (None, None) => task.id.to_string(),
        };
        // What a child has computed in before does not weigh on assembling.
        let is_fresh = task.kind == entities::task::Kind::Assemble;
        let kept = self
            .child
            .take()
            .filter(|kept| kept.prefix == prefix && !is_fresh);
        let kept = match kept {
            Some(kept) => kept,
            None => Kept {
                child: Child::start(&self.launch)?,
                prefix,
            },
        };
        Ok(self.child.insert(kept))
    }

    async fn drop_child(&mut self) {
        if let Some(mut kept) = self.child.take() {
            kept.child.kill().await;
        }
    }
}

/// Shows progress, and ends when the work is not wanted or the claim is not ours any more. The lifeline renews the lease.
async fn beat(
    task: &dyn Task,
    held: Held<'_>,
    guard: &Guard,
    mut heard: mpsc::UnboundedReceiver<Step>,
) -> End {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        if !guard.touch() {
            return End::Lost;
        }
        let mut steps = Vec::new();
        while let Ok(step) = heard.try_recv() {
            steps.push(step);
        }
        let beaten = async {
            let is_wanted = task.wanted(held).await?;
            if is_wanted && !steps.is_empty() {
                task.progress(held, &steps).await?;
            }
            Ok::<bool, Error>(is_wanted)
        };
        // The lifeline decides how long a silent database is borne.
        match tokio::time::timeout(PATIENCE, beaten).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return End::Unwanted,
            Ok(Err(Error::Lost)) => return End::Lost,
            Ok(Err(error)) => tracing::warn!(%error, task.id = %held.claim.task.id, "no heartbeat"),
            Err(_) => tracing::warn!(task.id = %held.claim.task.id, "the database does not answer"),
        }
    }
}

async fn settle_answer(task: &dyn Task, held: Held<'_>, answer: Value, files: &Files) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    tasks::complete(&transaction, held.claim).await?;
    task.commit(held, &transaction, answer, files, &mut changes)
        .await?;
    finish_cancelled(held, &transaction, &mut changes).await?;
    transaction.commit().await?;
    held.platform.announce(changes);
    Ok(())
}

/// A child that ended without a result: again where that makes sense, else the task is dead.
pub(crate) async fn settle_exit(task: &dyn Task, held: Held<'_>, exit: &Exit) -> Result<(), Error> {
    let reason = reason(exit);
    tracing::warn!(task.id = %held.claim.task.id, reason, "the trainer child gave no result");
    settle_crash(task, held, &reason, exit.budget(), exit.blames_gpu()).await
}

/// Counts a crash of a claimed task and writes what it means. Where a GPU may be to blame, the task leaves it before its budget
/// is spent.
pub(crate) async fn settle_crash(
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
    transaction.commit().await?;
    held.platform.announce(changes);
    Ok(())
}

async fn crashed(
    transaction: &sea_orm::DatabaseTransaction,
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
async fn settle_fault(task: &dyn Task, held: Held<'_>, reason: &str) -> Result<(), Error> {
    tracing::error!(task.id = %held.claim.task.id, reason, "task failed outside its child");
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    match tasks::fail(&transaction, held.claim, reason).await? {
        Next::Retried => {
            flow::tried_again(&transaction, &held.claim.task, reason, &mut changes).await?;
            task.retried(held, &transaction, &mut changes).await?;
        }
        Next::Dead => task.dead(held, &transaction, reason, &mut changes).await?,
    }
    transaction.commit().await?;
    held.platform.announce(changes);
    Ok(())
}

async fn settle_unwanted(held: Held<'_>) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    flow::unwanted(&transaction, held.claim, &mut changes).await?;
    transaction.commit().await?;
    held.platform.announce(changes);
    Ok(())
}

async fn settle_drained(task: &dyn Task, held: Held<'_>) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    tasks::release(&transaction, held.claim).await?;
    task.retried(held, &transaction, &mut changes).await?;
    transaction.commit().await?;
    held.platform.announce(changes);
    Ok(())
}

/// The last running task of a cancelled job ended by itself before its heartbeat saw the wish.
async fn finish_cancelled(
    held: Held<'_>,
    transaction: &sea_orm::DatabaseTransaction,
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
