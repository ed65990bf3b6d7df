//! What a GraphQL client gets: data, or errors with a code and the request id, and nothing of our insides.

use async_graphql::{PathSegment, Pos, Response, ServerError, Value};
use serde::Serialize;

use crate::failure::{Code, Failure, INTERNAL_MESSAGE};
use crate::http::request_id::RequestId;

/// One answer, ready to be written.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Errors come first, so that nobody overlooks them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<AnswerError>,
    /// Absent when nothing was executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

/// One error of an answer.
#[derive(Debug, Serialize)]
pub struct AnswerError {
    /// What is wrong, for people.
    pub message: String,
    /// Where in the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Pos>,
    /// Which field of the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathSegment>,
    /// For programs.
    pub extensions: AnswerExtensions,
}

/// The machine-readable part of an error.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerExtensions {
    /// A name of [`Code`].
    pub code: &'static str,
    /// Under which the log has it.
    pub request_id: String,
}

impl Answer {
    /// An answer to a request that was not executed.
    pub fn refused(failure: &Failure, request_id: RequestId) -> Self {
        if failure.code().is_ours() {
            tracing::error!(request.id = %request_id, error = %failure, "request failed");
        }
        Self {
            errors: vec![error(failure.code(), failure.public_message(), request_id)],
            data: None,
        }
    }

    /// An answer to a document that does not parse.
    pub fn unparsable(cause: ServerError, request_id: RequestId) -> Self {
        let mut error = error(Code::ParseFailed, cause.message, request_id);
        error.locations = cause.locations;
        Self {
            errors: vec![error],
            data: None,
        }
    }

    /// What the executor made of it, with codes, and without anything that is for the log only.
    pub fn executed(response: Response, request_id: RequestId) -> Self {
        // The executor always has data; it is null without an error path only when nothing was executed.
        let refused = response.data == Value::Null
            && !response.errors.is_empty()
            && response.errors.iter().all(|error| error.path.is_empty());
        let errors = response
            .errors
            .into_iter()
            .map(|cause| masked(cause, request_id))
            .collect();
        Self {
            errors,
            data: (!refused).then_some(response.data),
        }
    }

    /// True when nothing was executed.
    pub fn is_request_error(&self) -> bool {
        self.data.is_none()
    }
}

fn error(code: Code, message: String, request_id: RequestId) -> AnswerError {
    AnswerError {
        message,
        locations: Vec::new(),
        path: Vec::new(),
        extensions: AnswerExtensions {
            code: code.name(),
            request_id: request_id.to_string(),
        },
    }
}

/// Our resolvers fail with [`Failure`] only, which travels as the source of the error; an error with another source is a
/// foreign one that slipped through `?`, and one without is the executor's own word about the document or a value in it.
fn masked(cause: ServerError, request_id: RequestId) -> AnswerError {
    let (code, message) = match cause.source::<Failure>() {
        Some(failure) => (failure.code(), failure.public_message()),
        None if cause.source.is_some() => (Code::Internal, INTERNAL_MESSAGE.to_owned()),
        None if !cause.path.is_empty() => (Code::BadUserInput, cause.message.clone()),
        None => (Code::ValidationFailed, cause.message.clone()),
    };
    if code.is_ours() {
        let detail = cause
            .source::<Failure>()
            .map_or_else(|| cause.message.clone(), ToString::to_string);
        tracing::error!(request.id = %request_id, path = ?cause.path, error = detail, "resolver failed");
    }
    AnswerError {
        locations: cause.locations,
        path: cause.path,
        ..error(code, message, request_id)
    }
}
