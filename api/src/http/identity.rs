//! `GET /v1/identity`: where people can sign in. Public, for it is asked before anybody has.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::graphql::identity_provider::IdentityProvider;
use crate::server::Server;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    identity_providers: Vec<IdentityProvider>,
}

/// The providers, as `serverInfo.identityProviders` of GraphQL has them.
pub async fn get(State(server): State<Arc<Server>>) -> Response {
    let facts = server
        .state
        .issuers
        .sign_in_facts(platform::database::now())
        .await;
    let identity_providers = facts.into_iter().map(IdentityProvider::from).collect();
    let headers = [(CACHE_CONTROL, "no-cache")];
    (headers, Json(Identity { identity_providers })).into_response()
}
