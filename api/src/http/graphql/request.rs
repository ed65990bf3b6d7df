//! What a request to `/graphql` must be before its operation is looked at.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};

use crate::http::bodies;
use crate::http::params::{Params, Unreadable};

/// Headers that a browser sends across origins only after asking; one of them must be on every GET.
const PREFLIGHT_HEADERS: [&str; 3] = [
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-apollo-operation-name",
];

/// Why a request is refused.
pub enum Refusal {
    /// Its body is not one.
    Body(StatusCode, &'static str),
    /// Its parameters are not those of a GraphQL request.
    Parameters(Unreadable),
}

impl From<Unreadable> for Refusal {
    fn from(unreadable: Unreadable) -> Self {
        Self::Parameters(unreadable)
    }
}

/// The parameters of a POST, or how it is refused.
pub fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Params, Refusal> {
    let essence = essence_of(headers);
    if essence.as_deref() == Some("multipart/form-data") {
        let message = "Files do not travel through /graphql: `createUpload` opens an upload and says where its bytes go, and \
                       `completeUpload` closes it. Send the operation as `Content-Type: application/json`.";
        return Err(Refusal::Body(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    if essence.as_deref() != Some("application/json") || !is_utf8(headers) {
        let message = "Send the request as `Content-Type: application/json`.";
        return Err(Refusal::Body(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let body = body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = "The request body is larger than 256 KiB.";
            return Refusal::Body(StatusCode::PAYLOAD_TOO_LARGE, message);
        }
        if bodies::is_too_slow(&rejection) {
            let message = "The request body did not arrive in time.";
            return Refusal::Body(StatusCode::REQUEST_TIMEOUT, message);
        }
        Refusal::Body(StatusCode::BAD_REQUEST, "The request body could not be read.")
    })?;
    Ok(Params::from_json(&body)?)
}

/// Whether a GET shows that no page of another origin has sent it without asking.
pub fn has_preflight_header(headers: &HeaderMap) -> bool {
    PREFLIGHT_HEADERS
        .iter()
        .any(|name| headers.get(*name).is_some_and(|value| !value.is_empty()))
}

/// The media type of the body without its parameters, in lower case.
fn essence_of(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(content_type.split(';').next()?.trim().to_ascii_lowercase())
}

fn is_utf8(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parameters = content_type.unwrap_or_default().split(';').skip(1);
    parameters.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            matches!(
                value.trim().trim_matches('"').to_ascii_lowercase().as_str(),
                "utf-8" | "utf8"
            )
        }
        _ => true,
    })
}
