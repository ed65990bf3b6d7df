//! Tokens of other issuers: verified by their keys, held against the settings, and answered with an account here.
//!
//! Invariants: which rules hold for a token is decided by the settings of the issuer, never by the token; no rule can be switched
//! off; a refused client learns nothing but that it is; nothing of a token is logged.

mod discovery;
pub mod exchange;
mod fetch;
pub mod jwk;
mod keys;
mod said;
mod sign_in;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use entities::Viewer;
use entities::user::{self, Role};
use platform::identities::{self, Subject};
use platform::links;
use platform::mail::Address;
use platform::settings::{self, IssuerKind, IssuerSignUp, Settings};

use super::Session;
use super::jwt::{self, Claims, Expectation, Receiver, Token};
use crate::failure::Failure;
use crate::state::AppState;
use exchange::Unexchanged;
use keys::Keys;
use said::Said;

pub use sign_in::{NotSignedIn, Returned};

/// Longest name of a new account, characters.
const NAME_LENGTH: usize = 100;
/// Claims that may hold a person's name, the best first.
const NAME_CLAIMS: [&str; 4] = ["name", "preferred_username", "username", "sub"];

/// Why a token, or a code, was not answered with a session. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The token itself.
    #[error("{0}")]
    Token(#[from] jwt::Refused),
    /// A good token of somebody without an account.
    #[error("its owner has no account, and may not get one by AUTOML_OIDC_SIGN_UP")]
    NoAccount,
    /// A good token of somebody who is kept out.
    #[error("its owner is suspended")]
    Suspended,
    /// A code for which the issuer gave no tokens.
    #[error("{0}")]
    Exchange(#[from] Unexchanged),
    /// A code for which the issuer gave an identity token that is not good, or not of this sign-in.
    #[error("the identity token: {0}")]
    Identity(jwt::Refused),
}

/// The issuers of the settings, built once.
#[derive(Debug)]
pub struct Issuers {
    all: Vec<Issuer>,
    said: Said,
    /// The only address to which browsers are sent back with a code.
    redirect_uri: String,
}

#[derive(Debug)]
struct Issuer {
    settings: settings::Issuer,
    expected: Expectation,
    keys: Keys,
}

/// What a browser needs to begin to sign in at an issuer. Public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInFacts {
    /// The issuer.
    pub issuer: String,
    /// What people call it.
    pub name: Option<String>,
    /// The client of the web app.
    pub client_id: String,
    /// Where the issuer sends browsers back to.
    pub redirect_uri: String,
    /// Where the browser goes to sign in; none while the issuer does not answer.
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged for tokens.
    pub token_endpoint: Option<String>,
    /// Where the browser goes to sign out.
    pub end_session_endpoint: Option<String>,
    /// What to ask for.
    pub scopes: Vec<String>,
    /// What the access token has to be for, where the issuer asks (`resource` or `audience` of the request).
    pub audience: Option<String>,
}

impl Issuers {
    /// The issuers of the settings. Nothing is asked of them yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            all: settings.issuers.iter().cloned().map(Issuer::new).collect(),
            said: Said::default(),
            redirect_uri: links::sign_in_return(&links::base(settings)),
        }
    }

    /// Asks all issuers for their keys, beside the start of the server.
    pub fn warm(&self) {
        for issuer in &self.all {
            let keys = issuer.keys.clone();
            tokio::spawn(async move { keys.warm(platform::database::now()).await });
        }
    }

    /// The session of a token that names one of the issuers; none: it names none of them, and is not for us to judge.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a token that is refused; others when the database does not answer.
    pub async fn session_of(
        &self,
        state: &AppState,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Failure> {
        if self.all.is_empty() {
            return Ok(None);
        }
        let named = jwt::named_issuer(token);
        let Some(issuer) = self
            .all
            .iter()
            .find(|issuer| Some(&issuer.expected.issuer) == named.as_ref())
        else {
            return Ok(None);
        };
        match issuer.admit(state, token, now).await? {
            Ok(session) => Ok(Some(session)),
            Err(reason) => {
                self.said.refused(&issuer.expected.issuer, reason, now);
                Err(Failure::unauthenticated())
            }
        }
    }

    /// What a browser may know of the issuers at which people sign in.
    pub async fn sign_in_facts(&self, now: DateTime<Utc>) -> Vec<SignInFacts> {
        let redirect_uri = self.redirect_uri.as_str();
        let all = self
            .all
            .iter()
            .map(|issuer| issuer.sign_in_facts(redirect_uri, now));
        let all = futures_util::future::join_all(all).await;
        all.into_iter().flatten().collect()
    }
}

