//! The pool: slots that claim tasks, the trainer child that does the work, one file per task kind, the flow of a job, and
//! word to its owner when it has ended.
//!
//! Invariants: user data is parsed and trained on in the child only; the child has no credentials, no environment, a memory,
//! time, disk and output bound, and dies with its parent; every write after a claim proves the claim; a job's next trials are
//! asked for in the transaction that records a result.

pub mod child;
pub mod device;
pub mod estimate;
pub mod flow;
pub mod notify;
pub mod pool;
pub mod protocol;
pub mod scaling;
pub mod tasks;
pub mod trainer;
pub mod work;

mod activity;
mod answered;
mod reconcile;
mod scratch;
mod settle;
mod slot;
mod subject;
mod sweep;

pub use entities::task::Queue;
pub use pool::{Options, Pool};
