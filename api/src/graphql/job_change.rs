//! What a person does with a job: create, cancel, finish now, delete.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object};
use entities::{Viewer, job};
use platform::jobs::{self, NewJob};

use super::dataset;
use super::id::{self, Noun};
use super::job::{self as nouns, Job};
use super::long::Long;
use super::payload::{UserError, payload};
use super::problem::{Metric, Preset, ProblemType, stored_name};
use super::profile::{ColumnProfile, ColumnRole, DatasetProfile};
use crate::failure::Failure;
use crate::state::AppState;

/// Shortest and longest budget, seconds.
const BUDGET_SECONDS: std::ops::RangeInclusive<i32> = 10..=86_400;
/// Budget when the client names none.
const DEFAULT_BUDGET_SECONDS: i32 = 300;
/// Longest name of a job.
const MAX_NAME: usize = 200;

/// What to train.
#[derive(Clone, InputObject)]
pub struct CreateJobInput {
    /// On which dataset.
    dataset_id: ID,
    /// Column to predict.
    target: String,
    /// Shown name; made from the target when absent.
    name: Option<String>,
    /// Decided from the target when absent.
    problem: Option<ProblemType>,
    /// By problem when absent.
    metric: Option<Metric>,
    /// Wall time of the whole job, 10 to 86400; 300 when absent.
    budget_seconds: Option<i32>,
    /// BALANCED when absent.
    preset: Option<Preset>,
    /// Seed of everything random; 0 when absent.
    seed: Option<Long>,
    /// Columns to leave out.
    exclude: Option<Vec<String>>,
    /// Roles set by hand.
    roles: Option<Vec<RoleOverride>>,
}

