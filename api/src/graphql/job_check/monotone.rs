//! What can be known to be wrong with the columns that a prediction is to rise or fall with.

use entities::job;

use super::{CreateJobInput, unknown_column};
use crate::graphql::column_profile::{ColumnProfile, ColumnRole};
use crate::graphql::payload::UserError;
use crate::graphql::problem::{Metric, ProblemType};
use crate::graphql::profile::DatasetProfile;
use crate::graphql::validation::ValidationKind;

/// The columns as they are stored.
pub fn check_monotone(
    profile: &DatasetProfile,
    input: &CreateJobInput,
    errors: &mut Vec<UserError>,
) -> Vec<job::MonotoneColumn> {
    let mut checked: Vec<job::MonotoneColumn> = Vec::new();
    for asked in input.monotone.iter().flatten() {
        let name = &asked.column;
        let Some(column) = profile.columns.iter().find(|column| column.name == *name) else {
            errors.push(unknown_column("monotone", name, profile));
            continue;
        };
        let reason = if checked.iter().any(|earlier| earlier.column == *name) {
            Some("it is named twice.".to_owned())
        } else {
            unusable(column, input)
        };
        if let Some(reason) = reason {
            let message = format!("The prediction cannot be made to rise or fall with `{name}`: {reason}");
            errors.push(UserError::of("monotone", "MONOTONE_NOT_USABLE", message));
        }
        checked.push(job::MonotoneColumn {
            column: name.clone(),
            direction: asked.direction.into(),
        });
    }
    let target = profile.columns.iter().find(|column| column.name == input.target);
    let problem = input.problem.or_else(|| target?.as_target.problem);
    if !checked.is_empty() && problem == Some(ProblemType::Multiclass) {
        let message =
            "Predictions of several classes have no direction; ask that of a number, or of two classes.";
        errors.push(UserError::of("monotone", "MONOTONE_NOT_USABLE", message));
    }
    if !checked.is_empty() && input.metric.is_some_and(Metric::is_of_outer_quantile) {
        let message =
            "Only the prediction of a mean can be made to rise or fall with a column; choose another metric.";
        errors.push(UserError::of("monotone", "MONOTONE_NOT_USABLE", message));
    }
    checked
}

/// Why the prediction cannot be bound to a column, as far as its profile tells.
fn unusable(column: &ColumnProfile, input: &CreateJobInput) -> Option<String> {
    let name = &column.name;
    if *name == input.target {
        return Some("it is the target.".to_owned());
    }
    if input.exclude.iter().flatten().any(|left_out| left_out == name) {
        return Some("it is left out.".to_owned());
    }
    if input.weight_column.as_ref() == Some(name) {
        return Some("it is the weight of rows, and no feature.".to_owned());
    }
    if column.numbers.is_none() {
        return Some("it holds no numbers, and only numbers have an order.".to_owned());
    }
    let mut set = input.roles.iter().flatten();
    let role = set.find(|set| set.column == *name).map(|set| set.role);
    let groups = input.validation.as_ref();
    let groups = groups.filter(|asked| asked.kind == ValidationKind::Group);
    if role.is_none() && groups.and_then(|asked| asked.column.as_ref()) == Some(name) {
        return Some("the rows are grouped by it, and it is no feature.".to_owned());
    }
    match role.unwrap_or(column.role) {
        ColumnRole::Number => None,
        ColumnRole::Category => Some(
            "its numbers are used as categories, which have no order; give it the role NUMBER.".to_owned(),
        ),
        _ => Some("it is not used as a number; give it the role NUMBER if it is one.".to_owned()),
    }
}
