//! Products of matrices of a few hundred rows and columns, in f32, by vector instructions that are chosen when the program
//! runs. Each sum is added up in the order of the depth, a fused product and sum a term: its bits depend neither on the width
//! of the vectors nor on the number of rows beside it.
//!
//! The form is that of Goto and van de Geijn (Anatomy of High-Performance Matrix Multiplication, TOMS 2008) without its
//! outer blocks: what a layer multiplies fits in the second cache as it is.

use pulp::{Arch, Simd, WithSimd};

/// Columns of a panel.
const PANEL: usize = 32;
/// The right side of a product, `[depth, columns]`, laid out in panels of 32 columns, row after row in each; the last is
/// filled up with 0.
#[derive(Clone, Debug, Default)]
pub struct Panels {
    values: Vec<f32>,
    depth: usize,
    columns: usize,
}

impl Panels {
    /// Lays out `values`, row-major `[depth, columns]`.
    pub fn pack(&mut self, values: &[f32], depth: usize, columns: usize) {
        self.resize(depth, columns);
        for (number, panel) in self.values.chunks_exact_mut((depth * PANEL).max(1)).enumerate() {
            let first = number * PANEL;
            let width = PANEL.min(columns - first);
            for (out, row) in panel.chunks_exact_mut(PANEL).zip(values.chunks_exact(columns)) {
                out[..width].copy_from_slice(&row[first..first + width]);
                out[width..].fill(0.0);
            }
        }
    }

    /// Lays out the transpose of `values`, which are row-major `[columns, depth]`.
    pub fn pack_transposed(&mut self, values: &[f32], depth: usize, columns: usize) {
        self.resize(depth, columns);
        for (number, panel) in self.values.chunks_exact_mut((depth * PANEL).max(1)).enumerate() {
            let first = number * PANEL;
            let width = PANEL.min(columns - first);
            if width < PANEL {
                panel.fill(0.0);
            }
            let own = &values[first * depth..(first + width) * depth];
            for (column, row) in own.chunks_exact(depth).enumerate() {
                for (out, &value) in panel[column..].iter_mut().step_by(PANEL).zip(row) {
                    *out = value;
                }
            }
        }
    }

    fn resize(&mut self, depth: usize, columns: usize) {
        self.depth = depth;
        self.columns = columns;
        self.values.resize(depth * columns.next_multiple_of(PANEL), 0.0);
    }
}

/// The left side of a product.
#[derive(Clone, Copy, Debug)]
pub enum Left<'a> {
    /// Row-major, `[rows, depth]`.
    Plain(&'a [f32]),
    /// The transpose of a row-major `[depth, rows]`.
    Transposed(&'a [f32]),
}

/// Writes `left * right`, to each row of which `start` is added (`right.columns` values, or none for 0), to `out`, row-major
/// `[rows, right.columns]`.
pub fn product(left: Left<'_>, rows: usize, right: &Panels, start: &[f32], out: &mut [f32]) {
    Arch::new().dispatch(Product {
        left,
        rows,
        right,
        start,
        out,
    });
}

struct Product<'a> {
    left: Left<'a>,
    rows: usize,
    right: &'a Panels,
    start: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (depth, columns) = (self.right.depth, self.right.columns);
        for (number, values) in self.right.values.chunks_exact((depth * PANEL).max(1)).enumerate() {
            let first = number * PANEL;
            let mut panel = Panel {
                left: self.left,
                rows: self.rows,
                values: values.as_chunks().0,
                start: [0.0; PANEL],
                columns,
                first,
                width: PANEL.min(columns - first),
            };
            for (own, &value) in panel.start.iter_mut().zip(self.start.iter().skip(first)) {
                *own = value;
            }
            panel.multiply(simd, self.out);
        }
    }
}

/// One panel, and what it is multiplied by.
struct Panel<'a> {
    left: Left<'a>,
    rows: usize,
    values: &'a [[f32; PANEL]],
    start: [f32; PANEL],
    /// Columns of the output.
    columns: usize,
    /// The first of them that is this panel's.
    first: usize,
    /// How many are.
    width: usize,
}

