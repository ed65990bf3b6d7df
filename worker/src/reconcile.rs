//! Looks after what no slot looks after: leases that ended, searches whose time is over, wishes of people.

use std::time::Duration;

use entities::{job, task};
use platform::database::now;
use platform::tasks::{self, CRASH_BUDGET, Claim};
use platform::{Changes, Error, Platform, jobs};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use tokio::sync::watch;

use crate::flow;
use crate::pool::stopped;
use crate::slot::settle_crash;
use crate::sweep::Sweep;
use crate::tasks::{Held, of_kind};

/// Between two looks. "Finish now" is heard within it.
const INTERVAL: Duration = Duration::from_millis(500);
/// What a task whose worker is gone is told.
const GONE: &str = "its worker was lost";

/// Looks until `shutdown` turns true.
pub async fn run(platform: Platform, worker: String, mut shutdown: watch::Receiver<bool>) {
    let mut uploads = Sweep::default();
    while !*shutdown.borrow() {
        uploads.tick(&platform);
        if let Err(error) = look(&platform, &worker).await {
            tracing::warn!(%error, "the reconciler could not look");
        }
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = stopped(&mut shutdown) => {}
        }
    }
}

/// Takes over at once what a dead predecessor held, and does not count the time since its last sign of life against the
/// budget of the jobs it worked on.
///
/// # Errors
/// When the database refuses.
pub async fn take_over(platform: &Platform, worker: &str) -> Result<(), Error> {
    let connection = platform.database.connection();
    for row in active(platform).await? {
        let last = task::Entity::find()
            .filter(task::Column::JobId.eq(row.id))
            .order_by_desc(task::Column::UpdatedAt)
            .one(connection)
            .await?;
        let Some(last) = last else { continue };
        let away = (now() - last.updated_at).num_milliseconds().max(0);
        let mut change = jobs::changed(&row);
        change.paused_ms = Set(row.paused_ms + away);
        change.update(connection).await?;
    }
    for row in tasks::of_dead_workers(connection).await? {
        bury(platform, worker, &row).await?;
    }
    for row in active(platform).await? {
        if row.state == job::State::Cancelling {
            cancel(platform, row).await?;
        }
    }
    Ok(())
}

async fn look(platform: &Platform, worker: &str) -> Result<(), Error> {
    for row in tasks::expired(platform.database.connection()).await? {
        match bury(platform, worker, &row).await {
            // It was renewed, or somebody else was faster.
            Err(Error::Lost) => {}
            ended => ended?,
        }
    }
    for row in active(platform).await? {
        match row.state {
            job::State::Running => advance(platform, &row).await?,
            job::State::Cancelling => cancel(platform, row).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Jobs that something must still happen to.
async fn active(platform: &Platform) -> Result<Vec<job::Model>, Error> {
    let states = [job::State::Running, job::State::Finishing, job::State::Cancelling];
    let rows = job::Entity::find().filter(job::Column::State.is_in(states));
    Ok(rows.all(platform.database.connection()).await?)
}

/// Takes a task from a worker that is gone and counts the crash.
async fn bury(platform: &Platform, worker: &str, row: &task::Model) -> Result<(), Error> {
    let Some(task) = of_kind(row.kind) else {
        return Ok(());
    };
    let claim: Claim = tasks::seize(
        platform.database.connection(),
        row,
        worker,
        platform.settings.lease,
    )
    .await?;
    tracing::warn!(task.id = %row.id, worker = row.worker, "took over a task of a lost worker");
    settle_crash(
        task,
        Held {
            platform,
            claim: &claim,
        },
        GONE,
        CRASH_BUDGET,
    )
    .await
}

/// A search moves on by results; this is for its clock, and for "finish now".
async fn advance(platform: &Platform, row: &job::Model) -> Result<(), Error> {
    if row.search_started_at.is_none() {
        return Ok(());
    }
    let mut changes = Changes::default();
    let transaction = platform.database.begin().await?;
    let Some(row) = job::Entity::find_by_id(row.id).one(&transaction).await? else {
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
    if tasks::running(&transaction, row.id).await? > 0 {
        return Ok(());
    }
    let Some(row) = job::Entity::find_by_id(row.id).one(&transaction).await? else {
        return Ok(());
    };
    let row = jobs::stopped(&transaction, row, &mut changes).await?;
    changes.job(&row);
    transaction.commit().await?;
    platform.announce(changes);
    Ok(())
}
