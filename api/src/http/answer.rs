//! How answers and failures become HTTP responses.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use platform::settings::Statuses;
use serde_json::json;

use crate::failure::{Code, Failure};
use crate::graphql::answer::Answer;
use crate::http::accept::MediaType;
use crate::http::request_id::RequestId;

/// The code of the 2026 draft for an answer with data and errors.
const PARTIAL_SUCCESS: u16 = 294;

/// What the draft answers to requests that were not executed; 400 to all others.
const OF_DRAFT: [(Code, StatusCode); 7] = [
    (Code::ValidationFailed, StatusCode::UNPROCESSABLE_ENTITY),
    (Code::OperationResolutionFailure, StatusCode::UNPROCESSABLE_ENTITY),
    (Code::BadUserInput, StatusCode::UNPROCESSABLE_ENTITY),
    (Code::QueryTooComplex, StatusCode::UNPROCESSABLE_ENTITY),
    (Code::PersistedQueryNotFound, StatusCode::UNPROCESSABLE_ENTITY),
    (Code::PersistedQueryNotSupported, StatusCode::UNPROCESSABLE_ENTITY),
    (Code::Forbidden, StatusCode::FORBIDDEN),
];

/// Codes whose answers have their own status under the draft, as plain endpoints have it.
const OF_ENDPOINTS: [Code; 6] = [
    Code::Unauthenticated,
    Code::RateLimited,
    Code::Timeout,
    Code::Unavailable,
    Code::DiskFull,
    Code::Internal,
];

/// Writes a GraphQL answer in the wanted media type.
pub fn graphql(answer: &Answer, media_type: MediaType, statuses: Statuses) -> Response {
    let status = match statuses {
        Statuses::Audit => status_of_audit(answer, media_type),
        Statuses::Draft => status_of_draft(answer, media_type),
    };
    graphql_with_status(answer, media_type, status)
}

/// A request error (nothing was executed) is 400 in `application/graphql-response+json` and 200 in legacy JSON; one for too much
/// in too short a time is 429 in both.
fn status_of_audit(answer: &Answer, media_type: MediaType) -> StatusCode {
    match (answer.is_request_error(), media_type) {
        (true, _) if answer.retry_after.is_some() => StatusCode::TOO_MANY_REQUESTS,
        (true, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

/// The draft has its own code for partial success where the media type makes clear what it means.
fn status_of_draft(answer: &Answer, media_type: MediaType) -> StatusCode {
    if !answer.is_request_error() {
        let is_partial = !answer.errors.is_empty() && media_type == MediaType::GraphqlResponse;
        let partial = StatusCode::from_u16(PARTIAL_SUCCESS).ok();
        return partial.filter(|_| is_partial).unwrap_or(StatusCode::OK);
    }
    let name = answer.errors.first().map(|error| error.extensions.code);
    let of_draft = OF_DRAFT.iter().find(|(code, _)| Some(code.name()) == name);
    let of_endpoint = OF_ENDPOINTS.iter().find(|code| Some(code.name()) == name);
    match (of_draft, of_endpoint) {
        (Some((_, status)), _) => *status,
        (None, Some(code)) => code.status(),
        (None, None) => StatusCode::BAD_REQUEST,
    }
}

/// Writes a GraphQL answer with a status of its own.
pub fn graphql_with_status(answer: &Answer, media_type: MediaType, status: StatusCode) -> Response {
    let body = serde_json::to_vec(answer)
        .unwrap_or_else(|_| b"{\"errors\":[{\"message\":\"unwritable\"}]}".to_vec());
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("accept"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A failure of a plain endpoint, as `{"error": {code, message, requestId}}`.
#[derive(Debug)]
pub struct Refusal {
    failure: Failure,
    status: StatusCode,
    request_id: RequestId,
}

impl Refusal {
    /// With the status that belongs to the failure's code.
    pub fn new(failure: Failure, request_id: RequestId) -> Self {
        let status = failure.code().status();
        Self {
            failure,
            status,
            request_id,
        }
    }

    /// With a status of its own.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if self.failure.code().is_ours() {
            tracing::error!(error = %self.failure, "request failed");
        }
        let body = json!({ "error": {
            "code": self.failure.code().name(),
            "message": self.failure.public_message(),
            "requestId": self.request_id.to_string(),
        }});
        let mut response = (self.status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.failure.retry_after() {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
