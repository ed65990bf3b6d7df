//! How much somebody may ask for in a while: points of operations, rows to predict, bytes to upload. A bucket each, that holds
//! what may be asked for at once and fills up at its rate.
//!
//! Invariant: in no span of time does anybody get more than one full bucket and what flowed in during the span, whatever the
//! processes that they ask. With Redis the bucket is there, and a process spends from what it has leased of it, so that an
//! operation waits for Redis only when a lease has run out. Without Redis, and while it is away, each process has buckets of its
//! own: n processes then let through n times as much.

mod bucket;
mod in_process;
mod lease;
mod redis;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use bucket::Rate;
use in_process::InProcess;

use crate::link::Link;
use crate::settings::Traffic;

/// A bucket is leased in blocks of so much of it at most: a twentieth.
const BLOCKS: u64 = 20;

/// Whose bucket, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Points of a person's operations.
    Person(Uuid),
    /// Points of operations without a token that come from a network.
    Network(IpAddr),
    /// Bytes that a person uploads.
    Uploads(Uuid),
    /// Rows that a person has predicted at once.
    Predictions(Uuid),
}

impl Subject {
    /// What comes from an address: of an IPv6 address the half that names the network counts, the other is its holder's to choose.
    pub fn address(address: IpAddr) -> Self {
        Self::Network(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            address => address,
        })
    }

    /// The name in Redis.
    fn name(self) -> String {
        match self {
            Self::Person(id) => format!("allowance:points:{}", id.simple()),
            Self::Network(address) => format!("allowance:network:{address}"),
            Self::Uploads(id) => format!("allowance:uploads:{}", id.simple()),
            Self::Predictions(id) => format!("allowance:predictions:{}", id.simple()),
        }
    }

    /// The most that a process leases ahead of need. Uploads are few and large: of them nothing.
    fn block(self, rate: Rate) -> u64 {
        match self {
            Self::Uploads(_) => 0,
            _ => rate.amount / BLOCKS,
        }
    }
}

/// Why somebody does not get what they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is there after so long, if nothing else is asked for.
    Wait(TimeDelta),
    /// It is more than a full bucket.
    Never {
        /// What a full one holds.
        most: u64,
    },
}

/// How a bucket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How fast it fills up, and to what.
    pub rate: Rate,
    /// What is in it.
    pub remaining: u64,
    /// When it is full again, if nothing is asked for.
    pub full_at: DateTime<Utc>,
}

impl Standing {
    fn new(rate: Rate, remaining: u64, now: DateTime<Utc>) -> Self {
        let remaining = remaining.min(rate.amount);
        Self {
            rate,
            remaining,
            full_at: now + rate.time_for(rate.amount - remaining),
        }
    }
}

/// The buckets of everybody, as a process sees them.
#[derive(Debug)]
pub struct Allowances {
    traffic: Traffic,
    local: InProcess,
    shared: Option<Arc<redis::Shared>>,
}

impl Allowances {
    /// Buckets of this process alone.
    pub fn in_process(traffic: &Traffic) -> Self {
        Self {
            traffic: traffic.clone(),
            local: InProcess::default(),
            shared: None,
        }
    }

    /// Buckets that all processes on that Redis share.
    pub(crate) fn over(link: Link, traffic: &Traffic) -> Self {
        Self {
            shared: Some(Arc::new(redis::Shared::new(link))),
            ..Self::in_process(traffic)
        }
    }

    /// Takes so much out of a bucket, or nothing.
    ///
    /// # Errors
    /// When it does not hold so much.
    pub async fn take(&self, subject: Subject, amount: u64, now: DateTime<Utc>) -> Result<(), Refused> {
        let Some(rate) = self.rate(subject) else {
            return Ok(());
        };
        if amount > rate.amount {
            return Err(Refused::Never { most: rate.amount });
        }
        if let Some(shared) = &self.shared
            && let Ok(taken) = shared.take(subject, rate, amount, now).await
        {
            return taken;
        }
        self.local.take(subject, rate, amount, now)
    }

    /// How a bucket stands; none: there is no limit.
    pub async fn standing(&self, subject: Subject, now: DateTime<Utc>) -> Option<Standing> {
        let rate = self.rate(subject)?;
        if let Some(shared) = &self.shared
            && let Ok(remaining) = shared.remaining(subject, rate, now).await
        {
            return Some(Standing::new(rate, remaining, now));
        }
        let remaining = self.local.remaining(subject, rate, now);
        Some(Standing::new(rate, remaining, now))
    }

    fn rate(&self, subject: Subject) -> Option<Rate> {
        let traffic = &self.traffic;
        let rate = match subject {
            Subject::Person(_) => Rate::new(traffic.points_per_minute, TimeDelta::minutes(1)),
            Subject::Network(_) => Rate::new(traffic.address_points_per_minute, TimeDelta::minutes(1)),
            Subject::Uploads(_) => Rate::new(traffic.upload_bytes_per_day, TimeDelta::days(1)),
            // Rows come by the thousand: ten seconds' worth at once.
            Subject::Predictions(_) => Rate::new(
                traffic.predictions_per_second.saturating_mul(10),
                TimeDelta::seconds(10),
            ),
        };
        (rate.amount > 0).then_some(rate)
    }
}
