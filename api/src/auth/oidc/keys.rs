//! The keys of one issuer, kept for as long as it allows, and asked for again when a token names an unknown one.
//!
//! However many tokens name unknown keys, the issuer is asked once in ten seconds at most, by one caller at a time. When it does
//! not answer, the last good set stays good: an outage there is none here.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::discovery::{Document, Unusable, discover};
use super::fetch::{Fetched, Fetcher, checked, is_local};
use super::jwk;
use crate::auth::jwt::Key;

/// Between two tries to ask, whatever came of the first.
const PAUSE: TimeDelta = TimeDelta::seconds(10);
/// A set is kept for so long at least, whatever the issuer says of its age.
const SHORTEST: Duration = Duration::from_secs(5 * 60);
/// And for so long at most.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// When it says nothing.
const USUAL: Duration = Duration::from_secs(60 * 60);
/// How long a token of a key that is known, but whose set is old, waits for the new set.
const SHORT_WAIT: Duration = Duration::from_secs(1);

/// The keys of one issuer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keys {
    issuer: Arc<str>,
    fetcher: Fetcher,
    known: Arc<RwLock<Arc<Known>>>,
    /// Held while the issuer is asked.
    asking: Arc<Mutex<Asking>>,
}

/// What the issuer said last.
#[derive(Debug, Default)]
struct Known {
    keys: Vec<Arc<Key>>,
    document: Option<Document>,
    fresh_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Default)]
struct Asking {
    last: Option<DateTime<Utc>>,
}

impl Keys {
    /// None yet: the first token has them fetched, or [`Self::warm`].
    pub fn new(issuer: &str) -> Self {
        let local = checked(issuer).is_some_and(|url| is_local(&url));
        Self {
            issuer: issuer.into(),
            fetcher: Fetcher::new(local),
            known: Arc::default(),
            asking: Arc::default(),
        }
    }

    /// The key of that name, if the issuer has it.
    pub async fn find(&self, id: &str, now: DateTime<Utc>) -> Option<Arc<Key>> {
        let known = self.known();
        match known.key(id) {
            Some(key) if known.is_fresh(now) => return Some(key),
            Some(_) => {
                // The refresh goes on when it takes longer.
                let _ = tokio::time::timeout(SHORT_WAIT, self.refresh(now)).await;
            }
            None => self.refresh(now).await,
        }
        self.known().key(id)
    }

    /// What the issuer says of itself, if it has answered so far or does so soon.
    pub async fn document(&self, now: DateTime<Utc>) -> Option<Document> {
        if self.known().document.is_none() {
            let _ = tokio::time::timeout(SHORT_WAIT, self.refresh(now)).await;
        }
        self.known().document.clone()
    }

    /// What asks the issuer, for other things than keys.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// Asks the issuer, so that the first token need not wait and the log says early when it does not answer.
    pub async fn warm(&self, now: DateTime<Utc>) {
        self.refresh(now).await;
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the issuer, unless that was tried a moment ago; who comes while it is asked waits for the answer.
    async fn refresh(&self, now: DateTime<Utc>) {
        let mut asking = Arc::clone(&self.asking).lock_owned().await;
        // Who waited here has a slightly older time than the one that asked; a clock that was set back does not stop us for long.
        if asking.last.is_some_and(|last| (now - last).abs() < PAUSE) {
            return;
        }
        asking.last = Some(now);
        let this = self.clone();
        // A task of its own: a client that goes away in the middle does not undo what it set off.
        let asked = tokio::spawn(async move { this.ask(now, asking).await });
        // It can only fail by a panic, of which the runtime has told.
        let _ = asked.await;
    }

    async fn ask(&self, now: DateTime<Utc>, asking: OwnedMutexGuard<Asking>) {
        match self.fetch(now).await {
            Ok(known) => {
                tracing::info!(oidc.issuer = %self.issuer, keys = known.keys.len(), "read the keys of an issuer");
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
            }
            Err(error) => tracing::warn!(
                oidc.issuer = %self.issuer,
                %error,
                known_keys = self.known().keys.len(),
                "an issuer cannot be asked for its keys; those that are known stay good"
            ),
        }
        drop(asking);
    }

    async fn fetch(&self, now: DateTime<Utc>) -> Result<Known, Unusable> {
        let document = discover(&self.fetcher, &self.issuer).await?;
        let fetched = self
            .fetcher
            .get(&document.jwks_uri)
            .await
            .map_err(Unusable::NoKeys)?;
        let keys = self.read(&fetched)?;
        let age = fetched.max_age.unwrap_or(USUAL).clamp(SHORTEST, LONGEST);
        Ok(Known {
            keys,
            document: Some(document),
            fresh_until: Some(now + age),
        })
    }

    /// The keys of a set that can be used; the others are left out.
    fn read(&self, fetched: &Fetched) -> Result<Vec<Arc<Key>>, Unusable> {
        let set: Set = serde_json::from_slice(&fetched.body).map_err(|_| Unusable::BadKeys)?;
        let mut keys: Vec<Arc<Key>> = Vec::new();
        for value in &set.keys {
            match jwk::read(value) {
                // Of two with one name, neither can be told from the other: the first counts.
                Ok(key) if keys.iter().any(|other| other.id == key.id) => {
                    tracing::warn!(oidc.issuer = %self.issuer, "two keys of an issuer have the same name");
                }
                Ok(key) => keys.push(Arc::new(key)),
                Err(error) => {
                    tracing::debug!(oidc.issuer = %self.issuer, %error, "a key of an issuer is left out");
                }
            }
        }
        if keys.is_empty() {
            return Err(Unusable::Keyless);
        }
        Ok(keys)
    }
}

impl Known {
    fn key(&self, id: &str) -> Option<Arc<Key>> {
        self.keys.iter().find(|key| key.id == id).cloned()
    }

    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.fresh_until.is_some_and(|until| now < until)
    }
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}
