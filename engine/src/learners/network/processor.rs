//! Forward and backward passes on the processor: products of matrices in place, everything else in plain loops. A batch is
//! cut into parts of a fixed size whose gradients are added in order, so that threads change nothing.
//!
//! Candle computes the same on a GPU (`layers.rs`). On the processor its operations wait for one pool of spinning threads
//! that all fits of the process share, and ask the system for its number of cores at every product (docs/decisions/0015).

use model::estimator::network::Activation;
use pulp::Arch;
use rayon::prelude::*;

use super::layers::Layers;
use super::product::{Left, Panels, product};

/// Rows of a part: at most, and at least. Two threads have work from batches of 64 rows on.
const PART: (usize, usize) = (128, 32);

/// Writes the dense inputs of some rows, row-major.
pub type Gather<'a> = &'a (dyn Fn(&[u32], &mut Vec<f32>) + Sync);
/// Turns the raw outputs of some rows into the loss's derivatives by them.
pub type Slopes<'a> = &'a (dyn Fn(&[u32], &mut [f32]) + Sync);

/// Buffers of a network in training, kept from step to step.
#[derive(Default)]
pub struct Processor {
    /// The weights of each layer as forward passes need them, and as backward passes do.
    weights: Vec<(Panels, Panels)>,
    parts: Vec<Part>,
    used: usize,
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
    /// Computes the loss's derivatives by the values of the layers, in their order. Runs on the threads of the current pool.
    pub fn compute(&mut self, step: &Step<'_>) {
        let all: Vec<Parameters<'_>> = parameters(step.layers).collect();
        self.weights.resize_with(all.len(), Default::default);
        self.weights.par_iter_mut().zip(&all).enumerate().for_each(
            |(layer, ((forward, backward), parameters))| {
                forward.pack(parameters.weights, parameters.inputs, parameters.outputs);
                if layer > 0 {
                    backward.pack_transposed(parameters.weights, parameters.outputs, parameters.inputs);
                }
            },
        );
        let size = (step.rows.len().div_ceil(2).next_multiple_of(8)).clamp(PART.1, PART.0);
        self.used = step.rows.len().div_ceil(size).max(1);
        if self.parts.len() < self.used {
            self.parts.resize_with(self.used, Part::default);
        }
        let weights = &self.weights;
        self.parts[..self.used]
            .par_iter_mut()
            .zip(step.rows.par_chunks(size))
            .enumerate()
            .for_each(|(number, (part, rows))| part.compute(step, &all, weights, rows, number));
    }

    /// What the last step computed: the gradient is their sum over the rows, to be added in this order.
    pub fn gradients(&self) -> Vec<&[f32]> {
        let parts = &self.parts[..self.used];
        parts.iter().map(|part| part.gradient.as_slice()).collect()
    }
}

/// Buffers of one part of a batch.
#[derive(Default)]
struct Part {
    /// Inputs of each layer, and the raw outputs last.
    values: Vec<Vec<f32>>,
    /// Derivatives of the inputs of each layer but the first by what they were before activation and dropout.
    slopes: Vec<Vec<f32>>,
    delta: Vec<f32>,
    back: Vec<f32>,
    right: Panels,
    gradient: Vec<f32>,
}

