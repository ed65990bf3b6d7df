//! One bucket, in whole numbers: nothing is lost or gained by rounding.

use chrono::{DateTime, TimeDelta, Utc};

/// How much flows into a bucket in a span; it holds as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How much.
    pub amount: u64,
    /// In how long.
    pub per: TimeDelta,
}

impl Rate {
    /// So much in so long.
    pub const fn new(amount: u64, per: TimeDelta) -> Self {
        Self { amount, per }
    }

    /// The span in milliseconds, one at least.
    pub(super) fn span_ms(self) -> u64 {
        self.per.num_milliseconds().max(1).unsigned_abs()
    }

    /// How long so much takes to flow in, rounded up to a millisecond.
    pub(super) fn time_for(self, amount: u64) -> TimeDelta {
        self.time_for_parts(u128::from(amount) * u128::from(self.span_ms()))
    }

    fn time_for_parts(self, parts: u128) -> TimeDelta {
        let milliseconds = parts.div_ceil(u128::from(self.amount.max(1)));
        TimeDelta::milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX / 2))
    }
}

/// A bucket. A part is what flows in within a millisecond, divided by the rate's amount.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// Parts that it is short of full.
    missing: u128,
    /// Until when what flowed in is counted, in milliseconds since 1970.
    at_ms: i64,
}

impl Bucket {
    /// A full one.
    pub fn full(now: DateTime<Utc>) -> Self {
        Self {
            missing: 0,
            at_ms: now.timestamp_millis(),
        }
    }

    /// Takes so much, or nothing: then it says how long it takes until there is enough.
    ///
    /// # Errors
    /// When it does not hold so much.
    pub fn take(&mut self, rate: Rate, amount: u64, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        self.fill(rate, now);
        let span = u128::from(rate.span_ms());
        let missing = self.missing + u128::from(amount) * span;
        let most = u128::from(rate.amount) * span;
        if missing > most {
            return Err(rate.time_for_parts(missing - most));
        }
        self.missing = missing;
        Ok(())
    }

    /// What is in it.
    pub fn remaining(&mut self, rate: Rate, now: DateTime<Utc>) -> u64 {
        self.fill(rate, now);
        let short = self.missing.div_ceil(u128::from(rate.span_ms()));
        rate.amount
            .saturating_sub(u64::try_from(short).unwrap_or(u64::MAX))
    }

    /// True when nothing would be lost with it.
    pub fn is_full(&mut self, rate: Rate, now: DateTime<Utc>) -> bool {
        self.fill(rate, now);
        self.missing == 0
    }

    /// A clock that was set back lets nothing flow.
    fn fill(&mut self, rate: Rate, now: DateTime<Utc>) {
        let now_ms = now.timestamp_millis();
        let elapsed = u64::try_from(now_ms.saturating_sub(self.at_ms)).unwrap_or(0);
        self.missing = self
            .missing
            .saturating_sub(u128::from(elapsed) * u128::from(rate.amount));
        self.at_ms = self.at_ms.max(now_ms);
    }
}
