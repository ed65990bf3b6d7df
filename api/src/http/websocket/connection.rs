//! One open socket: its handshake, its operations, its end.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Value;
use async_graphql::parser::types::OperationType;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tracing::Instrument;

use super::MESSAGE_LIMIT;
use super::protocol::{ClientMessage, CloseCode, ServerMessage, token_of};
use crate::auth::{self, Session};
use crate::failure::{Code, Failure};
use crate::graphql::answer::Answer;
use crate::graphql::execute::{Asker, Operation};
use crate::http::client::Client;
use crate::http::params::Params;
use crate::http::places::Place;
use crate::http::request_id::RequestId;
use crate::server::Server;

/// How long a socket may stay without `connection_init`.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// Below the idle limit of common load balancers (60 s).
const PING_INTERVAL: Duration = Duration::from_secs(20);
/// A socket that says nothing for so long, not even a pong, is dead.
const SILENCE_LIMIT: Duration = Duration::from_secs(60);
/// How often the token is looked at again.
const TOKEN_CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// A message that cannot be written for so long ends the connection.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
/// How long the peer may take to answer our close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Results that wait for the socket, over all operations.
const QUEUE: usize = 16;
/// Operations at a time.
const MAX_OPERATIONS: usize = 50;

/// Serves a socket until it ends.
pub async fn serve(socket: WebSocket, server: Arc<Server>, client: Client, request_id: RequestId) {
    // Boxed: a queue has room for 32 results from the start, and most sockets are idle.
    let (results, queue) = mpsc::channel(QUEUE);
    let connection = Connection {
        socket,
        server,
        client,
        request_id,
        session: None,
        place: None,
        operations: HashMap::new(),
        results,
        count: 0,
    };
    connection.run(queue).await;
}

/// Why the loop ends.
enum End {
    /// The peer is gone, or cannot be written to.
    Gone,
    /// We close.
    Close(CloseCode),
}

impl From<axum::Error> for End {
    fn from(_: axum::Error) -> Self {
        Self::Gone
    }
}

/// What a running operation says.
enum Outcome {
    Next(Answer),
    Error(Answer),
    Complete,
}

struct FromOperation {
    id: String,
    /// Tells apart two operations that used one id after the other.
    number: u64,
    outcome: Outcome,
}

struct Connection {
    socket: WebSocket,
    server: Arc<Server>,
    client: Client,
    request_id: RequestId,
    session: Option<Session>,
    /// Counts among the person's sockets.
    place: Option<Place>,
    operations: HashMap<String, (u64, AbortHandle)>,
    results: mpsc::Sender<Box<FromOperation>>,
    count: u64,
}

impl Connection {
    async fn run(mut self, mut queue: mpsc::Receiver<Box<FromOperation>>) {
        let end = self.serve(&mut queue).await;
        for (_, task) in self.operations.values() {
            task.abort();
        }
        // Whoever comes back at once finds their place free.
        self.place = None;
        if let Err(End::Close(code)) = end {
            let (code, reason) = code.parts();
            let frame = CloseFrame {
                code,
                reason: reason.into(),
            };
            // The peer may be gone already; there is nobody to tell.
            let _ = timeout(WRITE_TIMEOUT, self.socket.send(Message::Close(Some(frame)))).await;
            // A socket that is closed with something unread, a pong perhaps, is reset: the peer could lose the code.
            let rest = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            let _ = timeout(CLOSE_TIMEOUT, rest).await;
        }
    }