impl Issuer {
    fn new(settings: settings::Issuer) -> Self {
        let (client_ids, audiences) = (settings.client_ids.clone(), settings.audiences.clone());
        let receiver = match settings.kind {
            IssuerKind::Cognito => Receiver::Cognito {
                client_ids,
                audiences,
            },
            IssuerKind::Generic => Receiver::Audience {
                audiences,
                client_ids,
            },
        };
        Self {
            expected: Expectation {
                issuer: settings.issuer.clone(),
                receiver,
            },
            keys: Keys::new(&settings.issuer),
            settings,
        }
    }

    async fn admit(
        &self,
        state: &AppState,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Result<Session, Refused>, Failure> {
        let claims = match self.verify(token, now).await {
            Ok(claims) => claims,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let Some(person) = self.account(state, &claims).await? else {
            return Ok(Err(Refused::NoAccount));
        };
        if person.suspended_at.is_some() {
            return Ok(Err(Refused::Suspended));
        }
        let viewer = Viewer {
            user_id: person.id,
            role: person.role,
        };
        Ok(Ok(Session::foreign(viewer, claims.expires_at)))
    }

    /// What an access token says, if it is for this server.
    async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, jwt::Refused> {
        self.verify_as(token, &self.expected, now).await
    }

    async fn verify_as(
        &self,
        token: &str,
        expected: &Expectation,
        now: DateTime<Utc>,
    ) -> Result<Claims, jwt::Refused> {
        let token = Token::read(token)?;
        let id = token.key_id()?;
        let key = self.keys.find(id, now).await.ok_or(jwt::Refused::UnknownKey)?;
        token.verify(&key, expected, now)
    }

    /// The account of a verified token's owner, made now if they have none and may have one.
    async fn account(&self, state: &AppState, claims: &Claims) -> Result<Option<user::Model>, Failure> {
        let subject = self.subject(claims);
        Ok(identities::admit(&state.platform.database, &subject).await?)
    }

    fn subject(&self, claims: &Claims) -> Subject {
        let groups = claims.list(&self.settings.groups_claim);
        let is_in = |wanted: &[String]| wanted.iter().any(|group| groups.contains(&group.as_str()));
        let role = match &self.settings.admin_groups[..] {
            [] => None,
            admins if is_in(admins) => Some(Role::Admin),
            _ => Some(Role::Member),
        };
        let may_sign_up = match &self.settings.sign_up {
            IssuerSignUp::Open => true,
            IssuerSignUp::Closed => false,
            IssuerSignUp::Groups(wanted) => is_in(wanted),
        };
        // Anybody can claim an address at many issuers: only one that the issuer has verified is used.
        let address = claims.text("email").filter(|_| claims.is_true("email_verified"));
        Subject {
            issuer: self.expected.issuer.clone(),
            subject: claims.subject.clone(),
            name: name(claims),
            email: address.and_then(|address| Address::parse(address).ok()),
            role,
            issued_at: claims.issued_at,
            may_sign_up,
        }
    }

    async fn sign_in_facts(&self, redirect_uri: &str, now: DateTime<Utc>) -> Option<SignInFacts> {
        let client_id = self.settings.client_ids.first()?.clone();
        let document = self.keys.document(now).await;
        let endpoint = |of: fn(&discovery::Document) -> Option<&String>| {
            discovery::for_browsers(document.as_ref().and_then(of))
        };
        Some(SignInFacts {
            issuer: self.settings.issuer.clone(),
            name: self.settings.name.clone(),
            client_id,
            redirect_uri: redirect_uri.to_owned(),
            authorization_endpoint: endpoint(|document| document.authorization_endpoint.as_ref()),
            token_endpoint: endpoint(|document| document.token_endpoint.as_ref()),
            end_session_endpoint: endpoint(|document| document.end_session_endpoint.as_ref()),
            scopes: self.settings.scopes.clone(),
            audience: self.audience().map(str::to_owned),
        })
    }
}

/// A name to begin with, on one line.
fn name(claims: &Claims) -> String {
    for claim in NAME_CLAIMS {
        let text = claims.text(claim).unwrap_or_default();
        let visible: String = text
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        let name: String = visible.trim().chars().take(NAME_LENGTH).collect();
        if !name.is_empty() {
            return name.trim_end().to_owned();
        }
    }
    // `sub` is never empty; one of spaces alone is possible.
    "Somebody".to_owned()
}
