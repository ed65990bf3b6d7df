//! The one error of the engine: what was wrong, in words for the user.

/// Why the engine stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data or the settings cannot be used; the message says what is wrong and what to do. Exit code 2.
    #[error("{0}")]
    Input(String),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The deadline passed before anything usable existed.
    #[error("the time limit passed before a first model was ready; give it more time")]
    Deadline,
    /// A plan would need more memory than allowed.
    #[error("this needs about {needed_bytes} bytes of memory and {limit_bytes} are allowed")]
    Memory {
        /// Estimated need.
        needed_bytes: u64,
        /// The limit.
        limit_bytes: u64,
    },
    /// The GPU failed, and what is left on it cannot be trusted: a new process may use it again.
    #[error("the GPU failed: {0}")]
    Gpu(String),
    /// A fault of ours or of a library; a trial that ends so is a row with this reason.
    #[error("{0}")]
    Internal(String),
}

impl From<model::csv::Fault> for Error {
    fn from(fault: model::csv::Fault) -> Self {
        Self::Input(fault.0)
    }
}
