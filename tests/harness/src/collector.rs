//! A collector of traces: OTLP over HTTP as any other one takes it, and what it was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;

/// A span that was received.
#[derive(Clone, Debug)]
pub struct Span {
    /// `service.name` of who sent it.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Id of its trace, in hex.
    pub trace: String,
    /// Its id, in hex.
    pub id: String,
    /// Id of its parent, in hex; empty: it has none.
    pub parent: String,
    /// How long it took, in nanoseconds.
    pub nanoseconds: u64,
    /// What is said of it, as text.
    pub attributes: BTreeMap<String, String>,
    /// Number of lines of a log that came with it.
    pub events: usize,
}

/// A running collector. It ends with the runtime that has started it.
#[derive(Clone, Debug)]
pub struct Collector {
    url: String,
    heard: Arc<Heard>,
}

#[derive(Debug)]
struct Heard {
    spans: Mutex<Vec<Span>>,
    password: String,
}

impl Collector {
    /// Starts one on a free port, which takes spans with that header `x-password` only.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(password: &str) -> Self {
        let heard = Arc::new(Heard {
            spans: Mutex::default(),
            password: password.to_owned(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&heard));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, heard }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Span> {
        let spans = self.heard.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.clone()
    }

    /// All spans, once one is there that is looked for.
    ///
    /// # Panics
    /// When it does not come in time.
    pub async fn spans_with(&self, limit: Duration, is_last: impl Fn(&Span) -> bool) -> Vec<Span> {
        let began = Instant::now();
        loop {
            let spans = self.spans();
            if spans.iter().any(&is_last) {
                return spans;
            }
            assert!(began.elapsed() < limit, "the span does not come: {spans:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn take(State(heard): State<Arc<Heard>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-password").and_then(|value| value.to_str().ok());
    if given != Some(heard.password.as_str()) {
        return StatusCode::UNAUTHORIZED;
    }
    if headers
        .get("content-type")
        .is_none_or(|kind| kind != "application/x-protobuf")
    {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    let mut spans = heard.spans.lock().unwrap_or_else(PoisonError::into_inner);
    for sent in request.resource_spans {
        let resource = texts(
            sent.resource
                .map(|resource| resource.attributes)
                .unwrap_or_default(),
        );
        let service = resource.get("service.name").cloned().unwrap_or_default();
        for span in sent.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            spans.push(Span {
                service: service.clone(),
                name: span.name,
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                nanoseconds: span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano),
                attributes: texts(span.attributes),
                events: span.events.len(),
            });
        }
    }
    StatusCode::OK
}

fn texts(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: Option<Value>| match value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    let pairs = attributes.into_iter();
    pairs
        .map(|pair| (pair.key, text(pair.value.and_then(|value| value.value))))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
