//! A subscription as the body of an HTTP response.
//!
//! A task feeds a short queue from which the body is written: a slow reader slows its own subscription, which re-reads its row
//! and so loses nothing but steps in between; one that reads nothing is left. The token is looked at as on a WebSocket.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Value;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use futures_util::stream::unfold;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};
use tracing::Instrument;

use super::framing::{Framing, Reason};
use crate::auth::{self, Session};
use crate::failure::{Code, INTERNAL_MESSAGE};
use crate::graphql::answer::Answer;
use crate::graphql::execute::Operation;
use crate::http::places::Place;
use crate::http::request_id::RequestId;
use crate::http::trace;
use crate::server::Server;

/// Between two signs of life; the clients of Apollo expect one every few seconds.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often the token is looked at again.
const TOKEN_CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// What cannot be written for so long ends the stream.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
/// Pieces that wait for the reader.
const QUEUE: usize = 4;
/// Some proxies hold answers back until they are over; this asks them not to.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// On whose behalf a stream runs.
pub struct Subscriber {
    /// What it needs.
    pub server: Arc<Server>,
    /// Whose.
    pub session: Session,
    /// Under which the log has it.
    pub request_id: RequestId,
    /// Counts among the person's streams until it ends.
    #[expect(dead_code, reason = "it is given back when it is dropped")]
    pub place: Place,
}

/// The response that carries a subscription.
pub fn open(operation: Operation, subscriber: Subscriber, framing: Box<dyn Framing>) -> Response {
    let (pieces, queue) = mpsc::channel(QUEUE);
    let content_type = framing.content_type();
    let feed = Feed {
        subscriber,
        framing,
        pieces,
    };
    let span = trace::after(feed.subscriber.request_id);
    tokio::spawn(feed.run(operation).instrument(span));
    let body = unfold(queue, |mut queue: mpsc::Receiver<String>| async move {
        queue
            .recv()
            .await
            .map(|piece| (Ok::<_, Infallible>(piece), queue))
    });
    response(&content_type, Body::from_stream(body))
}

/// The response that carries one answer to a client that takes streams only.
pub fn of_one(answer: &Answer, framing: &dyn Framing) -> Response {
    let body = format!(
        "{}{}{}",
        framing.opening(),
        framing.answer(answer),
        framing.completion()
    );
    response(&framing.content_type(), Body::from(body))
}

fn response(content_type: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(content_type) {
        headers.insert(CONTENT_TYPE, content_type);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(UNBUFFERED, HeaderValue::from_static("no"));
    headers.append(VARY, HeaderValue::from_static("accept"));
    response
}

/// Why a stream ends.
enum End {
    /// Nobody reads it any more, or not fast enough.
    Gone,
    /// It is over.
    Complete,
    /// It is broken off.
    Broken(Code, &'static str),
}

const TOKEN_OVER: End = End::Broken(
    Code::Unauthenticated,
    "The token is no longer valid; subscribe again with a fresh one.",
);
const STOPPING: End = End::Broken(Code::Unavailable, "The server is stopping; subscribe again.");

struct Feed {
    subscriber: Subscriber,
    framing: Box<dyn Framing>,
    pieces: mpsc::Sender<String>,
}

impl Feed {
    async fn run(self, operation: Operation) {
        let work = AssertUnwindSafe(self.feed(operation)).catch_unwind();
        let end = work.await.unwrap_or_else(|_| {
            tracing::error!("a subscription panicked");
            End::Broken(Code::Internal, INTERNAL_MESSAGE)
        });
        let last = match end {
            End::Gone => return,
            End::Complete => self.framing.completion(),
            End::Broken(code, message) => {
                let reason = Reason::new(code, message, self.subscriber.request_id);
                self.framing.breaking_off(&reason)
            }
        };
        self.put(last).await;
    }

    async fn feed(&self, operation: Operation) -> End {
        let server = &self.subscriber.server;
        let mut answers = std::pin::pin!(operation.stream(&server.schema));
        let mut heartbeats = every(HEARTBEAT);
        let mut token_checks = every(TOKEN_CHECK_INTERVAL);
        let token_end = self.subscriber.session.ends_at();
        if !self.put(self.framing.opening()).await {
            return End::Gone;
        }
        loop {
            let piece = tokio::select! {
                () = self.pieces.closed() => return End::Gone,
                () = server.state.shutdown.cancelled() => return STOPPING,
                () = sleep_until(token_end) => return TOKEN_OVER,
                _ = token_checks.tick() => match self.is_token_over().await {
                    true => return TOKEN_OVER,
                    false => continue,
                },
                answer = answers.next() => match answer {
                    // Root fields are nullable: null data means that the subscription could not begin.
                    Some(answer) if answer.data.as_ref().is_none_or(|data| *data == Value::Null) => {
                        self.put(self.framing.answer(&answer)).await;
                        return End::Complete;
                    }
                    Some(answer) => self.framing.answer(&answer),
                    None => return End::Complete,
                },
                _ = heartbeats.tick() => self.framing.heartbeat(),
            };
            if !self.put(piece).await {
                return End::Gone;
            }
        }
    }

    /// A database that does not answer withdraws nothing.
    async fn is_token_over(&self) -> bool {
        let Subscriber { server, session, .. } = &self.subscriber;
        matches!(auth::still_valid(&server.state, session).await, Ok(false))
    }

    /// False when nobody reads.
    async fn put(&self, piece: String) -> bool {
        matches!(timeout(WRITE_TIMEOUT, self.pieces.send(piece)).await, Ok(Ok(())))
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
