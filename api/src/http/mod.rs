//! HTTP: routes and what all of them share.

mod accept;
mod answer;
mod bodies;
pub mod client;
mod connections;
pub mod documents;
mod downloads;
mod gate;
mod graphql;
mod headers;
mod health;
mod identity;
mod jwks;
mod metrics;
mod openapi;
mod origins;
pub mod params;
mod part;
pub mod places;
mod predict;
pub mod request_id;
mod session;
mod trace;
pub mod turns;
mod unsubscribe;
mod uploads;
mod web;
mod websocket;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, patch, post};
use axum::{Router, middleware};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate, SizeAbove};

use crate::server::Server;
use crate::state::AppState;

pub use connections::{Bounds, serve};

/// Longest body of a request for a session, bytes.
const SESSION_BODY_LIMIT: usize = 4096;

/// Shorter answers go as they are, bytes: they fit into a packet, and compressing them costs more than it saves.
const COMPRESSED_FROM: u16 = 1024;

/// The whole face of the platform.
pub fn router(state: AppState) -> Router {
    let direct = state.platform.artifacts.direct();
    let public_url = state.platform.settings.public_url.as_deref();
    let headers = headers::Headers::new(direct.map(platform::artifacts::DirectUploads::origin), public_url);
    let gate = Arc::new(gate::Gate {
        headers,
        origins: state.allowed_origins.clone(),
        metrics: state.metrics.clone(),
    });
    state.issuers.warm();
    let server = Arc::new(Server::new(state));
    let graphql = get(graphql::get)
        .post(graphql::post)
        .layer(DefaultBodyLimit::max(graphql::BODY_LIMIT));
    let predict = post(predict::post).layer(DefaultBodyLimit::max(predict::BODY_LIMIT));
    let session = post(session::post).layer(DefaultBodyLimit::max(SESSION_BODY_LIMIT));
    let unsubscribe = get(unsubscribe::get)
        .post(unsubscribe::post)
        .layer(DefaultBodyLimit::max(SESSION_BODY_LIMIT));
    Router::new()
        .route("/graphql", graphql)
        .route("/v1/session", session)
        .route("/v1/identity", get(identity::get))
        .route("/v1/uploads/{id}", patch(uploads::patch).head(uploads::head))
        .route("/v1/models/{id}/predict", predict)
        .route("/v1/unsubscribe/{token}", unsubscribe)
        .route("/.well-known/jwks.json", get(jwks::get))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::get))
        .route("/openapi.json", get(openapi::get))
        .fallback(web::serve)
        // Server-sent events are left alone by default, and so must be Apollo's parts: an event goes out as it comes.
        .layer(
            CompressionLayer::new().compress_when(
                DefaultPredicate::new()
                    .and(SizeAbove::new(COMPRESSED_FROM))
                    .and(NotForContentType::const_new(accept::MULTIPART)),
            ),
        )
        // Files go as they are: their length is known, and models hardly shrink.
        .route("/v1/downloads/{signed}", get(downloads::get))
        .layer(middleware::from_fn_with_state(gate, gate::pass))
        .with_state(server)
}
