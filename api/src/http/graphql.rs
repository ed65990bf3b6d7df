//! GraphQL over HTTP, as the graphql-over-http specification and the audits of graphql-http have it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, UPGRADE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::accept::MediaType;
use super::answer;
use super::client::Client;
use super::params::Params;
use super::request_id::RequestId;
use super::websocket;
use crate::auth;
use crate::failure::{Code, Failure};
use crate::graphql::answer::Answer;
use crate::graphql::execute::{Asker, Operation};
use crate::server::Server;

/// Longest request body, bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Headers that a browser sends across origins only after asking; one of them must be on every GET.
const PREFLIGHT_HEADERS: [&str; 3] = [
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-apollo-operation-name",
];

/// `POST /graphql`.
pub async fn post(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    client: Client,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let reply = match Reply::negotiate(&headers, request_id) {
        Ok(reply) => reply,
        Err(response) => return response,
    };
    let session = match auth::authenticate(&server.state, &headers).await {
        Ok(session) => session,
        // To come in, nobody needs a token; an old one that a client still sends does no harm.
        Err(failure) if failure.code() == Code::Unauthenticated => {
            let params = read(&headers, body).ok();
            let answer = match params {
                Some(params) => come_in(&server, params, &client, request_id).await,
                None => None,
            };
            return match answer {
                Some(answer) => answer::graphql(&answer, reply.media_type),
                None => reply.refuse(StatusCode::UNAUTHORIZED, &failure),
            };
        }
        Err(failure) => return reply.refuse(StatusCode::UNAUTHORIZED, &failure),
    };
    let params = match read(&headers, body) {
        Ok(params) => params,
        Err((status, message)) => return reply.bad_request(status, &message),
    };
    let asker = Asker {
        session: Some(&session),
        client: &client,
        request_id,
    };
    match Operation::accept(&server, params, asker).await {
        Ok(operation) if operation.kind == OperationType::Subscription => reply.no_subscriptions(),
        Ok(operation) => answer::graphql(&operation.run(&server.schema).await, reply.media_type),
        Err(refused) => answer::graphql(&refused, reply.media_type),
    }
}

/// The parameters of a POST, or how it is refused.
fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Params, (StatusCode, String)> {
    if !is_json(headers) {
        let message = "Send the request as `Content-Type: application/json`.";
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message.to_owned()));
    }
    let body = body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = "The request body is larger than 256 KiB.";
            return (StatusCode::PAYLOAD_TOO_LARGE, message.to_owned());
        }
        let message = "The request body could not be read.";
        (StatusCode::BAD_REQUEST, message.to_owned())
    })?;
    Params::from_json(&body).map_err(|message| (StatusCode::BAD_REQUEST, message))
}

/// Runs an operation for nobody in particular; none: it is not one of those by which people come in, or not one at all.
async fn come_in(server: &Server, params: Params, client: &Client, request_id: RequestId) -> Option<Answer> {
    let asker = Asker {
        session: None,
        client,
        request_id,
    };
    match Operation::accept(server, params, asker).await {
        Ok(operation) => Some(operation.run(&server.schema).await),
        // That one has to wait is no secret.
        Err(refused) => refused.retry_after.is_some().then_some(refused),
    }
}

/// `GET /graphql`: a query, or the upgrade to a WebSocket.
pub async fn get(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    client: Client,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    fields: Query<HashMap<String, String>>,
) -> Response {
    if headers.contains_key(UPGRADE) {
        return websocket::upgrade(server, request_id, client, &headers, upgrade);
    }
    let reply = match Reply::negotiate(&headers, request_id) {
        Ok(reply) => reply,
        Err(response) => return response,
    };
    let session = match auth::authenticate(&server.state, &headers).await {
        Ok(session) => session,
        Err(failure) => return reply.refuse(StatusCode::UNAUTHORIZED, &failure),
    };
    if !has_preflight_header(&headers) {
        let message =
            "A GET needs a non-empty `GraphQL-Require-Preflight` header (it guards against forged requests).";
        return reply.bad_request(StatusCode::BAD_REQUEST, message);
    }
    let params = match Params::from_query(fields.0) {
        Ok(params) => params,
        Err(message) => return reply.bad_request(StatusCode::BAD_REQUEST, &message),
    };
    let asker = Asker {
        session: Some(&session),
        client: &client,
        request_id,
    };
    match Operation::accept(&server, params, asker).await {
        Ok(operation) if operation.kind == OperationType::Mutation => {
            let mut response = reply.bad_request(
                StatusCode::METHOD_NOT_ALLOWED,
                "Mutations are not run on GET; use POST.",
            );
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
            response
        }
        Ok(operation) if operation.kind == OperationType::Subscription => reply.no_subscriptions(),
        Ok(operation) => answer::graphql(&operation.run(&server.schema).await, reply.media_type),
        Err(refused) => answer::graphql(&refused, reply.media_type),
    }
}

/// How to answer this request.
#[derive(Clone, Copy)]
struct Reply {
    media_type: MediaType,
    request_id: RequestId,
}

impl Reply {
    #[expect(
        clippy::result_large_err,
        reason = "the error is the HTTP response, made once a request"
    )]
    fn negotiate(headers: &HeaderMap, request_id: RequestId) -> Result<Self, Response> {
        let accept: Vec<&str> = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let accept = (!accept.is_empty()).then(|| accept.join(","));
        match MediaType::negotiate(accept.as_deref()) {
            Some(media_type) => Ok(Self {
                media_type,
                request_id,
            }),
            None => {
                let message = "Answers are `application/graphql-response+json` or `application/json`.";
                let reply = Self {
                    media_type: MediaType::Json,
                    request_id,
                };
                Err(reply.bad_request(StatusCode::NOT_ACCEPTABLE, message))
            }
        }
    }

    fn bad_request(self, status: StatusCode, message: &str) -> Response {
        self.refuse(status, &Failure::client(Code::BadRequest, message))
    }

    fn no_subscriptions(self) -> Response {
        let message = "Subscriptions run over a WebSocket on this path (graphql-transport-ws).";
        self.refuse(
            StatusCode::BAD_REQUEST,
            &Failure::client(Code::BadRequest, message),
        )
    }

    fn refuse(self, status: StatusCode, failure: &Failure) -> Response {
        let status = if failure.code().is_ours() {
            failure.code().status()
        } else {
            status
        };
        answer::graphql_with_status(
            &Answer::refused(failure, self.request_id),
            self.media_type,
            status,
        )
    }
}

fn has_preflight_header(headers: &HeaderMap) -> bool {
    PREFLIGHT_HEADERS
        .iter()
        .any(|name| headers.get(*name).is_some_and(|value| !value.is_empty()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = content_type.split(';');
    let is_json = parts
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            matches!(
                value.trim().trim_matches('"').to_ascii_lowercase().as_str(),
                "utf-8" | "utf8"
            )
        }
        _ => true,
    });
    is_json && is_utf8
}
