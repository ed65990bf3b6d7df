//! Leaf-wise growth: the leaf with the largest gain is split next. `symmetric` grows level by level.

mod symmetric;

pub use symmetric::MAX_DEPTH;

use std::ops::Range;

use rayon::prelude::*;

use super::bins::Binned;
use super::gradients::Gradients;
use super::grown::{Grown, GrownNode};
use super::histogram::{Builder, Histogram};
use super::monotone::{self, Bounds};
use super::partition::partition;
use super::place::mix;
use super::split::{Candidate, Growth, Limits, Question, Rule, best_split};

/// Bytes that the histograms of one tree may hold; leaves beyond are built again when they are split.
const HISTOGRAM_BYTES: usize = 512 << 20;
/// Histogram cells scanned below which a second thread costs more than it gains.
const PARALLEL_SCAN: usize = 1 << 15;

/// A leaf of the growing tree.
struct Leaf {
    rows: Range<usize>,
    depth: usize,
    total: i64,
    bounds: Bounds,
    histogram: Option<Histogram>,
    best: Option<Candidate>,
    /// Node whose child this is, and whether the left one.
    parent: Option<(usize, bool)>,
}

/// Leaves of a finished tree: rows of each, and their packed sums.
pub struct GrownLeaf {
    /// Range of `Grower::rows`.
    pub rows: Range<usize>,
    /// Packed sum of gradients.
    pub total: i64,
    /// Values that it may have.
    pub bounds: Bounds,
}

/// Grows one tree after the other on the same table; keeps its buffers.
pub struct Grower<'a> {
    binned: &'a Binned,
    builder: Builder<'a>,
    threads: usize,
    rows: Vec<u32>,
    spare: Vec<u32>,
    free: Vec<Histogram>,
    allocated: usize,
    histogram_bytes: usize,
    leaves: Vec<Leaf>,
    nodes: Vec<GrownNode>,
}

