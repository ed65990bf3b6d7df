//! GraphQL over a WebSocket: the graphql-transport-ws protocol, with the close codes its clients understand.
//!
//! Authentication is in `connection_init`, never in the URL. Each operation is a task that fills a short queue: a slow reader
//! slows its own subscriptions, which re-read their rows and so lose nothing but steps in between.

mod connection;
mod protocol;

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::answer::Refusal;
use super::client::Client;
use super::origins;
use super::request_id::RequestId;
use super::trace;
use crate::failure::{Code, Failure};
use crate::server::Server;

pub use protocol::PROTOCOL;

/// Longest message of a client, bytes.
const MESSAGE_LIMIT: usize = 64 * 1024;
/// Longest message that is read at all: beyond it the socket just ends, below it the client is told why.
const READ_LIMIT: usize = 4 * MESSAGE_LIMIT;
/// What each socket has at hand for reading, bytes. Messages of clients are short, and most sockets are silent; longer messages
/// are read in pieces. (The library's 128 KiB would be most of what a socket costs.)
const READ_BUFFER: usize = 2 * 1024;

/// Upgrades a request, or says why not.
pub fn upgrade(
    server: Arc<Server>,
    request_id: RequestId,
    client: Client,
    headers: &HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !origins::is_welcome(headers, &server.state) {
        let failure = Failure::client(Code::Forbidden, "This origin may not open a WebSocket here.");
        return Refusal::new(failure, request_id).into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade
            .protocols([PROTOCOL])
            .read_buffer_size(READ_BUFFER)
            .max_message_size(READ_LIMIT)
            .max_frame_size(READ_LIMIT),
        Err(rejection) => return rejection.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        let message = format!("Ask for the subprotocol `{PROTOCOL}`.");
        let refusal = Refusal::new(Failure::client(Code::BadRequest, message), request_id);
        return refusal.with_status(StatusCode::BAD_REQUEST).into_response();
    }
    let open = server.state.metrics.socket();
    upgrade.on_upgrade(async move |socket| {
        connection::serve(socket, server, client, request_id)
            .instrument(trace::after(request_id))
            .await;
        drop(open);
    })
}
