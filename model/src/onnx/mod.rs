//! Lowering of a whole model to one ONNX graph, and its verification in onnxruntime.

mod edge;
pub(crate) mod export;
pub mod graph;
mod proto;
mod rows;
mod runtime;
#[cfg(test)]
mod tests;
mod verify;

use serde::{Deserialize, Serialize};

pub use export::{ExportError, OutputNames, export, output_names};
pub use runtime::{Runtime, RuntimeError};
pub use verify::{Limits, TOLERANCE, VerifyError, verify, verify_within};

/// Proof that an ONNX file answered like its model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Version of onnxruntime that ran the file.
    pub runtime: String,
    /// SHA-256 of the file, hex.
    pub onnx_sha256: String,
    /// Rows of the holdout that were compared.
    pub holdout_rows: u64,
    /// Generated edge rows that were compared.
    pub edge_rows: u64,
    /// Largest difference: absolute for probabilities, relative to `max(1, |value|)` for regression.
    pub largest_difference: f64,
    /// Bound that `largest_difference` kept.
    pub tolerance: f64,
}
