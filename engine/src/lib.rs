//! AutoML: a table in, a fitted model out. Read, profile, plan, learners, search, ensemble, explain.
//!
//! Invariants: synchronous; no I/O beyond the bytes and streams it is given; no database, queue, HTTP, environment; clock and
//! randomness are arguments; nothing is fitted on rows it is scored on; every fit ends at its deadline with the best so far.

pub mod archive;
pub mod batch;
pub mod context;
pub mod device;
pub mod hash;
pub mod learners;
pub mod metrics;
pub mod plan;
pub mod profile;
pub mod read;
pub mod search;
pub mod settings;
pub mod train;
pub mod trees;

mod error;
mod page;

pub use context::{Clock, Context, Pace, Progress, Turn};
pub use device::Device;
pub use error::Error;
pub use settings::Settings;
