//! Removes uploads that nobody finished, rows of accounts that mean nothing any more and messages of last month: once a minute
//! and beside everything else, so that a slow store keeps nothing waiting.

use std::time::{Duration, Instant};

use platform::database::now;
use platform::{Platform, accounts, uploads, webhooks};
use tokio::task::JoinHandle;

/// Between two sweeps.
const INTERVAL: Duration = Duration::from_secs(60);

/// The sweep that runs, and when the last one began.
#[derive(Debug, Default)]
pub struct Sweep {
    begun: Option<Instant>,
    running: Option<JoinHandle<()>>,
}

impl Sweep {
    /// Begins a sweep when one is due and none runs.
    pub fn tick(&mut self, platform: &Platform) {
        let is_due = self.begun.is_none_or(|begun| begun.elapsed() >= INTERVAL);
        let is_free = self.running.as_ref().is_none_or(JoinHandle::is_finished);
        if !is_due || !is_free {
            return;
        }
        self.begun = Some(Instant::now());
        let platform = platform.clone();
        self.running = Some(tokio::spawn(async move {
            match uploads::sweep(&platform, now()).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "removed expired uploads"),
                Err(error) => tracing::warn!(%error, "expired uploads could not be removed"),
            }
            if let Err(error) = webhooks::forget_old(platform.database.connection(), now()).await {
                tracing::warn!(%error, "old messages to webhooks could not be removed");
            }
            match accounts::forget::forget_old(&platform, now()).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "removed old sessions, tokens and counts"),
                Err(error) => tracing::warn!(%error, "old sessions and tokens could not be removed"),
            }
        }));
    }
}

impl Drop for Sweep {
    fn drop(&mut self) {
        // What is left goes with the next sweep.
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}
