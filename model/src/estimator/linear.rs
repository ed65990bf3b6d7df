//! A linear model on dense inputs.

use serde::{Deserialize, Serialize};

/// `raw[k] = bias[k] + Σ_j weights[j * outputs + k] x[j]`, with `outputs = bias.len()`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Input-major, shape `[width, outputs]`.
    pub weights: Vec<f64>,
    /// Shape `[outputs]`.
    pub bias: Vec<f64>,
}
