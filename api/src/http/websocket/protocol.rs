//! Messages and close codes of graphql-transport-ws (enisdenjo/graphql-ws, PROTOCOL.md).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::graphql::answer::{Answer, AnswerError};

/// Name of the subprotocol.
pub const PROTOCOL: &str = "graphql-transport-ws";

/// What a client may send.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Opens the connection; carries the token.
    ConnectionInit {
        /// `{"token": …}` or `{"authorization": "Bearer …"}`.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Asks for a pong.
    Ping {
        /// Comes back in the pong.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Answers a ping.
    Pong {},
    /// Starts an operation.
    Subscribe {
        /// Chosen by the client, unique among its running operations.
        id: String,
        /// A GraphQL request.
        payload: Map<String, Value>,
    },
    /// Stops an operation.
    Complete {
        /// Which one.
        id: String,
    },
}

/// What the server sends.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    /// The connection is open.
    ConnectionAck,
    /// Answers a ping.
    Pong {
        /// As it came.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    /// One result.
    Next {
        /// Of which operation.
        id: &'a str,
        /// The result.
        payload: Box<Answer>,
    },
    /// The operation was refused; its id is free again.
    Error {
        /// Which operation.
        id: &'a str,
        /// Why.
        payload: Vec<AnswerError>,
    },
    /// The operation is over; its id is free again.
    Complete {
        /// Which operation.
        id: &'a str,
    },
}

/// Why the server closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// The server goes away for a moment; come back.
    ServiceRestart,
    /// A message is longer than is read.
    MessageTooBig,
    /// Too many are open; come back later.
    TryAgainLater,
    /// The message is not one of the protocol.
    BadRequest,
    /// `subscribe` before `connection_ack`.
    Unauthorized,
    /// The token is refused, or no longer valid.
    Forbidden,
    /// No `connection_init` in time.
    InitTimeout,
    /// The id belongs to a running operation.
    SubscriberExists,
    /// A second `connection_init`.
    TooManyInits,
    /// Our fault.
    Internal,
}

impl CloseCode {
    /// Number and reason on the wire. 4403, 1012 and 1013 make clients of graphql-ws come back with a fresh token; the other 44xx
    /// codes make them give up.
    pub fn parts(self) -> (u16, &'static str) {
        match self {
            Self::ServiceRestart => (1012, "Service restart"),
            Self::MessageTooBig => (1009, "Message too big"),
            Self::TryAgainLater => (1013, "Too many connections"),
            Self::BadRequest => (4400, "Invalid message received"),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::SubscriberExists => (4409, "Subscriber already exists"),
            Self::TooManyInits => (4429, "Too many initialisation requests"),
            Self::Internal => (4500, "Internal server error"),
        }
    }
}

/// The token of a `connection_init` payload.
pub fn token_of(payload: &Map<String, Value>) -> Option<&str> {
    for (name, value) in payload {
        let Some(text) = value.as_str() else { continue };
        if name == "token" {
            return Some(text.trim());
        }
        if name.eq_ignore_ascii_case("authorization") {
            let (scheme, token) = text.trim().split_once(' ')?;
            return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim());
        }
    }
    None
}