    async fn serve(&mut self, queue: &mut mpsc::Receiver<Box<FromOperation>>) -> Result<(), End> {
        let init_deadline = Instant::now() + INIT_TIMEOUT;
        let mut last_heard = Instant::now();
        let mut pings = interval(PING_INTERVAL);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut token_checks = interval(TOKEN_CHECK_INTERVAL);
        token_checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let shutdown = self.server.state.shutdown.clone();
        loop {
            let token_end = self.session.as_ref().map_or(init_deadline, Session::ends_at);
            tokio::select! {
                () = shutdown.cancelled() => return Err(End::Close(CloseCode::ServiceRestart)),
                message = self.socket.recv() => {
                    last_heard = Instant::now();
                    match message {
                        Some(Ok(message)) => self.receive(message).await?,
                        Some(Err(_)) | None => return Err(End::Gone),
                    }
                }
                Some(result) = queue.recv() => self.forward(result).await?,
                () = tokio::time::sleep_until(init_deadline), if self.session.is_none() => {
                    return Err(End::Close(CloseCode::InitTimeout));
                }
                _ = pings.tick() => {
                    if last_heard.elapsed() > SILENCE_LIMIT {
                        return Err(End::Gone);
                    }
                    self.write(Message::Ping(axum::body::Bytes::new())).await?;
                }
                () = tokio::time::sleep_until(token_end), if self.session.is_some() => {
                    return Err(End::Close(CloseCode::Forbidden));
                }
                _ = token_checks.tick(), if self.session.is_some() => self.check_token().await?,
            }
        }
    }

