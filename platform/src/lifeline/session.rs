//! One session with Postgres whose advisory lock says "this worker lives". The server frees the lock the moment the process
//! is gone, long before a lease ends. It needs a direct connection: a pooler that shares sessions would keep the lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::workers::lock_key;
use crate::{Error, Secret, tls};

/// Between two looks whether the session still stands, and between two tries to have one.
const INTERVAL: Duration = Duration::from_millis(500);

/// Holds the lock of a worker on a thread of its own until `is_over`, over reconnections.
///
/// # Errors
/// When the URL cannot be read or no thread can be started.
pub fn hold(url: &Secret, worker: &str, is_over: Arc<AtomicBool>) -> Result<(), Error> {
    let target = tls::postgres(url)?;
    let key = lock_key(worker);
    thread::Builder::new()
        .name("session".to_owned())
        .spawn(move || {
            while !is_over.load(Ordering::Acquire) {
                if let Err(error) = stand(&target, key, &is_over) {
                    tracing::warn!(%error, "the worker's session with Postgres is interrupted");
                    thread::sleep(INTERVAL);
                }
            }
        })
        .map(drop)
        .map_err(|error| Error::Settings(format!("no thread for the session: {error}")))
}

fn stand(target: &tls::Target, key: i64, is_over: &AtomicBool) -> Result<(), postgres::Error> {
    let mut client = target.connect("automl worker session")?;
    client.execute("SELECT pg_advisory_lock($1)", &[&key])?;
    while !is_over.load(Ordering::Acquire) {
        thread::sleep(INTERVAL);
        client.is_valid(tls::PATIENCE)?;
    }
    client.close()
}
