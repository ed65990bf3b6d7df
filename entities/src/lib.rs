//! Stored rows: one file a table, finders that force the owner, state transitions as pure functions.
//!
//! Invariants: every finder that answers a person takes a [`Viewer`]; a terminal state is final; `version` rises with every
//! change of a dataset, job, trial or batch prediction; nothing here reads a clock, draws a number or knows GraphQL.

pub mod artifact;
pub mod attempt;
pub mod audit_entry;
pub mod audit_head;
pub mod batch_prediction;
pub mod dataset;
pub mod idempotency;
pub mod identity;
pub mod job;
pub mod job_tag;
pub mod mail;
pub mod model;
pub mod model_alias;
pub mod model_version;
pub mod obsolete_file;
pub mod password;
pub mod progress;
pub mod queue_pause;
pub mod refresh_token;
pub mod registered_model;
pub mod scope;
pub mod secret;
pub mod session;
pub mod step;
pub mod task;
pub mod token;
pub mod trial;
pub mod upload;
pub mod usage;
pub mod user;
pub mod user_quota;
pub mod webhook;
pub mod webhook_delivery;
pub mod worker;

#[cfg(test)]
mod machine;
mod viewer;

pub use viewer::Viewer;
