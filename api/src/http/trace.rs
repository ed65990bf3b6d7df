//! What the log says of a request: which route, never which path. Paths hold signed links and mailed tokens, and queries hold
//! whatever a client puts there.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use tracing::Span;

use super::request_id::RequestId;

/// The span of a request. It is an error's in rank: a log that shows errors only shows the id of their request as well.
pub fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>();
    let id = request.extensions().get::<RequestId>();
    tracing::error_span!(
        "request",
        http.method = %request.method(),
        http.route = route.map_or("web", MatchedPath::as_str),
        request.id = id.map(tracing::field::display),
    )
}

/// The span of what goes on after the answer to a request has begun: a socket, a stream, an operation on a socket.
pub fn after(id: RequestId) -> Span {
    tracing::error_span!("connection", request.id = %id)
}

/// Its answer begins.
pub fn answered(response: &Response) {
    let status = response.status();
    tracing::debug!(http.status = status.as_u16(), "answered");
}
