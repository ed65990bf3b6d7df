//! Histograms of packed gradients: the innermost loop of boosting.

#![expect(
    unsafe_code,
    reason = "prefetching is an intrinsic; it reads nothing and cannot fault"
)]

use rayon::prelude::*;

use super::bins::Binned;
use super::sparse::Sparse;

/// Sums of packed gradients a bin, for one feature. A full byte of cells, so that no bin can lie outside.
pub type Cells = [i64; 256];

/// Cell updates below which a second thread costs more than it gains.
const PARALLEL_CELLS: usize = 1 << 16;
/// Features a pass over the rows: their cells stay in the second-level cache.
const TILE_FEATURES: usize = 64;
/// Rows between a prefetch and its use.
const AHEAD: usize = 16;

/// The sums of one node.
#[derive(Default)]
pub struct Histogram {
    /// One a dense feature of the tree.
    dense: Vec<Cells>,
    /// Those of all sparse features of the table, by `SparseFeature::offset`.
    sparse: Vec<i64>,
}

impl Histogram {
    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.dense.as_slice()) + size_of_val(self.sparse.as_slice())
    }
}

/// Where the cells of a feature of the tree are.
#[derive(Clone, Copy, Debug)]
struct Place {
    feature: u32,
    bins: usize,
    is_sparse: bool,
    /// Slot of the dense part, or offset of the sparse part.
    at: usize,
}

/// Builds histograms of the features of one tree; keeps the private histograms of further threads.
pub struct Builder<'a> {
    binned: &'a Binned,
    threads: usize,
    features: Vec<u32>,
    places: Vec<Place>,
    /// The features that are not sparse.
    dense: Vec<u32>,
    has_sparse: bool,
    private: Vec<Histogram>,
}

impl<'a> Builder<'a> {
    /// For that table, on at most that many threads.
    pub fn new(binned: &'a Binned, threads: usize) -> Self {
        Self {
            binned,
            threads,
            features: Vec::new(),
            places: Vec::new(),
            dense: Vec::new(),
            has_sparse: false,
            private: Vec::new(),
        }
    }

    /// Sets the features of the next tree, rising.
    pub fn choose(&mut self, features: &[u32]) {
        if self.features == features {
            return;
        }
        self.features.clear();
        self.features.extend_from_slice(features);
        self.places.clear();
        self.dense.clear();
        let mut sparse = self.binned.sparse().features().iter().peekable();
        for &feature in features {
            while sparse.next_if(|own| own.feature < feature).is_some() {}
            let found = sparse.next_if(|own| own.feature == feature);
            self.places.push(Place {
                feature,
                bins: self.binned.feature(feature as usize).len(),
                is_sparse: found.is_some(),
                at: found.map_or(self.dense.len(), |own| own.offset),
            });
            if found.is_none() {
                self.dense.push(feature);
            }
        }
        self.has_sparse = self.dense.len() < features.len();
        // Histograms of other features may have other sizes.
        let mut private = std::mem::take(&mut self.private);
        private.retain(|own| self.fits(own));
        self.private = private;
    }

    /// Number of features of this tree.
    pub fn width(&self) -> usize {
        self.places.len()
    }

    /// A histogram to fill.
    pub fn histogram(&self) -> Histogram {
        Histogram {
            dense: vec![[0; 256]; self.dense.len()],
            sparse: vec![0; self.sparse_width()],
        }
    }

    /// True when a histogram is of the size that this tree needs.
    pub fn fits(&self, histogram: &Histogram) -> bool {
        histogram.dense.len() == self.dense.len() && histogram.sparse.len() == self.sparse_width()
    }

