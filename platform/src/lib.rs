//! The outside world that api and worker share, each part behind one small trait, and the task queue on the database.
//!
//! Invariants: the database is the truth, the doorbell only says "look"; events are published after their commit; no key of an
//! artifact is made outside [`artifacts`]; nothing here knows what a model is.

pub mod database;

pub use database::Database;
