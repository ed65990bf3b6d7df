//! The binned matrix: training rows as one byte a cell.

use std::cmp::max;

use model::{Feature, FeatureKind};
use rand::Rng;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::cuts::{MAX_CUTS, category_bins, number_cuts};
use super::sparse::Sparse;
use crate::plan::{Prepared, Rows};

/// Rows that the cut points are computed from, at most.
const SAMPLE_ROWS: usize = 200_000;
/// Rows a block of the transposition.
const BLOCK_ROWS: usize = 1024;
/// Rows and features of a tile of it.
const TILE: usize = 64;

/// What the bins of one feature mean.
#[derive(Clone, Debug, PartialEq)]
pub enum FeatureBins {
    /// Bin 0 is missing; bin b >= 1 holds `cuts[b - 2] < x <= cuts[b - 1]`.
    Number {
        /// Rising, at most 254.
        cuts: Vec<f64>,
    },
    /// Category codes; several rare codes may share one bin.
    Category {
        /// Bin of each code.
        bin_of_code: Vec<u8>,
        /// Number of bins.
        bins: usize,
        /// The bin shared by rare codes.
        other: Option<u8>,
    },
}

impl FeatureBins {
    /// Number of bins.
    pub fn len(&self) -> usize {
        match self {
            Self::Number { cuts } => cuts.len() + 2,
            Self::Category { bins, .. } => *bins,
        }
    }

    /// Bin of an encoded value.
    pub fn bin(&self, value: f64) -> u8 {
        match self {
            Self::Number { cuts } if value.is_nan() => {
                debug_assert!(cuts.len() <= MAX_CUTS);
                0
            }
            Self::Number { cuts } => 1 + cuts.partition_point(|&cut| cut < value) as u8,
            Self::Category { bin_of_code, .. } => bin_of_code[value as usize],
        }
    }

    /// Bins a column; returns how many rows each bin has.
    fn bin_all(&self, values: &[f64], column: &mut [u8]) -> [u32; 256] {
        // Zeros are what sparse features are made of: they are neither looked up nor counted one by one.
        let zero = self.bin(0.0);
        let mut counts = [0; 256];
        let mut others = 0;
        for (bin, &value) in column.iter_mut().zip(values) {
            *bin = zero;
            if value != 0.0 {
                *bin = self.bin(value);
                counts[usize::from(*bin)] += 1;
                others += 1;
            }
        }
        counts[usize::from(zero)] += values.len() as u32 - others;
        counts
    }

    fn fit(values: &[f64], kind: FeatureKind, seed: u64) -> Self {
        match kind {
            FeatureKind::Number => {
                let max_cuts = (values.len() / 3).clamp(16, MAX_CUTS);
                let (others, zeros) = sample(values, seed);
                Self::Number {
                    cuts: number_cuts(others, zeros, max_cuts),
                }
            }
            FeatureKind::Category { cardinality } => {
                let mut counts = vec![0; max(cardinality as usize, 1)];
                for &value in values {
                    let code = value as usize;
                    if code >= counts.len() {
                        counts.resize(code + 1, 0);
                    }
                    counts[code] += 1;
                }
                let (bin_of_code, bins, other) = category_bins(&counts);
                Self::Category {
                    bin_of_code,
                    bins,
                    other,
                }
            }
        }
    }
}

/// The values but NaN and zeros, and the number of zeros: most of a sparse feature need not be copied and sorted. Of many
/// rows a random part, spread evenly over them.
fn sample(values: &[f64], seed: u64) -> (Vec<f64>, usize) {
    let mut zeros = 0;
    let mut part = Vec::new();
    let mut keep = |value: f64| {
        if value == 0.0 {
            zeros += 1;
        } else if !value.is_nan() {
            part.push(value);
        }
    };
    if values.len() <= SAMPLE_ROWS {
        values.iter().copied().for_each(keep);
        return (part, zeros);
    }
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    for block in 0..SAMPLE_ROWS {
        let start = block * values.len() / SAMPLE_ROWS;
        let end = (block + 1) * values.len() / SAMPLE_ROWS;
        keep(values[rng.random_range(start..end)]);
    }
    (part, zeros)
}

/// How many rows each bin of a column has.
fn counts(column: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    for &bin in column {
        counts[usize::from(bin)] += 1;
    }
    counts
}

/// Training rows as bins of one byte, shared by all configurations and folds.
#[derive(Debug)]
pub struct Binned {
    rows: usize,
    features: Vec<FeatureBins>,
    row_major: Vec<u8>,
    column_major: Vec<u8>,
    sparse: Sparse,
}

