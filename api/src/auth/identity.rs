//! What every process keeps at hand to know who asks: keys, tokens that it has just seen, and the turns of passwords.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entities::session;
use platform::accounts::keys::{self, KeyPair};
use platform::accounts::passwords::Passwords;
use platform::{Platform, Secret};
use sha2::{Digest, Sha256};
use tokio::sync::RwLock;
use uuid::Uuid;

use super::own::{self, Claims, Refused, Verifier};
use super::session::Session;
use crate::failure::Failure;

/// A token that was checked against the database is let in for so long without another look. This bounds how long a suspended
/// person or an ended session goes on at a process that did not hear of it.
pub const SEEN_LIFE: Duration = Duration::from_secs(5);
/// Tokens that are remembered at most.
const SEEN: usize = 10_000;
/// The keys are read again after so long.
const KEYS_LIFE: Duration = Duration::from_secs(60);
/// A token with an unknown key makes us read them again, but not more often than this.
const KEYS_PAUSE: Duration = Duration::from_secs(1);

/// SHA-256 of a token.
type Hash = [u8; 32];

/// Keys, checked tokens and turns. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    keys: RwLock<Option<Keys>>,
    seen: Mutex<HashMap<Hash, (Session, Instant)>>,
    passwords: Passwords,
}

#[derive(Clone)]
struct Keys {
    pairs: Arc<[KeyPair]>,
    verifiers: Arc<[Verifier]>,
    read: Instant,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity")
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self(Arc::new(Inner {
            keys: RwLock::new(None),
            seen: Mutex::default(),
            passwords: Passwords::default(),
        }))
    }
}

impl Identity {
    /// The turns of passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// The public keys, for whoever wants to verify our tokens.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn public_keys(&self, platform: &Platform) -> Result<serde_json::Value, Failure> {
        let keys = self.keys(platform, KEYS_LIFE).await?;
        let public: Vec<serde_json::Value> = keys.pairs.iter().map(KeyPair::public).collect();
        Ok(serde_json::json!({ "keys": public }))
    }

    /// An access token of a session, and when it ends.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn issue(
        &self,
        platform: &Platform,
        session: &session::Model,
    ) -> Result<(Secret, DateTime<Utc>), Failure> {
        let keys = self.keys(platform, KEYS_LIFE).await?;
        own::issue(
            &keys.pairs,
            &platform.settings.issuer,
            session,
            platform::database::now(),
        )
    }

    /// What a token says, if it is one of ours and good now. Whether its session still is has to be asked besides.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`, or when the database refuses.
    pub async fn verify(&self, platform: &Platform, token: &str) -> Result<Claims, Failure> {
        let check = |keys: &Keys| {
            let now = platform::database::now();
            own::verify(token, &keys.verifiers, &platform.settings.issuer, now)
        };
        let mut verified = check(&self.keys(platform, KEYS_LIFE).await?);
        // Another process may have made a key since.
        if verified == Err(Refused::UnknownKey) {
            verified = check(&self.keys(platform, KEYS_PAUSE).await?);
        }
        verified.map_err(|refused| {
            tracing::debug!(%refused, "an access token is refused");
            Failure::unauthenticated()
        })
    }

    /// The session of a token that was checked a moment ago and has not expired since.
    pub fn seen(&self, token: &str) -> Option<Session> {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hash(token);
        let (session, at) = seen.get(&hash)?;
        let is_fresh = at.elapsed() < SEEN_LIFE && !session.has_expired(platform::database::now());
        let session = session.clone();
        if !is_fresh {
            seen.remove(&hash);
            return None;
        }
        Some(session)
    }

    /// Remembers that a token is good. `asked`: when the database was asked about it, not when it answered.
    pub fn remember(&self, token: &str, session: &Session, asked: Instant) {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN {
            seen.retain(|_, (_, at)| at.elapsed() < SEEN_LIFE);
        }
        if seen.len() >= SEEN {
            seen.clear();
        }
        seen.insert(hash(token), (session.clone(), asked));
    }

    /// Forgets what was checked of a person's tokens: something about them has changed.
    pub fn forget(&self, user_id: Uuid) {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, (session, _)| session.viewer.user_id != user_id);
    }

    /// The keys as they were so long ago at most.
    async fn keys(&self, platform: &Platform, age: Duration) -> Result<Keys, Failure> {
        if let Some(keys) = &*self.0.keys.read().await
            && keys.read.elapsed() < age
        {
            return Ok(keys.clone());
        }
        let mut place = self.0.keys.write().await;
        // Somebody else may have read them while we waited.
        if let Some(keys) = &*place
            && keys.read.elapsed() < age
        {
            return Ok(keys.clone());
        }
        let asked = Instant::now();
        let pairs = match keys::load(platform, platform::database::now()).await {
            Ok(pairs) => pairs,
            // The last good ones go on while the database is away; what depends on it asks it besides.
            Err(error) => {
                return match &*place {
                    Some(keys) => {
                        tracing::warn!(%error, "the signing keys could not be read again");
                        Ok(keys.clone())
                    }
                    None => Err(error.into()),
                };
            }
        };
        let keys = Keys {
            verifiers: pairs.iter().filter_map(Verifier::of).collect(),
            pairs: pairs.into(),
            read: asked,
        };
        *place = Some(keys.clone());
        Ok(keys)
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use entities::Viewer;
    use entities::scope::Scopes;

    use super::super::session::Origin;
    use super::*;

    fn session(user_id: Uuid) -> Session {
        Session {
            viewer: Viewer::member(user_id),
            scopes: Scopes::all(),
            origin: Origin::Session(Uuid::now_v7()),
            expires_at: None,
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_and_short_lived() {
        let identity = Identity::default();
        let (ann, bob) = (session(Uuid::now_v7()), session(Uuid::now_v7()));
        identity.remember("ann", &ann, Instant::now());
        identity.remember("bob", &bob, Instant::now());
        assert!(identity.seen("ann").is_some() && identity.seen("eve").is_none());
        identity.forget(ann.viewer.user_id);
        assert!(identity.seen("ann").is_none() && identity.seen("bob").is_some());
        let Some(long_ago) = Instant::now().checked_sub(SEEN_LIFE) else {
            return;
        };
        identity.remember("old", &ann, long_ago);
        assert!(identity.seen("old").is_none());
        let expired = Session {
            expires_at: Some(platform::database::now()),
            ..bob
        };
        identity.remember("expired", &expired, Instant::now());
        assert!(identity.seen("expired").is_none());
        for number in 0..SEEN + 10 {
            identity.remember(&number.to_string(), &ann, Instant::now());
        }
        let kept = identity.0.seen.lock().unwrap().len();
        assert!(kept <= SEEN, "{kept}");
    }

    /// A look at a known token costs microseconds. The bound is many times that, for a machine that does other things too.
    #[test]
    fn a_known_token_is_cheap() {
        let identity = Identity::default();
        let token = "x".repeat(600);
        identity.remember(&token, &session(Uuid::now_v7()), Instant::now());
        let began = Instant::now();
        let mut found = 0;
        for _ in 0..1000 {
            found += usize::from(identity.seen(&token).is_some());
        }
        let each = began.elapsed() / 1000;
        assert_eq!(found, 1000);
        println!("a known token costs {each:?}");
        assert!(each < Duration::from_micros(200), "{each:?}");
    }
}
