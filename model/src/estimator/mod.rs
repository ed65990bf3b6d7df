//! Fitted estimators: features (or dense inputs) to raw outputs.

pub mod forest;
pub mod linear;
pub mod network;

use serde::{Deserialize, Serialize};

/// Raw outputs to outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Outputs are the raw outputs (regression values, or probabilities that already sum to 1).
    Identity,
    /// One raw output z; outputs are `[1 - σ(z), σ(z)]`.
    Logistic,
    /// K raw outputs; outputs are their softmax.
    Softmax,
}

/// A fitted estimator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Estimator {
    /// The same raw outputs for every row.
    Constant(Vec<f64>),
    /// Decision trees; takes encoded features.
    Forest(forest::Forest),
    /// Linear model; takes dense inputs.
    Linear(linear::Linear),
    /// Multi-layer perceptron; takes dense inputs.
    Network(network::Network),
}
