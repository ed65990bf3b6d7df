//! What administrators do with people's accounts. Each asks for a reason, and is in the audit log with it.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use platform::administration::{self, Ended, OwnQuotas};

use super::administrator::{administrator, reason};
use super::id::{self, Noun};
use super::long::Long;
use super::once::settle_field;
use super::payload::{UserError, payload};
use super::user::{User, UserRole};
use crate::failure::Failure;

/// Whom to keep out.
#[derive(InputObject)]
pub struct SuspendUserInput {
    /// The person.
    user_id: ID,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// Whom to let in again.
#[derive(InputObject)]
pub struct RestoreUserInput {
    /// The person.
    user_id: ID,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// Who is to have which role.
#[derive(InputObject)]
pub struct SetUserRoleInput {
    /// The person.
    user_id: ID,
    /// What they may do from now on.
    role: UserRole,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// Who may use how much. A limit that is absent stays as it is; null gives the one that the settings say.
#[derive(InputObject)]
pub struct SetUserQuotaInput {
    /// The person.
    user_id: ID,
    /// Jobs that are not over, 0 or more.
    unfinished_jobs: MaybeUndefined<i32>,
    /// Jobs that begin on one day (UTC), 0 or more.
    jobs_per_day: MaybeUndefined<i32>,
    /// Seconds that slots work for them on one day (UTC), 0 or more.
    compute_seconds_per_day: MaybeUndefined<Long>,
    /// Bytes of all their stored files, 0 or more.
    stored_bytes: MaybeUndefined<Long>,
    /// Budget of one job in seconds, 10 or more.
    job_budget_seconds: MaybeUndefined<i32>,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// Whom to sign out.
#[derive(InputObject)]
pub struct RevokeUserSessionsInput {
    /// The person.
    user_id: ID,
    /// Their tokens for scripts end as well.
    #[graphql(default = false)]
    with_api_tokens: bool,
    /// Why, 1 to 500 characters.
    reason: String,
}

payload! {
    /// What `suspendUser` answers.
    SuspendUserPayload {
        /// The person as they are now.
        user: User
    }
}
payload! {
    /// What `restoreUser` answers.
    RestoreUserPayload {
        /// The person as they are now.
        user: User
    }
}
payload! {
    /// What `setUserRole` answers.
    SetUserRolePayload {
        /// The person as they are now.
        user: User
    }
}
payload! {
    /// What `setUserQuota` answers.
    SetUserQuotaPayload {
        /// The person; `quotas` has the limits in force.
        user: User
    }
}

/// What `revokeUserSessions` answers.
#[derive(async_graphql::SimpleObject)]
pub struct RevokeUserSessionsPayload {
    /// Sessions that are over now.
    pub ended_sessions: Option<i32>,
    /// Tokens for scripts that are gone now.
    pub ended_api_tokens: Option<i32>,
    /// What the user can mend; empty on success.
    pub user_errors: Vec<UserError>,
    /// The root, to read on.
    pub query: super::schema::Query,
}

impl From<Result<Ended, Vec<UserError>>> for RevokeUserSessionsPayload {
    fn from(outcome: Result<Ended, Vec<UserError>>) -> Self {
        let count = |ended: u64| i32::try_from(ended).unwrap_or(i32::MAX);
        let (ended, user_errors) = match outcome {
            Ok(ended) => (Some(ended), Vec::new()),
            Err(errors) => (None, errors),
        };
        Self {
            ended_sessions: ended.map(|ended| count(ended.sessions)),
            ended_api_tokens: ended.map(|ended| count(ended.api_tokens)),
            user_errors,
            query: super::schema::Query::default(),
        }
    }
}

/// Changes of people's accounts by administrators.
#[derive(Default)]
pub struct AdminUserMutation;

#[Object]
impl AdminUserMutation {
    /// Keeps a person out: their sessions and tokens let nobody in any more, open connections end. What runs for them goes on.
    /// For administrators.
    async fn suspend_user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom, and why.")] input: SuspendUserInput,
    ) -> Result<Option<SuspendUserPayload>, Failure> {
        let key = id::decode_as(&input.user_id, Noun::User)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::suspend(&state.platform, key, reason).await;
        state.identity.seen().forget(key);
        Ok(Some(settle_field(done, "userId", "person")?.map(User).into()))
    }

