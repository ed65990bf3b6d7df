//! The loop that takes connections. It is our own for what slow and silent clients may cost: a connection without a first
//! request, one whose next request does not come, and one whose client reads nothing are closed; and there are so many at most.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How long a new connection may take for the head of its first request.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// How long the head of the next one may take, the silence before it included: longer than load balancers keep theirs (60 s),
/// so that none sends a request into a connection that is being closed.
const NEXT_HEAD: Duration = Duration::from_secs(75);

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many there are at a time. Who comes when all are taken waits in the queue of the system. A WebSocket counts until it is
    /// one; then it counts among those of its person.
    pub connections: usize,
    /// How long a client may read nothing of what is written to it.
    pub write_stall: Duration,
}

impl Bounds {
    /// With so many connections.
    pub fn new(connections: usize) -> Self {
        Self {
            connections,
            write_stall: Duration::from_secs(30),
        }
    }
}

/// Answers until `stop` is cancelled, and then until the requests are answered that have begun.
pub async fn serve(mut listener: TcpListener, router: Router, bounds: Bounds, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(bounds.connections.min(Semaphore::MAX_PERMITS)));
    loop {
        let (place, (stream, address)) = tokio::select! {
            taken = take(&mut listener, &places) => taken,
            () = stop.cancelled() => break,
        };
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            connection(stream, address, router, bounds.write_stall, stop).await;
            drop(place);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// The next connection, once there is a place for it.
async fn take(listener: &mut TcpListener, places: &Arc<Semaphore>) -> (Place, (TcpStream, SocketAddr)) {
    // Nobody closes it, so that there always is one in the end.
    let place = places.clone().acquire_owned().await.ok();
    (place, Listener::accept(listener).await)
}

/// Taken for as long as a connection is open.
type Place = Option<OwnedSemaphorePermit>;

async fn connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    write_stall: Duration,
    stop: CancellationToken,
) {
    // Events go out as they come. Where that cannot be had, they come a little later.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_stall));
    let begun = CancellationToken::new();
    let has_begun = begun.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        begun.cancel();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(NEXT_HEAD);
    let served = http
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .with_upgrades();
    let mut served = pin!(served);
    let first_head = Instant::now() + FIRST_HEAD;
    let mut is_stopping = false;
    loop {
        tokio::select! {
            ended = served.as_mut() => {
                if let Err(error) = ended {
                    tracing::trace!(%error, "a connection broke off");
                }
                return;
            }
            () = stop.cancelled(), if !is_stopping => {
                is_stopping = true;
                served.as_mut().graceful_shutdown();
            }
            () = sleep_until(first_head), if !has_begun.is_cancelled() => {
                if !has_begun.is_cancelled() {
                    return;
                }
            }
        }
    }
}
