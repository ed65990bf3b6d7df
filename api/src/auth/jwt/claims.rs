//! What a token says, checked one by one: a claim of the wrong type is refused, never taken for absent.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{LEEWAY, Refused};

/// Longest `sub`, characters (OpenID Connect Core, 2).
const SUBJECT_LENGTH: usize = 255;
/// The last second of the year 9999: what is later is no time.
const LAST_SECOND: f64 = 253_402_300_799.0;
/// Claims that only identity tokens have.
const IDENTITY_CLAIMS: [&str; 2] = ["at_hash", "c_hash"];
/// What the claim `typ`, which some issuers write, says of access tokens.
const BEARER_TYPES: [&str; 3] = ["bearer", "jwt", "at+jwt"];
/// What it says of identity tokens.
const IDENTITY_TYPES: [&str; 2] = ["id", "jwt"];
/// Where issuers write the client that a token was made for.
const CLIENT_CLAIMS: [&str; 4] = ["azp", "client_id", "cid", "appid"];

/// What a token must say to be taken.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// `iss`, letter by letter.
    pub issuer: String,
    /// Whom it must be for.
    pub receiver: Receiver,
}

/// Whom a token must be for, and how an access token is told from others.
#[derive(Clone, Debug)]
pub enum Receiver {
    /// `aud` names one of the audiences (RFC 9068). A client, where one is named, is on the list, unless that is empty.
    Audience {
        /// Names of this server.
        audiences: Vec<String>,
        /// Clients whose tokens are taken; empty: any.
        client_ids: Vec<String>,
    },
    /// `token_use` is `access` and `client_id` is on the list; `aud`, which is there only when a client asked for it, names one
    /// of the audiences.
    Cognito {
        /// Clients whose tokens are taken.
        client_ids: Vec<String>,
        /// Names of this server.
        audiences: Vec<String>,
    },
    /// An identity token of a sign-in that this client began: `aud` names the client, `azp` no other one, and `nonce` is the
    /// sign-in's.
    Client {
        /// The client.
        client_id: String,
        /// What the sign-in began with.
        nonce: String,
    },
}

/// What a believed token says.
#[derive(Clone, Debug)]
pub struct Claims {
    /// `sub`.
    pub subject: String,
    /// `iat`.
    pub issued_at: DateTime<Utc>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    all: Map<String, Value>,
}

impl Claims {
    /// Checks what a token says whose signature fits.
    ///
    /// # Errors
    /// The first thing that is not as expected.
    pub(super) fn check(
        all: Map<String, Value>,
        expected: &Expectation,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        if text(&all, "iss")? != Some(expected.issuer.as_str()) {
            return Err(if all.contains_key("iss") {
                Refused::Issuer
            } else {
                Refused::Missing("iss")
            });
        }
        let subject = text(&all, "sub")?.ok_or(Refused::Missing("sub"))?;
        let is_name = !subject.is_empty()
            && subject.chars().count() <= SUBJECT_LENGTH
            && !subject.chars().any(char::is_control);
        if !is_name {
            return Err(Refused::Malformed("sub"));
        }
        let subject = subject.to_owned();
        let (issued_at, expires_at) = check_times(&all, now)?;
        text(&all, "jti")?;
        texts(&all, "scope")?;
        check_receiver(&all, &expected.receiver)?;
        if all.get("cnf").is_some_and(|bound| !bound.is_null()) {
            return Err(Refused::Bound);
        }
        Ok(Self {
            subject,
            issued_at,
            expires_at,
            all,
        })
    }

