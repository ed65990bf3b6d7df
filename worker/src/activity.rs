//! Whether a pool has anything to do, and since when it has not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(250);

/// What all slots of a pool do. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Activity {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    busy: usize,
    /// When the last slot became idle.
    since: Instant,
}

/// One slot works, or looks for work, until this is dropped.
#[derive(Debug)]
pub struct Working {
    activity: Activity,
    has_found: bool,
}

impl Default for Activity {
    /// Idle from now on.
    fn default() -> Self {
        let state = State {
            busy: 0,
            since: Instant::now(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }
}

impl Activity {
    /// A slot looks for work: what it takes is not overlooked, and a look that finds nothing leaves the pool as idle as it was.
    pub fn look(&self) -> Working {
        self.locked().busy += 1;
        Working {
            activity: self.clone(),
            has_found: false,
        }
    }

    /// A slot begins to work.
    pub fn begin(&self) -> Working {
        self.look().found()
    }

    /// Waits until no slot has worked for so long.
    pub async fn idle_for(&self, limit: Duration) {
        loop {
            {
                let state = self.locked();
                if state.busy == 0 && state.since.elapsed() >= limit {
                    return;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A panic elsewhere leaves these numbers as good as they were.
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Working {
    /// The look has found work, and this is it.
    pub fn found(mut self) -> Self {
        self.has_found = true;
        self
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let mut state = self.activity.locked();
        state.busy -= 1;
        if self.has_found {
            state.since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_begins_the_idle_time_anew() {
        let activity = Activity::default();
        let limit = Duration::from_millis(300);
        let working = activity.begin();
        let waited = tokio::time::timeout(Duration::from_secs(1), activity.idle_for(limit));
        assert!(waited.await.is_err(), "a busy pool is not idle");
        drop(working);
        let began = Instant::now();
        activity.idle_for(limit).await;
        assert!(began.elapsed() >= limit);
    }

    #[tokio::test]
    async fn a_look_holds_the_end_up_and_leaves_the_idle_time_as_it_was() {
        let activity = Activity::default();
        let limit = Duration::from_millis(300);
        let look = activity.look();
        let waited = tokio::time::timeout(limit * 3, activity.idle_for(limit));
        assert!(waited.await.is_err(), "it may be about to have work");
        drop(look);
        let began = Instant::now();
        activity.idle_for(limit).await;
        assert!(began.elapsed() < limit);
        let working = activity.look().found();
        drop(working);
        activity.idle_for(limit).await;
        assert!(began.elapsed() >= limit);
    }
}