    /// Lets a person in again who was kept out. For administrators.
    async fn restore_user(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom, and why.")] input: RestoreUserInput,
    ) -> Result<Option<RestoreUserPayload>, Failure> {
        let key = id::decode_as(&input.user_id, Noun::User)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::restore(&state.platform, key, reason).await;
        Ok(Some(settle_field(done, "userId", "person")?.map(User).into()))
    }

    /// Makes a person an administrator, or none any more. Nobody changes their own role. For administrators.
    async fn set_user_role(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whose, which one, and why.")] input: SetUserRoleInput,
    ) -> Result<Option<SetUserRolePayload>, Failure> {
        let key = id::decode_as(&input.user_id, Noun::User)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::set_role(&state.platform, key, input.role.into(), reason).await;
        state.identity.seen().forget(key);
        Ok(Some(settle_field(done, "userId", "person")?.map(User).into()))
    }

    /// Gives a person limits of their own, or takes them away again. For administrators.
    async fn set_user_quota(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whose, which, and why.")] input: SetUserQuotaInput,
    ) -> Result<Option<SetUserQuotaPayload>, Failure> {
        let key = id::decode_as(&input.user_id, Noun::User)?;
        let state = administrator(context)?;
        let checked = reason(&input.reason).and_then(|reason| Ok((reason, quotas(&input)?)));
        let (reason, quotas) = match checked {
            Ok(checked) => checked,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::set_quotas(&state.platform, key, quotas, reason).await;
        Ok(Some(settle_field(done, "userId", "person")?.map(User).into()))
    }

    /// Signs a person out everywhere. For administrators.
    async fn revoke_user_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom, and why.")] input: RevokeUserSessionsInput,
    ) -> Result<Option<RevokeUserSessionsPayload>, Failure> {
        let key = id::decode_as(&input.user_id, Noun::User)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::revoke_sessions(&state.platform, key, input.with_api_tokens, reason).await;
        state.identity.seen().forget(key);
        Ok(Some(settle_field(done, "userId", "person")?.into()))
    }
}

/// The limits of an input.
fn quotas(input: &SetUserQuotaInput) -> Result<OwnQuotas, Vec<UserError>> {
    let mut errors = Vec::new();
    let mut check = |field: &str, limit: Option<Option<i64>>, least: i64| {
        if let Some(Some(limit)) = limit
            && limit < least
        {
            let message = format!("The limit is {limit}; it must be {least} at least.");
            errors.push(UserError::of(field, "LIMIT_INVALID", message));
        }
    };
    let whole = |limit: MaybeUndefined<i32>| -> Option<Option<i64>> { limit.map_value(i64::from).into() };
    let long =
        |limit: MaybeUndefined<Long>| -> Option<Option<i64>> { limit.map_value(|limit| limit.0).into() };
    check("unfinishedJobs", whole(input.unfinished_jobs), 0);
    check("jobsPerDay", whole(input.jobs_per_day), 0);
    check("computeSecondsPerDay", long(input.compute_seconds_per_day), 0);
    check("storedBytes", long(input.stored_bytes), 0);
    check("jobBudgetSeconds", whole(input.job_budget_seconds), 10);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(OwnQuotas {
        unfinished_jobs: input.unfinished_jobs.into(),
        jobs_per_day: input.jobs_per_day.into(),
        compute_seconds_per_day: long(input.compute_seconds_per_day),
        stored_bytes: long(input.stored_bytes),
        job_budget_seconds: input.job_budget_seconds.into(),
    })
}