impl Part {
    fn compute(
        &mut self,
        step: &Step<'_>,
        all: &[Parameters<'_>],
        weights: &[(Panels, Panels)],
        rows: &[u32],
        number: usize,
    ) {
        let last = all.len() - 1;
        self.values.resize_with(all.len() + 1, Vec::new);
        self.slopes.resize_with(all.len(), Vec::new);
        self.values[0].clear();
        (step.gather)(rows, &mut self.values[0]);
        for (layer, parameters) in all.iter().enumerate() {
            let (before, after) = self.values.split_at_mut(layer + 1);
            let outputs = &mut after[0];
            parameters.forward(&weights[layer].0, &before[layer], rows.len(), outputs);
            if layer < last {
                let seed = step.seed.wrapping_add((number * all.len() + layer) as u64);
                let slopes = &mut self.slopes[layer + 1];
                slopes.resize(outputs.len(), 0.0);
                activate(step.layers.activation, outputs, slopes);
                drop_out(outputs, slopes, step.dropout, seed);
            }
        }
        self.delta.clone_from(&self.values[last + 1]);
        (step.slopes)(rows, &mut self.delta);
        self.gradient.resize(step.layers.values.len(), 0.0);
        self.backward(all, weights, rows.len());
    }

    fn backward(&mut self, all: &[Parameters<'_>], weights: &[(Panels, Panels)], rows: usize) {
        let mut end = self.gradient.len();
        for (layer, parameters) in all.iter().enumerate().rev() {
            let (inputs, outputs) = (parameters.inputs, parameters.outputs);
            let own = &mut self.gradient[end - (inputs + 1) * outputs..end];
            end -= own.len();
            let (slopes, bias) = own.split_at_mut(inputs * outputs);
            let values = &self.values[layer];
            self.right.pack(&self.delta, rows, outputs);
            product(Left::Transposed(values), inputs, &self.right, &[], slopes);
            bias.fill(0.0);
            Arch::new().dispatch(|| {
                for row in self.delta.chunks_exact(outputs) {
                    for (sum, value) in bias.iter_mut().zip(row) {
                        *sum += value;
                    }
                }
            });
            if layer > 0 {
                self.back.resize(rows * inputs, 0.0);
                product(
                    Left::Plain(&self.delta),
                    rows,
                    &weights[layer].1,
                    &[],
                    &mut self.back,
                );
                Arch::new().dispatch(|| {
                    for (slope, own) in self.back.iter_mut().zip(&self.slopes[layer]) {
                        *slope *= own;
                    }
                });
                std::mem::swap(&mut self.delta, &mut self.back);
            }
        }
    }
}

/// A network whose weights are laid out to answer with.
pub struct Answering<'a> {
    layers: Vec<(Parameters<'a>, Panels)>,
    activation: Activation,
}

impl<'a> Answering<'a> {
    /// Lays them out.
    pub fn new(layers: &'a Layers) -> Self {
        let laid_out = parameters(layers).map(|parameters| {
            let mut panels = Panels::default();
            panels.pack(parameters.weights, parameters.inputs, parameters.outputs);
            (parameters, panels)
        });
        Self {
            layers: laid_out.collect(),
            activation: layers.activation,
        }
    }

    /// Raw outputs of `rows` rows of dense inputs, row-major both, without dropout.
    pub fn predict(&self, inputs: &[f32], rows: usize) -> Vec<f32> {
        let (mut current, mut next, mut slopes) = (Vec::new(), Vec::new(), Vec::new());
        for (layer, (parameters, panels)) in self.layers.iter().enumerate() {
            let values = if layer == 0 { inputs } else { &current };
            parameters.forward(panels, values, rows, &mut next);
            if layer + 1 < self.layers.len() {
                slopes.resize(next.len(), 0.0);
                activate(self.activation, &mut next, &mut slopes);
            }
            std::mem::swap(&mut current, &mut next);
        }
        current
    }
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
    fn forward(&self, panels: &Panels, values: &[f32], rows: usize, out: &mut Vec<f32>) {
        out.resize(rows * self.outputs, 0.0);
        product(Left::Plain(values), rows, panels, self.bias, out);
    }
}

/// Sums become outputs; `slopes`, as long, become their derivatives.
fn activate(activation: Activation, values: &mut [f32], slopes: &mut [f32]) {
    Arch::new().dispatch(|| {
        let pairs = values.iter_mut().zip(slopes.iter_mut());
        match activation {
            Activation::Relu => {
                for (value, slope) in pairs {
                    *slope = if *value > 0.0 { 1.0 } else { 0.0 };
                    *value = value.max(0.0);
                }
            }
            Activation::Silu => {
                for (value, slope) in pairs {
                    let share = 1.0 / (1.0 + exponential(-*value));
                    *value *= share;
                    // σ (1 + x (1 - σ)) = σ + y (1 - σ)
                    *slope = share + *value * (1.0 - share);
                }
            }
        }
    });
}

/// Some become 0, with their slopes; what is kept grows by the share that is not.
fn drop_out(values: &mut [f32], slopes: &mut [f32], dropout: f32, seed: u64) {
    let keep = 1.0 / (1.0 - dropout);
    let threshold = (f64::from(dropout) * f64::from(u32::MAX)) as u32;
    if threshold == 0 {
        return;
    }
    let seed = mixed(seed as u32) ^ (seed >> 32) as u32;
    Arch::new().dispatch(|| {
        for (place, (value, slope)) in values.iter_mut().zip(slopes.iter_mut()).enumerate() {
            let kept = if mixed(place as u32 ^ seed) > threshold {
                keep
            } else {
                0.0
            };
            *value *= kept;
            *slope *= kept;
        }
    });
}

/// e^x to some 1e-7, clamped to |x| <= 87: plain arithmetic that compilers vectorise. x = k ln 2 + r with |r| <= ln 2 / 2; e^r by its
/// Taylor polynomial, 2^k by the exponent bits.
#[inline(always)]
fn exponential(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 87.0);
    // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = x - k * LN2_HIGH - k * LN2_LOW;
    let mut power = 1.0 / 720.0;
    power = power * r + 1.0 / 120.0;
    power = power * r + 1.0 / 24.0;
    power = power * r + 1.0 / 6.0;
    power = power * r + 0.5;
    power = power * r + 1.0;
    power = power * r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    power * f32::from_bits(exponent)
}

/// A number that looks random for each number: the hash `lowbias32` of Chris Wellons' Hash Prospector (2018). A generator
/// with a state has to draw one number after the other; this one vectorises.
#[inline(always)]
fn mixed(number: u32) -> u32 {
    let mut bits = number;
    bits ^= bits >> 16;
    bits = bits.wrapping_mul(0x7feb_352d);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x846c_a68b);
    bits ^ bits >> 16
}

