//! The fitted model: the schema of its inputs, predict, store, ONNX export and verification.
//! What a worker makes and the api answers with; it knows nothing of training.
//!
//! Invariants: a raw value has one meaning ([`value`]), shared by training and serving; a model is immutable;
//! no clock, environment, network or database; an ONNX file counts only with its [`onnx::Certificate`].

pub mod attribution;
mod batch;
pub mod calibration;
pub mod csv;
pub mod ensemble;
pub mod estimator;
pub mod exponential;
pub mod frame;
pub mod interval;
pub mod onnx;
mod predict;
pub mod problem;
mod refinements;
#[cfg(test)]
mod sample;
pub mod schema;
pub mod serve;
pub mod store;
pub mod transform;
mod validate;
pub mod value;

pub use attribution::{Attribution, Background, ExplainError};
pub use calibration::Calibration;
pub use ensemble::{Member, Model, Predictor, Provenance};
pub use estimator::{Estimator, Link};
pub use frame::{Column, Frame};
pub use interval::{Conformal, NoInterval, Quantile};
pub use predict::Scratch;
pub use problem::ProblemType;
pub use refinements::Refinements;
pub use schema::{Input, InputKind};
pub use serve::Loaded;
pub use transform::{EncodeError, Encoder, Feature, FeatureKind, Transform};
pub use validate::Invalid;
