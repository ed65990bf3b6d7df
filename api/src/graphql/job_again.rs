//! Going on with a job: extend, retry, clone.

use async_graphql::{Context, ID, InputObject, InputType, MaybeUndefined, Object};
use entities::{Viewer, job};
use platform::jobs;

use super::id::{self, Noun};
use super::job::Job;
use super::job_change::{CreateJobInput, RoleOverride, create, own};
use super::job_check::{BUDGET_SECONDS, MAX_NAME};
use super::latency;
use super::long::Long;
use super::monotone::{MonotoneColumn, MonotoneColumnInput};
use super::once::{idempotent, settle};
use super::payload::{UserError, payload};
use super::problem::{GpuChoice, Metric, Preset, ProblemType, from_stored};
use super::threshold::{ThresholdInput, ThresholdSetting};
use super::validation::{ValidationInput, ValidationSettings};
use crate::failure::Failure;
use crate::state::AppState;

/// How much more time for which job.
#[derive(InputObject)]
pub struct ExtendJobInput {
    /// The job.
    id: ID,
    /// Seconds to add to its budget, 10 to 86400; extended, it is at most 86400. What the job had not used of it counts too.
    budget_seconds: i32,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day adds nothing more.
    idempotency_key: Option<String>,
}

/// Which job to retry.
#[derive(InputObject)]
pub struct RetryJobInput {
    /// The job.
    id: ID,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day retries nothing more.
    idempotency_key: Option<String>,
}

/// Which job to do again, and what to do differently.
#[derive(InputObject)]
pub struct CloneJobInput {
    /// The job.
    id: ID,
    /// What differs; nothing when absent.
    changes: Option<JobChangesInput>,
    /// The client's own key of this request, 1 to 100 characters: asking again with it within a day gives the same answer
    /// and no second job.
    idempotency_key: Option<String>,
}

/// What a clone does differently. What is absent stays as it was.
#[derive(Clone, Default, InputObject)]
pub struct JobChangesInput {
    /// Shown name; made from the old one when absent.
    name: Option<String>,
    /// Null: decided from the target.
    problem: MaybeUndefined<ProblemType>,
    /// Null: by problem.
    metric: MaybeUndefined<Metric>,
    /// Wall time of the whole job, 10 to 86400.
    budget_seconds: Option<i32>,
    /// Effort.
    preset: Option<Preset>,
    /// Seed of everything random.
    seed: Option<Long>,
    /// Columns to leave out, instead of those that were.
    exclude: Option<Vec<String>>,
    /// Roles set by hand, instead of those that were.
    roles: Option<Vec<RoleOverride>>,
    /// How candidates are validated, instead of how they were.
    validation: Option<ValidationInput>,
    /// Null: all rows count alike.
    weight_column: MaybeUndefined<String>,
    /// Whether a graphics card may be used.
    gpu: Option<GpuChoice>,
    /// Null: the more probable class is predicted.
    threshold: MaybeUndefined<ThresholdInput>,
    /// Columns that the prediction may only rise, or only fall, with, instead of those that were.
    monotone: Option<Vec<MonotoneColumnInput>>,
    /// What the model may take to answer one row, in milliseconds, 0.001 to 60000; null: as long as it takes.
    max_latency_milliseconds: MaybeUndefined<f64>,
}

payload! {
    /// What `extendJob` answers.
    ExtendJobPayload {
        /// The job as it is now.
        job: Job
    }
}
payload! {
    /// What `retryJob` answers.
    RetryJobPayload {
        /// The job as it is now.
        job: Job
    }
}
payload! {
    /// What `cloneJob` answers.
    CloneJobPayload {
        /// The new job.
        job: Job
    }
}

/// Changes of jobs that are there already.
#[derive(Default)]
pub struct JobAgainMutation;

#[Object]
impl JobAgainMutation {
    /// Gives a job more time. One that has ended goes on with the trials it has; its model stays, deployed or not, until a
    /// newer one takes its place.
    async fn extend_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and how much.")] input: ExtendJobInput,
    ) -> Result<Option<ExtendJobPayload>, Failure> {
        extend(context, input)
            .await
            .map(|outcome| Some(outcome.map(Job).into()))
    }

    /// Starts a failed job again at the step that failed, and a cancelled one from the beginning.
    async fn retry_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RetryJobInput,
    ) -> Result<Option<RetryJobPayload>, Failure> {
        retry(context, input)
            .await
            .map(|outcome| Some(outcome.map(Job).into()))
    }

    /// Starts a new job like another one, with some settings changed.
    async fn clone_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one, and what differs.")] input: CloneJobInput,
    ) -> Result<Option<CloneJobPayload>, Failure> {
        clone(context, input)
            .await
            .map(|outcome| Some(outcome.map(Job).into()))
    }
}

type Outcome = Result<Result<job::Model, Vec<UserError>>, Failure>;

