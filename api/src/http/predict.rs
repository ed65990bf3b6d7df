//! `POST /v1/models/{id}/predict`: the same as the mutation `predict`, for clients without GraphQL.

use std::sync::Arc;

use async_graphql::ID;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use entities::scope::Scope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::request_id::RequestId;
use crate::auth;
use crate::failure::{Code, Failure};
use crate::graphql::id::{self, Noun};
use crate::graphql::prediction;
use crate::server::Server;

/// Longest body, bytes: a thousand wide rows.
pub const BODY_LIMIT: usize = 16 << 20;

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Value>,
}

/// Predicts the rows of a body `{"rows": [{column: value}]}`.
pub async fn post(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    Path(model_id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refuse = |failure| Refusal::new(failure, request_id).into_response();
    let viewer = match auth::authenticate(&server.state, &headers).await {
        Ok(session) => match session.require(&[Scope::Predict, Scope::Write]) {
            Ok(()) => session.viewer,
            Err(failure) => return refuse(failure),
        },
        Err(failure) => return refuse(failure),
    };
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            let failure = Failure::client(
                Code::BadRequest,
                "The body is larger than 16 MiB or could not be read.",
            );
            return Refusal::new(failure, request_id)
                .with_status(rejection.status())
                .into_response();
        }
    };
    let rows = match serde_json::from_slice::<Rows>(&body) {
        Ok(body) => body.rows,
        Err(cause) => {
            let message = format!("The body must be {{\"rows\": [{{\"column\": value}}]}}: {cause}.");
            return refuse(Failure::client(Code::BadRequest, message));
        }
    };
    let Ok(key) = id::decode_as(&ID(model_id), Noun::Model) else {
        return refuse(Failure::client(
            Code::NotFound,
            "There is no such model, or it is not yours.",
        ));
    };
    let state = server.state.for_viewer(viewer);
    match prediction::predict(&state, &server.models, viewer, key, rows).await {
        Ok(Ok(answered)) => {
            let body = json!({ "predictions": answered.predictions, "inferenceMicroseconds": answered.microseconds });
            ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
        }
        Ok(Err(errors)) => {
            let not_found = errors.iter().any(|error| error.code == "NOT_FOUND");
            let status = if not_found {
                StatusCode::NOT_FOUND
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let list: Vec<Value> = errors
                .iter()
                .map(|error| json!({ "code": error.code, "message": error.message, "field": error.field }))
                .collect();
            (status, Json(json!({ "errors": list }))).into_response()
        }
        Err(failure) => refuse(failure),
    }
}