    /// The features of this tree, each with a cell a bin.
    pub fn cells<'b>(&'b self, histogram: &'b Histogram) -> impl Iterator<Item = (u32, &'b [i64])> {
        self.places
            .iter()
            .map(|place| (place.feature, cells(place, histogram)))
    }

    /// One of them.
    pub fn cell<'b>(&self, index: usize, histogram: &'b Histogram) -> (u32, &'b [i64]) {
        let place = &self.places[index];
        (place.feature, cells(place, histogram))
    }

    /// Sums the packed gradients of the rows.
    pub fn build(&mut self, rows: &[u32], packed: &[i64], out: &mut Histogram) {
        let mut cells_a_row = self.dense.len();
        if self.has_sparse {
            cells_a_row += 2 * self.binned.sparse().cells_a_row();
        }
        let threads = self.threads.min(rows.len() * cells_a_row / PARALLEL_CELLS + 1);
        if threads <= 1 {
            return self.build_serial(rows, packed, out);
        }
        if !self.has_sparse && self.dense.len() >= TILE_FEATURES * threads {
            let tiles = out
                .dense
                .par_chunks_mut(TILE_FEATURES)
                .zip(self.dense.par_chunks(TILE_FEATURES));
            return tiles
                .for_each(|(cells, features)| build_tile(self.binned, features, rows, packed, cells));
        }
        let mut private = std::mem::take(&mut self.private);
        private.resize_with(threads.max(private.len()), || self.histogram());
        let part = rows.len().div_ceil(threads);
        private[..threads]
            .par_iter_mut()
            .zip(rows.par_chunks(part))
            .for_each(|(own, rows)| self.build_serial(rows, packed, own));
        let parts = rows.len().div_ceil(part);
        self.add_up(&private[..parts], out);
        self.private = private;
    }

    /// The sum of the histograms of parts.
    fn add_up(&self, parts: &[Histogram], out: &mut Histogram) {
        let Some((first, others)) = parts.split_first() else {
            return;
        };
        out.dense.par_iter_mut().enumerate().for_each(|(slot, cells)| {
            let bins = self.binned.feature(self.dense[slot] as usize).len();
            cells[..bins].copy_from_slice(&first.dense[slot][..bins]);
            for other in others {
                add(&mut cells[..bins], &other.dense[slot][..bins]);
            }
        });
        out.sparse.copy_from_slice(&first.sparse);
        for other in others {
            add(&mut out.sparse, &other.sparse);
        }
    }

    /// Turns the histogram of a parent into that of one child by taking off the other's.
    pub fn subtract(&self, parent: &mut Histogram, child: &Histogram) {
        for (slot, (parent, child)) in parent.dense.iter_mut().zip(&child.dense).enumerate() {
            let bins = self.binned.feature(self.dense[slot] as usize).len();
            take_off(&mut parent[..bins], &child[..bins]);
        }
        take_off(&mut parent.sparse, &child.sparse);
    }

    fn sparse_width(&self) -> usize {
        if self.has_sparse {
            self.binned.sparse().width()
        } else {
            0
        }
    }

    fn build_serial(&self, rows: &[u32], packed: &[i64], out: &mut Histogram) {
        for (features, cells) in self
            .dense
            .chunks(TILE_FEATURES)
            .zip(out.dense.chunks_mut(TILE_FEATURES))
        {
            build_tile(self.binned, features, rows, packed, cells);
        }
        if self.has_sparse {
            build_sparse(self.binned.sparse(), rows, packed, &mut out.sparse);
        }
    }
}

fn cells<'a>(place: &Place, histogram: &'a Histogram) -> &'a [i64] {
    if place.is_sparse {
        &histogram.sparse[place.at..][..place.bins]
    } else {
        &histogram.dense[place.at][..place.bins]
    }
}

fn add(sums: &mut [i64], parts: &[i64]) {
    sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
}

fn take_off(sums: &mut [i64], parts: &[i64]) {
    sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum -= part);
}

/// Adds up the listed cells of the rows, and what they leave to the usual bins.
fn build_sparse(sparse: &Sparse, rows: &[u32], packed: &[i64], out: &mut [i64]) {
    out.fill(0);
    let mut total = 0;
    for (index, &row) in rows.iter().enumerate() {
        if let Some(&next) = rows.get(index + AHEAD) {
            prefetch(&packed[next as usize]);
            if let Some(cell) = sparse.row(next as usize).first() {
                prefetch(cell);
            }
        }
        let gradient = packed[row as usize];
        total += gradient;
        for &cell in sparse.row(row as usize) {
            out[cell as usize] += gradient;
        }
    }
    sparse.complete(total, out);
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

#[cfg(test)]
#[path = "histogram_tests.rs"]
mod tests;