    async fn receive(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) if text.len() > MESSAGE_LIMIT => {
                return Err(End::Close(CloseCode::MessageTooBig));
            }
            Message::Text(text) => text,
            Message::Binary(_) => return Err(End::Close(CloseCode::BadRequest)),
            // The library answers pings and the closing handshake.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        let message: ClientMessage =
            serde_json::from_str(text.as_str()).map_err(|_| End::Close(CloseCode::BadRequest))?;
        match message {
            ClientMessage::ConnectionInit { payload } => {
                if self.session.is_some() {
                    return Err(End::Close(CloseCode::TooManyInits));
                }
                let payload = payload.unwrap_or_default();
                let token = token_of(&payload).ok_or(End::Close(CloseCode::Forbidden))?;
                let session = self.authenticate(token).await?;
                let limit = self.server.state.platform.settings.doors.streams_per_user;
                let place = self.server.places.take(session.viewer.user_id, limit);
                self.place = Some(place.ok_or(End::Close(CloseCode::TryAgainLater))?);
                self.session = Some(session);
                self.send(&ServerMessage::ConnectionAck).await
            }
            ClientMessage::Ping { payload } => self.send(&ServerMessage::Pong { payload }).await,
            ClientMessage::Pong {} => Ok(()),
            ClientMessage::Subscribe { id, payload } => {
                let Some(session) = self.session.clone() else {
                    return Err(End::Close(CloseCode::Unauthorized));
                };
                let params = Params::from_object(payload).map_err(|_| End::Close(CloseCode::BadRequest))?;
                self.subscribe(id, params, session).await
            }
            ClientMessage::Complete { id } => {
                if let Some((_, task)) = self.operations.remove(&id) {
                    task.abort();
                }
                Ok(())
            }
        }
    }

    async fn authenticate(&mut self, token: &str) -> Result<Session, End> {
        let admitted = auth::admit_token(&self.server.state, token, &self.client).await;
        admitted.map_err(|failure| {
            if failure.code().is_ours() {
                tracing::error!(error = %failure, "token could not be checked");
                return End::Close(CloseCode::Internal);
            }
            match failure.code() {
                Code::RateLimited => End::Close(CloseCode::TryAgainLater),
                _ => End::Close(CloseCode::Forbidden),
            }
        })
    }

    /// Ends the connection once its token has expired or was withdrawn. A database that does not answer withdraws nothing.
    async fn check_token(&mut self) -> Result<(), End> {
        let Some(session) = &self.session else {
            return Ok(());
        };
        match auth::still_valid(&self.server.state, session).await {
            Ok(false) => Err(End::Close(CloseCode::Forbidden)),
            Ok(true) | Err(_) => Ok(()),
        }
    }

    async fn subscribe(&mut self, id: String, params: Params, session: Session) -> Result<(), End> {
        if self.operations.contains_key(&id) {
            return Err(End::Close(CloseCode::SubscriberExists));
        }
        if self.operations.len() >= MAX_OPERATIONS {
            let message = format!("At most {MAX_OPERATIONS} operations may run on one connection.");
            let answer = Answer::refused(&Failure::client(Code::QueryTooComplex, message), self.request_id);
            return self
                .send(&ServerMessage::Error {
                    id: &id,
                    payload: answer.errors,
                })
                .await;
        }
        self.count += 1;
        let number = self.count;
        let outlet = Outlet {
            id: id.clone(),
            number,
            results: self.results.clone(),
        };
        let owner = Owner {
            session,
            client: self.client.clone(),
            request_id: self.request_id,
        };
        let work = run(self.server.clone(), params, owner, outlet);
        let task = tokio::spawn(work.in_current_span());
        self.operations.insert(id, (number, task.abort_handle()));
        Ok(())
    }

    /// Passes a result on, unless the client has completed the operation meanwhile.
    async fn forward(&mut self, result: Box<FromOperation>) -> Result<(), End> {
        let FromOperation { id, number, outcome } = *result;
        if self
            .operations
            .get(&id)
            .is_none_or(|(current, _)| *current != number)
        {
            return Ok(());
        }
        match outcome {
            Outcome::Next(answer) => {
                self.send(&ServerMessage::Next {
                    id: &id,
                    payload: Box::new(answer),
                })
                .await
            }
            Outcome::Error(answer) => {
                self.operations.remove(&id);
                self.send(&ServerMessage::Error {
                    id: &id,
                    payload: answer.errors,
                })
                .await
            }
            Outcome::Complete => {
                self.operations.remove(&id);
                self.send(&ServerMessage::Complete { id: &id }).await
            }
        }
    }

    async fn send(&mut self, message: &ServerMessage<'_>) -> Result<(), End> {
        let text = serde_json::to_string(message).map_err(|_| End::Close(CloseCode::Internal))?;
        self.write(Message::Text(text.into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        match timeout(WRITE_TIMEOUT, self.socket.send(message)).await {
            Ok(written) => Ok(written?),
            Err(_) => Err(End::Gone),
        }
    }
}

/// Where an operation puts its results.
struct Outlet {
    id: String,
    number: u64,
    results: mpsc::Sender<Box<FromOperation>>,
}

impl Outlet {
    /// False when nobody listens any more.
    async fn put(&self, outcome: Outcome) -> bool {
        let result = Box::new(FromOperation {
            id: self.id.clone(),
            number: self.number,
            outcome,
        });
        self.results.send(result).await.is_ok()
    }
}

/// On whose behalf an operation runs.
struct Owner {
    session: Session,
    client: Client,
    request_id: RequestId,
}

/// Runs one operation to its end.
async fn run(server: Arc<Server>, params: Params, owner: Owner, outlet: Outlet) {
    let work = AssertUnwindSafe(run_inner(&server, params, &owner, &outlet)).catch_unwind();
    let last = match work.await {
        Ok(last) => last,
        Err(_) => Outcome::Error(Answer::refused(
            &Failure::internal("a resolver panicked"),
            owner.request_id,
        )),
    };
    outlet.put(last).await;
}

async fn run_inner(server: &Server, params: Params, owner: &Owner, outlet: &Outlet) -> Outcome {
    let asker = Asker {
        session: Some(&owner.session),
        client: &owner.client,
        request_id: owner.request_id,
    };
    let operation = match Operation::accept(server, params, asker).await {
        Ok(operation) => operation,
        Err(refused) => return Outcome::Error(refused),
    };
    if operation.kind != OperationType::Subscription {
        let answer = operation.run(&server.schema).await;
        if answer.is_request_error() {
            return Outcome::Error(answer);
        }
        outlet.put(Outcome::Next(answer)).await;
        return Outcome::Complete;
    }
    let mut answers = std::pin::pin!(operation.stream(&server.schema));
    while let Some(answer) = answers.next().await {
        // Root fields are nullable: null data means that the subscription could not begin.
        if answer.data.as_ref().is_none_or(|data| *data == Value::Null) {
            return Outcome::Error(answer);
        }
        if !outlet.put(Outcome::Next(answer)).await {
            break;
        }
    }
    Outcome::Complete
}
