//! What senders of every channel have in common: pauses that grow, and answers that are stored for certain.

use std::future::Future;
use std::time::Duration;

use platform::Error;
use uuid::Uuid;

use crate::pool::PAUSE;

/// Tries to store what a call came to, a second apart: only a crash may leave it unknown.
const STORE_TRIES: u32 = 20;

/// A series of pauses.
#[derive(Clone, Copy, Debug)]
pub struct Series {
    /// The first one; each is twice the one before.
    pub first: Duration,
    /// The longest.
    pub cap: Duration,
    /// Share of each that chance may take away, so that many senders do not come back together.
    pub loose: f64,
}

impl Series {
    /// The pause after so many doublings; `chance` is from 0 to 1.
    pub fn pause(self, doublings: u32, chance: f64) -> Duration {
        let whole = self.first.saturating_mul(1 << doublings.min(20)).min(self.cap);
        whole.mul_f64(1.0 - self.loose * chance.clamp(0.0, 1.0))
    }
}

/// From 0 to 1, by the operating system's randomness.
pub fn chance() -> f64 {
    f64::from(Uuid::new_v4().as_fields().0) / f64::from(u32::MAX)
}

/// Stores an outcome even when the database is away for a while.
///
/// # Errors
/// What `store` ends with at last.
pub async fn surely<W: Future<Output = Result<(), Error>>>(
    what: Uuid,
    store: impl Fn() -> W,
) -> Result<(), Error> {
    for _ in 1..STORE_TRIES {
        match store().await {
            Err(Error::Database(error)) => {
                tracing::warn!(%error, notification.id = %what, "what became of a notification could not be stored yet");
                tokio::time::sleep(PAUSE).await;
            }
            stored => return stored,
        }
    }
    store().await
}

/// No row updated means: somebody else has it.
///
/// # Errors
/// `Lost`.
pub fn one_row(rows_affected: u64) -> Result<(), Error> {
    if rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_cap() {
        let series = Series {
            first: Duration::from_secs(2),
            cap: Duration::from_secs(600),
            loose: 0.5,
        };
        let pause = |doublings, chance| series.pause(doublings, chance).as_secs_f64();
        assert_eq!(pause(0, 0.0), 2.0);
        assert_eq!(pause(3, 0.0), 16.0);
        assert_eq!(pause(3, 1.0), 8.0);
        assert_eq!(pause(60, 0.0), 600.0);
        assert!((0.0..=1.0).contains(&chance()));
    }
}
