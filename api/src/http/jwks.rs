//! `GET /.well-known/jwks.json`: the public keys of our access tokens (RFC 7517).

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::answer::Refusal;
use super::request_id::RequestId;
use crate::server::Server;

/// A new key signs later than this.
const CACHE: &str = "public, max-age=300";

/// The keys.
pub async fn get(State(server): State<Arc<Server>>, request_id: RequestId) -> Response {
    let state = &server.state;
    match state.identity.public_keys(&state.platform).await {
        Ok(keys) => {
            let headers = [(CACHE_CONTROL, CACHE), (CONTENT_TYPE, "application/jwk-set+json")];
            (headers, keys.to_string()).into_response()
        }
        Err(failure) => Refusal::new(failure, request_id).into_response(),
    }
}
