//! A server that speaks S3, in this process, over a folder; it fails on demand.

mod cors;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

use crate::daemon::Sweep;
use crate::random::Random;

/// Access key id of the only account.
pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// Its secret key: the one of Amazon's examples.
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// Region that requests are signed for.
pub const REGION: &str = "us-east-1";
/// The bucket that is there from the start.
pub const BUCKET: &str = "automl";

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where its files are kept after it has stopped; none: in a temporary folder.
    pub folder: Option<PathBuf>,
    /// Port; none: a free one.
    pub port: Option<u16>,
}

/// What goes wrong. Rates are between 0 and 1 and drawn for each request from the seed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// Share of requests that are answered with 500 or 503, half each, before anything is done.
    pub failing: f64,
    /// Share of requests that are done and then answered with 500 all the same.
    pub doubtful: f64,
    /// Share of downloads that end in the middle.
    pub truncating: f64,
    /// Share of downloads in which one byte is wrong.
    pub corrupting: f64,
    /// Delay of every answer.
    pub delay: Duration,
}

/// What went through, to see that a test has tested something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Requests.
    pub requests: u64,
    /// Of these, the ones in which something was made to go wrong, delays aside.
    pub faults: u64,
}

/// A running server.
#[derive(Debug)]
pub struct S3 {
    port: u16,
    folder: PathBuf,
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
    _sweep: Option<Sweep>,
}

struct Shared {
    service: S3Service,
    plan: Mutex<Plan>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Shared")
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Plan {
    faults: Faults,
    random: Random,
    count: Count,
}

impl S3 {
    /// Starts the server, with an empty bucket where there is none.
    ///
    /// # Errors
    /// When the folder cannot be used or the port is taken.
    pub fn start(options: &Options) -> Result<Self> {
        let (folder, sweep) = match &options.folder {
            Some(folder) => (folder.clone(), None),
            None => {
                let folder = tempfile::Builder::new().prefix("s3-").tempdir()?.keep();
                let sweep = Sweep::start(&folder)?;
                (folder, Some(sweep))
            }
        };
        std::fs::create_dir_all(folder.join(BUCKET))?;
        let service = service(&folder)?;
        let shared = Arc::new(Shared {
            service,
            plan: Mutex::default(),
        });
        let listener = TcpListener::bind(("127.0.0.1", options.port.unwrap_or(0)))
            .context("listening for S3 requests")?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("s3")
            .enable_all()
            .build()?;
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared))
            .layer(axum::middleware::from_fn(cors::apply));
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        });
        Ok(Self {
            port,
            folder,
            shared,
            runtime: Some(runtime),
            _sweep: sweep,
        })
    }

    /// Port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// URL without the bucket.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The folder whose subfolders are the buckets.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets things go wrong from now on, the same ones for the same seed and order of requests.
    pub fn set(&self, faults: Faults, seed: u64) {
        let mut plan = self.shared.plan.lock().unwrap_or_else(PoisonError::into_inner);
        *plan = Plan {
            faults,
            random: Random::new(seed),
            count: Count::default(),
        };
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.set(Faults::default(), 0);
    }

    /// What went through since the last [`S3::set`].
    pub fn count(&self) -> Count {
        self.shared
            .plan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .count
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A plain drop blocks, which an async test does not allow.
            runtime.shutdown_background();
        }
    }
}

fn service(folder: &Path) -> Result<S3Service> {
    let files = s3s_fs::FileSystem::new(folder)
        .map_err(|error| anyhow::anyhow!("opening {}: {error:?}", folder.display()))?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    Ok(builder.build())
}

/// What is to happen to one request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Fine,
    Status(StatusCode),
    Doubtful,
    Truncated,
    Corrupted,
}

