//! Forward and backward passes on the processor: products of matrices in place, everything else in plain loops. A batch is
//! cut into parts of a fixed size whose gradients are added in order, so that threads change nothing.
//!
//! Candle computes the same on a GPU (`layers.rs`). On the processor its operations wait for one pool of spinning threads
//! that all fits of the process share, and ask the system for its number of cores at every product (docs/decisions/0015).

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::layers::Layers;

/// Rows of a part.
const PART: usize = 128;

/// Writes the dense inputs of some rows, row-major.
pub type Gather<'a> = &'a (dyn Fn(&[u32], &mut Vec<f32>) + Sync);
/// Turns the raw outputs of some rows into the loss's derivatives by them.
pub type Slopes<'a> = &'a (dyn Fn(&[u32], &mut [f32]) + Sync);

/// Buffers of a network in training, kept from step to step.
#[derive(Default)]
pub struct Processor {
    parts: Vec<Part>,
}

/// What a step computes with.
pub struct Step<'a> {
    /// The network.
    pub layers: &'a Layers,
    /// Its rows.
    pub rows: &'a [u32],
    /// Share of hidden outputs dropped.
    pub dropout: f32,
    /// Of what is dropped.
    pub seed: u64,
    /// Inputs.
    pub gather: Gather<'a>,
    /// The loss.
    pub slopes: Slopes<'a>,
}

impl Processor {
    /// The sum over the rows of the loss's derivatives by the values of the layers, in their order. Runs on the threads of
    /// the current pool.
    pub fn gradient(&mut self, step: &Step<'_>) -> &[f32] {
        let count = step.rows.len().div_ceil(PART).max(1);
        self.parts.resize_with(count, Part::default);
        self.parts
            .par_iter_mut()
            .zip(step.rows.par_chunks(PART))
            .enumerate()
            .for_each(|(number, (part, rows))| part.gradient(step, rows, number));
        let Some((first, others)) = self.parts.split_first_mut() else {
            return &[];
        };
        for other in others {
            for (sum, value) in first.gradient.iter_mut().zip(&other.gradient) {
                *sum += value;
            }
        }
        &first.gradient
    }
}

/// Buffers of one part of a batch.
#[derive(Default)]
struct Part {
    /// Inputs of each layer, and the raw outputs last.
    values: Vec<Vec<f32>>,
    delta: Vec<f32>,
    back: Vec<f32>,
    gradient: Vec<f32>,
}

impl Part {
    fn gradient(&mut self, step: &Step<'_>, rows: &[u32], number: usize) {
        let widths = &step.layers.widths;
        let last = widths.len() - 1;
        let mut rng = Pcg64Mcg::seed_from_u64(step.seed.wrapping_add(number as u64));
        self.values.resize_with(widths.len(), Vec::new);
        self.values[0].clear();
        (step.gather)(rows, &mut self.values[0]);
        for (layer, parameters) in parameters(step.layers).enumerate() {
            let (before, after) = self.values.split_at_mut(layer + 1);
            let outputs = &mut after[0];
            parameters.forward(&before[layer], rows.len(), outputs);
            if layer + 1 < last {
                activate(outputs, step.dropout, &mut rng);
            }
        }
        self.delta.clone_from(&self.values[last]);
        (step.slopes)(rows, &mut self.delta);
        self.gradient.resize(step.layers.values.len(), 0.0);
        self.backward(step, rows.len());
    }

    fn backward(&mut self, step: &Step<'_>, rows: usize) {
        let keep = 1.0 / (1.0 - step.dropout);
        let mut end = self.gradient.len();
        let all: Vec<Parameters<'_>> = parameters(step.layers).collect();
        for (layer, parameters) in all.iter().enumerate().rev() {
            let (inputs, outputs) = (parameters.inputs, parameters.outputs);
            let own = &mut self.gradient[end - (inputs + 1) * outputs..end];
            end -= own.len();
            let (weights, bias) = own.split_at_mut(inputs * outputs);
            let values = matrix(&self.values[layer], rows, inputs);
            let delta = matrix(&self.delta, rows, outputs);
            general_mat_mul(
                1.0,
                &values.t(),
                &delta,
                0.0,
                &mut matrix_mut(weights, inputs, outputs),
            );
            bias.fill(0.0);
            for row in self.delta.chunks_exact(outputs) {
                for (sum, value) in bias.iter_mut().zip(row) {
                    *sum += value;
                }
            }
            if layer > 0 {
                self.back.resize(rows * inputs, 0.0);
                let weights = matrix(parameters.weights, inputs, outputs);
                general_mat_mul(
                    1.0,
                    &delta,
                    &weights.t(),
                    0.0,
                    &mut matrix_mut(&mut self.back, rows, inputs),
                );
                for (slope, value) in self.back.iter_mut().zip(&self.values[layer]) {
                    *slope *= if *value > 0.0 { keep } else { 0.0 };
                }
                std::mem::swap(&mut self.delta, &mut self.back);
            }
        }
    }
}

