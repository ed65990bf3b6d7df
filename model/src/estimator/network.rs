//! A multi-layer perceptron on dense inputs. Weights are f32; sums are f64, here and in the ONNX graph, so that both agree
//! far within the tolerance whatever the order of summation and the scale of the target.

use serde::{Deserialize, Serialize};

use crate::onnx::graph::{Edge, Element, Graph, Tensor};

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

impl Network {
    /// How many numbers it has.
    pub fn size(&self) -> usize {
        self.layers.iter().map(|layer| layer.weights.len()).sum()
    }

    /// Writes the raw outputs of one dense row. `scratch` holds the hidden layers between calls.
    pub fn predict_row(&self, dense: &[f64], scratch: &mut NetworkScratch, out: &mut [f64]) {
        let NetworkScratch { current, next } = scratch;
        current.clear();
        current.extend_from_slice(dense);
        for (position, layer) in self.layers.iter().enumerate() {
            layer.apply(current, next);
            if position + 1 < self.layers.len() {
                for value in next.iter_mut() {
                    *value = value.max(0.0);
                }
            }
            std::mem::swap(current, next);
        }
        for (value, raw) in out.iter_mut().zip(current.iter()) {
            *value = self.offset + self.scale * raw;
        }
    }

    /// Adds the network to an ONNX graph: from dense inputs, `[rows, inputs]`, to raw outputs.
    pub(crate) fn lower(&self, graph: &mut Graph, dense: &Edge) -> Edge {
        let zero = graph.doubles(&[0.0]);
        let mut values = dense.clone();
        for (position, layer) in self.layers.iter().enumerate() {
            // Stored as f32, widened once when a session starts.
            let weights = Tensor::floats(&[layer.inputs as usize, layer.outputs as usize], &layer.weights);
            let weights = graph.constant(weights);
            let weights = graph.cast(&weights, Element::Double);
            let bias: Vec<f64> = layer.bias.iter().map(|bias| f64::from(*bias)).collect();
            let bias = graph.doubles(&bias);
            let product = graph.op("MatMul", &[&values, &weights], vec![]);
            values = graph.op("Add", &[&product, &bias], vec![]);
            if position + 1 < self.layers.len() {
                values = graph.op("Max", &[&values, &zero], vec![]);
            }
        }
        let (offset, scale) = (graph.doubles(&[self.offset]), graph.doubles(&[self.scale]));
        let scaled = graph.op("Mul", &[&values, &scale], vec![]);
        graph.op("Add", &[&scaled, &offset], vec![])
    }
}

impl Layer {
    fn apply(&self, inputs: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.bias.iter().map(|bias| f64::from(*bias)));
        for (value, weights) in inputs.iter().zip(self.weights.chunks_exact(self.bias.len())) {
            // After a ReLU about half of the inputs are zero.
            if *value != 0.0 {
                for (sum, weight) in out.iter_mut().zip(weights) {
                    *sum += f64::from(*weight) * value;
                }
            }
        }
    }
}

/// Buffers of a network's hidden layers.
#[derive(Clone, Debug, Default)]
pub struct NetworkScratch {
    current: Vec<f64>,
    next: Vec<f64>,
}
