//! Fitted estimators: features (or dense inputs) to raw outputs.

pub mod compact;
pub mod flat;
pub mod forest;
mod forest_onnx;
pub mod linear;
pub mod network;
pub(crate) mod network_batch;
pub mod widened;

use serde::{Deserialize, Serialize};

use crate::calibration::logistic;
use network::{Activation, NetworkScratch};

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
    /// Multi-layer perceptron with ReLU; takes dense inputs.
    Network(network::Network),
    /// Decision trees over encoded features and numbers made of them; takes encoded features.
    Widened(widened::Widened),
    /// Multi-layer perceptron with `SiLU`; takes dense inputs.
    Smooth(network::Network),
}

impl Estimator {
    /// Number of raw outputs.
    pub fn raw_outputs(&self) -> usize {
        match self {
            Self::Constant(values) => values.len(),
            Self::Forest(forest) | Self::Widened(widened::Widened { forest, .. }) => forest.base.len(),
            Self::Linear(linear) => linear.bias.len(),
            Self::Network(network) | Self::Smooth(network) => {
                network.layers.last().map_or(0, |layer| layer.bias.len())
            }
        }
    }

    /// Its trees, when it has some.
    pub fn forest(&self) -> Option<&forest::Forest> {
        match self {
            Self::Forest(forest) | Self::Widened(widened::Widened { forest, .. }) => Some(forest),
            Self::Constant(_) | Self::Linear(_) | Self::Network(_) | Self::Smooth(_) => None,
        }
    }

    /// Its network, when it is one, with what follows the hidden layers.
    pub fn network(&self) -> Option<(&network::Network, Activation)> {
        match self {
            Self::Network(network) => Some((network, Activation::Relu)),
            Self::Smooth(network) => Some((network, Activation::Silu)),
            Self::Constant(_) | Self::Forest(_) | Self::Linear(_) | Self::Widened(_) => None,
        }
    }

    /// What its trees ask for beyond the encoded features.
    pub fn added(&self) -> &[widened::Added] {
        match self {
            Self::Widened(widened) => &widened.added,
            _ => &[],
        }
    }

    /// The raw outputs of an estimator that takes no inputs.
    pub(crate) fn without_inputs(&self) -> Vec<f64> {
        let mut out = vec![0.0; self.raw_outputs()];
        if let Some((network, activation)) = self.network() {
            network.predict_row(activation, &[], &mut NetworkScratch::default(), &mut out);
        }
        match self {
            Self::Constant(values) => out.copy_from_slice(values),
            Self::Forest(forest) | Self::Widened(widened::Widened { forest, .. }) => {
                forest.predict_row(&[], &mut out);
            }
            Self::Linear(linear) => linear.predict_row(&[], &mut out),
            Self::Network(_) | Self::Smooth(_) => {}
        }
        out
    }
}

impl Link {
    /// Number of outputs made of that many raw outputs.
    pub fn outputs(self, raw_outputs: usize) -> usize {
        match self {
            Self::Identity | Self::Softmax => raw_outputs,
            Self::Logistic => 2,
        }
    }

    /// Writes the outputs; `out` has `outputs(raw.len())` places.
    pub fn apply(self, raw: &[f64], out: &mut [f64]) {
        match self {
            Self::Identity => out.copy_from_slice(raw),
            Self::Logistic => {
                let positive = logistic(raw[0]);
                out[0] = 1.0 - positive;
                out[1] = positive;
            }
            Self::Softmax => {
                let largest = raw.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let mut sum = 0.0;
                for (share, value) in out.iter_mut().zip(raw) {
                    *share = (value - largest).exp();
                    sum += *share;
                }
                for share in out.iter_mut() {
                    *share /= sum;
                }
            }
        }
    }
}