/// Raw outputs of `rows` rows of dense inputs, row-major both, without dropout.
pub fn predict(layers: &Layers, inputs: &[f32], rows: usize) -> Vec<f32> {
    let last = layers.widths.len() - 1;
    let mut current = inputs.to_vec();
    let mut next = Vec::new();
    for (layer, parameters) in parameters(layers).enumerate() {
        parameters.forward(&current, rows, &mut next);
        if layer + 1 < last {
            for value in &mut next {
                *value = value.max(0.0);
            }
        }
        std::mem::swap(&mut current, &mut next);
    }
    current
}

/// Weights and biases of one layer.
struct Parameters<'a> {
    inputs: usize,
    outputs: usize,
    weights: &'a [f32],
    bias: &'a [f32],
}

fn parameters(layers: &Layers) -> impl Iterator<Item = Parameters<'_>> {
    let mut start = 0;
    layers.widths.windows(2).map(move |pair| {
        let [inputs, outputs] = [pair[0], pair[1]];
        let (weights, bias) = layers.values[start..start + (inputs + 1) * outputs].split_at(inputs * outputs);
        start += (inputs + 1) * outputs;
        Parameters {
            inputs,
            outputs,
            weights,
            bias,
        }
    })
}

impl Parameters<'_> {
    fn forward(&self, values: &[f32], rows: usize, out: &mut Vec<f32>) {
        out.clear();
        for _ in 0..rows {
            out.extend_from_slice(self.bias);
        }
        let values = matrix(values, rows, self.inputs);
        let weights = matrix(self.weights, self.inputs, self.outputs);
        general_mat_mul(
            1.0,
            &values,
            &weights,
            1.0,
            &mut matrix_mut(out, rows, self.outputs),
        );
    }
}

/// ReLU, and dropout: what is kept grows by the share that is not.
fn activate(values: &mut [f32], dropout: f32, rng: &mut Pcg64Mcg) {
    if dropout <= 0.0 {
        for value in values {
            *value = value.max(0.0);
        }
        return;
    }
    let keep = 1.0 / (1.0 - dropout);
    let threshold = (f64::from(dropout) * f64::from(u16::MAX)) as u16;
    // Four draws of sixteen bits out of each word: a share needs no more.
    for four in values.chunks_mut(4) {
        let word: u64 = rng.random();
        for (place, value) in four.iter_mut().enumerate() {
            let is_kept = (word >> (16 * place)) as u16 > threshold;
            *value = if is_kept { value.max(0.0) * keep } else { 0.0 };
        }
    }
}

/// A slice of `rows * columns` values as a matrix.
fn matrix(values: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), &values[..rows * columns])
        .expect("the length is that of the shape")
}

fn matrix_mut(values: &mut [f32], rows: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((rows, columns), &mut values[..rows * columns])
        .expect("the length is that of the shape")
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    /// A network, the inputs of 300 rows, and the slopes of half the squared outputs.
    fn example() -> (Layers, Vec<f32>) {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let layers = Layers::random(vec![7, 9, 6, 2], &mut rng);
        let inputs = (0..300 * 7).map(|cell| (cell as f32 * 0.7).sin()).collect();
        (layers, inputs)
    }

    fn gradient(layers: &Layers, inputs: &[f32], dropout: f32) -> Vec<f32> {
        let rows: Vec<u32> = (0..300).collect();
        let gather = |rows: &[u32], out: &mut Vec<f32>| {
            for &row in rows {
                out.extend_from_slice(&inputs[row as usize * 7..][..7]);
            }
        };
        let step = Step {
            layers,
            rows: &rows,
            dropout,
            seed: 3,
            gather: &gather,
            slopes: &|_, _| {},
        };
        Processor::default().gradient(&step).to_vec()
    }

    #[test]
    fn it_computes_what_candle_does() {
        let (layers, inputs) = example();
        let mut rng = Pcg64Mcg::seed_from_u64(2);
        let theirs = layers
            .gradient(inputs.clone(), 300, 0.0, &mut rng, &Device::Cpu, &mut |_| {})
            .unwrap();
        let ours = gradient(&layers, &inputs, 0.0);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(
                (ours - theirs).abs() <= 1e-4 * theirs.abs().max(1.0),
                "{ours} {theirs}"
            );
        }
        let theirs = layers.predict(&inputs, 300, &Device::Cpu).unwrap();
        for (ours, theirs) in predict(&layers, &inputs, 300).iter().zip(&theirs) {
            assert!((ours - theirs).abs() < 1e-5, "{ours} {theirs}");
        }
    }

    #[test]
    fn threads_change_nothing() {
        let (layers, inputs) = example();
        let in_pool = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("threads start");
            pool.install(|| gradient(&layers, &inputs, 0.3))
        };
        assert_eq!(in_pool(1), in_pool(3));
    }

    #[test]
    fn dropout_keeps_its_share_and_the_mean() {
        let mut values = vec![1.0; 100_001];
        activate(&mut values, 0.3, &mut Pcg64Mcg::seed_from_u64(4));
        let zeros = values.iter().filter(|&&value| value == 0.0).count();
        assert!((29_000..31_000).contains(&zeros), "{zeros}");
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
    }
}
