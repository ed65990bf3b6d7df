//! Gradients as integers: one `i64` a row with the gradient in the upper and the hessian in the lower half.
//!
//! After Shi et al., "Quantized training of gradient boosting decision trees", NeurIPS 2022 (arXiv 2207.09682), with as
//! many bits as the sum over all rows leaves room for. Integer sums are exact in any order, so that histograms do not
//! depend on threads, a sibling's histogram is an exact difference, and one addition serves both sums.

/// Rows that one thread handles without dividing them further.
const CHUNK_ROWS: usize = 16_384;
/// What the sum of absolute integer gradients aims at: half of the 31 bits there are.
const GRADIENT_GOAL: f64 = (1_u64 << 30) as f64;
/// What the sum of integer hessians aims at: half of the 32 bits there are.
const HESSIAN_GOAL: f64 = (1_u64 << 31) as f64;
/// Largest factor above the goal that still cannot overflow, with room for rounding.
const ROOM: f64 = 1.8;
/// Most rows one fit may have: rounding adds at most half a unit a row.
pub const MAX_ROWS: usize = 100_000_000;

/// Rows whose gradients are computed together, so that the compiler can use vector instructions.
pub const BLOCK: usize = 64;

/// Gradients and hessians of up to `BLOCK` rows; what lies behind the last row is 0.
pub struct Block {
    /// Gradients.
    pub gradients: [f64; BLOCK],
    /// Hessians.
    pub hessians: [f64; BLOCK],
}

impl Block {
    /// Gradients p - y and hessians factor * p * (1 - p) of the log loss, with p = `share(score(row))` and y = `own(row)`.
    ///
    /// What needs arithmetic runs over whole arrays, apart from what gathers.
    #[inline(always)]
    pub fn log_loss(
        &mut self,
        rows: &[u32],
        factor: f64,
        score: impl Fn(usize) -> f64,
        share: impl Fn(f64) -> f64,
        own: impl Fn(usize) -> f64,
    ) {
        let mut targets = [0.0; BLOCK];
        for ((gathered, target), &row) in self.gradients.iter_mut().zip(&mut targets).zip(rows) {
            *gathered = score(row as usize);
            *target = own(row as usize);
        }
        for ((gradient, hessian), target) in self.gradients.iter_mut().zip(&mut self.hessians).zip(&targets) {
            let p = share(*gradient);
            *gradient = p - target;
            *hessian = factor * p * (1.0 - p);
        }
        self.gradients[rows.len()..].fill(0.0);
        self.hessians[rows.len()..].fill(0.0);
    }

    /// Multiplies both of every row by its weight; nothing without weights.
    #[inline(always)]
    pub fn weigh(&mut self, rows: &[u32], weights: Option<&[f64]>) {
        let Some(weights) = weights else { return };
        for ((gradient, hessian), &row) in self.gradients.iter_mut().zip(&mut self.hessians).zip(rows) {
            *gradient *= weights[row as usize];
            *hessian *= weights[row as usize];
        }
    }
}

/// Sums over rows, in the units of the loss.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Sum of absolute gradients.
    pub gradient: f64,
    /// Sum of hessians.
    pub hessian: f64,
}

/// A sum of packed gradients in the units of the loss.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pair {
    /// Sum of gradients.
    pub gradient: f64,
    /// Sum of hessians.
    pub hessian: f64,
}

/// What one unit of the packed halves is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    /// Gradient of one unit.
    pub gradient: f64,
    /// Hessian of one unit.
    pub hessian: f64,
}

impl Units {
    /// Both sums of a packed cell.
    #[inline]
    pub fn unpack(&self, cell: i64) -> Pair {
        Pair {
            gradient: (cell >> 32) as f64 * self.gradient,
            hessian: (cell & 0xFFFF_FFFF) as f64 * self.hessian,
        }
    }
}

/// Packed gradients of all table rows; only those of the rows last filled mean something.
pub struct Gradients {
    /// One a table row.
    pub packed: Vec<i64>,
    /// Units a gradient and a hessian of 1; adapted by `fill`.
    pub scale: Sums,
    constant_hessian: bool,
}

impl Gradients {
    /// For a table of that many rows; with a constant hessian of 1 the lower half counts rows exactly.
    pub fn new(table_rows: usize, constant_hessian: bool) -> Self {
        Self {
            packed: vec![0; table_rows],
            scale: Sums {
                gradient: 1.0,
                hessian: 1.0,
            },
            constant_hessian,
        }
    }

    /// What one unit is worth since the last `fill`.
    pub fn units(&self) -> Units {
        Units {
            gradient: 1.0 / self.scale.gradient,
            hessian: 1.0 / self.scale.hessian,
        }
    }

    /// Packs what `gradient` computes for up to `BLOCK` rows at a time. The rows rise strictly. False when a sum is not finite.
    pub fn fill<F: Fn(&[u32], &mut Block) + Sync>(&mut self, rows: &[u32], gradient: &F) -> bool {
        // Most rounds need one pass, at the scale of the round before; the sums say whether it still fits.
        for _ in 0..3 {
            let pack = Pack {
                scale: self.scale,
                gradient,
            };
            let sums = pack.fill(&mut self.packed, 0, rows);
            if !(sums.gradient.is_finite() && sums.hessian.is_finite()) {
                return false;
            }
            let mut fits = true;
            if sums.gradient > 0.0 {
                fits &= adapt(&mut self.scale.gradient, GRADIENT_GOAL / sums.gradient);
            }
            if !self.constant_hessian && sums.hessian > 0.0 {
                fits &= adapt(&mut self.scale.hessian, HESSIAN_GOAL / sums.hessian);
            }
            if fits {
                return true;
            }
        }
        false
    }
}

