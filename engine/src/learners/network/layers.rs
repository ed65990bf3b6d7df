//! Layers of a perceptron: forward and backward passes in candle tensors, f32. The backward pass is written out (it is
//! checked against differences below), which saves the gradients nobody needs.

use candle_core::{DType, Device, Result, Tensor};
use model::estimator::network::{Activation, Layer, Network};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// Shapes and values of all layers; values are one flat vector, so that an optimiser sees nothing but numbers.
#[derive(Clone, Debug)]
pub struct Layers {
    /// Widths: inputs, hidden layers, outputs.
    pub widths: Vec<usize>,
    /// Per layer: weights (input-major), then biases.
    pub values: Vec<f32>,
    /// What follows the hidden layers.
    pub activation: Activation,
}

/// What the backward pass needs of a forward pass.
struct Pass {
    /// Inputs of each layer.
    inputs: Vec<Tensor>,
    /// Derivative of each hidden layer's output by its sum: 0 for what is dropped, else that of the activation over the share that dropout keeps.
    slopes: Vec<Tensor>,
    /// Raw outputs.
    outputs: Tensor,
}

impl Layers {
    /// Random weights with the variance that keeps the scale of a ReLU network (He et al., ICCV 2015); biases 0.
    pub fn random(widths: Vec<usize>, activation: Activation, rng: &mut Pcg64Mcg) -> Self {
        let mut values = Vec::new();
        for (layer, pair) in widths.windows(2).enumerate() {
            // The last layer starts small, so that the first answers are near the prior.
            let share = if layer + 2 == widths.len() { 0.1 } else { 1.0 };
            let bound = share * (6.0 / pair[0].max(1) as f32).sqrt();
            values.extend((0..pair[0] * pair[1]).map(|_| rng.random_range(-bound..bound)));
            values.extend(std::iter::repeat_n(0.0, pair[1]));
        }
        Self {
            widths,
            values,
            activation,
        }
    }

    /// 1 for values that are weights, 0 for biases: what a weight decay applies to.
    pub fn decays(&self) -> Vec<f32> {
        let mut decays = Vec::with_capacity(self.values.len());
        for pair in self.widths.windows(2) {
            decays.extend(std::iter::repeat_n(1.0, pair[0] * pair[1]));
            decays.extend(std::iter::repeat_n(0.0, pair[1]));
        }
        decays
    }

    /// Raw outputs of a batch (row-major), without dropout.
    pub fn predict(&self, inputs: &[f32], rows: usize, device: &Device) -> Result<Vec<f32>> {
        let batch = Tensor::from_slice(inputs, (rows, self.widths[0]), device)?;
        self.forward(batch, &self.tensors(device)?, 0.0, None)?
            .outputs
            .flatten_all()?
            .to_vec1()
    }

    /// One step's gradient: `loss_gradient` turns raw outputs (row-major) into the mean loss's derivatives by them.
    pub fn gradient(
        &self,
        inputs: Vec<f32>,
        rows: usize,
        dropout: f32,
        rng: &mut Pcg64Mcg,
        device: &Device,
        loss_gradient: &mut dyn FnMut(&mut [f32]),
    ) -> Result<Vec<f32>> {
        let tensors = self.tensors(device)?;
        let batch = Tensor::from_vec(inputs, (rows, self.widths[0]), device)?;
        let pass = self.forward(batch, &tensors, dropout, Some(rng))?;
        let mut outputs: Vec<f32> = pass.outputs.flatten_all()?.to_vec1()?;
        loss_gradient(&mut outputs);
        let width = self.widths[self.widths.len() - 1];
        let mut delta = Tensor::from_vec(outputs, (rows, width), device)?;
        let ones = Tensor::ones((1, rows), DType::F32, device)?;
        let mut parts = Vec::with_capacity(tensors.len());
        for layer in (0..tensors.len()).rev() {
            let weights = pass.inputs[layer]
                .t()?
                .matmul(&delta)?
                .flatten_all()?
                .to_vec1::<f32>()?;
            let bias = ones.matmul(&delta)?.flatten_all()?.to_vec1::<f32>()?;
            parts.push((weights, bias));
            if layer > 0 {
                delta = delta
                    .matmul(&tensors[layer].0.t()?)?
                    .mul(&pass.slopes[layer - 1])?;
            }
        }
        let mut gradient = Vec::with_capacity(self.values.len());
        for (weights, bias) in parts.into_iter().rev() {
            gradient.extend_from_slice(&weights);
            gradient.extend_from_slice(&bias);
        }
        Ok(gradient)
    }

    /// The fitted form; raw outputs are `offset + scale * outputs`.
    pub fn export(&self, offset: f64, scale: f64) -> Network {
        let mut layers = Vec::new();
        let mut start = 0;
        for pair in self.widths.windows(2) {
            let bias = start + pair[0] * pair[1];
            layers.push(Layer {
                inputs: pair[0] as u32,
                outputs: pair[1] as u32,
                weights: self.values[start..bias].to_vec(),
                bias: self.values[bias..bias + pair[1]].to_vec(),
            });
            start = bias + pair[1];
        }
        Network {
            layers,
            offset,
            scale,
        }
    }

