//! What every request passes on its way in, and every answer on its way out. In one place: each layer of its own would box
//! the request and its answer once more.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use platform::trace::TraceParent;
use tracing::Instrument;

use super::headers::Headers;
use super::metrics::Begun;
use super::{bodies, origins, request_id, trace};
use crate::metrics::Metrics;

/// What it needs to know.
pub struct Gate {
    /// What every answer carries.
    pub headers: Headers,
    /// Whose pages may use the API beside this server's own.
    pub origins: Arc<[String]>,
    /// Where requests are counted.
    pub metrics: Metrics,
}

/// In: an id, a span of the log, a clock, the question of a browser, a time limit on the body. Out: the same backwards.
pub async fn pass(State(gate): State<Arc<Gate>>, mut request: Request, next: Next) -> Response {
    let id = request_id::assign(&mut request);
    let span = trace::span(&request);
    let work = platform::trace::follow(TraceParent::of(&span), inside(&gate, request, next));
    let mut response = work.instrument(span).await;
    request_id::tell(id, &mut response);
    response
}

async fn inside(gate: &Gate, request: Request, next: Next) -> Response {
    let begun = Begun::now(&request);
    let asked = origins::asked(&request, &gate.origins);
    let mut response = match asked.as_ref().and_then(origins::Asked::preflight) {
        Some(answer) => answer,
        None => next.run(bodies::bound(request)).await,
    };
    if let Some(asked) = asked {
        asked.share(&mut response);
    }
    gate.headers.secure(&mut response);
    begun.count(&gate.metrics, &response);
    trace::answered(&response);
    response
}
