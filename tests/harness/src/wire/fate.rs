//! What happens to a call: drawn from a seed and the call's number, or held on demand.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::random::Random;

/// Shares of all calls, between 0 and 1; together at most 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// The connection is reset before the service has heard the call.
    pub cut_before: f64,
    /// The service does it and answers, and the connection is reset before the client hears so.
    pub cut_after: f64,
    /// Postgres only: the server ends the session in good order instead of doing it, as an administrator would.
    pub ended: f64,
    /// It is late.
    pub late: f64,
    /// How late at most.
    pub longest_delay: Duration,
}

impl Rates {
    /// Every kind of fault, in equal shares of this one; a call may be late by up to 200 ms.
    pub fn all(share: f64) -> Self {
        Self {
            cut_before: share / 4.0,
            cut_after: share / 4.0,
            ended: share / 4.0,
            late: share / 4.0,
            longest_delay: Duration::from_millis(200),
        }
    }
}

/// What went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls, those with a fault included.
    pub calls: u64,
    /// Connections that were reset before the call was made.
    pub cut_before: u64,
    /// Connections that were reset after the call was done.
    pub cut_after: u64,
    /// Sessions that the server seemed to end.
    pub ended: u64,
    /// Calls that were late.
    pub late: u64,
}

impl Counts {
    /// Calls that went wrong, late ones aside.
    pub fn faults(&self) -> u64 {
        self.cut_before + self.cut_after + self.ended
    }
}

/// When a call is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The service has not heard of it.
    Before,
    /// The service has done it; the client has not heard so.
    After,
}

/// What happens to the next calls. Shared by the proxies that have it.
#[derive(Debug)]
pub struct Fates {
    plan: Mutex<Plan>,
    held: watch::Sender<Held>,
}

#[derive(Clone, Debug, Default)]
struct Plan {
    rates: Rates,
    seed: u64,
    counts: Counts,
    hold: Option<Hold>,
}

/// Which call is held, and when.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Calls that still pass.
    passing: u64,
    /// What the call must say; other ones pass and are not counted.
    words: &'static str,
    moment: Moment,
}

impl Hold {
    /// The first call that says these words: those of one statement, or several that are separated by ` … `. A commit says what
    /// its transaction has said as well.
    pub fn at(words: &'static str, moment: Moment) -> Self {
        Self {
            passing: 0,
            words,
            moment,
        }
    }

    /// The call after so many more.
    pub fn after(passing: u64, moment: Moment) -> Self {
        Self {
            passing,
            words: "",
            moment,
        }
    }

    /// True for the call that is meant.
    fn is_at(&mut self, words: &str) -> bool {
        if !self.words.split(" … ").all(|part| words.contains(part)) {
            return false;
        }
        let is_it = self.passing == 0;
        self.passing = self.passing.saturating_sub(1);
        is_it
    }
}

/// How far a hold is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Held {
    /// Nothing is held.
    #[default]
    Nothing,
    /// A call that says this is.
    Call(String),
    /// It was; its connection is being reset.
    Released,
}

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fate {
    Pass,
    CutBefore,
    CutAfter,
    Ended,
    Late(Duration),
    Hold(Moment),
}

impl Default for Fates {
    fn default() -> Self {
        Self {
            plan: Mutex::default(),
            held: watch::Sender::new(Held::Nothing),
        }
    }
}

impl Fates {
    /// Lets calls go wrong from now on: the same ones for the same seed and order of calls. The counters start again.
    pub fn set(&self, rates: Rates, seed: u64) {
        *self.plan() = Plan {
            rates,
            seed,
            ..Plan::default()
        };
    }

    /// Nothing goes wrong any more; the counters go on.
    pub fn heal(&self) {
        self.plan().rates = Rates::default();
    }

    /// What went through since the last [`Fates::set`].
    pub fn counts(&self) -> Counts {
        self.plan().counts
    }

    /// Holds one call until [`Fates::reset_held`].
    pub fn hold(&self, hold: Hold) {
        self.held.send_replace(Held::Nothing);
        self.plan().hold = Some(hold);
    }

    /// What the held call says.
    pub fn held(&self) -> Option<String> {
        match &*self.held.borrow() {
            Held::Call(words) => Some(words.clone()),
            _ => None,
        }
    }

    /// Waits until a call is held and gives what it says.
    pub async fn until_held(&self) -> String {
        let mut held = self.held.subscribe();
        // The sender lives as long as `self`.
        let _ = held.wait_for(|held| matches!(held, Held::Call(_))).await;
        self.held().unwrap_or_default()
    }

    /// Resets the connection of the held call; when none is held yet, none will be.
    pub fn reset_held(&self) {
        self.plan().hold = None;
        self.held.send_replace(Held::Released);
    }

    /// Says that a call is held and waits until it is no longer.
    pub(super) async fn wait_held(&self, words: &str) {
        let mut held = self.held.subscribe();
        self.held.send_replace(Held::Call(words.to_owned()));
        let _ = held.wait_for(|held| !matches!(held, Held::Call(_))).await;
    }

    /// Decides about the next call, which says these words.
    pub(super) fn draw(&self, words: &str, can_be_ended: bool) -> Fate {
        let mut plan = self.plan();
        plan.counts.calls += 1;
        if let Some(hold) = &mut plan.hold
            && hold.is_at(words)
        {
            let moment = hold.moment;
            plan.hold = None;
            return Fate::Hold(moment);
        }
        let rates = plan.rates;
        let mut random = Random::of(plan.seed, plan.counts.calls);
        let mut drawn = random.share();
        let mut hits = |share: f64| {
            let is_hit = (0.0..share).contains(&drawn);
            drawn -= share;
            is_hit
        };
        if hits(rates.cut_before) {
            plan.counts.cut_before += 1;
            Fate::CutBefore
        } else if hits(rates.cut_after) {
            plan.counts.cut_after += 1;
            Fate::CutAfter
        } else if hits(rates.ended) && can_be_ended {
            plan.counts.ended += 1;
            Fate::Ended
        } else if hits(rates.late) {
            plan.counts.late += 1;
            Fate::Late(rates.longest_delay.mul_f64(random.share()))
        } else {
            Fate::Pass
        }
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
