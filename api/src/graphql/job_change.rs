//! What a person does with a job: create, cancel, finish now, delete.

use async_graphql::{Context, ID, InputObject, InputType, Object};
use entities::{Viewer, dataset as dataset_row, job};
use platform::idempotency::{self, Request};
use platform::jobs::{self, NewJob};

use super::column_profile::ColumnRole;
use super::dataset;
use super::id::{self, Noun};
use super::job::{self as nouns, Job};
use super::job_check::{MAX_NAME, check};
use super::long::Long;
use super::monotone::MonotoneColumnInput;
use super::once::{idempotent, settle, settle_field};
use super::payload::{UserError, payload};
use super::problem::{GpuChoice, Metric, Preset, ProblemType};
use super::threshold::ThresholdInput;
use super::validation::ValidationInput;
use crate::failure::Failure;
use crate::state::AppState;

/// What to train.
#[derive(Clone, InputObject)]
pub struct CreateJobInput {
    /// On which dataset.
    pub(super) dataset_id: ID,
    /// Column to predict.
    pub(super) target: String,
    /// Shown name; made from the target when absent.
    pub(super) name: Option<String>,
    /// Decided from the target when absent.
    pub(super) problem: Option<ProblemType>,
    /// By problem when absent.
    pub(super) metric: Option<Metric>,
    /// Wall time of the whole job in seconds, 10 to 86400. When absent by rows of the dataset: 120 below 1000, 300 below 10000,
    /// 600 below 50000, else 1200.
    pub(super) budget_seconds: Option<i32>,
    /// BALANCED when absent.
    pub(super) preset: Option<Preset>,
    /// Seed of everything random; 0 when absent.
    pub(super) seed: Option<Long>,
    /// Columns to leave out.
    pub(super) exclude: Option<Vec<String>>,
    /// Roles set by hand.
    pub(super) roles: Option<Vec<RoleOverride>>,
    /// How candidates are validated, and which rows are kept for the final score; AUTO when absent.
    pub(super) validation: Option<ValidationInput>,
    /// Column of numbers that says how much a row counts, in fits and in scores; it is no feature. All rows count alike when
    /// absent.
    pub(super) weight_column: Option<String>,
    /// Whether a graphics card may be used; ALLOWED when absent.
    pub(super) gpu: Option<GpuChoice>,
    /// What the predicted label of two classes is decided for; the more probable class when absent.
    pub(super) threshold: Option<ThresholdInput>,
    /// Columns of numbers that the prediction may only rise, or only fall, with; of two classes the probability of the second (in the
    /// order of numbers or letters). Learners that cannot keep to it are not tried. None when absent.
    pub(super) monotone: Option<Vec<MonotoneColumnInput>>,
    /// What the model may take to answer one row, alone, in one thread, in milliseconds, 0.001 to 60000. Slower trials become no
    /// members. As long as it takes when absent.
    pub(super) max_latency_milliseconds: Option<f64>,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day gives the same answer
    /// and no second job.
    pub(super) idempotency_key: Option<String>,
}

/// A role set by hand.
#[derive(Clone, InputObject)]
pub struct RoleOverride {
    /// Which column.
    pub(super) column: String,
    /// What to use it as: NUMBER, CATEGORY, DATE, TEXT, ID or EXCLUDED.
    pub(super) role: ColumnRole,
}

/// Which job to cancel.
#[derive(InputObject)]
pub struct CancelJobInput {
    /// The job.
    id: ID,
}

/// Which job to finish.
#[derive(InputObject)]
pub struct FinishJobInput {
    /// The job.
    id: ID,
}

/// Which job to delete.
#[derive(InputObject)]
pub struct DeleteJobInput {
    /// The job.
    id: ID,
}

payload! {
    /// What `createJob` answers.
    CreateJobPayload {
        /// The new job.
        job: Job
    }
}
payload! {
    /// What `cancelJob` answers.
    CancelJobPayload {
        /// The job as it is now.
        job: Job
    }
}
payload! {
    /// What `finishJob` answers.
    FinishJobPayload {
        /// The job as it is now.
        job: Job
    }
}
payload! {
    /// What `deleteJob` answers.
    DeleteJobPayload {
        /// Id of what is gone.
        deleted_id: ID
    }
}

/// Changes of jobs.
#[derive(Default)]
pub struct JobMutation;

