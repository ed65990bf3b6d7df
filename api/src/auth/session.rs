//! Who asks, and what their token lets them do.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entities::Viewer;
use entities::scope::{Scope, Scopes};
use tokio::time::Instant;
use uuid::Uuid;

use crate::failure::{Code, Failure};

/// Timers reach no further; nobody stays connected for so long.
const FAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// A valid token and its owner.
#[derive(Clone, Debug)]
pub struct Session {
    /// On whose behalf.
    pub viewer: Viewer,
    /// What the token may be used for.
    pub scopes: Scopes,
    /// What stands behind the token.
    pub origin: Origin,
    /// When the token stops to let in; none: it does not.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What stands behind a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A session with refresh tokens: the token is one of its short ones.
    Session(Uuid),
    /// A row of tokens: of a script, or of a session that began with a one-time link.
    Token(Uuid),
    /// A token of another issuer.
    Foreign,
}

impl Session {
    /// True from the end of its token on.
    pub fn has_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// When that is, for a timer; far away where the token does not end.
    pub fn ends_at(&self) -> Instant {
        let left = self.expires_at.map(|end| {
            let left = end - platform::database::now();
            left.to_std().unwrap_or_default()
        });
        Instant::now() + left.unwrap_or(FAR).min(FAR)
    }

    /// The session of another issuer's token: it may be used for everything.
    pub fn foreign(viewer: Viewer, expires_at: DateTime<Utc>) -> Self {
        Self {
            viewer,
            scopes: Scopes::all(),
            origin: Origin::Foreign,
            expires_at: Some(expires_at),
        }
    }

    /// The row behind it; none of another issuer's.
    pub fn id(&self) -> Option<Uuid> {
        match self.origin {
            Origin::Session(id) | Origin::Token(id) => Some(id),
            Origin::Foreign => None,
        }
    }

    /// Lets pass what the token may be used for; one of these is enough.
    ///
    /// # Errors
    /// `FORBIDDEN` naming what is needed.
    pub fn require(&self, any: &[Scope]) -> Result<(), Failure> {
        if any.iter().any(|scope| self.scopes.has(*scope)) {
            return Ok(());
        }
        let names: Vec<&str> = any.iter().map(|scope| scope.name()).collect();
        Err(Failure::client(
            Code::Forbidden,
            format!(
                "This token does not allow it; it needs the scope {}.",
                names.join(" or ")
            ),
        ))
    }
}
