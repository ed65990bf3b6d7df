//! How one request is answered.

use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use platform::settings::Statuses;

use super::request::Refusal;
use super::{framing, stream};
use crate::failure::{Code, Failure};
use crate::graphql::answer::Answer;
use crate::http::accept::{Accepted, MediaType};
use crate::http::answer;
use crate::http::params::Unreadable;
use crate::http::request_id::RequestId;
use crate::server::Server;

/// How to answer a request.
#[derive(Clone, Copy)]
pub struct Reply {
    /// What the client takes.
    pub accepted: Accepted,
    /// Under which the log has it.
    pub request_id: RequestId,
    statuses: Statuses,
}

impl Reply {
    /// What the client's headers let us answer.
    ///
    /// # Errors
    /// The response that says that there is nothing it takes.
    #[expect(
        clippy::result_large_err,
        reason = "the error is the HTTP response, made once a request"
    )]
    pub fn negotiate(server: &Server, headers: &HeaderMap, request_id: RequestId) -> Result<Self, Response> {
        let accept: Vec<&str> = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let accept = (!accept.is_empty()).then(|| accept.join(","));
        let reply = Self {
            accepted: Accepted::read(accept.as_deref()),
            request_id,
            statuses: server.state.platform.settings.doors.statuses,
        };
        if reply.accepted.is_nothing() {
            let message = "Answers are `application/graphql-response+json` or `application/json`; subscriptions are \
                           `text/event-stream` or `multipart/mixed;subscriptionSpec=1.0`.";
            return Err(reply.bad_request(StatusCode::NOT_ACCEPTABLE, message));
        }
        Ok(reply)
    }

    /// Writes an answer: as one where the client takes that, else as a stream of one.
    pub fn answer(self, answer: &Answer) -> Response {
        match (self.accepted.answer, self.accepted.stream) {
            (None, Some(stream_type)) => stream::of_one(answer, framing::of(stream_type).as_ref()),
            _ => answer::graphql(answer, self.media_type(), self.statuses),
        }
    }

    /// Refuses what is not a GraphQL request.
    pub fn refuse_request(self, refusal: &Refusal) -> Response {
        match refusal {
            Refusal::Body(status, message) => self.bad_request(*status, message),
            Refusal::Parameters(unreadable) => {
                let status = match (unreadable, self.statuses) {
                    (Unreadable::Malformed(_), Statuses::Draft) => StatusCode::UNPROCESSABLE_ENTITY,
                    _ => StatusCode::BAD_REQUEST,
                };
                self.bad_request(status, unreadable.message())
            }
        }
    }

    /// Refuses a request that is not one of GraphQL over HTTP.
    pub fn bad_request(self, status: StatusCode, message: &str) -> Response {
        self.refuse(status, &Failure::client(Code::BadRequest, message))
    }

    /// Refuses a request with a status of its own, unless it is our fault. That is never a stream.
    pub fn refuse(self, status: StatusCode, failure: &Failure) -> Response {
        let status = if failure.code().is_ours() {
            failure.code().status()
        } else {
            status
        };
        answer::graphql_with_status(
            &Answer::refused(failure, self.request_id),
            self.media_type(),
            status,
        )
    }

    fn media_type(self) -> MediaType {
        self.accepted.answer.unwrap_or(MediaType::Json)
    }
}
