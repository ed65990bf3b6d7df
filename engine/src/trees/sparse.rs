//! Features that are mostly one bin, such as one-hot columns and counts: only the other bins of a row are listed.
//!
//! What the listed cells of a feature leave of a node's total belongs to its usual bin; sums of integers are exact, so the
//! histogram is the same as if every cell had been added. Unlike bundles of exclusive features (EFB; Ke et al., NeurIPS
//! 2017) this needs no features that exclude each other.

use rayon::prelude::*;

use super::bins::FeatureBins;

/// Share of the rows in the usual bin that makes a feature sparse: listing a cell costs some times as much as adding it.
const USUAL_SHARE: f64 = 0.85;
/// Fewer sparse features are not worth a second pass over the rows.
const LEAST_FEATURES: usize = 8;
/// Rows listed at a time.
const BLOCK_ROWS: usize = 4096;

/// The sparse features of a table.
#[derive(Debug, Default)]
pub struct Sparse {
    features: Vec<SparseFeature>,
    /// Cells of a row: `cells[starts[row]..starts[row + 1]]`, each a place in a histogram of all sparse features.
    starts: Vec<u32>,
    cells: Vec<u32>,
    /// Places of such a histogram.
    width: usize,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SparseFeature {
    /// Its number in the table.
    pub feature: u32,
    /// Where its bins begin in a histogram.
    pub offset: usize,
    /// Number of bins.
    pub bins: usize,
    /// The bin that is not listed.
    pub usual: u8,
}

impl Sparse {
    /// Finds them in a row-major table whose bins `counts` tells the number of, a feature at a time.
    pub fn new(rows: usize, row_major: &[u8], bins: &[FeatureBins], counts: &[[u32; 256]]) -> Self {
        let mut features = Vec::new();
        let mut width = 0;
        let mut listed = 0;
        for (feature, (bins, counts)) in bins.iter().zip(counts).enumerate() {
            let mut usual = 0;
            for (bin, count) in counts.iter().enumerate() {
                if *count > counts[usual] {
                    usual = bin;
                }
            }
            if f64::from(counts[usual]) < USUAL_SHARE * rows as f64 {
                continue;
            }
            features.push(SparseFeature {
                feature: feature as u32,
                offset: width,
                bins: bins.len(),
                usual: usual as u8,
            });
            width += bins.len();
            listed += rows - counts[usual] as usize;
        }
        if features.len() < LEAST_FEATURES || u32::try_from(listed).is_err() {
            return Self::default();
        }
        let mut sparse = Self {
            features,
            starts: Vec::with_capacity(rows + 1),
            cells: Vec::with_capacity(listed),
            width,
        };
        sparse.list(row_major, row_major.len() / rows);
        sparse
    }

    /// Lists the cells of all rows.
    fn list(&mut self, row_major: &[u8], width: usize) {
        let mut usual = vec![0; width];
        let mut offsets = vec![None; width];
        for own in &self.features {
            usual[own.feature as usize] = own.usual;
            offsets[own.feature as usize] = Some(own.offset);
        }
        let blocks: Vec<(Vec<u32>, Vec<u32>)> = row_major
            .par_chunks(BLOCK_ROWS * width)
            .map(|rows| {
                let (mut counts, mut cells) = (Vec::with_capacity(BLOCK_ROWS), Vec::new());
                for row in rows.chunks_exact(width) {
                    let before = cells.len();
                    list_row(row, &usual, &offsets, &mut cells);
                    counts.push((cells.len() - before) as u32);
                }
                (counts, cells)
            })
            .collect();
        let mut end = 0;
        self.starts.push(end);
        for (counts, cells) in blocks {
            for count in counts {
                end += count;
                self.starts.push(end);
            }
            self.cells.extend(cells);
        }
    }

    /// The features, rising.
    pub fn features(&self) -> &[SparseFeature] {
        &self.features
    }

    /// Places of a histogram of all of them.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Listed cells a row, in the mean.
    pub fn cells_a_row(&self) -> usize {
        self.cells.len() / self.starts.len().max(1)
    }

    /// The listed cells of a row.
    #[inline]
    pub fn row(&self, row: usize) -> &[u32] {
        &self.cells[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// Gives the usual bins what the listed cells leave of the total.
    pub fn complete(&self, total: i64, out: &mut [i64]) {
        for own in &self.features {
            let cells = &mut out[own.offset..][..own.bins];
            cells[usize::from(own.usual)] = 0;
            let listed: i64 = cells.iter().sum();
            cells[usize::from(own.usual)] = total - listed;
        }
    }
}

/// Lists the cells of a row. Several features at a time are found to be as usual.
fn list_row(row: &[u8], usual: &[u8], offsets: &[Option<usize>], cells: &mut Vec<u32>) {
    let groups = row.chunks(16).zip(usual.chunks(16)).zip(offsets.chunks(16));
    for ((row, usual), offsets) in groups {
        if row == usual {
            continue;
        }
        for ((bin, usual), offset) in row.iter().zip(usual).zip(offsets) {
            if bin != usual
                && let Some(offset) = offset
            {
                cells.push((offset + usize::from(*bin)) as u32);
            }
        }
    }
}
