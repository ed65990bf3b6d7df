//! Looks after what no slot looks after: leases that ended, searches whose time is over, wishes of people.

use std::time::{Duration, Instant};

use entities::{job, queue_pause, task};
use platform::database::{clock, now};
use platform::tasks::{self, CRASH_BUDGET, Claim};
use platform::{Changes, Error, Platform, idempotency, jobs, quotas, workers};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QuerySelect};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::flow;
use crate::pool::stopped;
use crate::settle;
use crate::subject::Subject;
use crate::sweep::Sweep;
use crate::tasks::{Held, of_kind};

/// Between two looks. "Finish now" is heard within it.
const INTERVAL: Duration = Duration::from_millis(500);
/// After trouble with the database, sessions of living workers need so long to come back; until then a missing one proves
/// nothing.
const SETTLING: Duration = Duration::from_secs(6);
/// A look that takes longer waits for a connection that is gone without a word.
const LONGEST_LOOK: Duration = Duration::from_secs(30);
/// Looks between two rounds of tidying up: about a minute.
const TIDY_EVERY: u32 = 120;
/// What a task whose worker is gone is told.
const GONE: &str = "its worker was lost";

/// Looks until `shutdown` turns true.
pub async fn run(platform: Platform, worker: String, mut shutdown: watch::Receiver<bool>) {
    let mut healthy_since = Instant::now();
    let mut looks = 0_u32;
    let mut uploads = Sweep::default();
    let mut burials = JoinSet::new();
    while !*shutdown.borrow() {
        uploads.tick(&platform);
        while burials.try_join_next().is_some() {}
        let sessions_count = healthy_since.elapsed() > SETTLING;
        let looking = look(&platform, &worker, sessions_count, &mut burials);
        let looked = tokio::time::timeout(LONGEST_LOOK, looking);
        let trouble = match looked.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the database does not answer".to_owned()),
        };
        if let Some(error) = trouble {
            tracing::warn!(error, "the reconciler could not look");
            healthy_since = Instant::now();
        }
        if looks.is_multiple_of(TIDY_EVERY)
            && let Err(error) = tidy(&platform).await
        {
            tracing::warn!(%error, "the reconciler could not tidy up");
        }
        looks = looks.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = stopped(&mut shutdown) => {}
        }
    }
    while burials.join_next().await.is_some() {}
}

/// Takes over at once what a dead predecessor held, and does not count the time since its last sign of life against the
/// budget of the jobs it worked on.
///
/// # Errors
/// When the database refuses.
pub async fn take_over(platform: &Platform, worker: &str) -> Result<(), Error> {
    let connection = platform.database.connection();
    for row in active(platform).await? {
        let transaction = platform.database.begin().await?;
        if let Some(row) = jobs::lock(&transaction, row.id).await? {
            let now = clock(&transaction).await?;
            jobs::give_time_back(&transaction, &row, None, now).await?;
            transaction.commit().await?;
        }
    }
    for row in tasks::held(connection).await? {
        let claim = seize(platform, worker, &row).await?;
        Subject::of(&claim.task).beside(bury(platform, &claim)).await?;
    }
    for row in active(platform).await? {
        if row.state == job::State::Cancelling {
            cancel(platform, row).await?;
        }
    }
    Ok(())
}

