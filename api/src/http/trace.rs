//! What the log and a trace say of a request: which route, never which path. Paths hold signed links and mailed tokens, and
//! queries hold whatever a client puts there.

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::response::Response;
use platform::trace::TraceParent;
use tracing::Span;
use tracing::field::Empty;

use super::metrics::{WEB, method};
use super::request_id::RequestId;

/// The header by which a client says where in its trace the request belongs.
const TRACEPARENT: &str = "traceparent";
/// Routes that nobody's work goes through: probes and collectors ask them all the time.
const UNTRACED: [&str; 4] = ["/livez", "/readyz", "/metrics", WEB];

/// The span of a request. It is an error's in rank: a log that shows errors only shows the id of their request as well.
pub fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or(WEB, MatchedPath::as_str);
    let id = request.extensions().get::<RequestId>();
    let method = method(request.method());
    if UNTRACED.contains(&route) {
        return tracing::error_span!(
            "answer",
            http.method = method,
            http.route = route,
            request.id = id.map(display)
        );
    }
    let span = tracing::error_span!(
        "request",
        otel.kind = "server",
        otel.name = format_args!("{method} {route}"),
        otel.status_code = Empty,
        http.method = method,
        http.route = route,
        http.status = Empty,
        request.id = id.map(display),
        trace.id = Empty,
    );
    platform::trace::go_on(&span, parent(request.headers()));
    span
}

/// Where a client says that its request belongs; of several words on it none counts.
fn parent(headers: &HeaderMap) -> Option<TraceParent> {
    let mut said = headers.get_all(TRACEPARENT).iter();
    let first = said.next()?.to_str().ok()?;
    TraceParent::parse(first).filter(|_| said.next().is_none())
}

/// The span of what goes on after the answer to a request has begun: a socket, a stream, an operation on a socket.
pub fn after(id: RequestId) -> Span {
    tracing::error_span!("connection", request.id = %id)
}

/// Its answer begins.
pub fn answered(response: &Response) {
    let status = response.status();
    let span = Span::current();
    span.record("http.status", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "error");
    }
    tracing::debug!(http.status = status.as_u16(), "answered");
}