/// A role set by hand.
#[derive(Clone, InputObject)]
pub struct RoleOverride {
    /// Which column.
    column: String,
    /// What to use it as: NUMBER, CATEGORY, DATE, TEXT, ID or EXCLUDED.
    role: ColumnRole,
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
        create(state, viewer, input)
            .await
            .map(|outcome| Some(outcome.map(Job).into()))
    }

    /// Stops a job; nothing is kept.
    async fn cancel_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CancelJobInput,
    ) -> Result<Option<CancelJobPayload>, Failure> {
        let Some(row) = own(context, &input.id).await? else {
            return Ok(Some(Err(vec![UserError::not_found("id", "job")]).into()));
        };
        if row.state.is_terminal() {
            let error = UserError::of(
                "id",
                "JOB_ENDED",
                "The job has ended already; there is nothing to cancel.",
            );
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
        if row.state.is_terminal() || row.state == job::State::Cancelling {
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

async fn own(context: &Context<'_>, id: &ID) -> Result<Option<job::Model>, Failure> {
    let key = id::decode_as(id, Noun::Job)?;
    nouns::find(
        context.data_unchecked::<AppState>(),
        *context.data_unchecked::<Viewer>(),
        key,
    )
    .await
}

/// Tells what the user can mend from what is ours.
fn settle<T>(outcome: Result<T, platform::Error>) -> Result<Result<T, Vec<UserError>>, Failure> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(platform::Error::Gone) => Ok(Err(vec![UserError::not_found("id", "job")])),
        Err(platform::Error::Conflict(message)) => Ok(Err(vec![UserError::of("id", "CONFLICT", message)])),
        Err(cause) => Err(Failure::internal(cause)),
    }
}

async fn create(
    state: &AppState,
    viewer: Viewer,
    input: CreateJobInput,
) -> Result<Result<job::Model, Vec<UserError>>, Failure> {
    let key = id::decode_as(&input.dataset_id, Noun::Dataset)?;
    let Some(dataset) = dataset::find(state, viewer, key).await? else {
        return Ok(Err(vec![UserError::not_found("datasetId", "dataset")]));
    };
    let Some(profile) = dataset::read_profile(state, &dataset).await? else {
        let message = match dataset.error {
            Some(error) => format!("The dataset cannot be used: {error}"),
            None => "The dataset is still being read; wait until it is READY.".to_owned(),
        };
        return Ok(Err(vec![UserError::of(
            "datasetId",
            "DATASET_NOT_READY",
            message,
        )]));
    };
    let settings = match check(&profile, &input) {
        Ok(settings) => settings,
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
        dataset_id: key,
        name,
        target: input.target,
        settings,
    };
    match jobs::create(&state.platform, new).await {
        Ok(row) => Ok(Ok(row)),
        Err(platform::Error::Gone) => Ok(Err(vec![UserError::not_found("datasetId", "dataset")])),
        Err(platform::Error::Conflict(message)) => {
            Ok(Err(vec![UserError::of("datasetId", "CONFLICT", message)]))
        }
        Err(cause) => Err(Failure::internal(cause)),
    }
}

/// Checks everything that can be known before training. All errors are told at once.
fn check(profile: &DatasetProfile, input: &CreateJobInput) -> Result<job::JobSettings, Vec<UserError>> {
    let mut errors = Vec::new();
    let find = |name: &str| profile.columns.iter().find(|column| column.name == name);
    match find(&input.target) {
        Some(column) => check_target(column, input, &mut errors),
        None => errors.push(unknown_column("target", &input.target, profile)),
    }
    let budget_seconds = input.budget_seconds.unwrap_or(DEFAULT_BUDGET_SECONDS);
    if !BUDGET_SECONDS.contains(&budget_seconds) {
        let message = format!("The budget is {budget_seconds} s; it must be from 10 s to 86400 s (24 h).");
        errors.push(UserError::of("budgetSeconds", "BUDGET_OUT_OF_RANGE", message));
    }
    let seed = input.seed.unwrap_or_default().0;
    if seed < 0 {
        errors.push(UserError::of(
            "seed",
            "SEED_NEGATIVE",
            "The seed must not be negative.",
        ));
    }
    if input
        .name
        .as_ref()
        .is_some_and(|name| name.chars().count() > MAX_NAME)
    {
        let message = format!("The name is longer than {MAX_NAME} characters.");
        errors.push(UserError::of("name", "NAME_TOO_LONG", message));
    }
    let exclude = check_exclusions(profile, input, &mut errors);
    let roles = check_roles(profile, input, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(job::JobSettings {
        problem: input.problem.map(stored_name),
        metric: input.metric.map(stored_name),
        budget_seconds: budget_seconds.unsigned_abs(),
        preset: input.preset.map(Into::into).unwrap_or_default(),
        seed: seed.unsigned_abs(),
        exclude,
        roles,
        max_trials: None,
    })
}

fn check_target(column: &ColumnProfile, input: &CreateJobInput, errors: &mut Vec<UserError>) {
    let advice = &column.as_target;
    if !advice.usable {
        let message = format!("`{}` cannot be the target: {}", column.name, advice.reason);
        errors.push(UserError::of("target", "TARGET_NOT_USABLE", message));
        return;
    }
    let is_number = column.numbers.is_some();
    if input.problem == Some(ProblemType::Regression) && !is_number {
        let message = format!(
            "`{}` holds no numbers; it can be predicted as classes only.",
            column.name
        );
        errors.push(UserError::of("problem", "PROBLEM_DOES_NOT_FIT", message));
    }
    if input.problem == Some(ProblemType::Binary) && column.distinct.0 != 2 {
        let message = format!(
            "`{}` has {} values; a binary problem has 2.",
            column.name, column.distinct.0
        );
        errors.push(UserError::of("problem", "PROBLEM_DOES_NOT_FIT", message));
    }
    let problem = input.problem.or(advice.problem);
    if let (Some(metric), Some(problem)) = (input.metric, problem)
        && !metric.fits(problem)
    {
        let (metric, problem) = (stored_name(metric), stored_name(problem));
        let message = format!("The metric {metric} is not defined for a {problem} problem; choose another.");
        errors.push(UserError::of("metric", "METRIC_DOES_NOT_FIT", message));
    }
}

fn check_exclusions(
    profile: &DatasetProfile,
    input: &CreateJobInput,
    errors: &mut Vec<UserError>,
) -> Vec<String> {
    let mut exclude: Vec<String> = Vec::new();
    for name in input.exclude.iter().flatten() {
        if *name == input.target {
            errors.push(UserError::of(
                "exclude",
                "TARGET_EXCLUDED",
                format!("`{name}` is the target; it cannot be left out."),
            ));
        } else if !profile.columns.iter().any(|column| column.name == *name) {
            errors.push(unknown_column("exclude", name, profile));
        } else if !exclude.contains(name) {
            exclude.push(name.clone());
        }
    }
    if exclude.len() + 1 >= profile.columns.len() {
        let message = "No column is left to predict from; upload more columns or exclude fewer.";
        errors.push(UserError::of("exclude", "NOTHING_LEFT", message));
    }
    exclude
}

fn check_roles(
    profile: &DatasetProfile,
    input: &CreateJobInput,
    errors: &mut Vec<UserError>,
) -> BTreeMap<String, String> {
    let mut roles = BTreeMap::new();
    for set in input.roles.iter().flatten() {
        if !profile.columns.iter().any(|column| column.name == set.column) {
            errors.push(unknown_column("roles", &set.column, profile));
        } else if matches!(set.role, ColumnRole::Constant | ColumnRole::Duplicate) {
            let message = format!(
                "`{}`: this role is found, not set; use EXCLUDED to leave the column out.",
                set.column
            );
            errors.push(UserError::of("roles", "ROLE_NOT_SETTABLE", message));
        } else if roles.insert(set.column.clone(), stored_name(set.role)).is_some() {
            let message = format!("`{}` is given two roles.", set.column);
            errors.push(UserError::of("roles", "ROLE_TWICE", message));
        }
    }
    roles
}

fn unknown_column(field: &str, name: &str, profile: &DatasetProfile) -> UserError {
    let close = profile
        .columns
        .iter()
        .find(|column| column.name.eq_ignore_ascii_case(name.trim()));
    let hint = close.map_or_else(String::new, |column| format!(" Did you mean `{}`?", column.name));
    UserError::of(
        field,
        "COLUMN_NOT_FOUND",
        format!("The dataset has no column `{name}`.{hint}"),
    )
}

#[cfg(test)]
mod tests;
