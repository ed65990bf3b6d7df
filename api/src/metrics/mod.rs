//! Figures for whoever runs the platform: what this process has answered, and what all processes have before them.
//!
//! Invariant: a label comes from a closed set of ours (routes, codes, kinds, states), never from a request: no names of
//! operations, no ids, no addresses. So the number of series is known, and nobody's data is in them.

mod facts;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::graphql::answer::Answer;
use crate::server::Server;
use facts::Facts;

/// Bounds of the histogram of requests, in seconds.
const BOUNDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Code of an operation without errors.
const OK: &str = "OK";

/// The figures of one process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Figures>);

#[derive(Debug)]
struct Figures {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    operations: Family<Operation, Counter>,
    sockets: Gauge,
    facts: Facts,
}

/// Labels of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: &'static str,
}

/// Labels of a request's duration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

/// Labels of a GraphQL operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    kind: &'static str,
    code: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let histogram: fn() -> Histogram = || Histogram::new(BOUNDS);
        let seconds = Family::new_with_constructor(histogram);
        let requests: Family<Request, Counter> = Family::default();
        let operations: Family<Operation, Counter> = Family::default();
        let sockets: Gauge = Gauge::default();
        registry.register(
            "automl_http_requests",
            "Requests answered, by route and class of status",
            requests.clone(),
        );
        registry.register(
            "automl_http_request_duration_seconds",
            "Time to the head of the answer",
            seconds.clone(),
        );
        registry.register(
            "automl_graphql_operations",
            "GraphQL operations by kind and code of the first error; kind none: refused before one was chosen",
            operations.clone(),
        );
        registry.register("automl_websockets", "Open WebSockets", sockets.clone());
        let facts = Facts::register(&mut registry);
        Self(Arc::new(Figures {
            registry,
            requests,
            seconds,
            operations,
            sockets,
            facts,
        }))
    }
}

impl Metrics {
    /// Counts an answered request. `route` is the template, not the path.
    pub fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let status = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        let route = Route {
            method,
            route: route.to_owned(),
        };
        self.0.seconds.get_or_create(&route).observe(took.as_secs_f64());
        let labels = Request {
            method,
            route: route.route,
            status,
        };
        self.0.requests.get_or_create(&labels).inc();
    }

    /// Counts an operation that was answered.
    pub fn operation(&self, kind: Option<OperationType>, answer: &Answer) {
        let code = answer.errors.first().map_or(OK, |error| error.extensions.code);
        self.count(kind, code);
    }

    /// Counts a subscription that was begun.
    pub fn subscription(&self) {
        self.count(Some(OperationType::Subscription), OK);
    }

    fn count(&self, kind: Option<OperationType>, code: &'static str) {
        let kind = match kind {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "none",
        };
        self.0.operations.get_or_create(&Operation { kind, code }).inc();
    }

    /// Counts a WebSocket for as long as what is returned lives.
    pub fn socket(&self) -> OpenSocket {
        self.0.sockets.inc();
        OpenSocket(self.0.sockets.clone())
    }

    /// Everything as text, with what is counted at the moment of asking.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn text(&self, server: &Server) -> Result<String, std::fmt::Error> {
        let _facts = self.0.facts.look(server).await;
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

/// An open WebSocket.
pub struct OpenSocket(Gauge);

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.0.dec();
    }
}
