//! A slot: claims a task, has its child do it, writes what came of it.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::artifacts::{batch_prefix, dataset_prefix, job_prefix};
use platform::error::is_out_of_space;
use platform::lifeline::Guard;
use platform::tasks::{self, Claim, Offer};
use platform::{Error, Lifeline, Platform, trace};
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::activity::Activity;
use crate::answered::Answered;
use crate::child::{Child, Exit, Launch};
use crate::pool::{PAUSE, stopped};
use crate::protocol::Told;
use crate::settle;
use crate::subject::Subject;
use crate::tasks::{Held, OUT, Order, Task, fetch, of_kind};

/// Between two looks whether the work is still wanted: a cancelled job's child is dead within two of them.
const HEARTBEAT: Duration = Duration::from_millis(700);
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
        let mut drain = self.lifeline.drain();
        let mut worked = Instant::now();
        while !*shutdown.borrow() && !*drain.borrow() {
            let settings = Arc::clone(&self.platform.settings);
            let look = self.activity.look();
            let claiming = tasks::claim(&self.platform.database, &self.offer, settings.lease);
            let claimed = settle::within(settings.lease, claiming).await;
            match claimed {
                Ok(Some(claim)) => {
                    let _working = look.found();
                    let subject = Subject::of(&claim.task);
                    let is_disk_full = subject.during(self.work(claim, &mut shutdown)).await;
                    worked = Instant::now();
                    if is_disk_full {
                        let _ = tokio::time::timeout(DISK_REST, stopped(&mut shutdown)).await;
                    }
                }
                Ok(None) => {
                    drop(look);
                    tokio::select! {
                        _ = bell.wait(settings.poll) => {}
                        () = stopped(&mut shutdown) => {}
                        () = stopped(&mut drain) => {}
                    }
                    // An idle slot keeps no child, however often it is rung for others' tasks: it would keep the job's data
                    // in memory.
                    if worked.elapsed() >= settings.poll * 5 {
                        self.drop_child().await;
                    }
                }
                Err(error) => {
                    drop(look);
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
        settle::close(task, held, &guard, settled, began).await;
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
        let settling = async move {
            let _working = working;
            let held = Held {
                platform: &platform,
                claim: &claim,
            };
            let settled = answered.settle(task, held, &guard).await;
            settle::close(task, held, &guard, settled, began).await;
        };
        let settling = trace::follow(trace::followed(), settling);
        self.handing_over = Some(tokio::spawn(settling.in_current_span()));
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
        let Some(order) = settle::insist(held, guard, || settle::begin(task, held)).await? else {
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
                settle::insist(held, guard, || settle::exit(task, held, &exit)).await?;
            }
            End::Unwanted => {
                self.drop_child().await;
                settle::insist(held, guard, || settle::unwanted(held)).await?;
            }
            End::Lost => {
                self.drop_child().await;
                return Err(Error::Lost);
            }
            End::Drained => {
                self.drop_child().await;
                settle::within(self.platform.settings.lease, settle::drained(task, held)).await?;
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
        let subject = Subject::of(&held.claim.task);
        kept.child.says_about(subject.lines());
        let folder = kept.child.folder().to_owned();
        let prepare = async {
            settle::again(held, guard, || fetch(&platform, &order.inputs, &folder)).await?;
            let out = folder.join(OUT);
            // Left by the work before, or not there yet.
            let _ = tokio::fs::remove_dir_all(&out).await;
            tokio::fs::create_dir_all(&out)
                .await
                .map_err(|error| Error::file(&out, error))
        };
        let (told, heard) = mpsc::unbounded_channel();
        let run = async {
            prepare.await?;
            order.work.waited(ordered.elapsed());
            let work =
                serde_json::to_value(&order.work).map_err(|error| Error::Conflict(error.to_string()))?;
            let part = subject.childs_part();
            let running = kept.child.run(work, order.wall_limit, &told);
            Ok::<_, Error>(match running.instrument(part.clone()).await {
                Ok(answer) => {
                    part.record("outcome", "answered");
                    End::Answered(answer)
                }
                Err(exit) => {
                    part.record("outcome", exit.word());
                    part.record("otel.status_code", "error");
                    End::Exited(exit)
                }
            })
        };
        tokio::select! {
            end = run => end,
            end = beat(task, held, guard, heard) => Ok(end),
            () = stopped(shutdown) => Ok(End::Drained),
        }
    }

    /// The child for a task: the one that has this job's, dataset's or batch's data, or a new one.
    fn child_for(&mut self, held: Held<'_>) -> io::Result<&mut Kept> {
        let task = &held.claim.task;
        let prefix = match (task.job_id, task.dataset_id, task.batch_prediction_id) {
            (Some(id), _, _) => job_prefix(id),
            (None, Some(id), _) => dataset_prefix(id),
            (None, None, Some(id)) => batch_prefix(id),
            (None, None, None) => task.id.to_string(),
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
    mut heard: mpsc::UnboundedReceiver<Told>,
) -> End {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        if !guard.touch() {
            return End::Lost;
        }
        let (mut steps, mut rows) = (Vec::new(), None);
        while let Ok(told) = heard.try_recv() {
            match told {
                Told::Step(step) => steps.push(step),
                Told::Rows(later) => rows = Some(later),
            }
        }
        let beaten = async {
            let is_wanted = task.wanted(held).await?;
            if is_wanted && !steps.is_empty() {
                task.progress(held, &steps).await?;
            }
            if let Some(rows) = rows.filter(|_| is_wanted) {
                task.rows(held, rows).await?;
            }
            Ok::<bool, Error>(is_wanted)
        };
        // The lifeline decides how long a silent database is borne.
        match tokio::time::timeout(PATIENCE, beaten).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return End::Unwanted,
            Ok(Err(Error::Lost)) => return End::Lost,
            Ok(Err(error)) => tracing::warn!(%error, "no heartbeat"),
            Err(_) => tracing::warn!("the database does not answer"),
        }
    }
}
