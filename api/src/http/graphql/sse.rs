//! GraphQL over server-sent events, one operation a connection (enisdenjo/graphql-sse, PROTOCOL.md).

use super::framing::{Framing, Reason, json};
use crate::graphql::answer::Answer;

/// Events with their data.
pub struct Events;

impl Framing for Events {
    fn content_type(&self) -> String {
        "text/event-stream; charset=utf-8".to_owned()
    }

    fn opening(&self) -> String {
        self.heartbeat()
    }

    fn answer(&self, answer: &Answer) -> String {
        // JSON has no line breaks of its own.
        format!("event: next\ndata: {}\n\n", json(answer))
    }

    fn heartbeat(&self) -> String {
        ":\n\n".to_owned()
    }

    fn completion(&self) -> String {
        // An event without data is no event.
        "event: complete\ndata:\n\n".to_owned()
    }

    /// The end without `complete`: the client comes back, with a fresh token. The reason is a comment, for people.
    fn breaking_off(&self, reason: &Reason) -> String {
        format!(": {}\n\n", json(reason))
    }
}
