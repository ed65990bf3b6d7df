//! People: kept out or let in, with which role, and how much they may use.

use chrono::{DateTime, Utc};
use entities::user::{self, Role};
use entities::{token, user_quota};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Warrant, begin, check};
use crate::accounts::sessions;
use crate::audit::{self, Action, SubjectKind};
use crate::{Error, Platform};

/// Sessions and tokens that were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Places where the person was signed in.
    pub sessions: u64,
    /// Tokens for scripts.
    pub api_tokens: u64,
}

/// Keeps a person out. Their sessions and tokens let nobody in until they are let in again; what runs for them goes on.
///
/// # Errors
/// `Conflict` for oneself, `Gone`, `NotAdministrator`.
pub async fn suspend(platform: &Platform, warrant: &Warrant, id: Uuid) -> Result<user::Model, Error> {
    let (transaction, person) = held(platform, warrant, id).await?;
    not_oneself(warrant, id, "suspend yourself")?;
    if person.suspended_at.is_some() {
        return Ok(person);
    }
    let person = suspended(&transaction, person, Some(warrant.at)).await?;
    let entry = warrant.entry(Action::UserSuspended);
    audit::record(&transaction, entry.about(SubjectKind::User, id)).await?;
    transaction.commit().await?;
    Ok(person)
}

/// Lets a person in again.
///
/// # Errors
/// `Gone`, `NotAdministrator`.
pub async fn restore(platform: &Platform, warrant: &Warrant, id: Uuid) -> Result<user::Model, Error> {
    let (transaction, person) = held(platform, warrant, id).await?;
    if person.suspended_at.is_none() {
        return Ok(person);
    }
    let person = suspended(&transaction, person, None).await?;
    let entry = warrant.entry(Action::UserRestored);
    audit::record(&transaction, entry.about(SubjectKind::User, id)).await?;
    transaction.commit().await?;
    Ok(person)
}

async fn suspended(
    transaction: &DatabaseTransaction,
    person: user::Model,
    at: Option<DateTime<Utc>>,
) -> Result<user::Model, Error> {
    let mut change = person.into_active_model();
    change.suspended_at = Set(at);
    Ok(change.update(transaction).await?)
}

/// Gives a person another role. One does not change one's own: so there is always an administrator left.
///
/// # Errors
/// `Conflict` for oneself, `Gone`, `NotAdministrator`.
pub async fn set_role(
    platform: &Platform,
    warrant: &Warrant,
    id: Uuid,
    role: Role,
) -> Result<user::Model, Error> {
    let (transaction, person) = held(platform, warrant, id).await?;
    not_oneself(warrant, id, "change your own role")?;
    if person.role == role {
        return Ok(person);
    }
    let (before, after) = (words(person.role), words(role));
    let mut change = person.into_active_model();
    change.role = Set(role);
    let person = change.update(&transaction).await?;
    let entry = warrant.entry(Action::RoleChanged).about(SubjectKind::User, id);
    let entry = entry.changed(json!({ "role": before }), json!({ "role": after }));
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(person)
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
    fn applied_to(self, row: user_quota::Model, at: DateTime<Utc>) -> user_quota::Model {
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
    warrant: &Warrant,
    id: Uuid,
    quotas: OwnQuotas,
) -> Result<user::Model, Error> {
    // Held as by those who ask for room: none of them counts by limits that are changed meanwhile.
    let (transaction, person) = held(platform, warrant, id).await?;
    let stored = user_quota::Entity::find_by_id(id).one(&transaction).await?;
    let before = stored.unwrap_or_else(|| user_quota::Model {
        user_id: id,
        ..user_quota::Model::default()
    });
    let after = quotas.applied_to(before.clone(), warrant.at);
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
    let entry = warrant.entry(Action::QuotaChanged).about(SubjectKind::User, id);
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

/// Signs a person out everywhere, and ends their tokens for scripts as well if that is wanted.
///
/// # Errors
/// `Gone`, `NotAdministrator`.
pub async fn revoke_sessions(
    platform: &Platform,
    warrant: &Warrant,
    id: Uuid,
    with_api_tokens: bool,
) -> Result<Ended, Error> {
    let (transaction, _) = held(platform, warrant, id).await?;
    let sessions = sessions::end_all(&transaction, id, None, warrant.at).await?;
    let api_tokens = if with_api_tokens {
        let deleted = token::Entity::delete_many()
            .filter(token::Column::UserId.eq(id))
            .filter(token::Column::Kind.eq(token::Kind::Api))
            .exec(&transaction)
            .await?;
        deleted.rows_affected
    } else {
        0
    };
    let ended = Ended { sessions, api_tokens };
    let entry = warrant
        .entry(Action::SessionsRevoked)
        .about(SubjectKind::User, id);
    let after = json!({ "endedSessions": sessions, "endedApiTokens": api_tokens });
    audit::record(
        &transaction,
        audit::Entry {
            after: Some(after),
            ..entry
        },
    )
    .await?;
    transaction.commit().await?;
    Ok(ended)
}

/// Begins a transaction that holds every administrator and this person, in the same order as all others who do so: of two
/// administrators who take each other's role at the same time, the second is none any more.
async fn held(
    platform: &Platform,
    warrant: &Warrant,
    id: Uuid,
) -> Result<(DatabaseTransaction, user::Model), Error> {
    let transaction = begin(platform, warrant).await?;
    let which = Condition::any()
        .add(user::Column::Role.eq(Role::Admin))
        .add(user::Column::Id.eq(id));
    let people = user::Entity::find()
        .filter(which)
        .order_by_asc(user::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(&transaction)
        .await?;
    check(people.iter().find(|person| person.id == warrant.actor))?;
    let person = people.into_iter().find(|person| person.id == id);
    Ok((transaction, person.ok_or(Error::Gone)?))
}

fn not_oneself(warrant: &Warrant, id: Uuid, what: &str) -> Result<(), Error> {
    if warrant.actor != id {
        return Ok(());
    }
    Err(Error::OwnAccount(format!(
        "you cannot {what}; ask another administrator"
    )))
}

fn words(role: Role) -> &'static str {
    match role {
        Role::Member => "MEMBER",
        Role::Admin => "ADMIN",
    }
}
