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
    /// What is told besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Told>,
    /// Seconds after which to ask again, where there was too much in too short a time.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

/// What administrators are told besides.
#[derive(Debug, Serialize)]
pub struct Told {
    /// What the operation cost.
    pub cost: u32,
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
            tracing::error!(error = %failure, "request failed");
        }
        Self {
            retry_after: failure.retry_after(),
            ..Self::of(error(failure.code(), failure.public_message(), request_id))
        }
    }

    /// An answer to a document that does not parse.
    pub fn unparsable(cause: ServerError, request_id: RequestId) -> Self {
        let message = match cause.locations.first() {
            Some(at) => format!(
                "The document is not GraphQL at line {}, column {}: {}.",
                at.line,
                at.column,
                reason(&cause.message)
            ),
            None => format!("The document is not GraphQL: {}.", reason(&cause.message)),
        };
        Self::of(AnswerError {
            locations: cause.locations,
            ..error(Code::ParseFailed, message, request_id)
        })
    }

    fn of(error: AnswerError) -> Self {
        Self {
            errors: vec![error],
            data: None,
            extensions: None,
            retry_after: None,
        }
    }

    /// What the executor made of it, with codes, and without anything that is for the log only.
    pub fn executed(response: Response, request_id: RequestId) -> Self {
        // The executor always has data; it is null without an error path only when nothing was executed.
        let refused = response.data == Value::Null
            && !response.errors.is_empty()
            && response.errors.iter().all(|error| error.path.is_empty());
        let retry_after = response
            .errors
            .iter()
            .filter_map(|error| error.source::<Failure>()?.retry_after())
            .max();
        let errors = response
            .errors
            .into_iter()
            .map(|cause| masked(cause, request_id))
            .collect();
        Self {
            errors,
            data: (!refused).then_some(response.data),
            extensions: None,
            retry_after,
        }
    }

    /// Says what the operation cost.
    pub fn tell_cost(&mut self, cost: Option<u32>) {
        self.extensions = cost.map(|cost| Told { cost });
    }

    /// True when nothing was executed.
    pub fn is_request_error(&self) -> bool {
        self.data.is_none()
    }
}

/// What the parser has expected, out of its drawing of several lines.
fn reason(message: &str) -> String {
    let told = message
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("= "));
    let told = told.or_else(|| message.lines().next()).unwrap_or_default();
    told.trim_end_matches('.')
        .replace("EOI", "the end")
        .replace('_', " ")
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
        tracing::error!(path = ?cause.path, error = detail, "resolver failed");
    }
    AnswerError {
        locations: cause.locations,
        path: cause.path,
        ..error(code, message, request_id)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn a_document_that_does_not_parse_gets_a_sentence() {
        for (query, expected) in [
            (
                "{",
                "The document is not GraphQL at line 1, column 2: expected selection.",
            ),
            (
                "{ a }\n{ b(: 1) }",
                "The document is not GraphQL at line 2, column 5: expected name.",
            ),
            (
                "",
                "The document is not GraphQL at line 1, column 1: expected executable definition.",
            ),
        ] {
            let cause = parse_query(query).expect_err("it does not parse");
            let answer = Answer::unparsable(cause.into(), RequestId(uuid::Uuid::nil()));
            assert_eq!(answer.errors[0].message, expected);
            assert_eq!(answer.errors[0].locations.len(), 1);
        }
    }

    /// Every code is explained.
    #[test]
    fn the_page_has_every_code() {
        let page = include_str!("../../../docs/graphql.md");
        let codes = include_str!("../failure.rs");
        let codes = codes.split_once("fn name(self)").expect("the names").1;
        let codes = codes.split_once("\n    }\n").expect("their end").0;
        let mut count = 0;
        for line in codes.lines() {
            if let Some((_, name)) = line.split_once("=> \"") {
                let name = name.trim_end_matches("\",");
                assert!(
                    page.contains(&format!("`{name}`")),
                    "docs/graphql.md says nothing of {name}"
                );
                count += 1;
            }
        }
        assert!(count >= 13, "{count} codes");
    }
}
