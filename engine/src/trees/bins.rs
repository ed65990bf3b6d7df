//! The binned matrix: training rows as one byte a cell.

use std::cmp::max;

use model::{Feature, FeatureKind};
use rand::Rng;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::cuts::{MAX_CUTS, category_bins, number_cuts};
use crate::plan::{Prepared, Rows};

/// Rows that the cut points are computed from, at most.
const SAMPLE_ROWS: usize = 200_000;
/// Rows a block of the transposition.
const BLOCK_ROWS: usize = 1024;

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

    fn fit(values: &[f64], kind: FeatureKind, seed: u64) -> Self {
        match kind {
            FeatureKind::Number => {
                let max_cuts = (values.len() / 3).clamp(16, MAX_CUTS);
                Self::Number {
                    cuts: number_cuts(sample(values, seed), max_cuts),
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

/// The values without NaN, or a random part of them spread evenly over the rows.
fn sample(values: &[f64], seed: u64) -> Vec<f64> {
    if values.len() <= SAMPLE_ROWS {
        return values.iter().copied().filter(|value| !value.is_nan()).collect();
    }
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut part = Vec::with_capacity(SAMPLE_ROWS);
    for block in 0..SAMPLE_ROWS {
        let start = block * values.len() / SAMPLE_ROWS;
        let end = (block + 1) * values.len() / SAMPLE_ROWS;
        let value = values[rng.random_range(start..end)];
        if !value.is_nan() {
            part.push(value);
        }
    }
    part
}

/// Training rows as bins of one byte, shared by all configurations and folds.
#[derive(Debug)]
pub struct Binned {
    rows: usize,
    features: Vec<FeatureBins>,
    row_major: Vec<u8>,
    column_major: Vec<u8>,
}

impl Binned {
    /// Bins all rows, on the threads of the current rayon pool.
    pub fn new(rows: &Rows, features: &[Feature]) -> Self {
        let fitted: Vec<(FeatureBins, Vec<u8>)> = rows
            .features
            .par_iter()
            .zip(features)
            .enumerate()
            .map(|(index, (values, feature))| {
                let bins = FeatureBins::fit(values, feature.kind, index as u64);
                let column = values.iter().map(|&value| bins.bin(value)).collect();
                (bins, column)
            })
            .collect();
        let (features, columns): (Vec<_>, Vec<_>) = fitted.into_iter().unzip();
        let width = features.len();
        let mut row_major = vec![0; rows.rows * width];
        if width > 0 {
            row_major
                .par_chunks_mut(BLOCK_ROWS * width)
                .enumerate()
                .for_each(|(block, cells)| {
                    transpose(&columns, block * BLOCK_ROWS, cells);
                });
        }
        Self {
            rows: rows.rows,
            features,
            row_major,
            column_major: columns.concat(),
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
        Self {
            rows: self.rows,
            features: self.features.iter().cloned().chain(more).collect(),
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

    /// Bins of one feature, a byte a row.
    pub fn column(&self, feature: usize) -> &[u8] {
        &self.column_major[feature * self.rows..][..self.rows]
    }
}

/// Fills a block of whole rows that starts at row `first`.
fn transpose(columns: &[Vec<u8>], first: usize, cells: &mut [u8]) {
    let width = columns.len();
    let count = cells.len() / width;
    for (feature, column) in columns.iter().enumerate() {
        for (row, &bin) in column[first..first + count].iter().enumerate() {
            cells[row * width + feature] = bin;
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
mod tests {
    use model::Feature;
    use proptest::prelude::*;

    use super::*;
    use crate::plan::Target;

    fn feature(kind: FeatureKind) -> Feature {
        Feature {
            name: "x".into(),
            input: 0,
            kind,
        }
    }

    fn bin_column(values: Vec<f64>, kind: FeatureKind) -> Binned {
        let rows = values.len();
        let rows = Rows {
            features: vec![values],
            target: Target::Values(vec![0.0; rows]),
            rows,
            source: (0..rows as u32).collect(),
        };
        Binned::new(&rows, &[feature(kind)])
    }

    fn any_value() -> impl Strategy<Value = f64> {
        prop_oneof![
            8 => (-50_i32..50).prop_map(|x| f64::from(x) / 7.0),
            8 => proptest::num::f64::ANY,
            1 => Just(f64::NAN),
            1 => Just(f64::INFINITY),
            1 => Just(f64::NEG_INFINITY),
            1 => Just(-0.0),
        ]
    }

    proptest! {
        #[test]
        fn a_cut_decides_like_its_bin(values in proptest::collection::vec(any_value(), 1..1500)) {
            let binned = bin_column(values.clone(), FeatureKind::Number);
            let FeatureBins::Number { cuts } = binned.feature(0) else { unreachable!() };
            for (row, &value) in values.iter().enumerate() {
                let bin = usize::from(binned.column(0)[row]);
                prop_assert_eq!(bin == 0, value.is_nan());
                for (index, &cut) in cuts.iter().enumerate() {
                    prop_assert_eq!(value <= cut, bin != 0 && bin <= index + 1);
                }
            }
        }
    }

    #[test]
    fn both_layouts_hold_the_same_bins() {
        let columns: Vec<Vec<f64>> = (0..3)
            .map(|f| (0..2500).map(|r| f64::from((r * (f + 3)) % 97)).collect())
            .collect();
        let rows = Rows {
            features: columns,
            target: Target::Values(vec![0.0; 2500]),
            rows: 2500,
            source: Vec::new(),
        };
        let binned = Binned::new(&rows, &vec![feature(FeatureKind::Number); 3]);
        for row in 0..2500 {
            for f in 0..3 {
                assert_eq!(binned.row(row)[f], binned.column(f)[row]);
            }
        }
    }

    #[test]
    fn more_columns_are_binned_as_if_they_had_always_been_there() {
        let columns: Vec<Vec<f64>> = (0..5)
            .map(|f| (0..2500).map(|r| f64::from((r * (f + 3)) % 97)).collect())
            .collect();
        let binned = |columns: &[Vec<f64>]| {
            let rows = Rows {
                features: columns.to_vec(),
                target: Target::Values(vec![0.0; 2500]),
                rows: 2500,
                source: Vec::new(),
            };
            Binned::new(&rows, &vec![feature(FeatureKind::Number); columns.len()])
        };
        let added = binned(&columns[..3]).with_columns(2, &|index| columns[3 + index].clone());
        let whole = binned(&columns);
        assert_eq!(added.row_major, whole.row_major);
        assert_eq!(added.column_major, whole.column_major);
        assert_eq!(added.features, whole.features);
    }

    #[test]
    fn large_columns_are_cut_from_a_sample() {
        let values: Vec<f64> = (0..300_000).map(|row| f64::from(row % 100_000)).collect();
        let binned = bin_column(values, FeatureKind::Number);
        assert!(binned.feature(0).len() > 250);
        let mut counts = [0_usize; 256];
        for &bin in binned.column(0) {
            counts[usize::from(bin)] += 1;
        }
        assert!(counts[1..].iter().all(|&count| count < 2400), "{counts:?}");
    }
}