    fn tensors(&self, device: &Device) -> Result<Vec<(Tensor, Tensor)>> {
        let mut tensors = Vec::new();
        let mut start = 0;
        for pair in self.widths.windows(2) {
            let bias = start + pair[0] * pair[1];
            let weights = Tensor::from_slice(&self.values[start..bias], (pair[0], pair[1]), device)?;
            tensors.push((
                weights,
                Tensor::from_slice(&self.values[bias..bias + pair[1]], pair[1], device)?,
            ));
            start = bias + pair[1];
        }
        Ok(tensors)
    }

    fn forward(
        &self,
        batch: Tensor,
        tensors: &[(Tensor, Tensor)],
        dropout: f32,
        rng: Option<&mut Pcg64Mcg>,
    ) -> Result<Pass> {
        let mut pass = Pass {
            inputs: Vec::new(),
            slopes: Vec::new(),
            outputs: batch,
        };
        let mut rng = rng;
        for (layer, (weights, bias)) in tensors.iter().enumerate() {
            let inputs = pass.outputs;
            let sums = inputs.matmul(weights)?.broadcast_add(bias)?;
            pass.inputs.push(inputs);
            pass.outputs = if layer + 1 == tensors.len() {
                sums
            } else if let Some(rng) = rng.as_deref_mut() {
                let (mut outputs, mut slopes) = active(&sums, self.activation)?;
                if dropout > 0.0 {
                    let kept = kept(slopes.dims2()?, dropout, rng, slopes.device())?;
                    (outputs, slopes) = (outputs.mul(&kept)?, slopes.mul(&kept)?);
                }
                pass.slopes.push(slopes);
                outputs
            } else {
                active(&sums, self.activation)?.0
            };
        }
        Ok(pass)
    }
}

/// The outputs of a hidden layer, and their derivatives by its sums.
fn active(sums: &Tensor, activation: Activation) -> Result<(Tensor, Tensor)> {
    match activation {
        Activation::Relu => Ok((sums.relu()?, sums.gt(0f32)?.to_dtype(DType::F32)?)),
        Activation::Silu => {
            // 1 / (1 + e^-x)
            let share = (sums.neg()?.exp()? + 1.0)?.recip()?;
            let outputs = sums.mul(&share)?;
            // σ (1 + x (1 - σ)) = σ + y (1 - σ)
            let slopes = share.add(&outputs.mul(&(1.0 - &share)?)?)?;
            Ok((outputs, slopes))
        }
    }
}

/// 0 with probability `dropout`, else the inverse of the share kept.
fn kept((rows, width): (usize, usize), dropout: f32, rng: &mut Pcg64Mcg, device: &Device) -> Result<Tensor> {
    let keep = 1.0 / (1.0 - dropout);
    let threshold = (f64::from(dropout) * f64::from(u16::MAX)) as u16;
    let mut mask = Vec::with_capacity(rows * width + 3);
    // Four draws of sixteen bits out of each word: a share needs no more.
    while mask.len() < rows * width {
        let word: u64 = rng.random();
        for part in 0..4 {
            mask.push(if (word >> (16 * part)) as u16 > threshold {
                keep
            } else {
                0.0
            });
        }
    }
    mask.truncate(rows * width);
    Tensor::from_vec(mask, (rows, width), device)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn gradients_agree_with_differences() {
        for activation in [Activation::Relu, Activation::Silu] {
            check_gradient(activation);
        }
    }

    fn check_gradient(activation: Activation) {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let mut layers = Layers::random(vec![3, 5, 4, 2], activation, &mut rng);
        for value in &mut layers.values {
            *value += 0.05;
        }
        let inputs: Vec<f32> = (0..12).map(|cell| (cell as f32 * 0.9).sin()).collect();
        // Loss: half the squared outputs, so that its derivative is the output.
        let loss = |layers: &Layers| -> f64 {
            layers
                .predict(&inputs, 4, &Device::Cpu)
                .unwrap()
                .iter()
                .map(|&value| 0.5 * f64::from(value).powi(2))
                .sum()
        };
        let gradient = layers
            .gradient(inputs.clone(), 4, 0.0, &mut rng, &Device::Cpu, &mut |_| {})
            .unwrap();
        assert_eq!(gradient.len(), layers.values.len());
        for (index, &written) in gradient.iter().enumerate() {
            let mut moved = layers.clone();
            moved.values[index] += 1e-2;
            let above = loss(&moved);
            moved.values[index] -= 2e-2;
            let slope = (above - loss(&moved)) / 2e-2;
            assert!(
                (slope - f64::from(written)).abs() < 5e-3,
                "{activation:?} {index}: {slope} {written}"
            );
        }
    }

    #[test]
    fn dropout_keeps_its_share() {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let mask: Vec<f32> = kept((100, 100), 0.3, &mut rng, &Device::Cpu)
            .unwrap()
            .flatten_all()
            .unwrap()
            .to_vec1()
            .unwrap();
        let zeros = mask.iter().filter(|&&value| value == 0.0).count();
        assert!((2800..3200).contains(&zeros), "{zeros}");
        let mean: f32 = mask.iter().sum::<f32>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.05, "{mean}");
    }
}