impl Plan {
    /// Draws what happens to the next request.
    fn draw(&mut self, is_download: bool) -> Fate {
        self.count.requests += 1;
        let draws = [(); 5].map(|()| self.random.share());
        let fate = if draws[0] < self.faults.failing {
            let codes = [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE];
            Fate::Status(codes[usize::from(draws[1] < 0.5)])
        } else if draws[4] < self.faults.doubtful {
            Fate::Doubtful
        } else if is_download && draws[2] < self.faults.truncating {
            Fate::Truncated
        } else if is_download && draws[3] < self.faults.corrupting {
            Fate::Corrupted
        } else {
            Fate::Fine
        };
        self.count.faults += u64::from(fate != Fate::Fine);
        fate
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let is_download = request.method() == Method::GET;
    let (fate, delay) = {
        let mut plan = shared.plan.lock().unwrap_or_else(PoisonError::into_inner);
        (plan.draw(is_download), plan.faults.delay)
    };
    tokio::time::sleep(delay).await;
    if let Fate::Status(status) = fate {
        return status.into_response();
    }
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"));
    let request = if is_form { request.map(in_pieces) } else { request };
    let request = request.map(s3s::Body::http_body_unsync);
    let response = match shared.service.call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}")).into_response(),
    };
    match fate {
        Fate::Doubtful => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Fate::Truncated => spoil(response, truncated).await,
        Fate::Corrupted => spoil(response, corrupted).await,
        _ => response,
    }
}

/// The longest piece of a body that is handed on, in bytes.
const PIECE: usize = 1 << 14;

/// The same bytes in short pieces. s3s 0.14 refuses a form in which a piece that ends with the first byte of a line end is
/// followed by one of more than 64 KiB, and how a socket cuts a body is chance.
fn in_pieces(body: Body) -> Body {
    Body::from_stream(body.into_data_stream().flat_map(|piece| {
        let pieces: Vec<_> = match piece {
            Ok(bytes) => (0..bytes.len())
                .step_by(PIECE)
                .map(|start| Ok(bytes.slice(start..bytes.len().min(start + PIECE))))
                .collect(),
            Err(error) => vec![Err(error)],
        };
        stream::iter(pieces)
    }))
}

/// Replaces the body of an answer; its headers stay as they were.
async fn spoil(response: Response, change: fn(Vec<u8>) -> Body) -> Response {
    let (head, body) = response.into_parts();
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(head, change(bytes.to_vec())),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn corrupted(mut bytes: Vec<u8>) -> Body {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    Body::from(bytes)
}

/// Half of the bytes, then the connection breaks.
fn truncated(mut bytes: Vec<u8>) -> Body {
    bytes.truncate(bytes.len() / 2);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    Body::from_stream(stream::iter([Ok(Bytes::from(bytes)), Err(broken)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Public objects do not exist: an unsigned request is refused by S3 itself, which is enough to see the layer above.
    async fn get(server: &S3) -> reqwest::Result<StatusCode> {
        let url = format!("{}/{BUCKET}/missing", server.endpoint());
        Ok(reqwest::get(url).await?.status())
    }

    #[tokio::test]
    async fn refuses_strangers_and_fails_at_the_asked_rate() {
        let server = S3::start(&Options::default()).unwrap();
        assert_eq!(get(&server).await.unwrap(), StatusCode::FORBIDDEN);
        let faults = Faults {
            failing: 0.5,
            ..Faults::default()
        };
        let mut seen = Vec::new();
        for _ in 0..2 {
            server.set(faults, 7);
            let mut codes = Vec::new();
            for _ in 0..40 {
                codes.push(get(&server).await.unwrap());
            }
            let count = server.count();
            assert_eq!(count.requests, 40);
            assert!((10..=30).contains(&count.faults), "{count:?}");
            assert!(codes.contains(&StatusCode::SERVICE_UNAVAILABLE));
            seen.push(codes);
        }
        assert_eq!(seen[0], seen[1], "the same seed, the same faults");
        server.heal();
        assert_eq!(get(&server).await.unwrap(), StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn bodies_are_spoiled_as_asked() {
        let bytes = || b"0123456789".to_vec();
        let wrong = axum::body::to_bytes(corrupted(bytes()), 100).await.unwrap();
        assert_eq!(wrong.len(), 10);
        assert_eq!(wrong.iter().zip(bytes()).filter(|(a, b)| **a != *b).count(), 1);
        assert!(axum::body::to_bytes(truncated(bytes()), 100).await.is_err());
    }
}