#[Object]
impl JobMutation {
    /// Starts a training run.
    async fn create_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to train.")] input: CreateJobInput,
    ) -> Result<Option<CreateJobPayload>, Failure> {
        let state = context.data_unchecked::<AppState>();
        let viewer = *context.data_unchecked::<Viewer>();
        let request = match idempotent(
            viewer,
            "createJob",
            input.idempotency_key.as_deref(),
            &input.to_value(),
        ) {
            Ok(request) => request,
            Err(errors) => return Ok(Some(Err(errors).into())),
        };
        create(state, viewer, input, request.as_ref())
            .await
            .map(|outcome| Some(outcome.map(Job).into()))
    }

    /// Stops a job. Nothing is kept, but a job that was extended keeps the model it had.
    async fn cancel_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CancelJobInput,
    ) -> Result<Option<CancelJobPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![UserError::not_found("id", "job")]).into()));
        };
        if let Err(error) = check_cancel(&row) {
            return Ok(Some(Err(vec![error]).into()));
        }
        let state = context.data_unchecked::<AppState>();
        let outcome = settle(jobs::cancel(&state.platform, row.id).await)?;
        Ok(Some(outcome.map(Job).into()))
    }

    /// Ends the search now and keeps the best.
    async fn finish_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: FinishJobInput,
    ) -> Result<Option<FinishJobPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![UserError::not_found("id", "job")]).into()));
        };
        let is_done = row.finish_requested && row.state == job::State::Completed;
        let is_over = row.state.is_terminal() || row.state == job::State::Cancelling;
        if is_over && !is_done {
            let error = UserError::of("id", "JOB_ENDED", "The job has ended or is being cancelled.");
            return Ok(Some(Err(vec![error]).into()));
        }
        let state = context.data_unchecked::<AppState>();
        let outcome = settle(jobs::finish(&state.platform, row.id).await)?;
        Ok(Some(outcome.map(Job).into()))
    }

    /// Deletes an ended job with its trials, its model and its files.
    async fn delete_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteJobInput,
    ) -> Result<Option<DeleteJobPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![UserError::not_found("id", "job")]).into()));
        };
        let state = context.data_unchecked::<AppState>();
        let outcome = settle(jobs::delete(&state.platform, row.id).await)?;
        Ok(Some(outcome.map(|()| input.id).into()))
    }
}

/// Refuses to cancel a job that has ended otherwise. Asking again, after a lost answer for example, is no error.
///
/// # Errors
/// `JOB_ENDED`.
pub fn check_cancel(row: &job::Model) -> Result<(), UserError> {
    if !row.state.is_terminal() || row.state == job::State::Cancelled {
        return Ok(());
    }
    let message = "The job has ended already; there is nothing to cancel.";
    Err(UserError::of("id", "JOB_ENDED", message))
}

/// The viewer's job of that id.
pub async fn own(context: &Context<'_>, id: &ID) -> Result<Option<job::Model>, Failure> {
    let key = id::decode_as(id, Noun::Job)?;
    nouns::find(
        context.data_unchecked::<AppState>(),
        *context.data_unchecked::<Viewer>(),
        key,
    )
    .await
}

/// Creates a job, or gives the one that the same request made before.
pub async fn create(
    state: &AppState,
    viewer: Viewer,
    input: CreateJobInput,
    request: Option<&Request>,
) -> Result<Result<job::Model, Vec<UserError>>, Failure> {
    // Before anything else: what it was made from may be gone since, and the answer is the same.
    let before = idempotency::answered(state.platform.database.connection(), request).await;
    match settle_field(before, "idempotencyKey", "request")? {
        Ok(None) => {}
        Ok(Some(answer)) => {
            let row = nouns::find(state, viewer, answer).await?;
            return Ok(row.ok_or_else(|| vec![UserError::not_found("idempotencyKey", "job (any more)")]));
        }
        Err(errors) => return Ok(Err(errors)),
    }
    let (dataset, settings) = match checked(state, viewer, &input).await? {
        Ok(checked) => checked,
        Err(errors) => return Ok(Err(errors)),
    };
    let name = input
        .name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let name = name.map_or_else(
        || format!("{} · {}", dataset.name, input.target),
        ToOwned::to_owned,
    );
    let name = name.chars().take(MAX_NAME).collect();
    let new = NewJob {
        user_id: viewer.user_id,
        dataset_id: dataset.id,
        name,
        target: input.target,
        settings,
    };
    let created = jobs::create_once(&state.platform, new, request).await;
    settle_field(created, "datasetId", "dataset")
}

/// Finds the dataset of a job to be, and checks everything that can be known before training.
pub async fn checked(
    state: &AppState,
    viewer: Viewer,
    input: &CreateJobInput,
) -> Result<Result<(dataset_row::Model, job::JobSettings), Vec<UserError>>, Failure> {
    let key = id::decode_as(&input.dataset_id, Noun::Dataset)?;
    let Some(dataset) = dataset::find(state, viewer, key).await? else {
        return Ok(Err(vec![UserError::not_found("datasetId", "dataset")]));
    };
    let Some(profile) = dataset::read_profile(state, &dataset).await? else {
        let message = match &dataset.error {
            Some(error) => format!("The dataset cannot be used: {error}"),
            None => "The dataset is still being read; wait until it is READY.".to_owned(),
        };
        return Ok(Err(vec![UserError::of(
            "datasetId",
            "DATASET_NOT_READY",
            message,
        )]));
    };
    Ok(check(&profile, input).map(|settings| (dataset, settings)))
}
