//! Many rows through a network at once: each sum is that of `Network::predict_row`, term by term in the same order, but a weight is read
//! once for several rows, and what lies between two networks side by side in one is left out.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::network::{Activation, Layer, Network, NetworkScratch};

/// Columns of a panel.
const PANEL: usize = 16;
/// Rows that go through the layers together: their hidden values stay in the second cache.
const BLOCK: usize = 64;
/// Inputs are multiplied one by one where fewer of them than one in so many are not 0 (one-hot columns, words).
const SPARSE: usize = 8;

/// A network laid out for many rows.
pub(crate) struct Panels<'a> {
    network: &'a Network,
    activation: Activation,
    layers: Vec<Vec<Panel>>,
}

/// Some neighbouring outputs of a layer.
struct Panel {
    /// The inputs between the first and the last weight that is not 0.
    inputs: Range<usize>,
    /// Theirs, filled up with 0 on the right.
    weights: Vec<[f64; PANEL]>,
    /// What the sums begin with.
    bias: [f64; PANEL],
    /// Columns that there are.
    width: usize,
}

impl<'a> Panels<'a> {
    /// Lays out a network; its own weights are kept beside.
    pub fn new(network: &'a Network, activation: Activation) -> Self {
        Self {
            network,
            activation,
            layers: network.layers.iter().map(panels).collect(),
        }
    }

    /// Writes the raw outputs of some rows of dense inputs, both row-major; `inputs` a row, of which there is at least one.
    pub fn predict(&self, dense: &[f64], inputs: usize, scratch: &mut NetworkScratch, out: &mut [f64]) {
        let outputs = self.layers.last().map_or(0, |panels| width(panels));
        let blocks = out.chunks_mut((BLOCK * outputs).max(1));
        for (dense, out) in dense.chunks(BLOCK * inputs).zip(blocks) {
            self.predict_block(dense, inputs, scratch, out);
        }
    }

    fn predict_block(&self, dense: &[f64], inputs: usize, scratch: &mut NetworkScratch, out: &mut [f64]) {
        let rows = dense.len() / inputs;
        let NetworkScratch { current, next } = scratch;
        current.clear();
        current.extend_from_slice(dense);
        for (position, (panels, layer)) in self.layers.iter().zip(&self.network.layers).enumerate() {
            let there = current.iter().filter(|value| **value != 0.0).count();
            next.resize(rows * width(panels), 0.0);
            if there * SPARSE < current.len() {
                let each = current.chunks_exact(current.len() / rows);
                for (row, out) in each.zip(next.chunks_exact_mut(width(panels))) {
                    layer.apply(row, out);
                }
            } else {
                Arch::new().dispatch(Product {
                    left: current,
                    rows,
                    panels,
                    out: next,
                });
            }
            if position + 1 < self.layers.len() {
                self.activation.apply(next);
            }
            std::mem::swap(current, next);
        }
        let Network { offset, scale, .. } = self.network;
        for (value, raw) in out.iter_mut().zip(current.iter()) {
            *value = offset + scale * raw;
        }
    }
}

fn width(panels: &[Panel]) -> usize {
    panels.iter().map(|panel| panel.width).sum()
}

fn panels(layer: &Layer) -> Vec<Panel> {
    let outputs = layer.bias.len();
    let mut panels = Vec::with_capacity(outputs.div_ceil(PANEL));
    for first in (0..outputs).step_by(PANEL) {
        let width = PANEL.min(outputs - first);
        let rows = || {
            layer
                .weights
                .chunks_exact(outputs)
                .map(|row| &row[first..first + width])
        };
        let is_there = |row: &[f32]| row.iter().any(|weight| *weight != 0.0);
        let start = rows().position(is_there).unwrap_or(0);
        let end = rows().rposition(is_there).map_or(start, |last| last + 1);
        let weights = rows().take(end).skip(start).map(padded).collect();
        panels.push(Panel {
            inputs: start..end,
            weights,
            bias: padded(&layer.bias[first..first + width]),
            width,
        });
    }
    panels
}

fn padded(values: &[f32]) -> [f64; PANEL] {
    let mut out = [0.0; PANEL];
    for (out, value) in out.iter_mut().zip(values) {
        *out = f64::from(*value);
    }
    out
}

/// A layer's sums for some rows.
struct Product<'a> {
    /// Row-major, of as many inputs a row as the layer has.
    left: &'a [f64],
    rows: usize,
    panels: &'a [Panel],
    /// Row-major, of as many outputs a row as the layer has.
    out: &'a mut [f64],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let mut first = 0;
        for panel in self.panels {
            let mut row = 0;
            if S::REGISTER_COUNT >= 32 {
                row = self.band::<S, 8>(simd, panel, first, row);
            } else {
                row = self.band::<S, 4>(simd, panel, first, row);
            }
            self.band::<S, 1>(simd, panel, first, row);
            first += panel.width;
        }
    }
}

