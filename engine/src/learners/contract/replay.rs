//! A fit that its clock cut short, repeated from its record.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use super::*;
use crate::context::{Pace, Turn};

/// A clock that goes on by so many microseconds each time it is asked.
struct Ticking {
    micros: u64,
    asked: AtomicU64,
}

impl Clock for Ticking {
    fn now(&self) -> Duration {
        let asked = self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Duration::from_micros(asked * self.micros)
    }
}

/// The bytes of a fit that has a second.
fn bytes(data: &Prepared, params: &Params, micros: u64, threads: usize, pace: Pace<'_>) -> Vec<Vec<u8>> {
    let clock = Ticking {
        micros,
        asked: AtomicU64::new(0),
    };
    Attempt { threads, ..CALM }.context(|context| {
        let fold = &data.folds[0];
        let rows = FoldRows {
            fit: &fold.fit,
            valid: &fold.valid,
        };
        let context = Context {
            clock: &clock,
            deadline: Duration::from_secs(1),
            pace,
            ..*context
        };
        let network = &super::super::network::Network;
        let fitted = network.fit(data, rows, params, &context).expect("fits");
        vec![
            postcard::to_stdvec(&fitted.predictor).expect("serialises"),
            postcard::to_stdvec(&fitted.valid_outputs).expect("serialises"),
        ]
    })
}

#[test]
fn a_network_is_repeated_from_its_record_whatever_the_clock_does() {
    for problem in PROBLEMS {
        let data = table(problem, 600, 3);
        for networks in [1, 3] {
            let mut params = first(&super::super::network::Network, &data);
            params.insert("networks".to_owned(), ParamValue::Int(networks));
            let turns = Mutex::new(Vec::new());
            let tell = |turn: Turn| turns.lock().expect("not poisoned").push(turn);
            // Every step asks once: at two milliseconds a second is over long before the planned epochs are.
            let cut = bytes(&data, &params, 2_000, 2, Pace::Clock(&tell));
            let turns = turns.into_inner().expect("not poisoned");
            assert!(!turns.is_empty(), "{problem:?}: the clock had a say");
            for (micros, threads) in [(0, 1), (50_000, 2)] {
                let again = bytes(&data, &params, micros, threads, Pace::Record(&turns));
                assert!(again == cut, "{problem:?} {networks} {micros}");
            }
            let calm = bytes(&data, &params, 0, 2, Pace::default());
            assert!(calm != cut, "{problem:?}: without a record, time matters");
        }
    }
}