/// True when `scale` is near enough to `wanted`; else sets it.
fn adapt(scale: &mut f64, wanted: f64) -> bool {
    let wanted = wanted.min(f64::MAX / 4.0);
    if *scale <= wanted * ROOM && *scale >= wanted / 8.0 {
        return true;
    }
    *scale = wanted;
    false
}

struct Pack<'a, F> {
    scale: Sums,
    gradient: &'a F,
}

impl<F: Fn(&[u32], &mut Block) + Sync> Pack<'_, F> {
    /// Fills `packed`, whose first cell is table row `first`. The halving depends on the rows alone, so the sums do too.
    fn fill(&self, packed: &mut [i64], first: usize, rows: &[u32]) -> Sums {
        if rows.len() <= CHUNK_ROWS {
            return self.fill_chunk(packed, first, rows);
        }
        let middle = rows.len() / 2;
        let border = rows[middle] as usize;
        let (low, high) = packed.split_at_mut(border - first);
        let (low_rows, high_rows) = rows.split_at(middle);
        let (a, b) = rayon::join(
            || self.fill(low, first, low_rows),
            || self.fill(high, border, high_rows),
        );
        Sums {
            gradient: a.gradient + b.gradient,
            hessian: a.hessian + b.hessian,
        }
    }

    fn fill_chunk(&self, packed: &mut [i64], first: usize, rows: &[u32]) -> Sums {
        let mut gradients = [0.0; 4];
        let mut hessians = [0.0; 4];
        let mut block = Block {
            gradients: [0.0; BLOCK],
            hessians: [0.0; BLOCK],
        };
        let mut cells = [0; BLOCK];
        for rows in rows.chunks(BLOCK) {
            if rows.len() < BLOCK {
                block = Block {
                    gradients: [0.0; BLOCK],
                    hessians: [0.0; BLOCK],
                };
            }
            (self.gradient)(rows, &mut block);
            for own in block.gradients.as_chunks::<4>().0 {
                gradients
                    .iter_mut()
                    .zip(own)
                    .for_each(|(sum, value)| *sum += value.abs());
            }
            for own in block.hessians.as_chunks::<4>().0 {
                hessians
                    .iter_mut()
                    .zip(own)
                    .for_each(|(sum, value)| *sum += value);
            }
            for (cell, (gradient, hessian)) in
                cells.iter_mut().zip(block.gradients.iter().zip(&block.hessians))
            {
                *cell = self.pack(*gradient, *hessian);
            }
            for (&row, &cell) in rows.iter().zip(&cells) {
                packed[row as usize - first] = cell;
            }
        }
        Sums {
            gradient: gradients.iter().sum(),
            hessian: hessians.iter().sum(),
        }
    }

    /// A hessian is at least one unit, so that a part with rows never looks empty.
    #[inline]
    fn pack(&self, gradient: f64, hessian: f64) -> i64 {
        let high = round(gradient * self.scale.gradient);
        let low = round((hessian * self.scale.hessian).max(1.0));
        (high << 32).wrapping_add(low)
    }
}

/// To the nearest whole number, for |value| < 2^51: adding 1.5 * 2^52 leaves it in the low bits. Unlike a conversion, this
/// can be vectorised. Larger values, of a scale that does not fit yet, give some number that is not used.
#[inline]
fn round(value: f64) -> i64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (value + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as i64
}

/// A function of one row as one of blocks.
#[cfg(test)]
pub fn each(gradient: impl Fn(usize) -> (f64, f64) + Sync) -> impl Fn(&[u32], &mut Block) + Sync {
    move |rows, block| {
        for (index, &row) in rows.iter().enumerate() {
            (block.gradients[index], block.hessians[index]) = gradient(row as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_packed_cells_unpack_to_the_sums() {
        let rows: Vec<u32> = (0..100_000).filter(|row| row % 3 != 0).collect();
        let gradient = |row: usize| ((row as f64 * 0.37).sin() * 1e-7, 1e-9 + (row % 7) as f64);
        let mut gradients = Gradients::new(100_000, false);
        assert!(gradients.fill(&rows, &each(gradient)));
        let mut cell = 0_i64;
        let mut exact = (0.0, 0.0);
        for &row in &rows {
            cell += gradients.packed[row as usize];
            exact.0 += gradient(row as usize).0;
            exact.1 += gradient(row as usize).1;
        }
        let pair = gradients.units().unpack(cell);
        assert!((pair.gradient - exact.0).abs() < 2e-9, "{pair:?} {exact:?}");
        assert!((pair.hessian / exact.1 - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_constant_hessian_counts_rows() {
        let rows: Vec<u32> = (0..1000).collect();
        let mut gradients = Gradients::new(1000, true);
        assert!(gradients.fill(&rows, &each(|row| (1e12 * (row as f64 - 500.0), 1.0))));
        let pair = gradients.units().unpack(gradients.packed.iter().sum());
        assert_eq!(pair.hessian, 1000.0);
        assert!((pair.gradient + 500.0e12).abs() < 1e9);
    }

    #[test]
    fn sums_that_are_not_finite_are_refused() {
        let mut gradients = Gradients::new(2, true);
        assert!(!gradients.fill(&[0, 1], &each(|_| (f64::NAN, 1.0))));
        assert!(!gradients.fill(&[0, 1], &each(|_| (f64::INFINITY, 1.0))));
    }
}
