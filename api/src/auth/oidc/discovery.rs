//! What an issuer says of itself (OpenID Connect Discovery), believed only if it says its own name.

use serde::Deserialize;

use super::fetch::{self, FetchError, Fetcher};

/// Where an issuer does what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Document {
    issuer: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where a browser goes to sign in.
    pub authorization_endpoint: Option<String>,
    /// Where a code is exchanged for tokens.
    pub token_endpoint: Option<String>,
    /// How clients with a secret may show it there; none: as the specification says, in the header.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Where a browser goes to sign out.
    pub end_session_endpoint: Option<String>,
}

/// Why an issuer's documents cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The discovery document is not there.
    #[error("its discovery document: {0}")]
    NoDocument(FetchError),
    /// The discovery document is not one.
    #[error("its discovery document cannot be read")]
    BadDocument,
    /// The discovery document is another issuer's.
    #[error("its discovery document is that of an issuer of another name: {0:?}")]
    OtherIssuer(String),
    /// The set of keys is not there.
    #[error("its keys: {0}")]
    NoKeys(FetchError),
    /// The set of keys is not one.
    #[error("its keys cannot be read")]
    BadKeys,
    /// No key of the set can be used.
    #[error("none of its keys can be used")]
    Keyless,
}

/// Asks an issuer about itself.
///
/// # Errors
/// When there is no answer, or it is another's.
pub async fn discover(fetcher: &Fetcher, issuer: &str) -> Result<Document, Unusable> {
    let address = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let fetched = fetcher.get(&address).await.map_err(Unusable::NoDocument)?;
    let document: Document = serde_json::from_slice(&fetched.body).map_err(|_| Unusable::BadDocument)?;
    if document.issuer != issuer {
        return Err(Unusable::OtherIssuer(document.issuer));
    }
    Ok(document)
}

/// An address that a browser may be sent to: a page that follows it blindly runs no script of somebody else's choice.
pub fn for_browsers(address: Option<&String>) -> Option<String> {
    address
        .filter(|address| fetch::checked(address).is_some())
        .cloned()
}
