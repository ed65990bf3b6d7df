//! What administrators do with everybody's jobs.

use async_graphql::{Context, ID, InputObject, Object};
use platform::administration;

use super::administrator::{administrator, reason};
use super::id::{self, Noun};
use super::job::Job;
use super::once::settle;
use super::payload::payload;
use crate::failure::Failure;

/// Which job to stop.
#[derive(InputObject)]
pub struct CancelAnyJobInput {
    /// The job.
    id: ID,
    /// Why, 1 to 500 characters.
    reason: String,
}

payload! {
    /// What `cancelAnyJob` answers.
    CancelAnyJobPayload {
        /// The job as it is now.
        job: Job
    }
}

/// Changes of everybody's jobs by administrators.
#[derive(Default)]
pub struct AdminJobMutation;

#[Object]
impl AdminJobMutation {
    /// Stops a job of whomever, as `cancelJob` does for its owner. For administrators.
    async fn cancel_any_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: CancelAnyJobInput,
    ) -> Result<Option<CancelAnyJobPayload>, Failure> {
        let key = id::decode_as(&input.id, Noun::Job)?;
        let state = administrator(context)?;
        let reason = match reason(&input.reason) {
            Ok(reason) => reason,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        let done = administration::cancel_job(&state.platform, key, reason).await;
        Ok(Some(settle(done)?.map(Job).into()))
    }
}
