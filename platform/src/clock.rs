//! The wall clock of a process, set by the database's: machines of a pool may be an hour apart or leap, and what they store, sign
//! and remove has to mean the same time.
//!
//! There is one for a process, as there is one for a machine. Over a SQLite file it is the machine's own.

use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use aws_smithy_async::time::TimeSource;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sea_orm::{DbBackend, DbErr};

use crate::Database;
use crate::database::clock;

/// A time of the database, and the moment at which it was that time. Between two looks the time goes on as spans are measured:
/// setting the machine's clock changes nothing.
static SET: RwLock<Option<(DateTime<Utc>, Instant)>> = RwLock::new(None);
/// An answer that took longer says too little.
const PROMPT: Duration = Duration::from_secs(2);
/// Between two looks: a machine that slept is right again soon.
const INTERVAL: Duration = Duration::from_secs(5);
/// More is worth a word.
const WRONG: TimeDelta = TimeDelta::seconds(2);

/// The time as it is stored: UTC, whole microseconds. Spans between machines are measured by [`clock`], leases by
/// [`crate::database::milliseconds`].
pub fn now() -> DateTime<Utc> {
    let set = *SET.read().unwrap_or_else(PoisonError::into_inner);
    let now = set.map_or_else(Utc::now, |(then, since)| then + since.elapsed());
    now.trunc_subsecs(6)
}

/// Sets the clock by the database's.
///
/// # Errors
/// When the database does not answer; the clock stays as it was set.
pub async fn set(database: &Database) -> Result<(), DbErr> {
    if database.connection().get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let asked = Instant::now();
    let there = clock(database.connection()).await?;
    let way = asked.elapsed();
    if way > PROMPT {
        return Ok(());
    }
    let mut set = SET.write().unwrap_or_else(PoisonError::into_inner);
    let wrong_by = Utc::now() - there;
    if set.is_none() && wrong_by.abs() > WRONG {
        tracing::warn!(
            wrong_by_ms = wrong_by.num_milliseconds(),
            "the machine's clock is wrong: the database's counts"
        );
    }
    *set = Some((there, asked + way / 2));
    Ok(())
}

/// Keeps the clock set for as long as it is polled.
pub async fn keep(database: Database) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        // Others say that the database is away.
        if let Err(error) = set(&database).await {
            tracing::debug!(%error, "the clock could not be set");
        }
    }
}

/// For AWS, which refuses what is signed at a time that is minutes off.
#[derive(Clone, Copy, Debug)]
pub struct SetClock;

impl TimeSource for SetClock {
    fn now(&self) -> SystemTime {
        now().into()
    }
}
