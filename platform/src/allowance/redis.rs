//! Buckets that all processes share, over Redis: a hash each, changed by one script, so that nobody sees it half changed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use redis::Script;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use super::bucket::Rate;
use super::lease::{Ask, LIFE, Lease, Spend};
use super::{Refused, Subject};
use crate::link::Link;

/// Leases at most; about two hundred bytes each.
const CAPACITY: usize = 20_000;
/// Between two looks for leases that have lapsed.
const SWEEP: TimeDelta = TimeDelta::seconds(1);
/// An operation waits no longer for Redis; the buckets of this process decide then.
const PATIENCE: Duration = Duration::from_millis(250);
/// Between two looks for a Redis that was away.
const REST: Duration = Duration::from_secs(1);

/// Fills the bucket up, but never so that it and what is held are more than a full one: until a lease lapsed it counts in full, and
/// the asker's counts in full until now, for what was spent of it was held until then. Then gives what is wanted, unless what
/// is needed is not there. KEYS: the bucket. ARGV: a full bucket, the span in which one flows in, who asks, what they hold, need
/// and want, and for how long it counts as held (ms). Answers what is given, what is left, and what others hold.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full, span, me = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local held, need, want = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local points, at, others, mine, lapsed, lapse = full, now, 0, 0, 0, 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local name, value = fields[i], fields[i + 1]
  if name == 'points' then
    points = tonumber(value)
  elseif name == 'at' then
    at = tonumber(value)
  else
    local amount, till = string.match(value, '^(%d+):(%d+)$')
    amount, till = tonumber(amount), tonumber(till)
    if till <= now then
      redis.call('HDEL', KEYS[1], name)
      lapsed, lapse = lapsed + amount, math.max(lapse, till)
    elseif name == me then
      mine = amount
    else
      others = others + amount
    end
  end
end
local function fill(from, to, most)
  points = math.max(0, math.min(points + math.max(0, to - from) * full / span, most))
end
fill(at, lapse, full - others - mine - lapsed)
fill(math.max(at, lapse), now, full - others - mine)
points = math.max(0, math.min(points, full - others - held))
local granted = 0
if points >= need then
  granted = math.min(want, math.floor(points))
end
points = points - granted
redis.call('HSET', KEYS[1],
  'points', string.format('%.17g', points),
  'at', string.format('%.0f', math.max(at, now)),
  me, string.format('%.0f:%.0f', held + granted, now + tonumber(ARGV[7])))
redis.call('PEXPIRE', KEYS[1], span + tonumber(ARGV[7]))
return {granted, math.floor(points), others}
",
    )
});

/// Redis did not answer in time.
#[derive(Clone, Copy, Debug)]
pub struct Away;

/// The buckets, as one process sees them.
#[derive(Debug)]
pub struct Shared {
    link: Link,
    /// Tells the holders of this process from those of others.
    process: Uuid,
    holders: AtomicU64,
    accounts: Mutex<Accounts>,
    is_away: AtomicBool,
}