impl Panel<'_> {
    #[inline(always)]
    fn multiply<S: Simd>(&self, simd: S, out: &mut [f32]) {
        let mut row = 0;
        if S::REGISTER_COUNT >= 32 {
            row = self.band::<S, 8>(simd, row, out);
        } else {
            row = self.band::<S, 6>(simd, row, out);
        }
        row = self.band::<S, 2>(simd, row, out);
        self.band::<S, 1>(simd, row, out);
    }

    /// All tiles of `ROWS` rows that there are from `row` on; returns the first row that is left.
    #[inline(always)]
    fn band<S: Simd, const ROWS: usize>(&self, simd: S, first: usize, out: &mut [f32]) -> usize {
        let mut row = first;
        while row + ROWS <= self.rows {
            let mut at = 0;
            while at < self.width {
                // Sums of two vectors a row keep wide registers busy; the end of a narrow output needs but one.
                if at + S::F32_LANES < self.width {
                    self.tile::<S, ROWS, 2>(simd, row, at, out);
                } else {
                    self.tile::<S, ROWS, 1>(simd, row, at, out);
                }
                at += 2 * S::F32_LANES;
            }
            row += ROWS;
        }
        row
    }

    /// `ROWS` rows from `row` on, and `VECTORS` vectors of columns from column `at` of the panel on.
    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
        &self,
        simd: S,
        row: usize,
        at: usize,
        out: &mut [f32],
    ) {
        let mut sums = [vectors::<S, VECTORS>(&self.start, at); ROWS];
        let depth = self.values.len();
        match self.left {
            Left::Plain(values) => {
                let rows: [&[f32]; ROWS] =
                    std::array::from_fn(|place| &values[(row + place) * depth..][..depth]);
                for (position, right) in self.values.iter().enumerate() {
                    let left = std::array::from_fn(|place| rows[place][position]);
                    add_products(simd, left, vectors::<S, VECTORS>(right, at), &mut sums);
                }
            }
            Left::Transposed(values) => {
                for (line, right) in values.chunks_exact(self.rows).zip(self.values) {
                    let line = &line[row..row + ROWS];
                    let left = std::array::from_fn(|place| line[place]);
                    add_products(simd, left, vectors::<S, VECTORS>(right, at), &mut sums);
                }
            }
        }
        for (place, sums) in sums.into_iter().enumerate() {
            let out = &mut out[(row + place) * self.columns + self.first..][..self.width];
            for (vector, out) in out[at..].chunks_mut(S::F32_LANES).take(VECTORS).enumerate() {
                simd.partial_store_f32s(out, sums[vector]);
            }
        }
    }
}

#[inline(always)]
fn add_products<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    left: [f32; ROWS],
    right: [S::f32s; VECTORS],
    sums: &mut [[S::f32s; VECTORS]; ROWS],
) {
    for (sums, left) in sums.iter_mut().zip(left) {
        let left = simd.splat_f32s(left);
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum = simd.mul_add_f32s(left, right, *sum);
        }
    }
}

/// Vectors from column `at` of a row on.
#[inline(always)]
fn vectors<S: Simd, const VECTORS: usize>(row: &[f32; PANEL], at: usize) -> [S::f32s; VECTORS] {
    let (all, _) = S::as_simd_f32s(row);
    std::array::from_fn(|vector| all[at / S::F32_LANES + vector])
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;

    #[test]
    fn it_multiplies() {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let shapes = [
            (1, 1, 1),
            (3, 5, 2),
            (8, 7, 16),
            (13, 9, 33),
            (20, 40, 70),
            (12, 3, 48),
        ];
        for (rows, depth, columns) in shapes {
            let mut draw = |count| {
                (0..count)
                    .map(|_| rng.random_range(-1.0..1.0))
                    .collect::<Vec<f32>>()
            };
            let (left, right, start) = (draw(rows * depth), draw(depth * columns), draw(columns));
            let expected = |row: usize, column: usize| {
                (0..depth).fold(start[column], |sum, place| {
                    left[row * depth + place].mul_add(right[place * columns + column], sum)
                })
            };
            let across = |values: &[f32], width: usize| -> Vec<f32> {
                (0..values.len())
                    .map(|cell| values[cell % (values.len() / width) * width + cell / (values.len() / width)])
                    .collect()
            };
            let (left_across, right_across) = (across(&left, depth), across(&right, columns));
            let (mut panels, mut panels_across) = (Panels::default(), Panels::default());
            panels.pack(&right, depth, columns);
            panels_across.pack_transposed(&right_across, depth, columns);
            for panels in [&panels, &panels_across] {
                for side in [Left::Plain(&left), Left::Transposed(&left_across)] {
                    let mut out = vec![f32::NAN; rows * columns];
                    product(side, rows, panels, &start, &mut out);
                    for (cell, &found) in out.iter().enumerate() {
                        let wanted = expected(cell / columns, cell % columns);
                        assert!((found - wanted).abs() < 1e-5, "{found} {wanted}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_is_the_same_in_any_company() {
        let values: Vec<f32> = (0..40 * 19).map(|cell| (cell as f32 * 0.7).sin()).collect();
        let mut panels = Panels::default();
        panels.pack(&values[..19 * 37], 19, 37);
        let rows = |count: usize| {
            let mut out = vec![0.0; count * 37];
            product(Left::Plain(&values), count, &panels, &[], &mut out);
            out
        };
        for count in [1, 5, 8, 12] {
            assert_eq!(rows(count), rows(40)[..count * 37]);
        }
    }
}
