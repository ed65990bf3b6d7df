//! What a person may use, what they have used, and whether there is room for more: the one place where this is decided.
//!
//! Days are those of UTC: what was used on one is forgotten at the next midnight. Whoever asks for room holds the person's row
//! until their transaction ends, so that of two that ask at the same time the second counts what the first one took.

mod read;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, NaiveTime, Utc};
use entities::{job, usage, user, user_quota};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::{Error, Settings};

pub use read::used;

/// States of a job that is not over.
pub(crate) const UNFINISHED: [job::State; 4] = [
    job::State::Queued,
    job::State::Running,
    job::State::Finishing,
    job::State::Cancelling,
];

/// The limits in force for somebody; none: there is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Jobs that are not over.
    pub unfinished_jobs: i64,
    /// Jobs that begin on one day.
    pub jobs_per_day: Option<i64>,
    /// Seconds of slots on one day.
    pub compute_seconds_per_day: Option<i64>,
    /// Bytes of all stored files, those on their way in included.
    pub stored_bytes: Option<i64>,
    /// Budget of one job in seconds.
    pub job_budget_seconds: Option<i64>,
}

/// What somebody has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Jobs that are not over.
    pub unfinished_jobs: i64,
    /// Jobs that began today.
    pub jobs_today: i64,
    /// Milliseconds that slots worked today, as far as what they did has ended.
    pub compute_ms_today: i64,
    /// Bytes of all stored files, those on their way in included.
    pub stored_bytes: i64,
}

/// Limits and use of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// What they may use.
    pub limits: Limits,
    /// What they have used.
    pub used: Used,
    /// When the counts of the day begin anew.
    pub resets_at: DateTime<Utc>,
}

impl Limits {
    /// The limits of somebody with these limits of their own, if they have any.
    pub fn new(settings: &Settings, own: Option<&user_quota::Model>) -> Self {
        let quotas = &settings.quotas;
        let unfinished_jobs = own.and_then(|own| own.unfinished_jobs).map(i64::from);
        let jobs = own.and_then(|own| own.jobs_per_day).map(i64::from);
        let compute = own.and_then(|own| own.compute_seconds_per_day);
        let bytes = own.and_then(|own| own.stored_bytes);
        let budget = own.and_then(|own| own.job_budget_seconds).map(i64::from);
        let of_all = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        Self {
            unfinished_jobs: unfinished_jobs.unwrap_or_else(|| i64::from(settings.jobs_per_user)),
            jobs_per_day: jobs.or(quotas.jobs_per_day.map(i64::from)),
            compute_seconds_per_day: compute.or(quotas.compute_seconds_per_day.map(i64::from)),
            stored_bytes: bytes.or(quotas.stored_bytes.map(of_all)),
            job_budget_seconds: budget.or(quotas.job_budget_seconds.map(i64::from)),
        }
    }
}

/// The beginning of a day.
fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(NaiveTime::MIN).and_utc()
}

/// When the counts of a day begin anew.
pub fn resets_at(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = midnight(now);
    today.checked_add_days(Days::new(1)).unwrap_or(today)
}

/// Lets a user's job into the queue, and counts it.
///
/// # Errors
/// `QueueFull` when the user has as many unfinished jobs as one may have, `QuotaExceeded` when another quota is used up or the
/// budget is too large.
pub async fn admit_job(
    transaction: &impl ConnectionTrait,
    settings: &Settings,
    user_id: Uuid,
    job_id: Uuid,
    budget_seconds: u32,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let limits = hold(transaction, settings, user_id).await?;
    within_budget(&limits, budget_seconds)?;
    let unfinished = job::Entity::find()
        .filter(job::Column::UserId.eq(user_id))
        .filter(job::Column::State.is_in(UNFINISHED));
    admit_beside(transaction, unfinished, limits.unfinished_jobs).await?;
    if limits.jobs_per_day.is_some() || limits.compute_seconds_per_day.is_some() {
        let used = read::today(transaction, user_id, now).await?;
        within_day(&limits, &used, now)?;
    }
    if let Some(limit) = limits.stored_bytes {
        within_store(limit, read::stored(transaction, user_id, now).await?, 0)?;
    }
    let row = usage::Model {
        source_id: job_id,
        number: now.timestamp_micros(),
        user_id,
        job_id: None,
        kind: usage::Kind::Job,
        amount: 1,
        used_at: now,
    };
    usage::Entity::insert(row.into_active_model())
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Lets a job have a larger budget.
///
/// # Errors
/// `QuotaExceeded` when it is larger than one may have, or the day's computing is used up.
pub async fn admit_budget(
    transaction: &impl ConnectionTrait,
    settings: &Settings,
    user_id: Uuid,
    budget_seconds: u32,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let limits = hold(transaction, settings, user_id).await?;
    within_budget(&limits, budget_seconds)?;
    if limits.compute_seconds_per_day.is_none() {
        return Ok(());
    }
    let used = read::today(transaction, user_id, now).await?;
    within_computing(&limits, &used, now)
}

/// Lets one more of a user's batches beside those that are there. Its file, if it has one of its own, was let in as an upload:
/// what is exactly full is no obstacle.
///
/// # Errors
/// `QueueFull` when there are as many as unfinished jobs are allowed, `QuotaExceeded` when the day's computing is used up or more
/// is stored than may be.
pub(crate) async fn admit_batch<E>(
    transaction: &impl ConnectionTrait,
    settings: &Settings,
    user_id: Uuid,
    unfinished: Select<E>,
    now: DateTime<Utc>,
) -> Result<(), Error>
where
    E: EntityTrait<Model: FromQueryResult + Sized + Send + Sync>,
{
    let limits = hold(transaction, settings, user_id).await?;
    admit_beside(transaction, unfinished, limits.unfinished_jobs).await?;
    if limits.compute_seconds_per_day.is_some() {
        let used = read::today(transaction, user_id, now).await?;
        within_computing(&limits, &used, now)?;
    }
    match limits.stored_bytes {
        Some(limit) => not_over(limit, read::stored(transaction, user_id, now).await?),
        None => Ok(()),
    }
}

/// Lets so many bytes more be stored for a user.
///
/// # Errors
/// `QuotaExceeded` when there is not so much room.
pub async fn admit_bytes(
    transaction: &impl ConnectionTrait,
    settings: &Settings,
    user_id: Uuid,
    more: u64,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let limits = hold(transaction, settings, user_id).await?;
    let Some(limit) = limits.stored_bytes else {
        return Ok(());
    };
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    within_store(limit, read::stored(transaction, user_id, now).await?, more)
}

/// Forgets what counts against no quota any more and is part of no job that is there.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old(database: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), Error> {
    let yesterday = midnight(now).checked_sub_days(Days::new(1)).unwrap_or(now);
    usage::Entity::delete_many()
        .filter(usage::Column::UsedAt.lt(yesterday))
        .filter(usage::Column::JobId.is_null())
        .exec(database)
        .await?;
    Ok(())
}

