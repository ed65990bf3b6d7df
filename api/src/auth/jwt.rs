//! A signed token (RFC 7519), taken apart strictly and held against what is expected of it (RFC 8725).
//!
//! `jsonwebtoken` checks the signature. The algorithm it does that with is the key's own: the header may only agree. Everything
//! else in a header that could point to a key (`jwk`, `jku`, `x5u`, `x5c`) is not read. The clock is an argument.

mod claims;
#[cfg(test)]
pub mod forge;
#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

pub use claims::{Claims, Expectation, Receiver};

/// Longer tokens are not read, bytes.
pub const MAX_LENGTH: usize = 8 * 1024;
/// How far the clocks of an issuer and of this server may be apart.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// What `typ` may say, in any case of letters: an access token, or nothing in particular. Others are tokens for other uses.
const TYPES: [&str; 3] = ["jwt", "at+jwt", "application/at+jwt"];

/// Why a token is refused. For the log: its owner only hears that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// Over [`MAX_LENGTH`].
    #[error("it is longer than 8 KiB")]
    TooLong,
    /// Not `header.claims.signature`.
    #[error("it does not have three parts")]
    Parts,
    /// A part is not base64url of a JSON object.
    #[error("its {0} cannot be read")]
    Unreadable(&'static str),
    /// A part says something twice, so that two readers may see different things.
    #[error("its {0} names something twice")]
    Twice(&'static str),
    /// The header asks for something that must be understood, and is not (`crit`, `b64`).
    #[error("its header demands an extension")]
    Extension,
    /// `typ` is that of another kind of token.
    #[error("its header's typ is not that of an access token")]
    Type,
    /// No `kid`: which key of a set it was signed with is not guessed.
    #[error("its header names no key")]
    NoKeyId,
    /// `kid` is not in the issuer's set.
    #[error("the issuer has no such key")]
    UnknownKey,
    /// `alg` is not the key's.
    #[error("its algorithm is not the key's")]
    Algorithm,
    /// The signature does not fit.
    #[error("its signature is not the key's")]
    Signature,
    /// A claim that must be there is not.
    #[error("the claim {0} is missing")]
    Missing(&'static str),
    /// A claim is of the wrong type or nonsense.
    #[error("the claim {0} cannot be used")]
    Malformed(&'static str),
    /// `iss` is another's.
    #[error("it is another issuer's")]
    Issuer,
    /// `aud` does not name this server.
    #[error("its audience is not this server")]
    Audience,
    /// It was made for a client that is not on the list.
    #[error("its client is not on the list")]
    Client,
    /// It is no access token: an identity or refresh token, say.
    #[error("it is not an access token")]
    Use,
    /// It is of another sign-in.
    #[error("its nonce is not that of this sign-in")]
    Nonce,
    /// Only the holder of a key may use it (`cnf`), which is not checked here.
    #[error("it is bound to a key of its holder")]
    Bound,
    /// `exp` has passed.
    #[error("it has expired")]
    Expired,
    /// `nbf` or `iat` lies ahead.
    #[error("it is not valid yet")]
    NotYet,
}

/// A public key of an issuer, with the only algorithm that it is used with.
#[derive(Clone, Debug)]
pub struct Key {
    /// `kid`.
    pub id: String,
    /// What `alg` of a header must say.
    pub name: &'static str,
    /// The same for the library.
    pub algorithm: Algorithm,
    /// The key itself.
    pub public: DecodingKey,
}

/// A token that was taken apart and not believed yet.
#[derive(Debug)]
pub struct Token<'a> {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    /// Takes it apart.
    ///
    /// # Errors
    /// When it is not one, or its header demands what is not understood.
    pub fn read(text: &'a str) -> Result<Self, Refused> {
        let (header, claims, signature) = parts(text)?;
        let signed = &text[..header.len() + 1 + claims.len()];
        let header = object(header, "header")?;
        let claims = object(claims, "claims")?;
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(Refused::Extension);
        }
        match header.get("typ") {
            None => {}
            Some(Value::String(kind)) if TYPES.contains(&kind.to_ascii_lowercase().as_str()) => {}
            Some(_) => return Err(Refused::Type),
        }
        Ok(Self {
            header,
            claims,
            signed,
            signature,
        })
    }

    /// Which key of the issuer it says that it was signed with.
    ///
    /// # Errors
    /// `NoKeyId`.
    pub fn key_id(&self) -> Result<&str, Refused> {
        let id = self.header.get("kid").and_then(Value::as_str);
        id.filter(|id| !id.is_empty()).ok_or(Refused::NoKeyId)
    }

    /// What it says, once it is believed.
    ///
    /// # Errors
    /// When it was not signed with that key, or does not say what is expected.
    pub fn verify(self, key: &Key, expected: &Expectation, now: DateTime<Utc>) -> Result<Claims, Refused> {
        if self.header.get("alg").and_then(Value::as_str) != Some(key.name) {
            return Err(Refused::Algorithm);
        }
        let message = self.signed.as_bytes();
        let fits = jsonwebtoken::crypto::verify(self.signature, message, &key.public, key.algorithm);
        if !matches!(fits, Ok(true)) {
            return Err(Refused::Signature);
        }
        Claims::check(self.claims, expected, now)
    }
}

/// The issuer that a token names, unverified: good for choosing whom to ask, and for nothing else.
pub fn named_issuer(text: &str) -> Option<String> {
    let (_, claims, _) = parts(text).ok()?;
    match object(claims, "claims").ok()?.remove("iss") {
        Some(Value::String(issuer)) => Some(issuer),
        _ => None,
    }
}

fn parts(text: &str) -> Result<(&str, &str, &str), Refused> {
    if text.len() > MAX_LENGTH {
        return Err(Refused::TooLong);
    }
    let mut parts = text.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(claims), Some(signature), None) => Ok((header, claims, signature)),
        _ => Err(Refused::Parts),
    }
}

/// A part: base64url without padding of a JSON object in which no name occurs twice.
fn object(part: &str, which: &'static str) -> Result<Map<String, Value>, Refused> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Refused::Unreadable(which))?;
    let Object {
        members,
        is_ambiguous,
    } = serde_json::from_slice(&bytes).map_err(|_| Refused::Unreadable(which))?;
    if is_ambiguous {
        return Err(Refused::Twice(which));
    }
    Ok(members)
}

/// A JSON object that knows whether a name occurred twice.
struct Object {
    members: Map<String, Value>,
    is_ambiguous: bool,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object, A::Error> {
        let mut object = Object {
            members: Map::new(),
            is_ambiguous: false,
        };
        while let Some((name, value)) = entries.next_entry::<String, Value>()? {
            object.is_ambiguous |= object.members.insert(name, value).is_some();
        }
        Ok(object)
    }
}
