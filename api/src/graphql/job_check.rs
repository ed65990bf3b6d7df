//! What can be known to be wrong with a job before it is trained.

mod monotone;
mod rows;

use std::collections::BTreeMap;

use entities::job;

use super::column_profile::{ColumnProfile, ColumnRole};
use super::job_change::CreateJobInput;
use super::latency;
use super::payload::UserError;
use super::problem::{ProblemType, stored_name};
use super::profile::DatasetProfile;
use super::threshold;

/// Shortest and longest budget, seconds.
pub const BUDGET_SECONDS: std::ops::RangeInclusive<i32> = 10..=86_400;
/// Budget when the client names none: for tables of less than so many rows so many seconds, else [`LARGE_BUDGET_SECONDS`].
const BUDGETS_BY_ROWS: [(i64, i32); 3] = [(1_000, 120), (10_000, 300), (50_000, 600)];
/// Budget for the largest tables when the client names none.
const LARGE_BUDGET_SECONDS: i32 = 1_200;
/// Longest name of a job.
pub const MAX_NAME: usize = 200;

/// Checks everything that can be known before training. All errors are told at once.
pub fn check(profile: &DatasetProfile, input: &CreateJobInput) -> Result<job::JobSettings, Vec<UserError>> {
    let mut errors = Vec::new();
    let find = |name: &str| profile.columns.iter().find(|column| column.name == name);
    match find(&input.target) {
        Some(column) => check_target(column, input, &mut errors),
        None => errors.push(unknown_column("target", &input.target, profile)),
    }
    let budget_seconds = input
        .budget_seconds
        .unwrap_or_else(|| default_budget(profile.rows.0));
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
    let threshold = check_threshold(find(&input.target), input, &mut errors);
    let max_latency = input.max_latency_milliseconds.map(latency::check);
    let max_latency_microseconds = max_latency.transpose().unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    let exclude = check_exclusions(profile, input, &mut errors);
    let roles = check_roles(profile, input, &mut errors);
    let validation = rows::check_validation(profile, input, &mut errors);
    let weights = rows::check_weights(profile, input, &mut errors);
    let monotone = monotone::check_monotone(profile, input, &mut errors);
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
        validation,
        weights,
        max_trials: None,
        gpu: input.gpu.map(Into::into).unwrap_or_default(),
        seen_trials: 0,
        threshold,
        monotone,
        max_latency_microseconds,
    })
}

/// The budget of a job on a table of so many rows when nobody names one, in seconds.
fn default_budget(rows: i64) -> i32 {
    let fits = BUDGETS_BY_ROWS.iter().find(|(below, _)| rows < *below);
    fits.map_or(LARGE_BUDGET_SECONDS, |(_, seconds)| *seconds)
}

/// A name without blanks around it.
///
/// # Errors
/// When nothing is left of it, or it is longer than so many characters.
pub fn name_of(text: &str, longest: usize) -> Result<String, UserError> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 {
        return Err(UserError::of(
            "name",
            "NAME_EMPTY",
            "The name has no characters; give it some.",
        ));
    }
    if length > longest {
        let message = format!("The name has {length} characters; it may have {longest}.");
        return Err(UserError::of("name", "NAME_TOO_LONG", message));
    }
    Ok(name.to_owned())
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

fn check_threshold(
    target: Option<&ColumnProfile>,
    input: &CreateJobInput,
    errors: &mut Vec<UserError>,
) -> Option<String> {
    let problem = input.problem.or_else(|| target?.as_target.problem);
    match threshold::check(input.threshold?, problem) {
        Ok(stored) => Some(stored),
        Err(error) => {
            errors.push(error);
            None
        }
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
    let is_left = |name: &String| {
        *name != input.target && !exclude.contains(name) && input.weight_column.as_ref() != Some(name)
    };
    if !profile.columns.iter().any(|column| is_left(&column.name)) {
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