/// Holds a person until the transaction ends, and reads their limits; `Gone` when there is no such person.
async fn hold(
    transaction: &impl ConnectionTrait,
    settings: &Settings,
    user_id: Uuid,
) -> Result<Limits, Error> {
    user::Entity::find_by_id(user_id)
        .lock(LockType::NoKeyUpdate)
        .one(transaction)
        .await?
        .ok_or(Error::Gone)?;
    let own = user_quota::Entity::find_by_id(user_id).one(transaction).await?;
    Ok(Limits::new(settings, own.as_ref()))
}

async fn admit_beside<E>(
    transaction: &impl ConnectionTrait,
    there: Select<E>,
    limit: i64,
) -> Result<(), Error>
where
    E: EntityTrait<Model: FromQueryResult + Sized + Send + Sync>,
{
    let unfinished = there.count(transaction).await?;
    let limit = u64::try_from(limit).unwrap_or(0);
    if unfinished < limit {
        return Ok(());
    }
    Err(Error::QueueFull {
        position: unfinished + 1,
        limit,
    })
}

fn within_budget(limits: &Limits, budget_seconds: u32) -> Result<(), Error> {
    match limits.job_budget_seconds {
        Some(limit) if i64::from(budget_seconds) > limit => Err(Error::QuotaExceeded(format!(
            "a budget of {budget_seconds} s is more than you may give one job: {limit} s; ask for less, or an administrator for more"
        ))),
        _ => Ok(()),
    }
}

fn within_day(limits: &Limits, used: &Used, now: DateTime<Utc>) -> Result<(), Error> {
    let until = resets_at(now).format("%Y-%m-%dT%H:%M:%SZ");
    if let Some(limit) = limits.jobs_per_day.filter(|limit| used.jobs_today >= *limit) {
        return Err(Error::QuotaExceeded(format!(
            "you have begun {} jobs today, and may begin {limit} on one day; the count begins anew at {until}",
            used.jobs_today
        )));
    }
    within_computing(limits, used, now)
}

fn within_computing(limits: &Limits, used: &Used, now: DateTime<Utc>) -> Result<(), Error> {
    let until = resets_at(now).format("%Y-%m-%dT%H:%M:%SZ");
    let seconds = used.compute_ms_today / 1000;
    if let Some(limit) = limits.compute_seconds_per_day.filter(|limit| seconds >= *limit) {
        return Err(Error::QuotaExceeded(format!(
            "you have used {seconds} s of computing today, and may use {limit} s on one day; the count begins anew at {until}"
        )));
    }
    Ok(())
}

fn within_store(limit: i64, stored: i64, more: i64) -> Result<(), Error> {
    let wanted = stored.saturating_add(more);
    // Without anything more, what is full already is refused: a job stores files, too.
    if wanted < limit || (wanted == limit && more > 0) {
        return Ok(());
    }
    Err(no_room(limit, stored, more))
}

/// What is exactly full is not refused: for what brings no bytes, or whose bytes are counted already.
fn not_over(limit: i64, stored: i64) -> Result<(), Error> {
    if stored <= limit {
        return Ok(());
    }
    Err(no_room(limit, stored, 0))
}

fn no_room(limit: i64, stored: i64, more: i64) -> Error {
    let asked = match more {
        0 => String::new(),
        more => format!(", and this needs {more} more"),
    };
    Error::QuotaExceeded(format!(
        "your stored files have {stored} bytes of {limit} that they may have{asked}; delete datasets, jobs or uploads that you do not need"
    ))
}
