//! A multi-layer perceptron on dense inputs, in f32.

use serde::{Deserialize, Serialize};

/// One fully connected layer: `y[o] = bias[o] + Σ_i weights[i * outputs + o] x[i]`, then ReLU for all but the last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Number of inputs.
    pub inputs: u32,
    /// Number of outputs.
    pub outputs: u32,
    /// Input-major, shape `[inputs, outputs]`.
    pub weights: Vec<f32>,
    /// Shape `[outputs]`.
    pub bias: Vec<f32>,
}

/// The layers in order, and the scale of the raw outputs: `raw = offset + scale * last layer` (1 and 0 for classification).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// At least one.
    pub layers: Vec<Layer>,
    /// Added to each raw output.
    pub offset: f64,
    /// Multiplies each raw output first.
    pub scale: f64,
}
