//! What the owner says of a job: its name, a word about it.

use async_graphql::{Context, ID, InputObject, Object};
use platform::jobs;

use super::job::Job;
use super::job_change::own;
use super::job_check::{MAX_NAME, name_of};
use super::once::settle;
use super::payload::{UserError, payload};
use crate::failure::Failure;
use crate::state::AppState;

/// Longest annotation, in characters.
const MAX_ANNOTATION: usize = 1_000;

/// Another name for a job.
#[derive(InputObject)]
pub struct RenameJobInput {
    /// The job.
    id: ID,
    /// The new name, 1 to 200 characters.
    name: String,
}

/// A word about a job.
#[derive(InputObject)]
pub struct AnnotateJobInput {
    /// The job.
    id: ID,
    /// What to say of it, at most 1000 characters; null or empty takes away what was said.
    annotation: Option<String>,
}

payload! {
    /// What `renameJob` answers.
    RenameJobPayload {
        /// The job as it is now.
        job: Job
    }
}
payload! {
    /// What `annotateJob` answers.
    AnnotateJobPayload {
        /// The job as it is now.
        job: Job
    }
}

/// Words of the owner.
#[derive(Default)]
pub struct JobDetailMutation;

#[Object]
impl JobDetailMutation {
    /// Gives a job another name. Its model keeps the one it was made under.
    async fn rename_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and how it is called.")] input: RenameJobInput,
    ) -> Result<Option<RenameJobPayload>, Failure> {
        let name = match name_of(&input.name, MAX_NAME) {
            Ok(name) => name,
            Err(error) => return Ok(Some(Err(vec![error]).into())),
        };
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![UserError::not_found("id", "job")]).into()));
        };
        let platform = &context.data_unchecked::<AppState>().platform;
        let outcome = settle(jobs::rename(platform, row.id, name).await)?;
        Ok(Some(outcome.map(Job).into()))
    }

    /// Says something of a job, instead of what was said before.
    async fn annotate_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and what to say.")] input: AnnotateJobInput,
    ) -> Result<Option<AnnotateJobPayload>, Failure> {
        let annotation = input.annotation.unwrap_or_default().trim().to_owned();
        let length = annotation.chars().count();
        if length > MAX_ANNOTATION {
            let message = format!("The annotation has {length} characters; it may have {MAX_ANNOTATION}.");
            let error = UserError::of("annotation", "ANNOTATION_TOO_LONG", message);
            return Ok(Some(Err(vec![error]).into()));
        }
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![UserError::not_found("id", "job")]).into()));
        };
        let platform = &context.data_unchecked::<AppState>().platform;
        let said = Some(annotation).filter(|said| !said.is_empty());
        let outcome = settle(jobs::annotate(platform, row.id, said).await)?;
        Ok(Some(outcome.map(Job).into()))
    }
}
