//! What a process may spend of a shared bucket without asking.
//!
//! The bucket knows of each process how much that holds: what is in it and what is held together are never more than one full
//! bucket, so that a lease gives nobody more. A process tells what it still holds whenever it asks for more. What it does not
//! spend in time is gone from both sides and flows in again.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a process may spend what it holds. The bucket counts it for twice as long, so that clocks that run a little apart
/// never let the same be spent twice.
pub const LIFE: TimeDelta = TimeDelta::seconds(5);
/// A bucket that was found empty is not asked again for so long at most.
const DRY: TimeDelta = TimeDelta::seconds(1);
/// Operations ask for the time when they begin, and not in the order in which they spend.
const DISORDER: TimeDelta = TimeDelta::seconds(1);

/// What a process holds of one bucket.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Under which number the bucket knows it.
    holder: u64,
    held: u64,
    since: DateTime<Utc>,
    /// How much is asked for; it follows what is spent.
    target: u64,
    spent: u64,
    dry: Option<Dry>,
}

/// A bucket that did not hold enough.
#[derive(Clone, Copy, Debug)]
struct Dry {
    /// So much was not there.
    amount: u64,
    /// It is not asked for again for a moment from then on.
    since: DateTime<Utc>,
    /// When it will be there.
    until: DateTime<Utc>,
}

/// What became of a wish to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spend {
    /// Done; soon more will be needed.
    Low,
    /// Done.
    Done,
    /// The bucket has to be asked.
    Short,
    /// The bucket was empty a moment ago.
    Dry(TimeDelta),
}

/// A question to the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Who asks.
    pub holder: u64,
    /// What it holds.
    pub held: u64,
    /// Without so much more, it wants nothing.
    pub need: u64,
    /// So much more is welcome.
    pub want: u64,
}

impl Lease {
    /// Of nothing yet.
    pub fn new(holder: u64) -> Self {
        Self {
            holder,
            held: 0,
            since: DateTime::UNIX_EPOCH,
            target: 0,
            spent: 0,
            dry: None,
        }
    }

    /// True when nothing would be lost with it.
    pub fn has_lapsed(&self, now: DateTime<Utc>) -> bool {
        now < self.since - DISORDER || now >= self.since + LIFE
    }

    /// Spends so much of what is held.
    pub fn spend(&mut self, amount: u64, now: DateTime<Utc>) -> Spend {
        if self.has_lapsed(now) {
            self.held = 0;
            self.spent = 0;
        }
        if self.held >= amount {
            self.held -= amount;
            self.spent += amount;
            return if self.held < self.target / 2 {
                Spend::Low
            } else {
                Spend::Done
            };
        }
        match self.dry {
            Some(dry) if amount >= dry.amount && dry.is_fresh(now) => {
                Spend::Dry((dry.until - now).max(TimeDelta::milliseconds(1)))
            }
            _ => Spend::Short,
        }
    }

    /// What to ask for, so that `amount` can be spent; `block` is the most to ask for ahead of need. What is held is kept for
    /// that until the answer is there.
    pub fn ask(&mut self, amount: u64, block: u64) -> Ask {
        let need = amount.saturating_sub(self.held);
        // Whoever asks for little leases little: what lapses is lost to them for a while.
        self.target = (self.spent.saturating_mul(2)).clamp(block.div_ceil(20), block.max(1));
        let want = need.max(self.target.saturating_sub(self.held));
        self.spent = 0;
        let ask = Ask {
            holder: self.holder,
            held: self.held,
            need,
            want: if block == 0 { need } else { want },
        };
        if need > 0 {
            self.held = 0;
        }
        ask
    }

    /// Takes the answer in. `asked`: when the question was sent; `wait`: until what was needed will be there.
    pub fn answer(&mut self, ask: Ask, granted: u64, wait: TimeDelta, asked: DateTime<Utc>) {
        if ask.need > 0 {
            self.held += ask.held;
        }
        self.held += granted;
        self.since = self.since.max(asked);
        let is_dry = granted < ask.need;
        self.dry = is_dry.then_some(Dry {
            amount: ask.held + ask.need,
            since: asked,
            until: asked + wait,
        });
    }

    /// Whether the bucket has understood is not known: what it still counts as held here lapses under the old number.
    pub fn lost(&mut self, holder: u64) {
        *self = Self::new(holder);
    }
}

impl Dry {
    fn is_fresh(self, now: DateTime<Utc>) -> bool {
        now >= self.since - DISORDER && now < self.until.min(self.since + DRY)
    }
}
