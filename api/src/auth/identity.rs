//! What every process keeps at hand to know who asks: keys, tokens that it has just seen, and the turns of passwords.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entities::session;
use platform::accounts::keys::{self, KeyPair};
use platform::accounts::passwords::Passwords;
use platform::{Platform, Secret};
use tokio::sync::RwLock;

use super::own::{self, Claims, Refused, Verifier};
use super::seen::Seen;
use crate::failure::Failure;

/// The keys are read again after so long.
const KEYS_LIFE: Duration = Duration::from_secs(60);
/// A token with an unknown key makes us read them again, but not more often than this.
const KEYS_PAUSE: Duration = Duration::from_secs(1);

/// Keys, checked tokens and turns. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    keys: RwLock<Option<Keys>>,
    seen: Seen,
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
            seen: Seen::default(),
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

    /// Tokens that were checked a moment ago.
    pub fn seen(&self) -> &Seen {
        &self.0.seen
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
