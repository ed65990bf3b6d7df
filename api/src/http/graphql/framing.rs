//! How a stream of answers becomes bytes.

use serde::Serialize;

use super::multipart::Parts;
use super::sse::Events;
use crate::failure::Code;
use crate::graphql::answer::Answer;
use crate::http::accept::StreamType;
use crate::http::request_id::RequestId;

/// A way to write a stream.
pub trait Framing: Send + Sync {
    /// Value of the Content-Type header.
    fn content_type(&self) -> String;
    /// What comes before everything else.
    fn opening(&self) -> String;
    /// One answer. It is whole: a client shows it without waiting for what comes next.
    fn answer(&self, answer: &Answer) -> String;
    /// A sign of life.
    fn heartbeat(&self) -> String;
    /// The end of a stream that is over.
    fn completion(&self) -> String;
    /// The end of a stream that is broken off.
    fn breaking_off(&self, reason: &Reason) -> String;
}

/// The framing of a media type.
pub fn of(stream_type: StreamType) -> Box<dyn Framing> {
    match stream_type {
        StreamType::Multipart(boundary) => Box::new(Parts(boundary)),
        StreamType::Events => Box::new(Events),
    }
}

/// Why a stream is broken off, in the form of a GraphQL error.
#[derive(Debug, Serialize)]
pub struct Reason {
    message: &'static str,
    extensions: ReasonExtensions,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonExtensions {
    code: &'static str,
    request_id: String,
}

impl Reason {
    /// With that code.
    pub fn new(code: Code, message: &'static str, request_id: RequestId) -> Self {
        Self {
            message,
            extensions: ReasonExtensions {
                code: code.name(),
                request_id: request_id.to_string(),
            },
        }
    }
}

/// The JSON of a value of ours.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{\"errors\":[{\"message\":\"unwritable\"}]}".to_owned())
}
