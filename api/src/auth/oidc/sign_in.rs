//! Coming back from an issuer with a code: it becomes tokens there, and those a session of this server's own.
//!
//! The access token goes through the same verifier as those that requests bring, so that nobody gets in here who could not get in
//! with it. Nothing of the issuer's tokens is kept.

use chrono::{DateTime, Utc};
use platform::accounts::sessions::Opened;
use platform::{Secret, identities};
use reqwest::Url;

use super::exchange::{Client, Grant, Unexchanged, exchange};
use super::{Issuer, Issuers, Refused};
use crate::auth::jwt::{Claims, Expectation, Receiver};
use crate::failure::Failure;
use crate::state::AppState;

/// What a browser comes back with.
#[derive(Debug)]
pub struct Returned {
    /// Where it was.
    pub issuer: String,
    /// What it was given there.
    pub code: Secret,
    /// What the challenge was made of that it went there with.
    pub code_verifier: Secret,
    /// Where it was sent back to.
    pub redirect_uri: String,
    /// What it went there with, and what the identity token repeats.
    pub nonce: Secret,
}

/// Why there is no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSignedIn {
    /// The settings name no such issuer, or none at which browsers sign in.
    UnknownIssuer,
    /// Browsers are sent back to another address, which is this one.
    RedirectUri(String),
    /// What came of the code.
    Refused(Refused),
}

impl Issuers {
    /// Begins a session for whoever comes back with a code.
    ///
    /// # Errors
    /// When the database does not answer. The inner error is why there is no session.
    pub async fn sign_in(
        &self,
        state: &AppState,
        returned: &Returned,
        agent: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Result<Opened, NotSignedIn>, Failure> {
        let is_named = |issuer: &&Issuer| issuer.settings.issuer == returned.issuer;
        let issuer = self.all.iter().find(is_named);
        let known = issuer.and_then(|issuer| Some((issuer, issuer.settings.client_ids.first()?)));
        let Some((issuer, client_id)) = known else {
            return Ok(Err(NotSignedIn::UnknownIssuer));
        };
        if returned.redirect_uri != self.redirect_uri {
            return Ok(Err(NotSignedIn::RedirectUri(self.redirect_uri.clone())));
        }
        let refused = match issuer.claims_of(returned, client_id, now).await {
            Ok(claims) => match issuer.open(state, &claims, agent).await? {
                Ok(opened) => return Ok(Ok(opened)),
                Err(refused) => refused,
            },
            Err(refused) => {
                if is_an_attempt(refused) {
                    identities::sign_in_failed(&state.platform, None, &issuer.settings.issuer).await?;
                }
                refused
            }
        };
        self.said.not_signed_in(&issuer.settings.issuer, refused, now);
        Ok(Err(NotSignedIn::Refused(refused)))
    }
}

/// Whether somebody tried to come in, and not: whether the issuer can be asked. Those are for the audit log.
fn is_an_attempt(refused: Refused) -> bool {
    !matches!(refused, Refused::Exchange(why) if why != Unexchanged::Code)
}

impl Issuer {
    /// What the access token says that the code is good for.
    async fn claims_of(
        &self,
        returned: &Returned,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Claims, Refused> {
        let document = self.keys.document(now).await;
        let client = Client {
            id: client_id,
            secret: self.settings.client_secret.as_ref(),
        };
        let grant = Grant {
            code: &returned.code,
            code_verifier: &returned.code_verifier,
            redirect_uri: &returned.redirect_uri,
            resource: self.resource(),
        };
        let tokens = exchange(self.keys.fetcher(), document.as_ref(), client, grant).await?;
        let claims = self.verify(tokens.access.expose(), now).await?;
        if let Some(identity) = tokens.identity {
            let expected = Expectation {
                issuer: self.expected.issuer.clone(),
                receiver: Receiver::Client {
                    client_id: client_id.to_owned(),
                    nonce: returned.nonce.expose().to_owned(),
                },
            };
            let verified = self.verify_as(identity.expose(), &expected, now).await;
            verified.map_err(Refused::Identity)?;
        }
        Ok(claims)
    }

    /// A session for the owner of a token, if they have an account or may have one.
    async fn open(
        &self,
        state: &AppState,
        claims: &Claims,
        agent: Option<&str>,
    ) -> Result<Result<Opened, Refused>, Failure> {
        let (platform, issuer) = (&state.platform, self.settings.issuer.as_str());
        let Some(person) = self.account(state, claims).await? else {
            identities::sign_in_failed(platform, None, issuer).await?;
            return Ok(Err(Refused::NoAccount));
        };
        let life = self.settings.session_life;
        match identities::sign_in(platform, person.id, issuer, agent, life).await? {
            Some(opened) => Ok(Ok(opened)),
            None => {
                identities::sign_in_failed(platform, Some(person.id), issuer).await?;
                Ok(Err(Refused::Suspended))
            }
        }
    }

    /// What an access token has to be asked for; none where a scope says it already, as some issuers want it: those refuse to
    /// hear it twice.
    pub(super) fn audience(&self) -> Option<&str> {
        let audience = self.settings.audiences.first()?;
        // `api://automl/use`, `automl/use`.
        let says = |scope: &String| {
            let rest = scope.strip_prefix(audience.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                || scope.split('/').any(|part| part == audience)
        };
        let is_said = self.settings.scopes.iter().any(says);
        (!is_said).then_some(audience.as_str())
    }

    /// The audience as RFC 8707 wants it: an absolute address without a fragment. Others are no resources.
    fn resource(&self) -> Option<&str> {
        let is_resource = |audience: &&str| Url::parse(audience).is_ok_and(|url| url.fragment().is_none());
        self.audience().filter(is_resource)
    }
}
