//! Where people sign in who have no account of this server's own.

use async_graphql::SimpleObject;
use serde::Serialize;

use crate::auth::oidc::SignInFacts;

/// An OpenID provider whose access tokens this server takes: what a browser needs to sign somebody in by the authorization code
/// flow with PKCE. Nothing of it is secret.
#[derive(Clone, Debug, Serialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
pub struct IdentityProvider {
    /// Its identifier: the `iss` of its tokens.
    pub issuer: String,
    /// What people call it; null: show the name of its host.
    pub name: Option<String>,
    /// The `client_id` of the web app there.
    pub client_id: String,
    /// Where the provider has to send the browser back to, letter by letter: the client there has to know it. What comes with the
    /// browser then goes to `signInWithCode`.
    pub redirect_uri: String,
    /// Where the browser goes to sign in; null while the provider does not answer.
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged for tokens; null while the provider does not answer.
    pub token_endpoint: Option<String>,
    /// Where the browser goes to sign out there; null when the provider has no such place.
    pub end_session_endpoint: Option<String>,
    /// Scopes to ask for (at most a few).
    pub scopes: Vec<String>,
    /// What to ask for as `resource` or `audience`, where the provider wants to know; null: nothing.
    pub audience: Option<String>,
}

impl From<SignInFacts> for IdentityProvider {
    fn from(facts: SignInFacts) -> Self {
        Self {
            issuer: facts.issuer,
            name: facts.name,
            client_id: facts.client_id,
            redirect_uri: facts.redirect_uri,
            authorization_endpoint: facts.authorization_endpoint,
            token_endpoint: facts.token_endpoint,
            end_session_endpoint: facts.end_session_endpoint,
            scopes: facts.scopes,
            audience: facts.audience,
        }
    }
}
