//! A slot: claims a task, has its child do it, writes what came of it.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::artifacts::{dataset_prefix, job_prefix};
use platform::database::is_passing;
use platform::error::{DISK_FULL, is_out_of_space};
use platform::lifeline::Guard;
use platform::tasks::{self, CRASH_BUDGET, Claim, Next, Offer};
use platform::{Changes, Error, Lifeline, Platform};
use sea_orm::DatabaseTransaction;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::activity::Activity;
use crate::answered::Answered;
use crate::child::{Child, Exit, Launch};
use crate::flow;
use crate::pool::{PAUSE, stopped};
use crate::protocol::{FailureClass, Step};
use crate::tasks::{Files, Held, OUT, Order, Task, fetch, of_kind};

/// Between two looks whether the work is still wanted: a cancelled job's child is dead within two of them.
const HEARTBEAT: Duration = Duration::from_millis(700);
/// Between two tries to write what came of a task.
const AGAIN: Duration = Duration::from_millis(300);
/// A slot whose disk is full takes nothing for so long: it would fail whatever it takes, as fast as others can wait for it.
const DISK_REST: Duration = Duration::from_secs(10);
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
    handing_over: Option<JoinHandle<()>>,
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
            handing_over: None,
        }
    }

    /// Works until `shutdown` turns true.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        let mut bell = self.platform.doorbell.listen();
        let mut worked = Instant::now();
        while !*shutdown.borrow() {
            let settings = Arc::clone(&self.platform.settings);
            let claiming = tasks::claim(&self.platform.database, &self.offer, settings.lease);
            let claimed = within(settings.lease, claiming).await;
            match claimed {
                Ok(Some(claim)) => {
                    let _working = self.activity.begin();
                    let is_disk_full = self.work(claim, &mut shutdown).await;
                    worked = Instant::now();
                    if is_disk_full {
                        let _ = tokio::time::timeout(DISK_REST, stopped(&mut shutdown)).await;
                    }
                }
                Ok(None) => {
                    tokio::select! {
                        _ = bell.wait(settings.poll) => {}
                        () = stopped(&mut shutdown) => {}
                    }
                    // An idle slot keeps no child, however often it is rung for others' tasks: it would keep the job's data
                    // in memory.
                    if worked.elapsed() >= settings.poll * 5 {
                        self.drop_child().await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, worker = self.offer.worker, "no task could be claimed");
                    // Others go on with what it was good for.
                    self.drop_child().await;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        self.handed_over().await;
        self.drop_child().await;
    }

    /// Does a claimed task and writes what came of it, or begins to. True when it failed because this machine's disk is full.
    async fn work(&mut self, claim: Claim, shutdown: &mut watch::Receiver<bool>) -> bool {
        let began = Instant::now();
        let guard = self.lifeline.guard(&claim);
        let Some(task) = of_kind(claim.task.kind) else {
            return false;
        };
        let platform = self.platform.clone();
        let held = Held {
            platform: &platform,
            claim: &claim,
        };
        let ended = self.attempt(task, held, &guard, shutdown).await;
        let is_disk_full = matches!(&ended, Err(error @ Error::File { .. }) if error.is_disk_full());
        if is_disk_full {
            // What it holds may be what is missing.
            self.drop_child().await;
        }
        let settled = match ended {
            // The job's next trial waits already; whatever follows on another kind hangs on its result.
            Ok(Some(answered)) if task.kind() == entities::task::Kind::Trial => {
                self.hand_over(task, claim, guard, answered, began).await;
                return false;
            }
            Ok(Some(answered)) => answered.settle(task, held, &guard).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        close(task, held, &guard, settled, began).await;
        is_disk_full
    }

    /// Has a result stored and recorded while this slot goes on, one result at a time.
    async fn hand_over(
        &mut self,
        task: &'static dyn Task,
        claim: Claim,
        guard: Guard,
        answered: Answered,
        began: Instant,
    ) {
        guard.during(self.handed_over()).await;
        let (platform, working) = (self.platform.clone(), self.activity.begin());
        self.handing_over = Some(tokio::spawn(async move {
            let _working = working;
            let held = Held {
                platform: &platform,
                claim: &claim,
            };
            let settled = answered.settle(task, held, &guard).await;
            close(task, held, &guard, settled, began).await;
        }));
    }

    /// Waits for the result on its way.
    async fn handed_over(&mut self) {
        if let Some(handing_over) = self.handing_over.take()
            && let Err(error) = handing_over.await
        {
            // A panic of ours: the lease ends, and somebody else does it again.
            tracing::error!(%error, "a result is lost");
        }
    }

    /// The child's answer; none: the task is settled without one.
    async fn attempt(
        &mut self,
        task: &dyn Task,
        held: Held<'_>,
        guard: &Guard,
        shutdown: &mut watch::Receiver<bool>,
    ) -> Result<Option<Answered>, Error> {
        let Some(order) = insist(held, guard, || begin(task, held)).await? else {
            return Ok(None);
        };
        let outputs = order.outputs;
        match self.execute(task, held, order, guard, shutdown).await? {
            End::Answered(answer) => {
                let kept = self.child.as_ref().ok_or(Error::Lost)?;
                let (child, scratch) = (kept.child.folder(), &self.launch.scratch);
                return Answered::take(answer, outputs, child, scratch).await.map(Some);
            }
            End::Exited(exit) if exit.is_disk_full() => {
                let full = io::Error::new(io::ErrorKind::StorageFull, exit);
                return Err(Error::file(&self.launch.scratch, full));
            }
            End::Exited(exit) => {
                if !exit.leaves_child_alive() {
                    self.drop_child().await;
                }
                insist(held, guard, || settle_exit(task, held, &exit)).await?;
            }
            End::Unwanted => {
                self.drop_child().await;
                insist(held, guard, || settle_unwanted(held)).await?;
            }
            End::Lost => {
                self.drop_child().await;
                return Err(Error::Lost);
            }
            End::Drained => {
                self.drop_child().await;
                within(self.platform.settings.lease, settle_drained(task, held)).await?;
            }
        }
        Ok(None)
    }

    /// Runs the order in the child, with the heart beating beside it.
    async fn execute(
        &mut self,
        task: &dyn Task,
        held: Held<'_>,
        mut order: Order,
        guard: &Guard,
        shutdown: &mut watch::Receiver<bool>,
    ) -> Result<End, Error> {
        let ordered = Instant::now();
        let platform = self.platform.clone();
        let scratch = self.launch.scratch.clone();
        let kept = match self.child_for(held) {
            Ok(kept) => kept,
            Err(error) if is_out_of_space(&error) => return Err(Error::file(&scratch, error)),
            Err(error) => return Ok(End::Exited(Exit::Start(error.to_string()))),
        };
        let folder = kept.child.folder().to_owned();
        let prepare = async {
            insist(held, guard, || fetch(&platform, &order.inputs, &folder)).await?;
            let out = folder.join(OUT);
            // Left by the work before, or not there yet.
            let _ = tokio::fs::remove_dir_all(&out).await;
            tokio::fs::create_dir_all(&out)
                .await
                .map_err(|error| Error::file(&out, error))
        };
        let (steps, heard) = mpsc::unbounded_channel();
        let run = async {
            prepare.await?;
            order.work.waited(ordered.elapsed());
            let work =
                serde_json::to_value(&order.work).map_err(|error| Error::Conflict(error.to_string()))?;
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
    fn child_for(&mut self, held: Held<'_>) -> io::Result<&mut Kept> {
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

/// The last of a task in this slot: a fault is settled, and the log says how it ended.
async fn close(task: &dyn Task, held: Held<'_>, guard: &Guard, settled: Result<(), Error>, began: Instant) {
    let settled = match settled {
        // A fault outside: the store, the disk, an answer that cannot be read or written.
        Err(error) if !matches!(error, Error::Lost) => {
            let reason = fault(&error);
            tracing::error!(task.id = %held.claim.task.id, %error, "task failed outside its child");
            insist(held, guard, || settle_fault(task, held, &reason)).await
        }
        settled => settled,
    };
    let row = &held.claim.task;
    let duration_ms = began.elapsed().as_millis() as u64;
    match settled {
        Ok(()) => tracing::info!(task.id = %row.id, task.kind = ?row.kind, duration_ms, "task ended"),
        // Its lease ends by itself, and somebody else goes on.
        Err(error) => tracing::warn!(task.id = %row.id, %error, duration_ms, "task left"),
    }
}

/// What the child is to do; none when nobody wants it any more, and then the task is over.
async fn begin(task: &dyn Task, held: Held<'_>) -> Result<Option<Order>, Error> {
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
async fn within<T>(lease: Duration, words: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let said = tokio::time::timeout(lease, words).await;
    said.unwrap_or(Err(Error::Lost))
}

/// Does a transaction or a read, and again while the database cannot be reached and the claim is still ours, for at most a lease:
/// a database that is away for seconds costs no finished work. What was committed before its answer was lost is not done twice:
/// the task is not this claim's any more, and that is `Lost`.
pub(crate) async fn insist<T, W: Future<Output = Result<T, Error>>>(
    held: Held<'_>,
    guard: &Guard,
    words: impl Fn() -> W,
) -> Result<T, Error> {
    let (lease, began) = (held.platform.settings.lease, Instant::now());
    loop {
        match within(lease, words()).await {
            Err(Error::Database(error)) if is_passing(&error) && guard.touch() && began.elapsed() < lease => {
                tracing::warn!(%error, "the database was not reached; what is to be written is kept");
                tokio::time::sleep(AGAIN).await;
            }
            ended => return ended,
        }
    }
}

/// Records the result of a task whose files are stored.
pub(crate) async fn settle_answer(
    task: &dyn Task,
    held: Held<'_>,
    answer: &Value,
    files: &Files,
) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    tasks::complete(&transaction, held.claim).await?;
    task.commit(held, &transaction, answer.clone(), files, &mut changes)
        .await?;
    finish_cancelled(held, &transaction, &mut changes).await?;
    conclude(held.platform, transaction, changes).await
}

/// A child that ended without a result: again where that makes sense, else the task is dead.
pub(crate) async fn settle_exit(task: &dyn Task, held: Held<'_>, exit: &Exit) -> Result<(), Error> {
    let reason = reason(exit);
    tracing::warn!(task.id = %held.claim.task.id, reason, "the trainer child gave no result");
    settle_crash(task, held, &reason, exit.budget()).await
}

/// Counts a crash of a claimed task and writes what it means.
pub(crate) async fn settle_crash(
    task: &dyn Task,
    held: Held<'_>,
    reason: &str,
    budget: i32,
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
        match tasks::crash(&transaction, held.claim, reason, budget.min(CRASH_BUDGET)).await? {
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

/// A fault of the worker's side: tried again after a pause, a few times.
async fn settle_fault(task: &dyn Task, held: Held<'_>, reason: &str) -> Result<(), Error> {
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

async fn settle_unwanted(held: Held<'_>) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = held.platform.database.begin().await?;
    flow::unwanted(&transaction, held.claim, &mut changes).await?;
    conclude(held.platform, transaction, changes).await
}

async fn settle_drained(task: &dyn Task, held: Held<'_>) -> Result<(), Error> {
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
fn fault(error: &Error) -> String {
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