async fn extend(context: &Context<'_>, input: ExtendJobInput) -> Outcome {
    let viewer = *context.data_unchecked::<Viewer>();
    let key = input.idempotency_key.as_deref();
    let request = match idempotent(viewer, "extendJob", key, &input.to_value()) {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
    if !BUDGET_SECONDS.contains(&input.budget_seconds) {
        let message = format!(
            "{} s cannot be added; it must be from 10 s to 86400 s (24 h).",
            input.budget_seconds
        );
        return Ok(Err(vec![UserError::of(
            "budgetSeconds",
            "BUDGET_OUT_OF_RANGE",
            message,
        )]));
    }
    let Some(row) = own(context, &input.id).await? else {
        return Ok(Err(vec![UserError::not_found("id", "job")]));
    };
    let platform = &context.data_unchecked::<AppState>().platform;
    let seconds = input.budget_seconds.unsigned_abs();
    settle(jobs::extend(platform, row.id, seconds, request.as_ref()).await)
}

async fn retry(context: &Context<'_>, input: RetryJobInput) -> Outcome {
    let viewer = *context.data_unchecked::<Viewer>();
    let key = input.idempotency_key.as_deref();
    let request = match idempotent(viewer, "retryJob", key, &input.to_value()) {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
    let Some(row) = own(context, &input.id).await? else {
        return Ok(Err(vec![UserError::not_found("id", "job")]));
    };
    let platform = &context.data_unchecked::<AppState>().platform;
    settle(jobs::retry(platform, row.id, request.as_ref()).await)
}

async fn clone(context: &Context<'_>, input: CloneJobInput) -> Outcome {
    let viewer = *context.data_unchecked::<Viewer>();
    let changes = input.changes.clone().unwrap_or_default();
    // As a value, null and absent are the same, and here they are not.
    let asked = format!(
        "{} {} {} {} {} {}",
        input.to_value(),
        changes.problem.is_undefined(),
        changes.metric.is_undefined(),
        changes.weight_column.is_undefined(),
        changes.threshold.is_undefined(),
        changes.max_latency_milliseconds.is_undefined()
    );
    let request = match idempotent(viewer, "cloneJob", input.idempotency_key.as_deref(), &asked) {
        Ok(request) => request,
        Err(errors) => return Ok(Err(errors)),
    };
    let Some(row) = own(context, &input.id).await? else {
        return Ok(Err(vec![UserError::not_found("id", "job")]));
    };
    let state = context.data_unchecked::<AppState>();
    let outcome = create(state, viewer, changed(&row, changes), request.as_ref()).await?;
    Ok(outcome.map_err(|errors| errors.into_iter().map(of_clone).collect()))
}

/// What `createJob` would have been asked for the clone.
fn changed(row: &job::Model, changes: JobChangesInput) -> CreateJobInput {
    let settings = &row.settings;
    let mut roles = Vec::new();
    for (column, role) in &settings.roles {
        if let Some(role) = from_stored(role) {
            let column = column.clone();
            roles.push(RoleOverride { column, role });
        }
    }
    let copied = || {
        let name = format!("{} · copy", row.name);
        name.chars().take(MAX_NAME).collect()
    };
    CreateJobInput {
        dataset_id: id::encode(Noun::Dataset, row.dataset_id),
        target: row.target.clone(),
        name: Some(changes.name.unwrap_or_else(copied)),
        problem: match changes.problem {
            MaybeUndefined::Undefined => settings.problem.as_deref().and_then(from_stored),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(problem) => Some(problem),
        },
        metric: match changes.metric {
            MaybeUndefined::Undefined => settings.metric.as_deref().and_then(from_stored),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(metric) => Some(metric),
        },
        budget_seconds: Some(
            changes
                .budget_seconds
                .unwrap_or_else(|| i32::try_from(settings.budget_seconds).unwrap_or(i32::MAX)),
        ),
        preset: Some(changes.preset.unwrap_or_else(|| settings.preset.into())),
        seed: Some(
            changes
                .seed
                .unwrap_or_else(|| Long(i64::try_from(settings.seed).unwrap_or(i64::MAX))),
        ),
        exclude: Some(changes.exclude.unwrap_or_else(|| settings.exclude.clone())),
        roles: Some(changes.roles.unwrap_or(roles)),
        validation: Some(
            changes
                .validation
                .unwrap_or_else(|| ValidationSettings::of(&settings.validation).asked()),
        ),
        weight_column: match changes.weight_column {
            MaybeUndefined::Undefined => settings.weights.clone(),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(column) => Some(column),
        },
        gpu: Some(changes.gpu.unwrap_or_else(|| settings.gpu.into())),
        threshold: match changes.threshold {
            MaybeUndefined::Undefined => settings
                .threshold
                .as_deref()
                .and_then(ThresholdSetting::of_stored)
                .map(ThresholdSetting::asked),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(threshold) => Some(threshold),
        },
        monotone: Some(changes.monotone.unwrap_or_else(|| {
            let stored = settings.monotone.iter();
            stored.map(|bound| MonotoneColumn::of(bound).asked()).collect()
        })),
        max_latency_milliseconds: match changes.max_latency_milliseconds {
            MaybeUndefined::Undefined => settings.max_latency_microseconds.map(latency::shown),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(milliseconds) => Some(milliseconds),
        },
        idempotency_key: None,
    }
}

/// An error of a field of `createJob`, told about the field of `cloneJob` that it comes from.
fn of_clone(mut error: UserError) -> UserError {
    if let Some([input, field]) = error.field.as_deref() {
        let path = match field.as_str() {
            "idempotencyKey" => vec![input.clone(), field.clone()],
            "datasetId" | "target" => vec![input.clone(), "id".to_owned()],
            _ => vec![input.clone(), "changes".to_owned(), field.clone()],
        };
        error.field = Some(path);
    }
    error
}