/// What one tree is grown for.
pub struct Order<'a> {
    /// Rows, rising.
    pub rows: &'a [u32],
    /// Features that may be asked, rising.
    pub features: &'a [u32],
    /// Packed gradients.
    pub gradients: &'a Gradients,
    /// Bounds.
    pub limits: &'a Limits,
    /// Seed of everything random in it.
    pub seed: u64,
    /// True when growth must be given up.
    pub must_stop: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Grower<'a> {
    /// For that table, on at most that many threads.
    pub fn new(binned: &'a Binned, threads: usize) -> Self {
        Self {
            binned,
            builder: Builder::new(binned, threads),
            threads,
            rows: Vec::new(),
            spare: Vec::new(),
            free: Vec::new(),
            allocated: 0,
            histogram_bytes: HISTOGRAM_BYTES,
            leaves: Vec::new(),
            nodes: Vec::new(),
        }
    }

    /// The rows of the last tree, leaf by leaf.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Grows a tree; `None` when it had to stop before it was done.
    pub fn grow(&mut self, order: &Order<'_>) -> Option<(Grown, Vec<GrownLeaf>)> {
        if order.limits.growth == Growth::Symmetric {
            return self.grow_symmetric(order);
        }
        self.start(order);
        while self.leaves.len() < order.limits.leaves {
            if (order.must_stop)() {
                return None;
            }
            let Some(index) = self.next() else { break };
            self.split(order, index);
        }
        Some(self.finish())
    }

    /// Hands the tree out.
    fn finish(&mut self) -> (Grown, Vec<GrownLeaf>) {
        let leaves = std::mem::take(&mut self.leaves);
        let mut grown = Vec::with_capacity(leaves.len());
        for (index, leaf) in leaves.into_iter().enumerate() {
            self.hang(leaf.parent, -(index as i32) - 1);
            grown.push(GrownLeaf {
                rows: leaf.rows,
                total: leaf.total,
                bounds: leaf.bounds,
            });
            self.free.extend(leaf.histogram);
        }
        let nodes = std::mem::take(&mut self.nodes);
        (Grown { nodes }, grown)
    }

    /// Empties the grower for another tree; returns the leaf with all rows, not yet summed.
    fn reset(&mut self, order: &Order<'_>) -> Leaf {
        self.builder.choose(order.features);
        for leaf in self.leaves.drain(..) {
            self.free.extend(leaf.histogram);
        }
        self.nodes.clear();
        self.rows.clear();
        self.rows.extend_from_slice(order.rows);
        self.spare.resize(order.rows.len(), 0);
        // Histograms of another width are of no use.
        self.free.retain(|histogram| self.builder.fits(histogram));
        self.allocated = self.free.len();
        Leaf {
            rows: 0..order.rows.len(),
            depth: 0,
            total: 0,
            bounds: Bounds::FREE,
            histogram: None,
            best: None,
            parent: None,
        }
    }

    /// The single leaf with all rows.
    fn start(&mut self, order: &Order<'_>) {
        let mut root = self.reset(order);
        if self.may_split(order, &root) {
            let cells = self.root_histogram(order);
            root.total = self.total(&cells);
            root.best = self.search(order, &root, &cells, 0);
            self.keep(&mut root, cells);
        } else {
            root.total = order
                .rows
                .iter()
                .map(|&row| order.gradients.packed[row as usize])
                .sum();
        }
        self.leaves.push(root);
    }

    fn root_histogram(&mut self, order: &Order<'_>) -> Histogram {
        let mut cells = self.take();
        self.builder
            .build(&self.rows, &order.gradients.packed, &mut cells);
        cells
    }

    /// Packed sum of all rows of a histogram.
    fn total(&self, cells: &Histogram) -> i64 {
        let of_first = self.builder.cells(cells).next();
        of_first.map_or(0, |(_, cells)| cells.iter().sum())
    }

    /// Hangs a node or leaf under its parent.
    fn hang(&mut self, parent: Option<(usize, bool)>, child: i32) {
        if let Some((parent, is_left)) = parent {
            let node = &mut self.nodes[parent];
            *(if is_left { &mut node.left } else { &mut node.right }) = child;
        }
    }

    /// The leaf with the largest gain; the first of equals.
    fn next(&self) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for (index, leaf) in self.leaves.iter().enumerate() {
            if let Some(candidate) = leaf.best
                && best.is_none_or(|(_, gain)| candidate.gain > gain)
            {
                best = Some((index, candidate.gain));
            }
        }
        best.map(|(index, _)| index)
    }

    /// Replaces a leaf by a node; its left child keeps the leaf's number.
    fn split(&mut self, order: &Order<'_>, index: usize) {
        let Some(candidate) = self.leaves[index].best.take() else {
            return;
        };
        let parent_cells = self.leaves[index].histogram.take();
        let leaf = &self.leaves[index];
        let (rows, depth, total) = (leaf.rows.clone(), leaf.depth + 1, leaf.total);
        let totals = [candidate.left, total - candidate.left];
        let asked = (candidate.feature, &candidate.rule);
        // The search has offered no split of another order.
        let [left_bounds, right_bounds] = self
            .child_bounds(order, leaf.bounds, asked, totals)
            .unwrap_or([leaf.bounds; 2]);
        let node = self.nodes.len();
        self.hang(leaf.parent, node as i32);
        self.nodes.push(GrownNode {
            feature: candidate.feature,
            rule: candidate.rule,
            left: 0,
            right: 0,
        });
        let column = self.binned.column(candidate.feature as usize);
        let (part, spare) = (&mut self.rows[rows.clone()], &mut self.spare[rows.clone()]);
        let middle = rows.start + partition(&candidate.rule, column, part, spare, self.threads);
        let child = |rows, total, bounds, is_left| Leaf {
            rows,
            depth,
            total,
            bounds,
            histogram: None,
            best: None,
            parent: Some((node, is_left)),
        };
        let mut left = child(rows.start..middle, totals[0], left_bounds, true);
        let mut right = child(middle..rows.end, totals[1], right_bounds, false);
        let is_last = self.leaves.len() + 1 == order.limits.leaves;
        if is_last {
            self.free.extend(parent_cells);
        } else {
            let left_is_small = left.rows.len() <= right.rows.len();
            let (small, large) = if left_is_small {
                (&mut left, &mut right)
            } else {
                (&mut right, &mut left)
            };
            self.ask_children(order, small, large, parent_cells, node);
        }
        self.leaves[index] = left;
        self.leaves.push(right);
    }

    /// Bounds of the children of a split, which have those packed sums; `None` when their values would be in the wrong order.
    fn child_bounds(
        &self,
        order: &Order<'_>,
        own: Bounds,
        (feature, rule): (u32, &Rule),
        totals: [i64; 2],
    ) -> Option<[Bounds; 2]> {
        let limits = order.limits;
        let bins = self.binned.feature(feature as usize);
        let Some(direction) = limits.monotone.of_split(feature, rule, bins) else {
            return Some([own; 2]);
        };
        let units = order.gradients.units();
        let [left, right] = totals.map(|total| own.clamp(monotone::value(units.unpack(total), limits.l2)));
        direction
            .allows(left, right)
            .then(|| own.of_children(direction, left, right).into())
    }

    /// Finds the best splits of two siblings: the smaller is summed, the larger is what the parent has left.
    fn ask_children(
        &mut self,
        order: &Order<'_>,
        small: &mut Leaf,
        large: &mut Leaf,
        parent: Option<Histogram>,
        node: usize,
    ) {
        let (ask_small, ask_large) = (self.may_split(order, small), self.may_split(order, large));
        if !ask_small && !ask_large {
            self.free.extend(parent);
            return;
        }
        let packed = &order.gradients.packed;
        let Some(mut large_cells) = parent else {
            for leaf in [(ask_small, small), (ask_large, large)]
                .into_iter()
                .filter(|(ask, _)| *ask)
                .map(|(_, leaf)| leaf)
            {
                let mut cells = self.take();
                self.builder
                    .build(&self.rows[leaf.rows.clone()], packed, &mut cells);
                leaf.best = self.search(order, leaf, &cells, node);
                self.keep(leaf, cells);
            }
            return;
        };
        let mut small_cells = self.take();
        self.builder
            .build(&self.rows[small.rows.clone()], packed, &mut small_cells);
        let search_small = || {
            if ask_small {
                self.search(order, small, &small_cells, node)
            } else {
                None
            }
        };
        let search_large = |cells: &mut Histogram| {
            if !ask_large {
                return None;
            }
            self.builder.subtract(cells, &small_cells);
            self.search(order, large, cells, node)
        };
        let is_worth_two = self.threads > 1 && self.builder.width() * 128 >= PARALLEL_SCAN / 8;
        let (best_small, best_large) = if is_worth_two {
            rayon::join(search_small, || search_large(&mut large_cells))
        } else {
            (search_small(), search_large(&mut large_cells))
        };
        (small.best, large.best) = (best_small, best_large);
        self.keep(small, small_cells);
        self.keep(large, large_cells);
    }

    fn may_split(&self, order: &Order<'_>, leaf: &Leaf) -> bool {
        let is_deep = order.limits.max_depth > 0 && leaf.depth >= order.limits.max_depth;
        !is_deep && !order.features.is_empty() && leaf.rows.len() >= 2 * order.limits.min_rows.max(1)
    }

    /// The best split of a leaf over all features of the tree; `node` numbers its parent.
    fn search(&self, order: &Order<'_>, leaf: &Leaf, cells: &Histogram, node: usize) -> Option<Candidate> {
        let side = leaf.parent.map_or(0, |(_, is_left)| 1 + u64::from(is_left));
        let question = Question {
            limits: order.limits,
            units: order.gradients.units(),
            total: leaf.total,
            rows: leaf.rows.len(),
            bounds: leaf.bounds,
            seed: mix(order.seed, 3 * node as u64 + side),
        };
        let ask = |(feature, cells): (u32, &[i64])| {
            best_split(&question, feature, self.binned.feature(feature as usize), cells)
        };
        let mut best: Option<Candidate> = None;
        let mut offer = |found: Option<Candidate>| {
            if let Some(found) = found
                && best.is_none_or(|best| found.gain > best.gain)
            {
                best = Some(found);
            }
        };
        if self.threads > 2 && self.builder.width() * 128 >= PARALLEL_SCAN {
            let found: Vec<Option<Candidate>> = (0..self.builder.width())
                .into_par_iter()
                .map(|index| ask(self.builder.cell(index, cells)))
                .collect();
            found.into_iter().for_each(offer);
        } else {
            self.builder.cells(cells).map(ask).for_each(&mut offer);
        }
        best
    }

    /// A histogram to fill.
    fn take(&mut self) -> Histogram {
        self.free.pop().unwrap_or_else(|| {
            self.allocated += 1;
            self.builder.histogram()
        })
    }

    /// Leaves a histogram with a leaf that may be split, while there is room; else takes it back.
    fn keep(&mut self, leaf: &mut Leaf, cells: Histogram) {
        let in_use = self.allocated - self.free.len();
        if leaf.best.is_some() && in_use * cells.bytes() <= self.histogram_bytes {
            leaf.histogram = Some(cells);
        } else {
            self.free.push(cells);
        }
    }
}

#[cfg(test)]
#[path = "grow_tests.rs"]
mod tests;