    /// A claim that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.all.get(name).and_then(Value::as_str)
    }

    /// True when a claim is `true` itself, and not something like it.
    pub fn is_true(&self, name: &str) -> bool {
        self.all.get(name) == Some(&Value::Bool(true))
    }

    /// A claim that is a list of texts, or one text; empty when it is something else.
    pub fn list(&self, name: &str) -> Vec<&str> {
        match self.all.get(name) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

fn check_times(
    all: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Refused> {
    let expires_at = time(all, "exp")?.ok_or(Refused::Missing("exp"))?;
    let issued_at = time(all, "iat")?.ok_or(Refused::Missing("iat"))?;
    let not_before = time(all, "nbf")?.unwrap_or(issued_at);
    if now >= expires_at + LEEWAY {
        return Err(Refused::Expired);
    }
    if now + LEEWAY < issued_at.max(not_before) {
        return Err(Refused::NotYet);
    }
    Ok((issued_at, expires_at))
}

fn check_receiver(all: &Map<String, Value>, receiver: &Receiver) -> Result<(), Refused> {
    let token_use = text(all, "token_use")?;
    let expected_use = match receiver {
        Receiver::Client { .. } => "id",
        _ => "access",
    };
    if token_use.is_some_and(|token_use| token_use != expected_use) {
        return Err(Refused::Use);
    }
    let named = texts(all, "aud")?;
    match receiver {
        Receiver::Cognito {
            client_ids,
            audiences,
        } => {
            if token_use.is_none() {
                return Err(Refused::Missing("token_use"));
            }
            if named.is_some_and(|named| !names_one(&named, audiences)) {
                return Err(Refused::Audience);
            }
            let client = text(all, "client_id")?.ok_or(Refused::Missing("client_id"))?;
            if !names_one(&[client], client_ids) {
                return Err(Refused::Client);
            }
        }
        Receiver::Audience {
            audiences,
            client_ids,
        } => {
            let named = named.ok_or(Refused::Missing("aud"))?;
            if !names_one(&named, audiences) {
                return Err(Refused::Audience);
            }
            for claim in CLIENT_CLAIMS {
                let client = text(all, claim)?;
                if client.is_some_and(|client| !client_ids.is_empty() && !names_one(&[client], client_ids)) {
                    return Err(Refused::Client);
                }
            }
            let kind = text(all, "typ")?.unwrap_or("Bearer").to_ascii_lowercase();
            let is_identity = IDENTITY_CLAIMS.iter().any(|claim| all.contains_key(*claim));
            if is_identity || !BEARER_TYPES.contains(&kind.as_str()) {
                return Err(Refused::Use);
            }
        }
        Receiver::Client { client_id, nonce } => {
            let named = named.ok_or(Refused::Missing("aud"))?;
            if !named.contains(&client_id.as_str()) {
                return Err(Refused::Audience);
            }
            let party = text(all, "azp")?;
            let is_ours = party.map_or(named.len() == 1, |party| party == client_id);
            if !is_ours {
                return Err(Refused::Client);
            }
            let kind = text(all, "typ")?.unwrap_or("ID").to_ascii_lowercase();
            if !IDENTITY_TYPES.contains(&kind.as_str()) {
                return Err(Refused::Use);
            }
            if text(all, "nonce")?.ok_or(Refused::Missing("nonce"))? != nonce {
                return Err(Refused::Nonce);
            }
        }
    }
    Ok(())
}

fn names_one(named: &[&str], known: &[String]) -> bool {
    named.iter().any(|name| known.iter().any(|other| other == name))
}

/// A claim that is a text or not there.
fn text<'a>(all: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, Refused> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refused::Malformed(name)),
    }
}

/// A claim that is a text, a list of texts, or not there.
fn texts<'a>(all: &'a Map<String, Value>, name: &'static str) -> Result<Option<Vec<&'a str>>, Refused> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(vec![text])),
        Some(Value::Array(values)) => {
            let mut texts = Vec::with_capacity(values.len());
            for value in values {
                texts.push(value.as_str().ok_or(Refused::Malformed(name))?);
            }
            Ok(Some(texts))
        }
        Some(_) => Err(Refused::Malformed(name)),
    }
}

/// A claim that is a time (seconds since 1970, parts of one allowed) or not there.
fn time(all: &Map<String, Value>, name: &'static str) -> Result<Option<DateTime<Utc>>, Refused> {
    let Some(value) = all.get(name) else {
        return Ok(None);
    };
    let seconds = value.as_f64().ok_or(Refused::Malformed(name))?;
    if !(0.0..=LAST_SECOND).contains(&seconds) {
        return Err(Refused::Malformed(name));
    }
    let time = DateTime::from_timestamp_millis((seconds * 1000.0) as i64);
    time.ok_or(Refused::Malformed(name)).map(Some)
}
