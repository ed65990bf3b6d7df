//! How much variables are.

use async_graphql::{Value, Variables};

use super::{Limits, too_complex};
use crate::failure::Failure;

/// Refuses variables that are nested too deeply, or have too long lists.
///
/// # Errors
/// `QUERY_TOO_COMPLEX`.
pub fn check(variables: &Variables, limits: &Limits) -> Result<(), Failure> {
    for value in variables.values() {
        check_value(value, limits, 1)?;
    }
    Ok(())
}

fn check_value(value: &Value, limits: &Limits, depth: usize) -> Result<(), Failure> {
    if depth > limits.variable_depth {
        return Err(too_complex("A variable is nested too deeply"));
    }
    match value {
        Value::List(items) => {
            if items.len() > limits.list_length {
                return Err(too_complex("A list of the variables has too many items"));
            }
            for item in items {
                check_value(item, limits, depth + 1)?;
            }
        }
        Value::Object(fields) => {
            for field in fields.values() {
                check_value(field, limits, depth + 1)?;
            }
        }
        _ => {}
    }
    Ok(())
}
