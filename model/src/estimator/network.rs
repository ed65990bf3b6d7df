//! A multi-layer perceptron on dense inputs, with an activation behind each layer but the last. Weights are f32; sums are f64, here and in the ONNX graph, so that both agree
//! far within the tolerance whatever the order of summation and the scale of the target.

use pulp::Arch;
use serde::{Deserialize, Serialize};

use crate::exponential::exponential;
use crate::onnx::graph::{Edge, Element, Graph, Tensor};

/// What follows a layer that is not the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// What is below 0 becomes 0.
    #[default]
    Relu,
    /// `x σ(x)`, which is smooth (Elfwing, Uchibe & Doya, Neural Networks 2018).
    Silu,
}

/// One fully connected layer: `y[o] = bias[o] + Σ_i weights[i * outputs + o] x[i]`.
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
    pub fn predict_row(
        &self,
        activation: Activation,
        dense: &[f64],
        scratch: &mut NetworkScratch,
        out: &mut [f64],
    ) {
        let NetworkScratch { current, next } = scratch;
        current.clear();
        current.extend_from_slice(dense);
        for (position, layer) in self.layers.iter().enumerate() {
            next.resize(layer.bias.len(), 0.0);
            layer.apply(current, next);
            if position + 1 < self.layers.len() {
                activation.apply(next);
            }
            std::mem::swap(current, next);
        }
        for (value, raw) in out.iter_mut().zip(current.iter()) {
            *value = self.offset + self.scale * raw;
        }
    }

    /// Adds the network to an ONNX graph: from dense inputs, `[rows, inputs]`, to raw outputs.
    pub(crate) fn lower(&self, activation: Activation, graph: &mut Graph, dense: &Edge) -> Edge {
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
                values = activation.lower(graph, &values);
            }
        }
        let (offset, scale) = (graph.doubles(&[self.offset]), graph.doubles(&[self.scale]));
        let scaled = graph.op("Mul", &[&values, &scale], vec![]);
        graph.op("Add", &[&scaled, &offset], vec![])
    }
}

impl Activation {
    pub(super) fn apply(self, values: &mut [f64]) {
        Arch::new().dispatch(|| match self {
            Self::Relu => values.iter_mut().for_each(|value| *value = value.max(0.0)),
            Self::Silu => values
                .iter_mut()
                .for_each(|value| *value /= 1.0 + exponential(-*value)),
        });
    }

    fn lower(self, graph: &mut Graph, values: &Edge) -> Edge {
        match self {
            Self::Relu => {
                let zero = graph.doubles(&[0.0]);
                graph.op("Max", &[values, &zero], vec![])
            }
            // x / (1 + e^-x): onnxruntime makes one operator of x σ(x) that it has for single precision only.
            Self::Silu => {
                let one = graph.doubles(&[1.0]);
                let negative = graph.op("Neg", &[values], vec![]);
                let power = graph.op("Exp", &[&negative], vec![]);
                let sum = graph.op("Add", &[&one, &power], vec![]);
                graph.op("Div", &[values, &sum], vec![])
            }
        }
    }
}

impl Layer {
    /// Writes the sums of one row.
    pub(super) fn apply(&self, inputs: &[f64], out: &mut [f64]) {
        for (sum, bias) in out.iter_mut().zip(&self.bias) {
            *sum = f64::from(*bias);
        }
        let rows = self.weights.chunks_exact(self.bias.len());
        Arch::new().dispatch(|| {
            for (value, weights) in inputs.iter().zip(rows) {
                // After a ReLU about half of the inputs are zero, of one-hot columns all but one.
                if *value != 0.0 {
                    for (sum, weight) in out.iter_mut().zip(weights) {
                        *sum += f64::from(*weight) * value;
                    }
                }
            }
        });
    }
}

/// Buffers of a network's hidden layers.
#[derive(Clone, Debug, Default)]
pub struct NetworkScratch {
    pub(super) current: Vec<f64>,
    pub(super) next: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_sums() {
        let layer = Layer {
            inputs: 3,
            outputs: 2,
            weights: vec![0.0, 2.0, -1.0, 0.5, 3.0, 0.0],
            bias: vec![0.25, -0.5],
        };
        let network = Network {
            layers: vec![layer],
            offset: 1.0,
            scale: 2.0,
        };
        let mut out = [0.0; 2];
        let scratch = &mut NetworkScratch::default();
        network.predict_row(Activation::Relu, &[1.5, -2.0, 0.0], scratch, &mut out);
        assert_eq!(out, [1.0 + 2.0 * (0.25 + 2.0), 1.0 + 2.0 * (-0.5 + 3.0 - 1.0)]);
    }

    #[test]
    fn activations_are_what_they_are_called() {
        let mut values = [-2.0, 0.0, 0.5, 800.0, -800.0];
        Activation::Silu.apply(&mut values);
        let expected = [
            -2.0 / (1.0 + 2f64.exp()),
            0.0,
            0.5 / (1.0 + (-0.5f64).exp()),
            800.0,
            0.0,
        ];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{value} {expected}");
        }
        let mut values = [-2.0, 0.5];
        Activation::Relu.apply(&mut values);
        assert_eq!(values, [0.0, 0.5]);
    }
}