impl Binned {
    /// Bins all rows, on the threads of the current rayon pool.
    pub fn new(rows: &Rows, features: &[Feature]) -> Self {
        let width = features.len();
        let mut column_major = vec![0; rows.rows * width];
        let columns = column_major.par_chunks_mut(rows.rows.max(1));
        let fitted: Vec<(FeatureBins, [u32; 256])> = rows
            .features
            .par_iter()
            .zip(features)
            .zip(columns)
            .enumerate()
            .map(|(index, ((values, feature), column))| {
                let bins = FeatureBins::fit(values, feature.kind, index as u64);
                let counts = bins.bin_all(values, column);
                (bins, counts)
            })
            .collect();
        let (features, counts): (Vec<_>, Vec<_>) = fitted.into_iter().unzip();
        let mut row_major = vec![0; rows.rows * width];
        if width > 0 {
            row_major
                .par_chunks_mut(BLOCK_ROWS * width)
                .enumerate()
                .for_each(|(block, cells)| {
                    transpose(&column_major, rows.rows, block * BLOCK_ROWS, cells, width);
                });
        }
        Self {
            rows: rows.rows,
            sparse: Sparse::new(rows.rows, &row_major, &features, &counts),
            features,
            row_major,
            column_major,
        }
    }

    /// The same rows with `count` numbers more behind their features, on the threads of the current rayon pool; `column` makes
    /// one of them, a value a row. There is a feature already, or a number more.
    pub fn with_columns(&self, count: usize, column: &(dyn Fn(usize) -> Vec<f64> + Sync)) -> Self {
        let (old, width) = (self.width(), self.width() + count);
        let fit = |index: usize| {
            let values = column(index);
            let bins = FeatureBins::fit(&values, FeatureKind::Number, (old + index) as u64);
            let cells: Vec<u8> = values.iter().map(|&value| bins.bin(value)).collect();
            (bins, cells)
        };
        let (more, columns): (Vec<_>, Vec<_>) = (0..count).into_par_iter().map(fit).unzip();
        let mut row_major = vec![0; self.rows * width];
        let blocks = row_major.par_chunks_mut(BLOCK_ROWS * width).enumerate();
        blocks.for_each(|(block, cells)| {
            for (offset, cells) in cells.chunks_exact_mut(width).enumerate() {
                let row = block * BLOCK_ROWS + offset;
                cells[..old].copy_from_slice(self.row(row));
                for (cell, column) in cells[old..].iter_mut().zip(&columns) {
                    *cell = column[row];
                }
            }
        });
        let mut column_major = Vec::with_capacity(self.rows * width);
        column_major.extend_from_slice(&self.column_major);
        column_major.extend(columns.into_iter().flatten());
        let features: Vec<FeatureBins> = self.features.iter().cloned().chain(more).collect();
        let columns = column_major.par_chunks(self.rows.max(1));
        let counts: Vec<[u32; 256]> = columns.map(counts).collect();
        Self {
            rows: self.rows,
            sparse: Sparse::new(self.rows, &row_major, &features, &counts),
            features,
            row_major,
            column_major,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of features.
    pub fn width(&self) -> usize {
        self.features.len()
    }

    /// What the bins of a feature mean.
    pub fn feature(&self, feature: usize) -> &FeatureBins {
        &self.features[feature]
    }

    /// Bins of one row, a byte a feature.
    pub fn row(&self, row: usize) -> &[u8] {
        &self.row_major[row * self.features.len()..][..self.features.len()]
    }

    /// All rows, row-major.
    pub fn row_major(&self) -> &[u8] {
        &self.row_major
    }

    /// The features that are mostly one bin.
    pub fn sparse(&self) -> &Sparse {
        &self.sparse
    }

    /// Bins of one feature, a byte a row.
    pub fn column(&self, feature: usize) -> &[u8] {
        &self.column_major[feature * self.rows..][..self.rows]
    }
}

/// Fills a block of whole rows that starts at row `first`, tile by tile: the lines that a tile writes stay in the cache.
fn transpose(columns: &[u8], rows: usize, first: usize, cells: &mut [u8], width: usize) {
    for (tile, cells) in cells.chunks_mut(TILE * width).enumerate() {
        let first = first + tile * TILE;
        let count = cells.len() / width;
        for start in (0..width).step_by(TILE) {
            for feature in start..width.min(start + TILE) {
                let column = &columns[feature * rows + first..][..count];
                for (bin, cell) in column.iter().zip(cells[feature..].iter_mut().step_by(width)) {
                    *cell = *bin;
                }
            }
        }
    }
}

impl Prepared {
    /// The binned training rows, made at first use on the threads of the current rayon pool.
    pub fn binned(&self) -> &Binned {
        if let Some(binned) = self.binned.get() {
            return binned;
        }
        // Not `get_or_init` around the work: a thread that waits for its parallel parts may be given another fit that
        // asks for the same cell, and would wait for itself.
        let binned = Binned::new(&self.train, &self.encoder.features);
        self.binned.get_or_init(|| binned)
    }
}

#[cfg(test)]
#[path = "bins_tests.rs"]
mod tests;
