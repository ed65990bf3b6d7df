//! `GET /openapi.json`: what is not GraphQL, described for programs. The document is committed (`docs/openapi.json`) and held
//! against the routes and their answers by tests.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// The document. It says nothing of this server, so it is for everybody.
pub async fn get() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, DOCUMENT).into_response()
}
