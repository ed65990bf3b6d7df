//! Real services, real processes and faults for the tests of the whole platform: each service on a free port of the loopback
//! interface, started when it is asked for and gone with the test program, however that ends.
//!
//! Invariants: nothing here imports a crate of ours (tests enter through the front door); no service listens beyond the
//! loopback interface; a method that says "Panics" is for tests, everything else returns an error.

pub mod client;
pub mod collector;
pub mod daemon;
pub mod disk;
pub mod invariants;
pub mod patience;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod random;
pub mod redis;
pub mod s3;
pub mod stack;
mod watch;
pub mod wire;

pub use client::Client;
pub use collector::Collector;
pub use daemon::Signal;
pub use disk::Disk;
pub use patience::Patience;
pub use postgres::Postgres;
pub use process::Process;
pub use proxy::Proxy;
pub use redis::Redis;
pub use s3::S3;
pub use stack::{Column, Stack};
pub use wire::Wire;

/// A port of the loopback interface that nobody listens on. Somebody else may take it before it is used.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> std::io::Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}