impl Product<'_> {
    /// All tiles of `ROWS` rows that there are from `row` on; returns the first row that is left.
    #[inline(always)]
    fn band<S: Simd, const ROWS: usize>(
        &mut self,
        simd: S,
        panel: &Panel,
        first: usize,
        mut row: usize,
    ) -> usize {
        while row + ROWS <= self.rows {
            let mut at = 0;
            while at < panel.width {
                // Two vectors a row keep the arithmetic busy; the end of a narrow output needs but one.
                if at + S::F64_LANES < panel.width {
                    self.tile::<S, ROWS, 2>(simd, panel, (row, first), at);
                } else {
                    self.tile::<S, ROWS, 1>(simd, panel, (row, first), at);
                }
                at += 2 * S::F64_LANES;
            }
            row += ROWS;
        }
        row
    }

    /// `ROWS` rows from `row` on, and `VECTORS` vectors of columns from column `at` of the panel on, whose own first is `first`.
    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
        &mut self,
        simd: S,
        panel: &Panel,
        (row, first): (usize, usize),
        at: usize,
    ) {
        let mut sums = [vectors::<S, VECTORS>(&panel.bias, at); ROWS];
        let (inputs, outputs) = (self.left.len() / self.rows, self.out.len() / self.rows);
        let left: [&[f64]; ROWS] = std::array::from_fn(|place| {
            let values = &self.left[(row + place) * inputs..][..inputs];
            &values[panel.inputs.clone()][..panel.weights.len()]
        });
        for (input, weights) in panel.weights.iter().enumerate() {
            let right = vectors::<S, VECTORS>(weights, at);
            for (sums, left) in sums.iter_mut().zip(left) {
                let left = simd.splat_f64s(left[input]);
                for (sum, right) in sums.iter_mut().zip(right) {
                    // Not fused: a row by itself gives the same bits, on every machine.
                    *sum = simd.add_f64s(*sum, simd.mul_f64s(right, left));
                }
            }
        }
        for (place, sums) in sums.into_iter().enumerate() {
            let out = &mut self.out[(row + place) * outputs + first..][..panel.width];
            for (vector, out) in out[at..].chunks_mut(S::F64_LANES).take(VECTORS).enumerate() {
                simd.partial_store_f64s(out, sums[vector]);
            }
        }
    }
}

/// Vectors from column `at` of a row on.
#[inline(always)]
fn vectors<S: Simd, const VECTORS: usize>(row: &[f64; PANEL], at: usize) -> [S::f64s; VECTORS] {
    let (all, _) = S::as_simd_f64s(row);
    std::array::from_fn(|vector| all[at / S::F64_LANES + vector])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers that look random, of which about one in `zeros` is 0.
    fn numbers(count: usize, seed: u64, zeros: u64) -> Vec<f64> {
        let mut state = seed;
        let draw = |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let there = !(state >> 40).is_multiple_of(zeros);
            if there {
                (state >> 33) as f64 / f64::from(1_u32 << 30) - 1.0
            } else {
                0.0
            }
        };
        (0..count).map(draw).collect()
    }

    fn network(widths: &[usize], seed: u64, zeros: u64) -> Network {
        let layer = |(position, widths): (usize, &[usize])| {
            let draw = |count, zeros| {
                numbers(count, seed + position as u64, zeros)
                    .into_iter()
                    .map(|value| value as f32)
            };
            Layer {
                inputs: widths[0] as u32,
                outputs: widths[1] as u32,
                weights: draw(widths[0] * widths[1], zeros).collect(),
                bias: draw(widths[1], 1 << 20).collect(),
            }
        };
        Network {
            layers: widths.windows(2).enumerate().map(layer).collect(),
            offset: 0.5,
            scale: 1.5,
        }
    }

    proptest! {
        #[test]
        fn rows_together_answer_as_rows_alone(
            widths in prop::collection::vec(1..40_usize, 2..5),
            rows in 1..150_usize,
            seed: u64,
            zeros in prop::sample::select(vec![1 << 20, 2, 1]),
            dense in prop::sample::select(vec![1 << 20, 3, 1]),
            smooth: bool,
        ) {
            let network = network(&widths, seed >> 1, zeros);
            let activation = if smooth { Activation::Silu } else { Activation::Relu };
            let values = numbers(rows * widths[0], seed, dense);
            let outputs = widths[widths.len() - 1];
            let scratch = &mut NetworkScratch::default();
            let mut together = vec![f64::NAN; rows * outputs];
            Panels::new(&network, activation).predict(&values, widths[0], scratch, &mut together);
            let mut alone = vec![f64::NAN; outputs];
            for (row, together) in values.chunks(widths[0]).zip(together.chunks(outputs)) {
                network.predict_row(activation, row, scratch, &mut alone);
                prop_assert_eq!(&alone, together);
            }
        }
    }

    #[test]
    fn what_lies_between_networks_is_left_out() {
        // Two networks of 16 units side by side.
        let weights = (0..32 * 32).map(|cell| f32::from(u8::from((cell / 32 < 16) == (cell % 32 < 16))));
        let layer = Layer {
            inputs: 32,
            outputs: 32,
            weights: weights.collect(),
            bias: vec![0.0; 32],
        };
        let ranges: Vec<Range<usize>> = panels(&layer).into_iter().map(|panel| panel.inputs).collect();
        assert_eq!(ranges, [0..16, 16..32]);
    }
}
