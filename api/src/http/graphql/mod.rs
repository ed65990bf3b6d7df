//! GraphQL over HTTP, as the graphql-over-http specification and the audits of graphql-http have it; subscriptions as Apollo's
//! multipart protocol or as server-sent events, besides the WebSocket.

mod framing;
mod multipart;
mod reply;
mod request;
mod sse;
mod stream;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::header::{ALLOW, UPGRADE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::client::Client;
use super::origins;
use super::params::Params;
use super::request_id::RequestId;
use super::websocket;
use crate::auth::{self, Session};
use crate::failure::{Code, Failure};
use crate::graphql::answer::Answer;
use crate::graphql::execute::{Asker, Operation};
use crate::server::Server;
use reply::Reply;

/// Longest request body, bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// `POST /graphql`.
pub async fn post(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    client: Client,
    mut request: Request,
) -> Response {
    let headers = std::mem::take(request.headers_mut());
    let body = Bytes::from_request(request, &()).await;
    let reply = match Reply::negotiate(&server, &headers, request_id) {
        Ok(reply) => reply,
        Err(response) => return response,
    };
    if !origins::is_welcome(&headers, &server.state) {
        let message = "Pages of this origin may not use this server; whoever runs it can list it in AUTOML_ALLOWED_ORIGINS.";
        return reply.refuse(StatusCode::FORBIDDEN, &Failure::client(Code::Forbidden, message));
    }
    let session = match Box::pin(auth::authenticate(&server.state, &headers)).await {
        Ok(session) => session,
        // To come in, nobody needs a token; an old one that a client still sends does no harm.
        Err(failure) if failure.code() == Code::Unauthenticated => {
            let params = request::read(&headers, body).ok();
            let answer = match params {
                // It is paid for there.
                Some(params) => Box::pin(come_in(&server, params, &client, request_id)).await,
                None if auth::has_token(&headers) => {
                    let charged = Box::pin(auth::charge_for_nothing(&server.state, &client)).await;
                    charged.err().map(|failure| Answer::refused(&failure, request_id))
                }
                None => None,
            };
            return match answer {
                Some(answer) => reply.answer(&answer),
                None => reply.refuse(StatusCode::UNAUTHORIZED, &failure),
            };
        }
        Err(failure) => return reply.refuse(StatusCode::UNAUTHORIZED, &failure),
    };
    let params = match request::read(&headers, body) {
        Ok(params) => params,
        Err(refusal) => return reply.refuse_request(&refusal),
    };
    let asker = Asker {
        session: Some(&session),
        client: &client,
        request_id,
    };
    // Boxed, like everything large that a handler waits for: the layers around it move its future several times.
    match Box::pin(Operation::accept(&server, params, asker)).await {
        Ok(operation) => Box::pin(respond(server, operation, session, reply)).await,
        Err(refused) => reply.answer(&refused),
    }
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
        // Whoever only named the document sends it then; that one has to wait is no secret.
        Err(refused) => {
            let is_told = refused.retry_after.is_some() || refused.errors.iter().any(is_not_found);
            is_told.then_some(refused)
        }
    }
}

fn is_not_found(error: &crate::graphql::answer::AnswerError) -> bool {
    error.extensions.code == Code::PersistedQueryNotFound.name()
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
    let reply = match Reply::negotiate(&server, &headers, request_id) {
        Ok(reply) => reply,
        Err(response) => return response,
    };
    if !request::has_preflight_header(&headers) {
        let message =
            "A GET needs a non-empty `GraphQL-Require-Preflight` header (it guards against forged requests).";
        return reply.bad_request(StatusCode::BAD_REQUEST, message);
    }
    let session = match auth::admit(&server.state, &headers, &client).await {
        Ok(session) => session,
        Err(failure) if failure.code() == Code::RateLimited => {
            return reply.answer(&Answer::refused(&failure, request_id));
        }
        Err(failure) => return reply.refuse(StatusCode::UNAUTHORIZED, &failure),
    };
    let params = match Params::from_query(fields.0) {
        Ok(params) => params,
        Err(unreadable) => return reply.refuse_request(&unreadable.into()),
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
        Ok(operation) => respond(server, operation, session, reply).await,
        Err(refused) => reply.answer(&refused),
    }
}

/// Runs an operation: a subscription as a stream, everything else to its end.
async fn respond(server: Arc<Server>, operation: Operation, session: Session, reply: Reply) -> Response {
    if operation.kind != OperationType::Subscription {
        return reply.answer(&operation.run(&server.schema).await);
    }
    let Some(stream_type) = reply.accepted.stream else {
        let message = "Subscriptions run over a WebSocket on this path (graphql-transport-ws), or over HTTP with `Accept: \
                       text/event-stream` or `Accept: multipart/mixed;subscriptionSpec=1.0`.";
        return reply.bad_request(StatusCode::BAD_REQUEST, message);
    };
    let limit = server.state.platform.settings.doors.streams_per_user;
    let Some(place) = server.places.take(session.viewer.user_id, limit) else {
        let message = "Too many streams are open; close one, or ask for several things on one WebSocket.";
        let failure = Failure::client(Code::RateLimited, message);
        return reply.refuse(StatusCode::TOO_MANY_REQUESTS, &failure);
    };
    let subscriber = stream::Subscriber {
        server,
        session,
        request_id: reply.request_id,
        place,
    };
    stream::open(operation, subscriber, framing::of(stream_type))
}
