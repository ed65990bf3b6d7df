//! Several fits side by side, each in threads of its own.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::ThreadPool;

use crate::error::Error;
use crate::plan::Prepared;

/// Cells of the training data up to which fits go side by side; the trees of more use all threads well.
const MOST_CELLS: usize = 1_000_000;

/// How many fits on all rows go side by side on that many threads.
pub(super) fn lanes_of(data: &Prepared, threads: usize) -> usize {
    let cells = data.train.rows * data.encoder.features.len();
    if cells <= MOST_CELLS {
        threads.clamp(1, 4)
    } else {
        1
    }
}

/// Runs `work(index, pool)` for every index below `count` and returns the results in order of the index. At most `lanes` run
/// at a time, each in a pool of `threads` threads: in a shared pool a fit that waits would pick up another one and miss its
/// deadline.
///
/// # Errors
/// `Internal` when threads cannot be started or one of them failed.
pub(super) fn in_lanes<T: Send>(
    lanes: usize,
    threads: usize,
    count: usize,
    work: &(dyn Fn(usize, &ThreadPool) -> T + Sync),
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::new());
    let mut pools = Vec::with_capacity(lanes);
    for _ in 0..lanes.clamp(1, count.max(1)) {
        pools.push(pool(threads)?);
    }
    std::thread::scope(|scope| {
        for pool in &pools {
            let (next, done) = (&next, &done);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = work(index, pool);
                    if let Ok(mut done) = done.lock() {
                        done.push((index, result));
                    }
                }
            });
        }
    });
    let mut done = done
        .into_inner()
        .map_err(|_| Error::Internal("a fit's thread failed".into()))?;
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Threads to compute on.
///
/// # Errors
/// `Internal` when they cannot be started.
pub(super) fn pool(threads: usize) -> Result<ThreadPool, Error> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|error| Error::Internal(format!("threads could not be started: {error}")))
}
