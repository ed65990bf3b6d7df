//! `POST /v1/session`: a one-time token becomes a session token.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::answer::Refusal;
use super::client::Client;
use super::request_id::RequestId;
use crate::auth;
use crate::failure::{Code, Failure};
use crate::server::Server;

/// The body of a request.
#[derive(Deserialize)]
pub struct Exchange {
    token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewSession {
    token: String,
    expires_at: DateTime<Utc>,
}

/// Exchanges a token.
pub async fn post(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    client: Client,
    body: Result<Json<Exchange>, JsonRejection>,
) -> Response {
    let Ok(Json(body)) = body else {
        let failure = Failure::client(
            Code::BadRequest,
            "Send JSON: {\"token\": \"<the one-time token of the link>\"}.",
        );
        return Refusal::new(failure, request_id)
            .with_status(StatusCode::BAD_REQUEST)
            .into_response();
    };
    let state = server.state.asked_from(&client, request_id);
    match auth::exchange(&state, &body.token).await {
        Ok((token, expires_at)) => (
            [(CACHE_CONTROL, "no-store")],
            Json(NewSession { token, expires_at }),
        )
            .into_response(),
        Err(failure) if failure.code() == Code::Unauthenticated => {
            let message = "This link has been used or has expired. Start the server again (or ask its owner) for a new link.";
            Refusal::new(Failure::client(Code::Unauthenticated, message), request_id).into_response()
        }
        Err(failure) => Refusal::new(failure, request_id).into_response(),
    }
}
