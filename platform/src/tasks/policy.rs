//! How often each kind of task is tried again, and after which pause: the one table.

use std::time::Duration;

use entities::task::{self, Kind};

use super::{CRASH_BUDGET, FAILURE_BUDGET};

/// What a kind of task may cost before it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Failures of its own.
    pub failures: i32,
    /// Deaths of its child or worker. After these it is tried again at once: a worker that is gone says little about the task,
    /// and another one is there.
    pub crashes: i32,
    /// Pause before the first try after a failure; it doubles with every further one.
    pub first_pause: Duration,
    /// No pause is longer.
    pub longest_pause: Duration,
}

/// The policy of a kind.
pub fn policy(kind: Kind) -> Policy {
    let of = |failures, crashes, first_pause, longest_pause| Policy {
        failures,
        crashes,
        first_pause: Duration::from_secs(first_pause),
        longest_pause: Duration::from_secs(longest_pause),
    };
    match kind {
        // Somebody looks at an upload and waits; the budget of a job does not run yet.
        Kind::Profile => of(FAILURE_BUDGET, CRASH_BUDGET, 2, 30),
        // The budget of the job runs during these pauses.
        Kind::Prepare => of(FAILURE_BUDGET, CRASH_BUDGET, 2, 15),
        // Others go on meanwhile, and one trial more or less decides nothing.
        Kind::Trial => of(FAILURE_BUDGET, CRASH_BUDGET, 2, 15),
        // All the work of the job hangs on it: a store that is away for half a minute must not lose it.
        Kind::Assemble => of(FAILURE_BUDGET + 2, CRASH_BUDGET, 2, 15),
        // Somebody waits, and a store that is away for a minute must not cost the whole file.
        Kind::Predict => of(FAILURE_BUDGET + 2, CRASH_BUDGET, 2, 30),
    }
}

impl Policy {
    /// Pause after that many failures (1: the first). `jitter` from 0 to 1 takes up to a quarter off, so that what failed
    /// together does not come back together.
    pub fn pause(&self, failures: i32, jitter: f64) -> Duration {
        let doublings = failures.saturating_sub(1).clamp(0, 16) as u32;
        let pause = self
            .first_pause
            .saturating_mul(1 << doublings)
            .min(self.longest_pause);
        pause.mul_f64(1.0 - 0.25 * jitter.clamp(0.0, 1.0))
    }
}

/// A number from 0 to 1 that differs between tasks and between their tries: keys of tasks end in random bits.
pub fn jitter(task: &task::Model) -> f64 {
    let tries = (task.failures + task.crashes).unsigned_abs();
    let bits = (task.id.as_u128() as u32).rotate_left(tries * 7);
    f64::from(bits) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_jitter_shortens_them() {
        for kind in Kind::iter() {
            let policy = policy(kind);
            assert!(policy.failures > 0 && policy.crashes > 0, "{kind:?}");
            assert_eq!(policy.pause(1, 0.0), policy.first_pause);
            assert_eq!(policy.pause(2, 0.0), policy.first_pause * 2);
            assert_eq!(policy.pause(1000, 0.0), policy.longest_pause);
            assert_eq!(policy.pause(1, 1.0), policy.first_pause.mul_f64(0.75));
            assert_eq!(policy.pause(1, f64::MAX), policy.pause(1, 1.0));
        }
    }
}
