//! The one part of a path that varies.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::answer::Refusal;
use super::request_id::RequestId;
use crate::failure::{Code, Failure};

/// An id, a token or a signed link in a path; what is no text is refused as everything else is.
pub struct Part(pub String);

impl<S: Sync + Send> FromRequestParts<S> for Part {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Ok(request_id) = RequestId::from_request_parts(parts, state).await;
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            Err(_) => {
                let failure = Failure::client(Code::BadRequest, "The path is not UTF-8.");
                let refusal = Refusal::new(failure, request_id);
                Err(refusal.with_status(StatusCode::BAD_REQUEST).into_response())
            }
        }
    }
}