#[derive(Debug, Default)]
struct Accounts {
    of: HashMap<Subject, Arc<Account>>,
    swept_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Account {
    lease: Mutex<Lease>,
    /// One question at a time.
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl Account {
    fn lease(&self) -> MutexGuard<'_, Lease> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One question about a bucket.
struct Question {
    shared: Arc<Shared>,
    account: Arc<Account>,
    subject: Subject,
    rate: Rate,
    /// What is to be spent; nothing: what will be needed is asked for.
    amount: u64,
    now: DateTime<Utc>,
}

/// Its answer.
struct Found {
    spent: Result<(), Refused>,
    /// In the bucket, and held of it.
    remaining: u64,
}

impl Shared {
    /// Buckets on that Redis.
    pub fn new(link: Link) -> Self {
        Self {
            link,
            process: Uuid::now_v7(),
            holders: AtomicU64::new(0),
            accounts: Mutex::default(),
            is_away: AtomicBool::new(false),
        }
    }

    /// Takes so much out of a bucket, or nothing.
    ///
    /// # Errors
    /// When Redis is away: somebody else has to decide.
    pub async fn take(
        self: &Arc<Self>,
        subject: Subject,
        rate: Rate,
        amount: u64,
        now: DateTime<Utc>,
    ) -> Result<Result<(), Refused>, Away> {
        let account = self.account(subject, now)?;
        let spent = account.lease().spend(amount, now);
        let question = |amount| Question {
            shared: Arc::clone(self),
            account: Arc::clone(&account),
            subject,
            rate,
            amount,
            now,
        };
        match spent {
            Spend::Done => Ok(Ok(())),
            Spend::Low => {
                if let Ok(turn) = Arc::clone(&account.asking).try_lock_owned() {
                    tokio::spawn(question(0).ask(turn));
                }
                Ok(Ok(()))
            }
            Spend::Dry(wait) => Ok(Err(Refused::Wait(wait))),
            Spend::Short => {
                // In a task of its own: the answer is heard even when the caller has gone.
                let asked = tokio::spawn(question(amount).ask_in_turn());
                Ok(asked.await.map_err(|_| Away)??.spent)
            }
        }
    }

    /// What is in a bucket, and what is held of it.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn remaining(
        self: &Arc<Self>,
        subject: Subject,
        rate: Rate,
        now: DateTime<Utc>,
    ) -> Result<u64, Away> {
        let question = Question {
            shared: Arc::clone(self),
            account: self.account(subject, now)?,
            subject,
            rate,
            amount: 0,
            now,
        };
        let asked = tokio::spawn(question.ask_in_turn());
        Ok(asked.await.map_err(|_| Away)??.remaining)
    }

    fn account(&self, subject: Subject, now: DateTime<Utc>) -> Result<Arc<Account>, Away> {
        if self.is_away.load(Ordering::Relaxed) {
            return Err(Away);
        }
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.of.get(&subject) {
            return Ok(Arc::clone(account));
        }
        if accounts.of.len() >= CAPACITY && now >= accounts.swept_at + SWEEP {
            accounts.swept_at = now;
            // Whoever is being asked for is held by somebody else too.
            accounts
                .of
                .retain(|_, account| Arc::strong_count(account) > 1 || !account.lease().has_lapsed(now));
        }
        if accounts.of.len() >= CAPACITY {
            return Err(Away);
        }
        let account = Arc::new(Account {
            lease: Mutex::new(Lease::new(self.holder())),
            asking: Arc::default(),
        });
        accounts.of.insert(subject, Arc::clone(&account));
        Ok(account)
    }

    fn holder(&self) -> u64 {
        self.holders.fetch_add(1, Ordering::Relaxed)
    }

    /// Redis is away: nobody waits for it until it is back.
    fn leave(self: &Arc<Self>) {
        if !self.is_away.swap(true, Ordering::Relaxed) {
            tracing::warn!("rate limits are not shared: Redis does not answer, and each process has its own");
            tokio::spawn(wait_for(Arc::downgrade(self)));
        }
    }
}

impl Question {
    async fn ask_in_turn(self) -> Result<Found, Away> {
        let turn = Arc::clone(&self.account.asking).lock_owned().await;
        self.ask(turn).await
    }

    async fn ask(self, _turn: OwnedMutexGuard<()>) -> Result<Found, Away> {
        // The one before may have brought enough.
        let spent = match self.amount {
            0 => Spend::Short,
            amount => self.account.lease().spend(amount, self.now),
        };
        let known = match spent {
            Spend::Done | Spend::Low => Some(Ok(())),
            Spend::Dry(wait) => Some(Err(Refused::Wait(wait))),
            Spend::Short => None,
        };
        if let Some(spent) = known {
            return Ok(Found { spent, remaining: 0 });
        }
        if self.shared.is_away.load(Ordering::Relaxed) {
            return Err(Away);
        }
        let ask = self
            .account
            .lease()
            .ask(self.amount, self.subject.block(self.rate));
        let Some((granted, left, others)) = self.send(ask).await else {
            self.account.lease().lost(self.shared.holder());
            self.shared.leave();
            return Err(Away);
        };
        let wait = self.rate.time_for(ask.need.saturating_sub(left));
        self.account.lease().answer(ask, granted, wait, self.now);
        let is_there = self.amount == 0 || self.has_spent();
        Ok(Found {
            spent: if is_there {
                Ok(())
            } else {
                Err(Refused::Wait(wait))
            },
            remaining: left + others + ask.held + granted,
        })
    }

    fn has_spent(&self) -> bool {
        let spent = self.account.lease().spend(self.amount, self.now);
        matches!(spent, Spend::Done | Spend::Low)
    }

    /// What is given, what is left, and what others hold; none: Redis is away.
    async fn send(&self, ask: Ask) -> Option<(u64, u64, u64)> {
        let link = &self.shared.link;
        let mut call = SCRIPT.prepare_invoke();
        call.key(link.name(&self.subject.name()))
            .arg(self.rate.amount)
            .arg(self.rate.span_ms())
            .arg(format!("{}.{}", self.shared.process.simple(), ask.holder))
            .arg(ask.held)
            .arg(ask.need)
            .arg(ask.want)
            .arg((LIFE * 2).num_milliseconds());
        let mut connection = link.manager();
        let answer = tokio::time::timeout(PATIENCE, call.invoke_async(&mut connection)).await;
        answer.ok()?.ok()
    }
}

/// Until Redis answers again, or nobody is left who wants to know.
async fn wait_for(shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(REST).await;
        let Some(shared) = shared.upgrade() else { return };
        let mut connection = shared.link.manager();
        let ping = redis::cmd("PING");
        let answer = tokio::time::timeout(PATIENCE, ping.query_async::<String>(&mut connection)).await;
        if matches!(answer, Ok(Ok(_))) {
            shared.is_away.store(false, Ordering::Relaxed);
            return;
        }
    }
}