#[cfg(test)]
mod tests {
    use candle_core::Device;
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    const ACTIVATIONS: [Activation; 2] = [Activation::Relu, Activation::Silu];

    /// A network, and the inputs of 300 rows.
    fn example(activation: Activation) -> (Layers, Vec<f32>) {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let layers = Layers::random(vec![7, 9, 6, 2], activation, &mut rng);
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
        let mut processor = Processor::default();
        processor.compute(&step);
        let mut sum = vec![0.0; layers.values.len()];
        for part in processor.gradients() {
            for (sum, slope) in sum.iter_mut().zip(part) {
                *sum += slope;
            }
        }
        sum
    }

    #[test]
    fn it_computes_what_candle_does() {
        for activation in ACTIVATIONS {
            check_against_candle(activation);
        }
    }

    fn check_against_candle(activation: Activation) {
        let (layers, inputs) = example(activation);
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
        for (ours, theirs) in Answering::new(&layers).predict(&inputs, 300).iter().zip(&theirs) {
            assert!((ours - theirs).abs() < 1e-5, "{ours} {theirs}");
        }
    }

    #[test]
    fn threads_change_nothing() {
        let (layers, inputs) = example(Activation::Silu);
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
        let mut slopes = vec![2.0; values.len()];
        drop_out(&mut values, &mut slopes, 0.3, 4);
        let zeros = values.iter().filter(|&&value| value == 0.0).count();
        let go_with = |(value, slope): (&f32, &f32)| *slope == 2.0 * value;
        assert!(values.iter().zip(&slopes).all(go_with));
        assert!((29_000..31_000).contains(&zeros), "{zeros}");
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
    }

    #[test]
    fn the_exponential_is_close() {
        let mut x = -86.9_f32;
        while x < 86.9 {
            assert!((exponential(x) / x.exp() - 1.0).abs() < 4e-7, "{x}");
            x += 0.0173;
        }
        assert_eq!(exponential(0.0), 1.0);
        assert!(exponential(f32::NEG_INFINITY) < 1e-37 && exponential(200.0).is_finite());
    }
}
