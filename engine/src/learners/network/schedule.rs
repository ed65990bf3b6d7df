//! The learning rate over a training, and how it fits the time there is: steps are planned from the measured speed, so that
//! the rate has fallen by the end of the time. The rate depends on nothing but the planned steps, and each change of the
//! plan is a turn of the record (`context::Pace`): a repeated training takes the same steps at the same rates.

use std::time::Duration;

use crate::context::Context;

/// Share of the steps in which the rate rises to its full size.
const WARM_UP: f64 = 0.04;
/// Share of the time before which the clock has no say: training that is done by then is the same on every machine.
const UNHURRIED: f64 = 0.1;
/// Times that the plan is looked at in a training, about.
const LOOKS: u64 = 64;
/// Steps between two looks at least: fewer are no measure of speed.
const LEAST_STEPS: u64 = 8;
/// Share by which the plan has to miss the time before it is changed.
const TOLERANCE: f64 = 0.03;

/// How far a training is, and how far it will go.
pub struct Schedule<'a> {
    context: &'a Context<'a>,
    /// Of the record.
    part: u32,
    start: Duration,
    /// Moment at which the last answer has to be computed.
    end: Duration,
    /// Steps that the rows and epochs asked for.
    wanted: u64,
    /// Steps done and share of the way gone when the plan was last changed, and the steps then left.
    turned: (u64, f64, u64),
}

impl<'a> Schedule<'a> {
    /// For that many steps. `start` is when the fit began, `spare` the time that it needs after the last step.
    pub fn new(context: &'a Context<'a>, part: u32, start: Duration, spare: Duration, steps: u64) -> Self {
        Self {
            context,
            part,
            start,
            end: context.deadline.saturating_sub(spare),
            wanted: steps,
            turned: (0, 0.0, steps.max(1)),
        }
    }

    /// Share of the largest rate for the step after `done` of them; `None` when there is no time for it.
    pub fn rate_share(&mut self, done: u64) -> Option<f64> {
        let turn = self.context.pace.turn(self.part, done, || self.by_clock(done));
        if let Some(left) = turn {
            self.turned = (done, self.share(done), left);
            if left == 0 {
                return None;
            }
        }
        let share = self.share(done);
        let rising = (share / WARM_UP).max((done + 1) as f64 / 200.0).min(1.0);
        Some(rising * 0.5 * (1.0 + (std::f64::consts::PI * share.min(1.0)).cos()))
    }

    /// Share of the way gone, 0 to 1.
    fn share(&self, done: u64) -> f64 {
        let (at, share, left) = self.turned;
        share + (1.0 - share) * ((done - at) as f64 / left.max(1) as f64).min(1.0)
    }

    /// True when the planned steps are done: fewer than wanted, where time is short.
    pub fn is_over(&self, done: u64) -> bool {
        done >= self.planned()
    }

    fn planned(&self) -> u64 {
        self.turned.0 + self.turned.2
    }

    /// The steps left by the clock, where that changes the plan.
    fn by_clock(&self, done: u64) -> Option<u64> {
        let now = self.context.clock.now();
        if now >= self.end {
            return Some(0);
        }
        if done == 0 || !done.is_multiple_of((self.wanted / LOOKS).max(LEAST_STEPS)) {
            return None;
        }
        let allowed = (self.end.saturating_sub(self.start)).as_secs_f64();
        let gone = now.saturating_sub(self.start).as_secs_f64();
        if gone < UNHURRIED * allowed {
            return None;
        }
        let possible = ((allowed - gone) * done as f64 / gone.max(1e-9)) as u64;
        let left = possible.clamp(1, (self.wanted - done).max(1));
        let planned = self.planned().saturating_sub(done).max(1);
        let misses = (left as f64 / planned as f64 - 1.0).abs() > TOLERANCE;
        misses.then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use super::*;
    use crate::context::{Clock, Pace, Turn};

    /// A clock that stands where it was set, in milliseconds.
    struct Set(AtomicU64);

    impl Clock for Set {
        fn now(&self) -> Duration {
            Duration::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    /// The rates of all steps that a training of at most `wanted` takes in 8 seconds, a step taking `millis`.
    fn rates(wanted: u64, millis: u64, pace: Pace<'_>) -> Vec<f64> {
        let clock = Set(AtomicU64::new(10_000));
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("threads start");
        let context = Context {
            clock: &clock,
            deadline: Duration::from_secs(19),
            pace,
            cancelled: &AtomicBool::new(false),
            device: crate::Device::Cpu,
            pool: &pool,
            seed: 1,
            progress: &|_| {},
        };
        let (start, spare) = (Duration::from_secs(10), Duration::from_secs(1));
        let mut schedule = Schedule::new(&context, 0, start, spare, wanted);
        let mut rates = Vec::new();
        while !schedule.is_over(rates.len() as u64) {
            let Some(rate) = schedule.rate_share(rates.len() as u64) else {
                break;
            };
            rates.push(rate);
            clock.0.fetch_add(millis, Ordering::Relaxed);
        }
        rates
    }

    #[test]
    fn the_clock_has_a_say_only_when_time_gets_short() {
        let told = Mutex::new(Vec::new());
        let tell = |turn: Turn| told.lock().expect("not poisoned").push(turn);
        let quick = rates(1_000, 1, Pace::Clock(&tell));
        assert_eq!(quick.len(), 1_000);
        assert!(
            quick == rates(1_000, 7, Pace::Clock(&tell)),
            "7 seconds are enough"
        );
        assert!(told.lock().expect("not poisoned").is_empty());
        let late = rates(1_000, 20, Pace::Clock(&tell));
        assert!((385..=400).contains(&late.len()), "{}", late.len());
        let last = late.last().expect("some steps");
        assert!(*last < 1e-3, "the rate has fallen by the end: {last}");
        assert!(
            late.windows(2).skip(50).all(|pair| pair[1] <= pair[0]),
            "it never rises again"
        );
    }

    #[test]
    fn a_record_gives_the_same_rates_whatever_the_clock_does() {
        let told = Mutex::new(Vec::new());
        let tell = |turn: Turn| told.lock().expect("not poisoned").push(turn);
        let late = rates(1_000, 20, Pace::Clock(&tell));
        let turns = told.into_inner().expect("not poisoned");
        assert!(!turns.is_empty());
        for millis in [1, 20, 900] {
            assert_eq!(rates(1_000, millis, Pace::Record(&turns)), late);
        }
    }
}
