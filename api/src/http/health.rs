//! Is the process alive, and can it serve.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::server::Server;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /livez`: touches nothing.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers.
pub async fn ready(State(server): State<Arc<Server>>) -> Response {
    match tokio::time::timeout(PATIENCE, server.state.platform.database.connection().ping()).await {
        Ok(Ok(())) => "ok".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}
