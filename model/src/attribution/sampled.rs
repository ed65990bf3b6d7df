//! Shapley values by sampled orders of the columns (Castro, Gómez & Tejada 2009), each order also walked backwards, which takes
//! most of the noise out (Mitchell et al., JMLR 2022).

use crate::{Predictor, Scratch};

/// Orders that are walked: half of them drawn, half the same backwards.
pub const PERMUTATIONS: usize = 16;
/// Seed of the draw: the same row has the same contributions every time.
const SEED: u64 = 0x5ead_5a3d;

/// What is explained.
pub(super) struct Sampled<'a> {
    /// The predictor, link included.
    pub predictor: &'a Predictor,
    /// Raw input of each encoded feature.
    pub columns: &'a [usize],
    /// Number of raw inputs.
    pub inputs: usize,
    /// The typical row.
    pub typical: &'a [f64],
}

impl Sampled<'_> {
    /// Outputs of the typical row.
    pub fn base(&self) -> Vec<f64> {
        self.outputs(self.typical, &mut Scratch::default())
    }

    /// Contributions to the outputs, input-major; they sum to the outputs less the base.
    pub fn contributions(&self, features: &[f64], scratch: &mut Scratch) -> Vec<f64> {
        let base = self.outputs(self.typical, scratch);
        let mut sums = vec![0.0; self.inputs * base.len()];
        let mut random = Random(SEED);
        let mut order: Vec<usize> = (0..self.inputs)
            .filter(|input| self.differs(*input, features))
            .collect();
        for _ in 0..PERMUTATIONS / 2 {
            random.shuffle(&mut order);
            self.walk(order.iter(), features, &base, &mut sums, scratch);
            self.walk(order.iter().rev(), features, &base, &mut sums, scratch);
        }
        for sum in &mut sums {
            *sum /= PERMUTATIONS as f64;
        }
        sums
    }

    /// Makes column after column known, and adds what each changes.
    fn walk<'b>(
        &self,
        order: impl Iterator<Item = &'b usize>,
        features: &[f64],
        base: &[f64],
        sums: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let mut row = self.typical.to_vec();
        let mut before = base.to_vec();
        for input in order {
            for (place, column) in self.columns.iter().enumerate() {
                if column == input {
                    row[place] = features[place];
                }
            }
            let outputs = self.outputs(&row, scratch);
            let own = &mut sums[input * base.len()..][..base.len()];
            for ((sum, after), before) in own.iter_mut().zip(&outputs).zip(&before) {
                *sum += after - before;
            }
            before = outputs;
        }
    }

    /// A column with the typical values adds nothing.
    fn differs(&self, input: usize, features: &[f64]) -> bool {
        let mut own = self.columns.iter().zip(self.typical).zip(features);
        own.any(|((column, typical), value)| *column == input && typical.to_bits() != value.to_bits())
    }

    fn outputs(&self, row: &[f64], scratch: &mut Scratch) -> Vec<f64> {
        let mut out = vec![0.0; self.predictor.outputs()];
        self.predictor.predict_row(None, row, scratch, &mut out);
        out
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014): a few random orders need no library.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}
