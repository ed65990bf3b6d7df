//! Changes of the database's schema: what every server does when it starts, and going back.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use migration::{DbErr, Migrator, MigratorTrait};
use platform::database::{Alone, Database, is_passing};

/// How often changing the schema is tried, and the time between two tries.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// Runs the changes that the database does not have yet, while no other process does.
///
/// # Errors
/// When a newer version of this program has changed the database, which this one then leaves alone, or the database refuses.
pub async fn bring_up_to_date(database: &Database) -> Result<()> {
    let newer = tried_again(async || try_bring_up_to_date(database).await).await;
    match newer.context("bringing the database up to date")? {
        None => Ok(()),
        // Processes of this version that run already go on beside it.
        Some(change) => {
            bail!(
                "the database was changed by a newer version of this program ({change}): start that version"
            )
        }
    }
}

/// Undoes the last `changes` of the database, while no other process changes it.
///
/// # Errors
/// When the database refuses.
pub async fn go_back(database: &Database, changes: u32) -> Result<()> {
    let done = Migrator::get_applied_migrations(database.connection()).await;
    let kept = done
        .context("looking at the database")?
        .len()
        .saturating_sub(changes as usize);
    let gone = tried_again(async || try_go_back(database, kept).await).await;
    gone.context("going back")
}

/// Gives the change that this version does not know, if there is one.
async fn try_bring_up_to_date(database: &Database) -> Result<Option<String>, DbErr> {
    let transaction = database.begin_alone(Alone::Migrate).await?;
    let newer = migration::newer(&transaction).await?;
    if newer.is_none() {
        Migrator::up(&transaction, None).await?;
        transaction.commit().await?;
    }
    Ok(newer)
}

/// Undoes all but the first `kept` changes: however often it is called, it never goes back further.
async fn try_go_back(database: &Database, kept: usize) -> Result<(), DbErr> {
    let transaction = database.begin_alone(Alone::Migrate).await?;
    let done = Migrator::get_applied_migrations(&transaction).await?.len();
    let changes = u32::try_from(done.saturating_sub(kept)).unwrap_or(u32::MAX);
    Migrator::down(&transaction, Some(changes)).await?;
    transaction.commit().await
}

/// Does a change until it was done or refused. What runs beside it may hold what it needs and want what it holds, and be preferred;
/// nothing of a transaction that was lost is there, so it is begun again.
async fn tried_again<T>(change: impl AsyncFn() -> Result<T, DbErr>) -> Result<T, DbErr> {
    for _ in 1..TRIES {
        match change().await {
            Err(error) if is_passing(&error) => {
                tracing::warn!(%error, "changing the schema of the database: trying again");
                tokio::time::sleep(PAUSE).await;
            }
            ended => return ended,
        }
    }
    change().await
}
