//! Traces to a collector, by OTLP over HTTP, where `OTEL_EXPORTER_OTLP_ENDPOINT` names one; nothing of this is started otherwise.
//! A collector that is away costs traces and nothing else: spans wait in a bounded queue that a thread of its own empties.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::failure::Failure;

/// Where the collector is, the first one that is set. The values, and those of the headers, may hold passwords: none is ever told.
const ENDPOINTS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];
/// How it is spoken to; one way is known.
const PROTOCOLS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
];
const PROTOCOL: &str = "http/protobuf";
/// How long it may take for a batch, in milliseconds.
const TIMEOUTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];
/// The same where nothing is set.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the end of the process waits for the last batch.
const LAST_BATCH: Duration = Duration::from_secs(2);
/// What is read of an answer, in bytes.
const ANSWER: usize = 64 << 10;
/// Spans that are traced. All others, and every line of the log, stay here: lines hold what people have called their things.
const TRACED: [&str; 3] = ["request", "task", "child"];

/// What sends the spans of this process.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// What the environment asks for; none: nothing is traced. To be called inside of the async runtime.
    ///
    /// # Errors
    /// When a variable cannot be used. The message has no value of one that may be secret.
    pub fn start(service: &'static str) -> Result<Option<Self>, Failure> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let is_off = set("OTEL_SDK_DISABLED").is_some_and(|word| word.eq_ignore_ascii_case("true"))
            || set("OTEL_TRACES_EXPORTER").is_some_and(|word| word == "none");
        let Some(endpoint) = ENDPOINTS
            .into_iter()
            .find(|name| set(name).is_some())
            .filter(|_| !is_off)
        else {
            return Ok(None);
        };
        if let Some(protocol) = PROTOCOLS.into_iter().find_map(set)
            && protocol != PROTOCOL
        {
            let message = format!(
                "the collector of traces is to be spoken to by {protocol:?}; only {PROTOCOL} is known"
            );
            return Err(Failure::Failed(message));
        }
        let timeout = TIMEOUTS
            .into_iter()
            .find_map(set)
            .and_then(|text| text.parse().ok());
        let timeout = timeout.map_or(PATIENCE, Duration::from_millis);
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(timeout)
            .with_http_client(Collector::new(timeout)?)
            .build()
            .map_err(|_| Failure::Failed(format!("{endpoint} or the headers beside it cannot be used")))?;
        let named = set("OTEL_SERVICE_NAME").is_some()
            || set("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|text| text.contains("service.name"));
        let resource = Resource::builder();
        let resource = if named {
            resource
        } else {
            resource.with_service_name(service)
        };
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_batch_exporter(exporter)
            .build();
        Ok(Some(Self(provider)))
    }

    /// What hands spans over.
    pub fn layer<S: Subscriber + for<'span> LookupSpan<'span>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("automl"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(filter_fn(is_traced))
    }

    /// Sends what is left, for as long as that may take. The async runtime still has to run.
    pub fn stop(&self) {
        if self.0.shutdown_with_timeout(LAST_BATCH).is_err() {
            tracing::warn!("the last spans did not reach the collector of traces");
        }
    }
}

fn is_traced(metadata: &Metadata<'_>) -> bool {
    let is_ours = ["api::", "worker::"]
        .iter()
        .any(|part| metadata.target().starts_with(part));
    metadata.is_span() && is_ours && TRACED.contains(&metadata.name())
}

/// The way to the collector: the HTTP client that the api has for issuers, on the runtime of the process.
#[derive(Debug)]
struct Collector {
    http: reqwest::Client,
    runtime: Handle,
    is_away: AtomicBool,
}

impl Collector {
    fn new(timeout: Duration) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .build();
        Ok(Self {
            http: http.map_err(|error| Failure::Failed(format!("no TLS for traces: {error}")))?,
            runtime: Handle::current(),
            is_away: AtomicBool::new(false),
        })
    }

    /// Says once that it is away, and once that it is back.
    fn note(&self, trouble: Option<&str>) {
        let was_away = self.is_away.swap(trouble.is_some(), Ordering::Relaxed);
        match trouble {
            Some(error) if !was_away => {
                tracing::warn!(error, "the collector of traces takes nothing: spans are lost");
            }
            None if was_away => tracing::info!("the collector of traces takes spans again"),
            _ => {}
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let url = reqwest::Url::parse(&parts.uri.to_string())?;
        // The builder takes a password out of the address and makes a header of it: what is left may be in the log.
        let request = self
            .http
            .request(parts.method, url)
            .headers(parts.headers)
            .body(body)
            .build()?;
        // The thread that sends is none of the runtime's.
        let answered = self.runtime.spawn(ask(self.http.clone(), request)).await;
        let answered = answered.map_err(HttpError::from).and_then(|answer| answer);
        match &answered {
            Ok(answer) if answer.status().is_success() => self.note(None),
            Ok(answer) => self.note(Some(&format!("it answers with {}", answer.status()))),
            Err(error) => self.note(Some(&error.to_string())),
        }
        answered
    }
}

async fn ask(http: reqwest::Client, request: reqwest::Request) -> Result<Response<Bytes>, HttpError> {
    // The address may hold a password.
    let mut answer = http.execute(request).await.map_err(reqwest::Error::without_url)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len() + chunk.len() > ANSWER {
            return Err("the answer is too long".into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    Ok(response.body(Bytes::from(body))?)
}
