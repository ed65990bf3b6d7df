//! Tokens that were checked a moment ago, signed or random: neither their signature nor the database is looked at again for five
//! seconds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Session;

/// For so long a process goes on letting in whom another one has suspended, signed out or given another role.
const LIFE: TimeDelta = TimeDelta::seconds(5);
/// Tokens at most; a few hundred bytes each.
const CAPACITY: usize = 10_000;

/// SHA-256 of a token: the token itself is not kept.
type Hash = [u8; 32];

/// The tokens.
#[derive(Debug, Default)]
pub struct Seen {
    entries: Mutex<HashMap<Hash, Entry>>,
}

#[derive(Debug)]
struct Entry {
    session: Session,
    checked_at: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Seen {
    /// The session of a token that was checked a moment ago and has not expired since.
    pub fn get(&self, token: &str, now: DateTime<Utc>) -> Option<Session> {
        let hash = hash(token);
        let entries = self.locked();
        let entry = entries.get(&hash)?;
        // A clock that was set back makes nothing younger.
        (entry.checked_at <= now && now < entry.until).then(|| entry.session.clone())
    }

    /// Remembers the session of a token that is good. `asked`: when the database was asked about it, not when it answered.
    pub fn put(&self, token: &str, session: &Session, asked: DateTime<Utc>) {
        let mut until = asked + LIFE;
        if let Some(expires_at) = session.expires_at {
            until = until.min(expires_at);
        }
        let hash = hash(token);
        let mut entries = self.locked();
        if entries.len() >= CAPACITY {
            entries.retain(|_, entry| asked < entry.until);
        }
        // Full of tokens that are all fresh: starting over costs one check each.
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        let entry = Entry {
            session: session.clone(),
            checked_at: asked,
            until,
        };
        entries.insert(hash, entry);
    }

    /// Forgets a person's tokens: something about them has changed.
    pub fn forget(&self, user_id: Uuid) {
        self.locked()
            .retain(|_, entry| entry.session.viewer.user_id != user_id);
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Hash, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use entities::Viewer;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn session(user_id: Uuid, seconds: i64) -> Session {
        Session::foreign(Viewer::member(user_id), at(seconds))
    }

    #[test]
    fn a_token_is_known_for_five_seconds_and_never_after_its_end() {
        let seen = Seen::default();
        let known = |token: &str, seconds: i64| seen.get(token, at(seconds)).is_some();
        seen.put("long", &session(Uuid::nil(), 3600), at(0));
        seen.put("short", &session(Uuid::nil(), 2), at(0));
        assert!(known("long", 0) && known("long", 4) && !known("long", 5) && !known("long", -1));
        assert!(known("short", 1) && !known("short", 2));
        assert!(!known("another", 0));
    }

    #[test]
    fn a_person_is_forgotten_and_others_are_not() {
        let seen = Seen::default();
        let (ann, bob) = (Uuid::now_v7(), Uuid::now_v7());
        for (token, user_id) in [("ann", ann), ("also ann", ann), ("bob", bob)] {
            seen.put(token, &session(user_id, 3600), at(0));
        }
        seen.forget(ann);
        assert!(seen.get("ann", at(0)).is_none() && seen.get("also ann", at(0)).is_none());
        assert!(seen.get("bob", at(0)).is_some());
    }

    #[test]
    fn there_are_never_more_than_fit() {
        let seen = Seen::default();
        for number in 0..CAPACITY + 10 {
            seen.put(&number.to_string(), &session(Uuid::nil(), 3600), at(0));
        }
        assert_eq!(seen.locked().len(), 10);
        for number in 0..CAPACITY + 10 {
            seen.put(&format!("later {number}"), &session(Uuid::nil(), 3600), at(6));
        }
        assert!(seen.locked().len() <= CAPACITY);
    }
}
