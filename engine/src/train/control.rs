//! How a caller stops a run from another thread.

use std::sync::atomic::{AtomicBool, Ordering};

/// Signals to a running job. "Finish now" keeps the best so far; "cancel" keeps nothing.
#[derive(Debug, Default)]
pub struct Control {
    stop_trials: AtomicBool,
    cancelled: AtomicBool,
}

impl Control {
    /// Ends the search and assembles what there is.
    pub fn finish_now(&self) {
        self.stop_trials.store(true, Ordering::Relaxed);
    }

    /// Ends everything.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.stop_trials.store(true, Ordering::Relaxed);
    }

    /// True after `cancel`.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// True after `finish_now` or `cancel`.
    pub fn is_finishing(&self) -> bool {
        self.stop_trials.load(Ordering::Relaxed)
    }

    /// What a trial watches.
    pub(super) fn trial_flag(&self) -> &AtomicBool {
        &self.stop_trials
    }

    /// What assembling watches.
    pub(super) fn assemble_flag(&self) -> &AtomicBool {
        &self.cancelled
    }
}
