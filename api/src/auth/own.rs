//! Our own access tokens: JSON Web Tokens signed by ES256, ten minutes long. This is the one place that makes and reads them.
//!
//! Nothing in a token decides how it is checked. The algorithm is fixed, the key is one of ours by its id, and a header or a set
//! of claims with anything else in it than we write ourselves is refused before its signature is looked at.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entities::session;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, crypto};
use platform::Secret;
use platform::accounts::keys::{self, KeyPair};
use platform::accounts::sessions::ACCESS_LIFE;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::failure::Failure;

/// Whom our tokens are for: this platform.
pub const AUDIENCE: &str = "automl";
/// What our tokens are (RFC 9068).
const TYPE: &str = "at+jwt";
/// Clocks may differ by so many seconds.
const LEEWAY: i64 = 30;
/// A longer token is not one of ours, bytes.
pub const MAX_LENGTH: usize = 8 * 1024;

/// What a token says. Every claim is required, and there is no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Which platform made it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// Whose it is.
    pub sub: Uuid,
    /// The session that it belongs to.
    pub sid: Uuid,
    /// When it was made, in seconds since 1970, as all times are.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Not from then on.
    pub exp: i64,
    /// Names this token.
    pub jti: Uuid,
}

/// What a token's header says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
}

/// Why a token is refused: for the log. The client hears `UNAUTHENTICATED` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too long, not three parts, or a part that is not what it should be.
    #[error("it is not a token of ours")]
    Malformed,
    /// Another algorithm or another type.
    #[error("its header asks for something else")]
    Header,
    /// Signed by a key that is not (or no longer) ours.
    #[error("its key is unknown")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("its signature is wrong")]
    Signature,
    /// Another issuer or another audience.
    #[error("it is from or for somebody else")]
    Foreign,
    /// Not yet, or no longer.
    #[error("this is not its time")]
    Time,
}

/// A public key of ours.
#[derive(Clone)]
pub struct Verifier {
    id: String,
    key: DecodingKey,
}

impl Verifier {
    /// The public part of a pair; none when it is not a point of the curve.
    pub fn of(pair: &KeyPair) -> Option<Self> {
        let key = DecodingKey::from_ec_components(&pair.x, &pair.y).ok()?;
        Some(Self {
            id: pair.id.clone(),
            key,
        })
    }
}

/// What a token says, if it is one of ours and good now.
///
/// # Errors
/// Why it is not.
pub fn verify(
    token: &str,
    verifiers: &[Verifier],
    issuer: &str,
    now: DateTime<Utc>,
) -> Result<Claims, Refused> {
    if token.len() > MAX_LENGTH {
        return Err(Refused::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Refused::Malformed)?;
    let (head, claims) = message.split_once('.').ok_or(Refused::Malformed)?;
    if signature.is_empty() || claims.contains('.') {
        return Err(Refused::Malformed);
    }
    // A field that comes twice is an error of the parser.
    let head: Head = part(head)?;
    if head.alg != "ES256" || head.typ != TYPE {
        return Err(Refused::Header);
    }
    let verifier = verifiers.iter().find(|verifier| verifier.id == head.kid);
    let verifier = verifier.ok_or(Refused::UnknownKey)?;
    let is_signed = crypto::verify(signature, message.as_bytes(), &verifier.key, Algorithm::ES256);
    if !matches!(is_signed, Ok(true)) {
        return Err(Refused::Signature);
    }
    let claims: Claims = part(claims)?;
    if claims.iss != issuer || claims.aud != AUDIENCE {
        return Err(Refused::Foreign);
    }
    let now = now.timestamp();
    let has_begun = claims.nbf <= now + LEEWAY && claims.iat <= now + LEEWAY;
    if !has_begun || now - LEEWAY >= claims.exp {
        return Err(Refused::Time);
    }
    Ok(claims)
}

/// An access token of a session, and when it ends.
///
/// # Errors
/// When there is no key.
pub fn issue(
    pairs: &[KeyPair],
    issuer: &str,
    session: &session::Model,
    now: DateTime<Utc>,
) -> Result<(Secret, DateTime<Utc>), Failure> {
    let pair = keys::signing(pairs, now).ok_or_else(|| Failure::internal("there is no key to sign with"))?;
    let expires_at = (now + ACCESS_LIFE).min(session.ends_at);
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: session.user_id,
        sid: session.id,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: expires_at.timestamp(),
        jti: Uuid::new_v4(),
    };
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(pair.id.clone());
    let key = EncodingKey::from_ec_der(pair.expose_private());
    let token = jsonwebtoken::encode(&header, &claims, &key).map_err(Failure::internal)?;
    let expires_at = DateTime::from_timestamp(claims.exp, 0).unwrap_or(expires_at);
    Ok((Secret::new(token), expires_at))
}

/// The moment at which a token ends. Requests that come a little later pass, for clocks differ; what stays open ends here.
pub fn end_of(claims: &Claims) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(claims.exp, 0)
}

fn part<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refused> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Refused::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| Refused::Malformed)
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