/// One look. What is taken from the lost is buried beside it: their jobs' rows may be held by a transaction whose owner was
/// stopped in the middle, and nobody else's loss waits for that.
async fn look(
    platform: &Platform,
    worker: &str,
    sessions_count: bool,
    burials: &mut JoinSet<()>,
) -> Result<(), Error> {
    let mut lost = tasks::expired(platform.database.connection()).await?;
    if sessions_count {
        lost.extend(of_the_dead(platform, worker).await?);
    }
    for row in lost {
        match seize(platform, worker, &row).await {
            Ok(claim) => {
                let (platform, subject) = (platform.clone(), Subject::of(&claim.task));
                burials.spawn(subject.beside(bury_in_time(platform, claim)));
            }
            // It was renewed, or somebody else was faster.
            Err(Error::Lost) => {}
            Err(error) => return Err(error),
        }
    }
    let pauses = tasks::pauses(platform.database.connection()).await?;
    for row in active(platform).await? {
        match row.state {
            job::State::Running if stands_still(platform, &pauses, &row).await? => {}
            job::State::Running => advance(platform, &row).await?,
            job::State::Cancelling => cancel(platform, row).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Tasks of workers whose process is gone: known long before their leases end.
async fn of_the_dead(platform: &Platform, own: &str) -> Result<Vec<task::Model>, Error> {
    let mut rows = tasks::held(platform.database.connection()).await?;
    let mut holders: Vec<String> = rows.iter().filter_map(|row| row.worker.clone()).collect();
    holders.sort();
    holders.dedup();
    let mut dead = Vec::new();
    for holder in holders {
        if holder != own && workers::is_dead(&platform.database, &holder).await? {
            dead.push(holder);
        }
    }
    rows.retain(|row| row.worker.as_ref().is_some_and(|holder| dead.contains(holder)));
    Ok(rows)
}

/// Removes what nobody needs any more.
async fn tidy(platform: &Platform) -> Result<(), Error> {
    idempotency::forget_old(platform.database.connection(), now()).await?;
    quotas::forget_old(platform.database.connection(), now()).await?;
    jobs::remove_obsolete(platform).await
}

/// Jobs that something must still happen to.
async fn active(platform: &Platform) -> Result<Vec<job::Model>, Error> {
    let states = [job::State::Running, job::State::Finishing, job::State::Cancelling];
    let rows = job::Entity::find().filter(job::Column::State.is_in(states));
    Ok(rows.all(platform.database.connection()).await?)
}

/// True while pauses of the queue keep all of a search's trials waiting, on whichever workers they are for. Its clock will stand
/// still for that time, which is known when the pause ends: until then its end is not declared. "Finish now" is heard all the same.
async fn stands_still(
    platform: &Platform,
    pauses: &[queue_pause::Model],
    row: &job::Model,
) -> Result<bool, Error> {
    let holds_trials = |queue: task::Queue| pauses.iter().any(|pause| pause.holds(task::Kind::Trial, queue));
    if row.finish_requested || !task::Queue::iter().any(holds_trials) {
        return Ok(false);
    }
    let connection = platform.database.connection();
    let waiting: Vec<task::Queue> = task::Entity::find()
        .select_only()
        .column(task::Column::Queue)
        .distinct()
        .filter(task::Column::JobId.eq(row.id))
        .filter(task::Column::Kind.eq(task::Kind::Trial))
        .filter(task::Column::State.eq(task::State::Queued))
        .into_tuple()
        .all(connection)
        .await?;
    if waiting.is_empty() || !waiting.into_iter().all(holds_trials) {
        return Ok(false);
    }
    Ok(tasks::running(connection, row.id).await? == 0)
}

/// Takes a task from a worker that is gone.
async fn seize(platform: &Platform, worker: &str, row: &task::Model) -> Result<Claim, Error> {
    let lease = platform.settings.lease;
    let transaction = platform.database.begin().await?;
    let claim = tasks::seize(&transaction, row, worker, lease).await?;
    transaction.commit().await?;
    Subject::of(row)
        .lines()
        .in_scope(|| tracing::warn!(worker = row.worker, "took over a task of a lost worker"));
    Ok(claim)
}

/// Counts the crash, for at most a lease: then the task is anybody's again, and the next look takes it.
async fn bury_in_time(platform: Platform, claim: Claim) {
    let buried = settle::within(platform.settings.lease, bury(&platform, &claim)).await;
    if let Err(error) = buried {
        tracing::warn!(%error, "a task of a lost worker waits for its lease");
    }
}

/// Counts the crash of a task that was taken from its worker.
async fn bury(platform: &Platform, claim: &Claim) -> Result<(), Error> {
    let Some(task) = of_kind(claim.task.kind) else {
        return Ok(());
    };
    let held = Held { platform, claim };
    // A driver that takes its machine down looks like this.
    settle::crash(task, held, GONE, CRASH_BUDGET, true).await
}

/// A search moves on by results; this is for its clock, and for "finish now".
async fn advance(platform: &Platform, row: &job::Model) -> Result<(), Error> {
    if row.search_started_at.is_none() {
        return Ok(());
    }
    let mut changes = Changes::default();
    let transaction = platform.database.begin().await?;
    let Some(row) = jobs::lock_if_free(&transaction, row.id).await? else {
        return Ok(());
    };
    let before = row.version;
    let row = flow::advance(&transaction, row, &platform.settings, &mut changes).await?;
    if row.version == before {
        return Ok(());
    }
    transaction.commit().await?;
    platform.announce(changes);
    Ok(())
}

/// Ends a cancelled job of which nothing runs any more.
async fn cancel(platform: &Platform, row: job::Model) -> Result<(), Error> {
    let mut changes = Changes::default();
    let transaction = platform.database.begin().await?;
    let Some(row) = jobs::lock_if_free(&transaction, row.id).await? else {
        return Ok(());
    };
    if row.state != job::State::Cancelling || tasks::running(&transaction, row.id).await? > 0 {
        return Ok(());
    }
    let row = jobs::stopped(&transaction, row, &mut changes).await?;
    changes.job(&row);
    transaction.commit().await?;
    platform.announce(changes);
    Ok(())
}
