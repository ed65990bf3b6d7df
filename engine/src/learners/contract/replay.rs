//! A fit that the clock ended is the same fit once more, whatever the clock does then.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::context::{Pace, Turn};
use crate::learners::Stop;

/// A clock that goes on by a millisecond each time somebody looks.
#[derive(Default)]
struct Looks(AtomicU64);

impl Clock for Looks {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Runs something with `looks` looks at the clock before time is over.
fn within<T>(looks: u64, threads: usize, pace: Pace<'_>, run: &dyn Fn(&Context<'_>) -> T) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    run(&Context {
        clock: &Looks::default(),
        deadline: Duration::from_millis(looks),
        pace,
        cancelled: &AtomicBool::new(false),
        device: crate::Device::Cpu,
        pool: &pool.expect("threads start"),
        seed: 3,
        progress: &|_| {},
    })
}

/// What was made in so many looks, and the same from its record, on one thread and with no time at all; `None`: too few looks.
fn twice<T>(looks: u64, run: &dyn Fn(&Context<'_>) -> Result<T, Error>) -> Option<[T; 2]> {
    let turns = Mutex::new(Vec::new());
    let tell = |turn: Turn| turns.lock().expect("not poisoned").push(turn);
    let once = within(looks, 2, Pace::Clock(&tell), run).ok()?;
    let turns = turns.into_inner().expect("not poisoned");
    let again = within(0, 1, Pace::Record(&turns), run).expect("it was possible before");
    Some([once, again])
}

#[test]
fn a_fit_that_the_clock_ended_is_the_same_once_more() {
    for (problem, aim) in AIMS {
        let mut data = table(problem, 400, 3);
        data.aim = aim;
        let rows = FoldRows {
            fit: &data.folds[0].fit,
            valid: &data.folds[0].valid,
        };
        // Others do not know what is aimed at.
        let learners = LEARNERS
            .iter()
            .filter(|learner| aim == Aim::Mean || learner.aims_at_quantiles());
        for learner in learners {
            let params = first(*learner, &data);
            let mut ended = 0;
            for looks in [3, 10, 40, 200, 1_000] {
                let what = format!("{} {problem:?} {looks}", learner.name());
                let fit = |context: &Context<'_>| learner.fit(&data, rows, &params, context);
                let Some([once, again]) = twice(looks, &fit) else {
                    continue;
                };
                ended += usize::from(once.stop == Stop::Deadline);
                assert!(again.predictor == once.predictor, "{what}");
                assert_eq!(again.valid_outputs, once.valid_outputs, "{what}");
                assert_eq!((again.rounds, again.stop), (once.rounds, once.stop), "{what}");
                let rounds = once.rounds;
                let refit = |context: &Context<'_>| {
                    learner.refit(&data, &data.folds[1].fit, &params, rounds, context)
                };
                if let Some([once, again]) = twice(looks, &refit) {
                    assert!(again == once, "{what}");
                }
            }
            assert!(
                ended > 0 || learner.name() == "baseline",
                "{} {problem:?}: no deadline ended a fit",
                learner.name()
            );
        }
    }
}
