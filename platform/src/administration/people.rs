//! People: kept out or let in, with which role, and how much they may use.

use chrono::{DateTime, Utc};
use entities::user::{self, Role};
use entities::{token, user_quota};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{begin, entry};
use crate::accounts::sessions;
use crate::accounts::standing::{self, Change};
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::{Error, Platform};

/// Sessions and tokens that were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Places where the person was signed in.
    pub sessions: u64,
    /// Tokens for scripts, the one that a start of the server printed included.
    pub api_tokens: u64,
}

/// Keeps a person out. Their sessions and tokens let nobody in until they are let in again; what runs for them goes on.
///
/// # Errors
/// `OwnAccount` for oneself, `Gone`, `NotAdministrator`.
pub async fn suspend(platform: &Platform, id: Uuid, reason: &str) -> Result<user::Model, Error> {
    change(platform, id, Change::Suspend, reason).await
}

/// Lets a person in again.
///
/// # Errors
/// `Gone`, `NotAdministrator`.
pub async fn restore(platform: &Platform, id: Uuid, reason: &str) -> Result<user::Model, Error> {
    change(platform, id, Change::Restore, reason).await
}

/// Gives a person another role. One does not change one's own: so there is always an administrator left.
///
/// # Errors
/// `OwnAccount` for oneself, `Gone`, `NotAdministrator`.
pub async fn set_role(platform: &Platform, id: Uuid, role: Role, reason: &str) -> Result<user::Model, Error> {
    change(platform, id, Change::Role(role), reason).await
}

async fn change(platform: &Platform, id: Uuid, change: Change, reason: &str) -> Result<user::Model, Error> {
    let changed = standing::change(platform, id, change, reason).await?;
    changed.map_err(|refused| Error::OwnAccount(refused.to_string()))
}

/// A person's limits of their own; none: what the settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnQuotas {
    /// Jobs that are not over. Outer none: it stays as it is.
    pub unfinished_jobs: Option<Option<i32>>,
    /// Jobs that begin on one day. Outer none: it stays as it is.
    pub jobs_per_day: Option<Option<i32>>,
    /// Seconds of slots on one day. Outer none: it stays as it is.
    pub compute_seconds_per_day: Option<Option<i64>>,
    /// Bytes of all stored files. Outer none: it stays as it is.
    pub stored_bytes: Option<Option<i64>>,
    /// Budget of one job in seconds. Outer none: it stays as it is.
    pub job_budget_seconds: Option<Option<i32>>,
}

impl OwnQuotas {
    fn applied_to(self, row: &user_quota::Model, at: DateTime<Utc>) -> user_quota::Model {
        user_quota::Model {
            user_id: row.user_id,
            unfinished_jobs: self.unfinished_jobs.unwrap_or(row.unfinished_jobs),
            jobs_per_day: self.jobs_per_day.unwrap_or(row.jobs_per_day),
            compute_seconds_per_day: self
                .compute_seconds_per_day
                .unwrap_or(row.compute_seconds_per_day),
            stored_bytes: self.stored_bytes.unwrap_or(row.stored_bytes),
            job_budget_seconds: self.job_budget_seconds.unwrap_or(row.job_budget_seconds),
            changed_at: at,
        }
    }
}

/// Gives a person limits of their own, or takes them away again.
///
/// # Errors
/// `Gone`, `NotAdministrator`.
pub async fn set_quotas(
    platform: &Platform,
    id: Uuid,
    quotas: OwnQuotas,
    reason: &str,
) -> Result<user::Model, Error> {
    // Held as by those who ask for room: none of them counts by limits that are changed meanwhile.
    let (transaction, person) = held(platform, id).await?;
    let stored = user_quota::Entity::find_by_id(id).one(&transaction).await?;
    let before = stored.unwrap_or_else(|| user_quota::Model {
        user_id: id,
        ..user_quota::Model::default()
    });
    let after = quotas.applied_to(&before, now());
    if limits(&before) == limits(&after) {
        return Ok(person);
    }
    let replaced = [
        user_quota::Column::UnfinishedJobs,
        user_quota::Column::JobsPerDay,
        user_quota::Column::ComputeSecondsPerDay,
        user_quota::Column::StoredBytes,
        user_quota::Column::JobBudgetSeconds,
        user_quota::Column::ChangedAt,
    ];
    let conflict = OnConflict::column(user_quota::Column::UserId)
        .update_columns(replaced)
        .to_owned();
    user_quota::Entity::insert(after.clone().into_active_model())
        .on_conflict(conflict)
        .exec_without_returning(&transaction)
        .await?;
    let entry = entry(platform, Action::QuotaChanged, reason).about(SubjectKind::User, id);
    audit::record(&transaction, entry.changed(limits(&before), limits(&after))).await?;
    transaction.commit().await?;
    Ok(person)
}

/// The limits as they are recorded.
fn limits(row: &user_quota::Model) -> Value {
    json!({
        "unfinishedJobs": row.unfinished_jobs,
        "jobsPerDay": row.jobs_per_day,
        "computeSecondsPerDay": row.compute_seconds_per_day,
        "storedBytes": row.stored_bytes,
        "jobBudgetSeconds": row.job_budget_seconds,
    })
}

/// Signs a person out everywhere, and ends their tokens for scripts and the links that nobody has used yet as well if that is wanted.
/// Where there was nothing to end, nothing is recorded.
///
/// # Errors
/// `Gone`, `NotAdministrator`.
pub async fn revoke_sessions(
    platform: &Platform,
    id: Uuid,
    with_api_tokens: bool,
    reason: &str,
) -> Result<Ended, Error> {
    let (transaction, _) = held(platform, id).await?;
    let sessions = sessions::end_all(&transaction, id, None, now()).await?;
    let mut ended = Ended {
        sessions,
        api_tokens: 0,
    };
    let mut links = 0;
    if with_api_tokens {
        let tokens = [token::Kind::Api, token::Kind::Printed];
        ended.api_tokens =
            end_tokens(&transaction, token_of(id).add(token::Column::Kind.is_in(tokens))).await?;
        let unused = token_of(id)
            .add(token::Column::Kind.eq(token::Kind::OneTime))
            .add(token::Column::UsedAt.is_null());
        links = end_tokens(&transaction, unused).await?;
    }
    if ended.sessions + ended.api_tokens + links == 0 {
        return Ok(ended);
    }
    let after = json!({
        "endedSessions": ended.sessions,
        "endedApiTokens": ended.api_tokens,
        "endedLinks": links,
    });
    let entry = Entry {
        after: Some(after),
        ..entry(platform, Action::SessionsRevoked, reason)
    };
    audit::record(&transaction, entry.about(SubjectKind::User, id)).await?;
    transaction.commit().await?;
    Ok(ended)
}

fn token_of(user_id: Uuid) -> Condition {
    Condition::all().add(token::Column::UserId.eq(user_id))
}

async fn end_tokens(transaction: &DatabaseTransaction, which: Condition) -> Result<u64, Error> {
    let deleted = token::Entity::delete_many()
        .filter(which)
        .exec(transaction)
        .await?;
    Ok(deleted.rows_affected)
}

/// Begins a transaction that holds this person.
async fn held(platform: &Platform, id: Uuid) -> Result<(DatabaseTransaction, user::Model), Error> {
    let transaction = begin(platform).await?;
    let person = user::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?;
    Ok((transaction, person.ok_or(Error::Gone)?))
}
