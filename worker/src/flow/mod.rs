//! The flow of a job, on rows: what a result means for it, which trials come next, when it is over. Every function works in
//! its caller's transaction and says in `Changes` what it changed.

mod advance;
mod end;
mod history;
mod route;
mod settings;
mod steps;

use std::time::Duration;

use chrono::{DateTime, Utc};
use entities::job;

pub use advance::{advance, limit_now, start_search};
pub use end::{fail, glance_at_job_of, job_of, unwanted};
pub use history::{queued, records, set_score};
pub use settings::{engine_settings, named, settings_of};
pub use steps::{step, tried_again};

/// Time on the job's clock: since its first task was taken, less the time in which no server was up.
pub fn elapsed(job: &job::Model, now: DateTime<Utc>) -> Duration {
    let Some(started_at) = job.started_at else {
        return Duration::ZERO;
    };
    let milliseconds = (now - started_at).num_milliseconds() - job.paused_ms;
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

/// What is left of the job's budget.
pub fn left(job: &job::Model, now: DateTime<Utc>) -> Duration {
    Duration::from_secs(u64::from(job.settings.budget_seconds)).saturating_sub(elapsed(job, now))
}
