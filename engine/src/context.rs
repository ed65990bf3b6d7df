//! What every long computation is given: clock, deadline, stop signal, threads and a listener.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::device::Device;

/// Time since the run began. The engine has no clock of its own.
pub trait Clock: Send + Sync {
    /// Time since the run began; never goes back.
    fn now(&self) -> Duration;
}

/// One step of a fit that can be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Fold, from 0.
    pub fold: usize,
    /// Round, epoch or tree count so far.
    pub round: usize,
    /// Validation loss after it (log loss, or RMSE), lower is better.
    pub loss: f64,
}

/// A word of the clock in a fit: after `at` steps of a part it left so many more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Part of the fit, from 0: which network of several. Learners that fit one thing have one part.
    pub part: u32,
    /// Steps that were done: batches of a network, rounds of boosting, trees of a forest.
    pub at: u64,
    /// Steps that the time still allowed; 0: none, the part ended there.
    pub left: u64,
}

/// Where a fit takes its time from. What a clock says is different in every run; a fit that is told to repeat a record does
/// what was done then, to the bit, however long it takes.
#[derive(Clone, Copy)]
pub enum Pace<'a> {
    /// From the clock and the deadline. All that these changed is told to the listener, in order: the record of the fit,
    /// empty where time was no matter.
    Clock(&'a (dyn Fn(Turn) + Sync)),
    /// From a record.
    Record(&'a [Turn]),
}

impl Default for Pace<'_> {
    fn default() -> Self {
        Self::Clock(&|_| {})
    }
}

impl<'a> Pace<'a> {
    /// For a fit beside the one that is recorded, which fails when time is over: nothing of it is told, and no record ends it.
    pub fn aside(self) -> Self {
        match self {
            Self::Clock(_) => Self::default(),
            Self::Record(_) => Self::Record(&[]),
        }
    }

    /// After how much a part of a fit ended, where that is on record.
    pub fn end(&self, part: u32) -> Option<u64> {
        match self {
            Self::Clock(_) => None,
            Self::Record(turns) => {
                let mut ends = turns.iter().filter(|turn| turn.part == part && turn.left == 0);
                ends.next().map(|turn| turn.at)
            }
        }
    }

    /// What time leaves a part of a fit after `at` steps: `by_clock`'s answer, or the recorded one. `None` changes nothing.
    pub fn turn(&self, part: u32, at: u64, by_clock: impl FnOnce() -> Option<u64>) -> Option<u64> {
        match self {
            Self::Clock(tell) => {
                let left = by_clock()?;
                tell(Turn { part, at, left });
                Some(left)
            }
            Self::Record(turns) => {
                let turn = turns.iter().find(|turn| turn.part == part && turn.at == at)?;
                Some(turn.left)
            }
        }
    }
}

/// Surroundings of a fit. Cheap to copy with another deadline.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Moment on that clock at which the fit returns its best so far.
    pub deadline: Duration,
    /// Whether the clock and the deadline count at all, and who hears what they changed.
    pub pace: Pace<'a>,
    /// Set by the caller to stop at the next round.
    pub cancelled: &'a AtomicBool,
    /// Where a learner that can use a GPU computes.
    pub device: Device<'a>,
    /// Threads to compute on; nothing else may spawn work.
    pub pool: &'a rayon::ThreadPool,
    /// Seed of this fit; equal seeds give equal results for any number of threads.
    pub seed: u64,
    /// Told now and then how far the fit is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl Context<'_> {
    /// True when the deadline has passed; never while a record is repeated.
    pub fn expired(&self) -> bool {
        matches!(self.pace, Pace::Clock(_)) && self.clock.now() >= self.deadline
    }

    /// True when a fit of one part that has done so much ends here: for the deadline has passed, or did so then.
    pub fn ends_at(&self, done: usize) -> bool {
        let left = self.pace.turn(0, done as u64, || self.expired().then_some(0));
        left == Some(0)
    }

    /// Tells that a fit of one part ended after so much, where the clock said so on the way to more.
    pub fn ended_at(&self, done: usize) {
        self.pace.turn(0, done as u64, || Some(0));
    }

    /// True when the caller wants the fit to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// True when the fit has to stop for either reason.
    pub fn must_stop(&self) -> bool {
        self.is_cancelled() || self.expired()
    }
}
