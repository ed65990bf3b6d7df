//! Changes that are asked for under a key of the client's, and what became of them.

use entities::Viewer;
use platform::idempotency::{self, Request};

use super::payload::UserError;
use crate::failure::Failure;

/// Tells what the user can mend from what is ours.
pub fn settle<T>(outcome: Result<T, platform::Error>) -> Result<Result<T, Vec<UserError>>, Failure> {
    settle_field(outcome, "id", "job")
}

/// As [`settle`], about that field of the input, which names such an object.
pub fn settle_field<T>(
    outcome: Result<T, platform::Error>,
    field: &str,
    what: &str,
) -> Result<Result<T, Vec<UserError>>, Failure> {
    let error = match outcome {
        Ok(value) => return Ok(Ok(value)),
        Err(platform::Error::Gone) => UserError::not_found(field, what),
        Err(platform::Error::Conflict(message)) => UserError::of(field, "CONFLICT", message),
        Err(platform::Error::KeyReused) => UserError::of(
            "idempotencyKey",
            "IDEMPOTENCY_KEY_REUSED",
            "This key was used for another request; every request needs its own.",
        ),
        Err(full @ platform::Error::QueueFull { .. }) => UserError {
            code: "QUEUE_FULL".to_owned(),
            message: full.to_string(),
            field: None,
        },
        Err(full @ platform::Error::QuotaExceeded(_)) => UserError {
            code: "QUOTA_EXCEEDED".to_owned(),
            message: sentence(&full),
            field: None,
        },
        Err(own @ platform::Error::OwnAccount(_)) => UserError::of(field, "OWN_ACCOUNT", own.to_string()),
        Err(cause) => return Err(cause.into()),
    };
    Ok(Err(vec![error]))
}

/// An error as a sentence.
fn sentence(error: &platform::Error) -> String {
    let words = error.to_string();
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// The request as it is remembered under its key, if it has one.
pub fn idempotent(
    viewer: Viewer,
    operation: &str,
    key: Option<&str>,
    asked: &impl std::fmt::Display,
) -> Result<Option<Request>, Vec<UserError>> {
    let Some(key) = key else { return Ok(None) };
    let length = key.chars().count();
    if !(1..=idempotency::MAX_KEY).contains(&length) || key.contains('\0') {
        let message = format!(
            "The key has {length} characters; it must have 1 to {}.",
            idempotency::MAX_KEY
        );
        return Err(vec![UserError::of(
            "idempotencyKey",
            "IDEMPOTENCY_KEY_INVALID",
            message,
        )]);
    }
    Ok(Some(Request::new(
        viewer.user_id,
        key,
        operation,
        &asked.to_string(),
    )))
}
