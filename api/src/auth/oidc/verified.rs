//! Tokens that were verified a moment ago: neither their signature nor the database is looked at again for five seconds.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::auth::Session;

/// For so long a person who was suspended meanwhile, or whose groups have changed, is not noticed.
const LIFE: TimeDelta = TimeDelta::seconds(5);
/// Tokens at most; a few hundred bytes each.
const CAPACITY: usize = 10_000;

/// What a token is known by: the token itself is not kept.
pub type Hash = [u8; 32];

/// The hash of a token.
pub fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// The tokens.
#[derive(Debug, Default)]
pub struct Verified {
    entries: Mutex<HashMap<Hash, Entry>>,
}

#[derive(Debug)]
struct Entry {
    session: Session,
    verified_at: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Verified {
    /// The session of a token that was verified a moment ago.
    pub fn get(&self, hash: &Hash, now: DateTime<Utc>) -> Option<Session> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(hash)?;
        // A clock that was set back makes nothing younger.
        (entry.verified_at <= now && now < entry.until).then(|| entry.session.clone())
    }

    /// Keeps the session of a token that was just verified.
    pub fn put(&self, hash: Hash, session: Session, now: DateTime<Utc>) {
        let mut until = now + LIFE;
        if let Some(expires_at) = session.expires_at {
            until = until.min(expires_at);
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            entries.retain(|_, entry| now < entry.until);
        }
        // Full of tokens that are all fresh: starting over costs one verification each.
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        let entry = Entry {
            session,
            verified_at: now,
            until,
        };
        entries.insert(hash, entry);
    }
}

#[cfg(test)]
mod tests {
    use entities::Viewer;
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn session(seconds: i64) -> Session {
        Session::foreign(Viewer::member(Uuid::nil()), now() + TimeDelta::seconds(seconds))
    }

    #[test]
    fn a_token_is_known_for_five_seconds_and_never_after_its_end() {
        let verified = Verified::default();
        let known = |token: &str, seconds: i64| {
            let at = now() + TimeDelta::seconds(seconds);
            verified.get(&hash(token), at).is_some()
        };
        verified.put(hash("long"), session(3600), now());
        verified.put(hash("short"), session(2), now());
        assert!(known("long", 0) && known("long", 4) && !known("long", 5) && !known("long", -1));
        assert!(known("short", 1) && !known("short", 2));
        assert!(!known("another", 0));
    }

    #[test]
    fn there_are_never_more_than_fit() {
        let verified = Verified::default();
        for number in 0..CAPACITY + 10 {
            verified.put(hash(&number.to_string()), session(3600), now());
        }
        assert_eq!(verified.entries.lock().unwrap().len(), 10);
        for number in 0..CAPACITY + 10 {
            let later = now() + TimeDelta::seconds(6);
            verified.put(hash(&format!("later {number}")), session(3600), later);
        }
        assert!(verified.entries.lock().unwrap().len() <= CAPACITY);
    }
}
