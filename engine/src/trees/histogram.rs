//! Histograms of packed gradients: the innermost loop of boosting.

#![expect(
    unsafe_code,
    reason = "prefetching is an intrinsic; it reads nothing and cannot fault"
)]

use rayon::prelude::*;

use super::bins::Binned;

/// Sums of packed gradients a bin, for one feature. A full byte of cells, so that no bin can lie outside.
pub type Cells = [i64; 256];

/// Cell updates below which a second thread costs more than it gains.
const PARALLEL_CELLS: usize = 1 << 16;
/// Features a pass over the rows: their cells stay in the second-level cache.
const TILE_FEATURES: usize = 64;
/// Rows between a prefetch and its use.
const AHEAD: usize = 16;

/// Builds histograms of the features of one tree; keeps the private histograms of further threads.
pub struct Builder<'a> {
    binned: &'a Binned,
    threads: usize,
    features: Vec<u32>,
    private: Vec<Vec<Cells>>,
}

impl<'a> Builder<'a> {
    /// For that table, on at most that many threads.
    pub fn new(binned: &'a Binned, threads: usize) -> Self {
        Self {
            binned,
            threads,
            features: Vec::new(),
            private: Vec::new(),
        }
    }

    /// Sets the features of the next tree: slot i of a histogram is `features[i]`, rising.
    pub fn choose(&mut self, features: &[u32]) {
        self.features.clear();
        self.features.extend_from_slice(features);
    }

    /// The features of this tree.
    pub fn features(&self) -> &[u32] {
        &self.features
    }

    /// Sums the packed gradients of the rows into `out`, one `Cells` a feature.
    pub fn build(&mut self, rows: &[u32], packed: &[i64], out: &mut [Cells]) {
        let threads = self
            .threads
            .min(rows.len() * self.features.len() / PARALLEL_CELLS + 1);
        if threads <= 1 {
            return self.build_serial(rows, packed, out);
        }
        if self.features.len() >= TILE_FEATURES * threads {
            let tiles = out
                .par_chunks_mut(TILE_FEATURES)
                .zip(self.features.par_chunks(TILE_FEATURES));
            return tiles
                .for_each(|(cells, features)| build_tile(self.binned, features, rows, packed, cells));
        }
        self.private
            .resize_with(threads.max(self.private.len()), Vec::new);
        let part = rows.len().div_ceil(threads);
        let mut private = std::mem::take(&mut self.private);
        private[..threads]
            .par_iter_mut()
            .zip(rows.par_chunks(part))
            .for_each(|(cells, rows)| {
                cells.resize(self.features.len(), [0; 256]);
                self.build_serial(rows, packed, cells);
            });
        let parts = rows.len().div_ceil(part);
        out.par_iter_mut().enumerate().for_each(|(slot, cells)| {
            let bins = self.bins(slot);
            cells[..bins].copy_from_slice(&private[0][slot][..bins]);
            for other in &private[1..parts] {
                for (cell, &add) in cells[..bins].iter_mut().zip(&other[slot][..bins]) {
                    *cell += add;
                }
            }
        });
        self.private = private;
    }

    /// Turns the histogram of a parent into that of one child by taking off the other's.
    pub fn subtract(&self, parent: &mut [Cells], child: &[Cells]) {
        for (slot, (parent, child)) in parent.iter_mut().zip(child).enumerate() {
            let bins = self.bins(slot);
            for (cell, &part) in parent[..bins].iter_mut().zip(&child[..bins]) {
                *cell -= part;
            }
        }
    }

    /// Number of bins of the feature in that slot.
    pub fn bins(&self, slot: usize) -> usize {
        self.binned.feature(self.features[slot] as usize).len()
    }

    fn build_serial(&self, rows: &[u32], packed: &[i64], out: &mut [Cells]) {
        for (features, cells) in self
            .features
            .chunks(TILE_FEATURES)
            .zip(out.chunks_mut(TILE_FEATURES))
        {
            build_tile(self.binned, features, rows, packed, cells);
        }
    }
}

fn build_tile(binned: &Binned, features: &[u32], rows: &[u32], packed: &[i64], out: &mut [Cells]) {
    for (cells, &feature) in out.iter_mut().zip(features) {
        cells[..binned.feature(feature as usize).len()].fill(0);
    }
    let (Some(&first), Some(&last)) = (features.first(), features.last()) else {
        return;
    };
    let range = first as usize..last as usize + 1;
    if range.len() == features.len() {
        return each_row(binned, &range, rows, packed, |bins, gradient| {
            for (cells, &bin) in out.iter_mut().zip(bins) {
                cells[usize::from(bin)] += gradient;
            }
        });
    }
    let offsets: Vec<usize> = features
        .iter()
        .map(|&feature| (feature - first) as usize)
        .collect();
    each_row(binned, &range, rows, packed, |bins, gradient| {
        for (cells, &offset) in out.iter_mut().zip(&offsets) {
            cells[usize::from(bins[offset])] += gradient;
        }
    });
}

/// Calls `add` with the bins of a range of features and the packed gradient of every row, fetching both ahead.
#[inline(always)]
fn each_row<F: FnMut(&[u8], i64)>(
    binned: &Binned,
    range: &std::ops::Range<usize>,
    rows: &[u32],
    packed: &[i64],
    mut add: F,
) {
    let width = binned.width();
    let cells = binned.row_major();
    let mut visit = |row: usize| add(&cells[row * width..][range.clone()], packed[row]);
    let ahead = rows.len().saturating_sub(AHEAD);
    for (index, &row) in rows[..ahead].iter().enumerate() {
        let next = rows[index + AHEAD] as usize;
        prefetch(&cells[next * width + range.start]);
        // A row of bins begins anywhere in a cache line: its end may lie on the next one.
        prefetch(&cells[next * width + range.end - 1]);
        prefetch(&packed[next]);
        visit(row as usize);
    }
    for &row in &rows[ahead..] {
        visit(row as usize);
    }
}

/// Asks the processor to bring the cache line of a value nearer; does nothing where that is not known.
#[inline(always)]
fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the pointer comes from a reference, and a prefetch has no effect that a program can see.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}
