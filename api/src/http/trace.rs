//! What the log says of a request: which route, never which path. Paths hold signed links and mailed tokens, and queries hold
//! whatever a client puts there.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use tracing::Span;

use super::request_id::RequestId;

/// The span of a request.
pub fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>();
    let id = request.extensions().get::<RequestId>();
    tracing::debug_span!(
        "request",
        http.method = %request.method(),
        http.route = route.map_or("web", MatchedPath::as_str),
        request.id = id.map(tracing::field::display),
    )
}

/// Its answer begins.
pub fn answered(response: &Response) {
    let status = response.status();
    tracing::debug!(http.status = status.as_u16(), "answered");
}
