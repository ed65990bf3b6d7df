//! Changes of many jobs at once. Each job is a change of its own: one that is refused does not hold the others up.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entities::job_tag::MAX_TAG_LENGTH;
use entities::{Viewer, job};
use platform::jobs;
use uuid::Uuid;

use super::id::{self, Noun};
use super::job::{self as nouns, Job};
use super::job_change::check_cancel;
use super::once::settle;
use super::payload::{UserError, payload};
use crate::failure::Failure;
use crate::state::AppState;

/// Jobs that one request may change.
const MAX_JOBS: usize = 100;
/// Tags that one request may name.
const MAX_NAMED_TAGS: usize = 20;

/// Jobs to cancel.
#[derive(InputObject)]
pub struct CancelJobsInput {
    /// Which ones, 1 to 100.
    ids: Vec<ID>,
}

/// Jobs to delete.
#[derive(InputObject)]
pub struct DeleteJobsInput {
    /// Which ones, 1 to 100.
    ids: Vec<ID>,
}

/// Tags to give to jobs, and to take from them.
#[derive(InputObject)]
pub struct TagJobsInput {
    /// Which jobs, 1 to 100.
    ids: Vec<ID>,
    /// Tags to give, 1 to 50 characters each. A job has 10 at most.
    add: Option<Vec<String>>,
    /// Tags to take.
    remove: Option<Vec<String>>,
}

/// What became of one job of many.
#[derive(SimpleObject)]
pub struct JobOutcome {
    /// Id of the job, as it was named.
    pub job_id: ID,
    /// The job as it is now; null when it was deleted, or there is none for the viewer.
    pub job: Option<Job>,
    /// Why it was not changed; empty on success.
    pub user_errors: Vec<UserError>,
}

payload! {
    /// What `cancelJobs` answers.
    CancelJobsPayload {
        /// One a job, in the order of the ids; a job that is named twice is in it once.
        outcomes: Vec<JobOutcome>
    }
}
payload! {
    /// What `deleteJobs` answers.
    DeleteJobsPayload {
        /// One a job, in the order of the ids; a job that is named twice is in it once.
        outcomes: Vec<JobOutcome>
    }
}
payload! {
    /// What `tagJobs` answers.
    TagJobsPayload {
        /// One a job, in the order of the ids; a job that is named twice is in it once.
        outcomes: Vec<JobOutcome>
    }
}

/// What is done with each job.
enum Change<'a> {
    Cancel,
    Delete,
    Tag { add: &'a [String], remove: &'a [String] },
}

/// Changes of many jobs.
#[derive(Default)]
pub struct JobManyMutation;

#[Object]
impl JobManyMutation {
    /// Stops jobs, each as `cancelJob` does.
    async fn cancel_jobs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones.")] input: CancelJobsInput,
    ) -> Result<Option<CancelJobsPayload>, Failure> {
        let outcome = change_all(context, &input.ids, &Change::Cancel).await?;
        Ok(Some(outcome.into()))
    }

    /// Deletes ended jobs, each as `deleteJob` does.
    async fn delete_jobs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones.")] input: DeleteJobsInput,
    ) -> Result<Option<DeleteJobsPayload>, Failure> {
        let outcome = change_all(context, &input.ids, &Change::Delete).await?;
        Ok(Some(outcome.into()))
    }

    /// Gives tags to jobs and takes others from them. Tags that a job has already, or never had, are passed over.
    async fn tag_jobs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which jobs and which tags.")] input: TagJobsInput,
    ) -> Result<Option<TagJobsPayload>, Failure> {
        let mut errors = Vec::new();
        let add = tags("add", input.add, &mut errors);
        let remove = tags("remove", input.remove, &mut errors);
        if !errors.is_empty() {
            return Ok(Some(Err(errors).into()));
        }
        let change = Change::Tag {
            add: &add,
            remove: &remove,
        };
        let outcome = change_all(context, &input.ids, &change).await?;
        Ok(Some(outcome.into()))
    }
}

/// Tags without blanks around them, each once.
fn tags(field: &str, named: Option<Vec<String>>, errors: &mut Vec<UserError>) -> Vec<String> {
    let named = named.unwrap_or_default();
    if named.len() > MAX_NAMED_TAGS {
        let message = format!("{} tags are named; name at most {MAX_NAMED_TAGS}.", named.len());
        errors.push(UserError::of(field, "TAG_INVALID", message));
        return Vec::new();
    }
    let mut tags: Vec<String> = Vec::with_capacity(named.len());
    for tag in named {
        let tag = tag.trim();
        let length = tag.chars().count();
        if !(1..=MAX_TAG_LENGTH).contains(&length) || tag.chars().any(char::is_control) {
            let message = format!(
                "A tag has {length} characters; it must have 1 to {MAX_TAG_LENGTH}, none of them a control character."
            );
            errors.push(UserError::of(field, "TAG_INVALID", message));
        } else if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

async fn change_all(
    context: &Context<'_>,
    ids: &[ID],
    change: &Change<'_>,
) -> Result<Result<Vec<JobOutcome>, Vec<UserError>>, Failure> {
    if ids.is_empty() || ids.len() > MAX_JOBS {
        let message = format!("{} jobs are named; name 1 to {MAX_JOBS}.", ids.len());
        return Ok(Err(vec![UserError::of("ids", "TOO_MANY", message)]));
    }
    // All ids are read before anything is changed: a wrong one is a mistake of the program that sends it.
    let mut keys: Vec<Uuid> = Vec::with_capacity(ids.len());
    for id in ids {
        let key = id::decode_as(id, Noun::Job)?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let state = context.data_unchecked::<AppState>();
    let viewer = *context.data_unchecked::<Viewer>();
    let mut outcomes = Vec::with_capacity(keys.len());
    for key in keys {
        let (job, user_errors) = change_one(state, viewer, key, change).await?;
        outcomes.push(JobOutcome {
            job_id: id::encode(Noun::Job, key),
            job: job.map(Job),
            user_errors,
        });
    }
    Ok(Ok(outcomes))
}

async fn change_one(
    state: &AppState,
    viewer: Viewer,
    key: Uuid,
    change: &Change<'_>,
) -> Result<(Option<job::Model>, Vec<UserError>), Failure> {
    let Some(row) = nouns::find(state, viewer, key).await? else {
        return Ok((None, vec![UserError::not_found("ids", "job")]));
    };
    let platform = &state.platform;
    let outcome = match change {
        Change::Cancel => match check_cancel(&row) {
            Ok(()) => jobs::cancel(platform, key).await.map(Some),
            Err(error) => return Ok((Some(row), vec![of_ids(error)])),
        },
        Change::Delete => jobs::delete(platform, key).await.map(|()| None),
        Change::Tag { add, remove } => jobs::tag(platform, key, add, remove).await.map(Some),
    };
    Ok(match settle(outcome)? {
        Ok(changed) => (changed, Vec::new()),
        Err(errors) => (Some(row), errors.into_iter().map(of_ids).collect()),
    })
}

/// An error about one job, told about the field that names it.
fn of_ids(mut error: UserError) -> UserError {
    error.field = Some(vec!["input".to_owned(), "ids".to_owned()]);
    error
}
