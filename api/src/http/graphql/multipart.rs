//! Apollo's multipart protocol for subscriptions over HTTP.
//!
//! A client splits the body at its delimiters, and so sees a part only when the next delimiter has come. That is why each part
//! is followed by one at once, and the body begins with one.

use super::framing::{Framing, Reason, json};
use crate::graphql::answer::Answer;
use crate::http::accept::Boundary;

/// Parts between delimiters.
pub struct Parts(pub Boundary);

impl Parts {
    fn delimiter(&self) -> String {
        format!("\r\n--{}", self.0.text())
    }

    fn part(&self, body: &str) -> String {
        format!(
            "\r\nContent-Type: application/json\r\n\r\n{body}{}",
            self.delimiter()
        )
    }
}

impl Framing for Parts {
    fn content_type(&self) -> String {
        format!(
            "multipart/mixed;boundary=\"{}\";subscriptionSpec=1.0",
            self.0.text()
        )
    }

    fn opening(&self) -> String {
        self.delimiter()
    }

    fn answer(&self, answer: &Answer) -> String {
        self.part(&format!("{{\"payload\":{}}}", json(answer)))
    }

    fn heartbeat(&self) -> String {
        self.part("{}")
    }

    fn completion(&self) -> String {
        format!("{}--\r\n", self.part("{\"payload\":null}"))
    }

    fn breaking_off(&self, reason: &Reason) -> String {
        let body = format!("{{\"payload\":null,\"errors\":[{}]}}", json(reason));
        format!("{}--\r\n", self.part(&body))
    }
}
