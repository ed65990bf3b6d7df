//! What can be known to be wrong with the validation and the weights of a job: what is said of rows, not of columns.

use entities::job;

use super::{CreateJobInput, unknown_column};
use crate::graphql::column_profile::ColumnProfile;
use crate::graphql::payload::UserError;
use crate::graphql::profile::DatasetProfile;
use crate::graphql::validation::{ValidationInput, ValidationKind};

/// Folds that can be asked for.
const FOLDS: std::ops::RangeInclusive<i32> = 2..=20;
/// Groups that a split can be made of, as in the engine: one to score on, and two to validate on.
const LEAST_GROUPS: i64 = 3;

/// The validation as it is stored.
pub fn check_validation(
    profile: &DatasetProfile,
    input: &CreateJobInput,
    errors: &mut Vec<UserError>,
) -> job::Validation {
    let Some(asked) = &input.validation else {
        return job::Validation::default();
    };
    match validation(profile, input, asked) {
        Ok(validation) => validation,
        Err(error) => {
            errors.push(error);
            job::Validation::default()
        }
    }
}

fn validation(
    profile: &DatasetProfile,
    input: &CreateJobInput,
    asked: &ValidationInput,
) -> Result<job::Validation, UserError> {
    let invalid = |message: String| UserError::of("validation", "VALIDATION_INVALID", message);
    let is_by_column = matches!(asked.kind, ValidationKind::Time | ValidationKind::Group);
    if asked.folds.is_some() && asked.kind != ValidationKind::Folds {
        return Err(invalid(
            "A number of folds is said; it is for the kind FOLDS.".to_owned(),
        ));
    }
    if asked.column.is_some() && !is_by_column {
        return Err(invalid(
            "A column is named; it is for the kinds TIME and GROUP.".to_owned(),
        ));
    }
    let column = || -> Result<&ColumnProfile, UserError> {
        let Some(name) = &asked.column else {
            return Err(invalid(
                "Name the column that the rows are validated by.".to_owned(),
            ));
        };
        if *name == input.target {
            return Err(invalid(format!(
                "`{name}` is the target; rows cannot be validated by what is not known of a new one."
            )));
        }
        find(profile, name).ok_or_else(|| unknown_column("validation", name, profile))
    };
    match asked.kind {
        ValidationKind::Auto => Ok(job::Validation::Auto),
        ValidationKind::Holdout => Ok(job::Validation::Holdout),
        ValidationKind::Folds => match asked.folds {
            Some(folds) if FOLDS.contains(&folds) => Ok(job::Validation::Folds(folds as u8)),
            Some(folds) => Err(invalid(format!("{folds} folds are asked for; choose 2 to 20."))),
            None => Err(invalid("Say the number of folds, 2 to 20.".to_owned())),
        },
        ValidationKind::Time => {
            let column = column()?;
            check_time(column).map_err(invalid)?;
            Ok(job::Validation::Time(column.name.clone()))
        }
        ValidationKind::Group => {
            let column = column()?;
            check_groups(column).map_err(invalid)?;
            Ok(job::Validation::Group(column.name.clone()))
        }
    }
}

fn check_time(column: &ColumnProfile) -> Result<(), String> {
    let name = &column.name;
    if column.numbers.is_none() && column.kind != "date" {
        return Err(format!(
            "`{name}` holds neither numbers nor dates of one known format, so rows cannot be ordered by it."
        ));
    }
    if column.distinct.0 < 2 {
        return Err(format!(
            "All rows have one time in `{name}`, so that none is later than another."
        ));
    }
    Ok(())
}

fn check_groups(column: &ColumnProfile) -> Result<(), String> {
    // Rows without a group are one together.
    let groups = column.distinct.0 + i64::from(column.missing.0 > 0);
    if groups < LEAST_GROUPS {
        return Err(format!(
            "`{}` has {groups} groups; at least {LEAST_GROUPS} are needed to keep some apart for scoring.",
            column.name
        ));
    }
    Ok(())
}

/// The column of weights as it is stored.
pub fn check_weights(
    profile: &DatasetProfile,
    input: &CreateJobInput,
    errors: &mut Vec<UserError>,
) -> Option<String> {
    let name = input.weight_column.as_ref()?;
    let Some(column) = find(profile, name) else {
        errors.push(unknown_column("weightColumn", name, profile));
        return None;
    };
    let reason = if *name == input.target {
        Some("it is the target.".to_owned())
    } else if input.roles.iter().flatten().any(|set| set.column == *name) {
        Some("it is given a role; a column of weights is no feature.".to_owned())
    } else if input.validation.as_ref().and_then(|asked| asked.column.as_ref()) == Some(name) {
        Some("the rows are validated by it.".to_owned())
    } else {
        unusable(column, find(profile, &input.target))
    };
    if let Some(reason) = reason {
        let message = format!("`{name}` cannot be the weight of rows: {reason}");
        errors.push(UserError::of("weightColumn", "WEIGHT_NOT_USABLE", message));
    }
    Some(name.clone())
}

/// Why a column cannot weigh rows, as far as its profile tells: rows without a target do not count.
fn unusable(column: &ColumnProfile, target: Option<&ColumnProfile>) -> Option<String> {
    let Some(numbers) = &column.numbers else {
        return Some("it holds no numbers.".to_owned());
    };
    let without_target = target.map_or(0, |target| target.missing.0);
    let missing = column.missing.0 - without_target;
    if missing > 0 {
        return Some(format!(
            "it is missing in at least {missing} rows that have a target; give every row a weight (0 leaves it out)."
        ));
    }
    if numbers.max <= 0.0 && numbers.min >= 0.0 {
        return Some("it is 0 in every row.".to_owned());
    }
    if without_target == 0 && (numbers.min < 0.0 || numbers.infinite.0 > 0) {
        return Some("some of its values are negative or not finite.".to_owned());
    }
    None
}

fn find<'a>(profile: &'a DatasetProfile, name: &str) -> Option<&'a ColumnProfile> {
    profile.columns.iter().find(|column| column.name == name)
}
