//! How answers and failures become HTTP responses.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::failure::Failure;
use crate::graphql::answer::Answer;
use crate::http::accept::MediaType;
use crate::http::request_id::RequestId;

/// Writes a GraphQL answer in the wanted media type.
///
/// A request error (nothing was executed) is 400 in `application/graphql-response+json` and 200 in legacy JSON; one for too much
/// in too short a time is 429 in both.
pub fn graphql(answer: &Answer, media_type: MediaType) -> Response {
    let status = match (answer.is_request_error(), media_type) {
        (true, _) if answer.retry_after.is_some() => StatusCode::TOO_MANY_REQUESTS,
        (true, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    graphql_with_status(answer, media_type, status)
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
            tracing::error!(request.id = %self.request_id, error = %self.failure, "request failed");
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
