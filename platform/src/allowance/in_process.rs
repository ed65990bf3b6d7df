//! Buckets inside one process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::bucket::{Bucket, Rate};
use super::{Refused, Subject};

/// Buckets at most; about a hundred bytes each.
const CAPACITY: usize = 50_000;
/// Between two looks for buckets that are full again.
const SWEEP: TimeDelta = TimeDelta::seconds(1);

/// Buckets inside one process. Those that are full again are forgotten when room is needed; if none is, newcomers share one.
#[derive(Debug, Default)]
pub struct InProcess {
    buckets: Mutex<Buckets>,
}

#[derive(Debug, Default)]
struct Buckets {
    of: HashMap<Subject, (Rate, Bucket)>,
    /// Of each kind, for whoever has none of their own.
    common: HashMap<std::mem::Discriminant<Subject>, Bucket>,
    swept_at: DateTime<Utc>,
}

impl InProcess {
    /// Takes so much out of a bucket, or nothing.
    ///
    /// # Errors
    /// How long to wait.
    pub fn take(&self, subject: Subject, rate: Rate, amount: u64, now: DateTime<Utc>) -> Result<(), Refused> {
        let mut buckets = self.locked();
        let bucket = buckets.bucket(subject, rate, now);
        bucket.take(rate, amount, now).map_err(Refused::Wait)
    }

    /// What is in a bucket.
    pub fn remaining(&self, subject: Subject, rate: Rate, now: DateTime<Utc>) -> u64 {
        self.locked().bucket(subject, rate, now).remaining(rate, now)
    }

    fn locked(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Buckets {
    fn bucket(&mut self, subject: Subject, rate: Rate, now: DateTime<Utc>) -> &mut Bucket {
        let is_known = self.of.contains_key(&subject);
        if !is_known && self.of.len() >= CAPACITY && now >= self.swept_at + SWEEP {
            self.swept_at = now;
            self.of.retain(|_, (rate, bucket)| !bucket.is_full(*rate, now));
        }
        if !is_known && self.of.len() >= CAPACITY {
            let kind = std::mem::discriminant(&subject);
            return self.common.entry(kind).or_insert_with(|| Bucket::full(now));
        }
        let (_, bucket) = self
            .of
            .entry(subject)
            .or_insert_with(|| (rate, Bucket::full(now)));
        bucket
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const RATE: Rate = Rate::new(60, TimeDelta::minutes(1));

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn person(number: usize) -> Subject {
        Subject::Person(Uuid::from_u128(number as u128))
    }

    #[test]
    fn there_are_never_more_than_fit_and_newcomers_share_one() {
        let buckets = InProcess::default();
        for number in 0..CAPACITY {
            buckets.take(person(number), RATE, 1, at(0)).unwrap();
        }
        // Nobody's is full again: two newcomers have one bucket between them.
        buckets.take(person(CAPACITY), RATE, 60, at(0)).unwrap();
        let refused = buckets.take(person(CAPACITY + 1), RATE, 1, at(0));
        assert_eq!(refused, Err(Refused::Wait(TimeDelta::seconds(1))));
        // Whoever has one keeps it.
        buckets.take(person(0), RATE, 59, at(0)).unwrap();
        assert!(buckets.take(person(0), RATE, 1, at(0)).is_err());
        assert_eq!(buckets.locked().of.len(), CAPACITY);
        // All but one are full again.
        buckets.take(person(CAPACITY + 2), RATE, 60, at(2)).unwrap();
        assert_eq!(buckets.locked().of.len(), 2);
        assert!(buckets.take(person(0), RATE, 3, at(2)).is_err());
    }
}
