//! The database itself keeps people apart, and a request costs as many statements for many rows as for few: over a real Postgres
//! server, with an ordinary account that owns the tables.

mod cost;
mod row_security;
// What this target does not need of it the flow tests do.
#[path = "../flow/setup.rs"]
#[expect(dead_code, reason = "shared with the flow tests, which use all of it")]
mod setup;
mod shared;
mod statements;
mod statements_admin;
mod words;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use harness::Postgres;
use harness::postgres::Options;

/// A server that runs for as long as a test uses it.
static SERVER: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());

/// The server.
pub fn server() -> Arc<Postgres> {
    let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = shared.upgrade() {
        return running;
    }
    let started = Arc::new(Postgres::start(&Options::default()).expect("Postgres starts"));
    *shared = Arc::downgrade(&started);
    started
}

/// URL of a new database of a server, for its ordinary account.
pub fn new_database(server: &Postgres) -> String {
    server.url(&server.create_database(None).expect("a database"))
}
