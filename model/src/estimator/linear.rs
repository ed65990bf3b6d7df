//! A linear model on dense inputs.

use serde::{Deserialize, Serialize};

use crate::onnx::graph::{Edge, Graph, Tensor};

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

    /// Adds the model to an ONNX graph: from dense inputs, `[rows, width]`, to raw outputs.
    pub(crate) fn lower(&self, graph: &mut Graph, dense: &Edge) -> Edge {
        let outputs = self.bias.len();
        let weights = Tensor::doubles(&[self.weights.len() / outputs, outputs], &self.weights);
        let weights = graph.constant(weights);
        let bias = graph.doubles(&self.bias);
        let product = graph.op("MatMul", &[dense, &weights], vec![]);
        graph.op("Add", &[&product, &bias], vec![])
    }
}
