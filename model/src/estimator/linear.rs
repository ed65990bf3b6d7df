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

impl Linear {
    /// Writes the raw outputs of one dense row.
    pub fn predict_row(&self, dense: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&self.bias);
        for (value, weights) in dense.iter().zip(self.weights.chunks_exact(out.len())) {
            for (sum, weight) in out.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
    }
}
