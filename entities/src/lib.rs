//! Stored rows: one file a table, finders that force the owner, state transitions as pure functions.
//!
//! Invariants: every finder that answers a person takes a [`Viewer`]; a terminal state is final; `version` rises with every
//! change of a dataset, job or trial; nothing here reads a clock, draws a number or knows GraphQL.

pub mod artifact;
pub mod attempt;
pub mod dataset;
pub mod idempotency;
pub mod job;
pub mod mail;
pub mod model;
pub mod obsolete_file;
pub mod password;
pub mod refresh_token;
pub mod scope;
pub mod secret;
pub mod session;
pub mod step;
pub mod task;
pub mod token;
pub mod trial;
pub mod upload;
pub mod user;
pub mod worker;

#[cfg(test)]
mod machine;
mod viewer;

pub use viewer::Viewer;
