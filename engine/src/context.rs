//! What every long computation is given: clock, deadline, stop signal, threads and a listener.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

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

/// Surroundings of a fit. Cheap to copy with another deadline.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Moment on that clock at which the fit returns its best so far.
    pub deadline: Duration,
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
    /// True when the deadline has passed.
    pub fn expired(&self) -> bool {
        self.clock.now() >= self.deadline
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
