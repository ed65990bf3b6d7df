//! Refusals in the log: each reason once in ten seconds an issuer, with a count, for whoever sends bad tokens may send many.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::Refused;

/// Between two lines of one reason.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// What was said, and when.
#[derive(Debug, Default)]
pub struct Said {
    last: Mutex<HashMap<(String, Refused), Line>>,
}

#[derive(Debug)]
struct Line {
    at: DateTime<Utc>,
    unsaid: u64,
}

impl Said {
    /// Logs why a token of that issuer was refused, and nothing of the token.
    pub fn refused(&self, issuer: &str, reason: Refused, now: DateTime<Utc>) {
        if let Some(unsaid) = self.is_due(issuer, reason, now) {
            // Expired tokens are everyday life; what is not is told by the reason.
            tracing::info!(oidc.issuer = issuer, %reason, unsaid, "a token was refused");
        }
    }

    /// Logs why somebody who came back from that issuer was not let in, and nothing of what they came with.
    pub fn not_signed_in(&self, issuer: &str, reason: Refused, now: DateTime<Utc>) {
        if let Some(unsaid) = self.is_due(issuer, reason, now) {
            tracing::info!(oidc.issuer = issuer, %reason, unsaid, "a sign-in was refused");
        }
    }

    /// How many times it was not said since the last time, if it is to be said now. Issuers are those of the settings and reasons a
    /// closed set, so that the list stays short.
    fn is_due(&self, issuer: &str, reason: Refused, now: DateTime<Utc>) -> Option<u64> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (issuer.to_owned(), reason);
        let unsaid = match last.get_mut(&key) {
            Some(line) if (now - line.at).abs() < PAUSE => {
                line.unsaid += 1;
                return None;
            }
            Some(line) => line.unsaid,
            None => 0,
        };
        last.insert(key, Line { at: now, unsaid: 0 });
        Some(unsaid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::jwt;

    #[test]
    fn each_reason_is_said_once_in_ten_seconds() {
        let said = Said::default();
        let at = |seconds: i64| DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let expired = Refused::Token(jwt::Refused::Expired);
        assert_eq!(said.is_due("a", expired, at(0)), Some(0));
        assert_eq!(said.is_due("a", expired, at(5)), None);
        assert_eq!(said.is_due("a", expired, at(9)), None);
        assert_eq!(said.is_due("b", expired, at(9)), Some(0), "another issuer");
        assert_eq!(
            said.is_due("a", Refused::Suspended, at(9)),
            Some(0),
            "another reason"
        );
        assert_eq!(said.is_due("a", expired, at(10)), Some(2));
    }
}
