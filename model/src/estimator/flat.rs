//! A forest laid out for many rows at once.
//!
//! A row's features are first replaced by their ranks among all thresholds of the forest (a comparison of ranks decides
//! like the comparison of values, exactly); a forest of our own bins has ranks of one byte. A tree of up to 64 leaves is
//! then answered without walking it (`open`). Larger trees are walked by several rows in lock-step, without branches.

mod columns;
mod layout;
mod open;

use columns::{Column, Rank, rank};
use open::{LeafSet, OpenLeaves, Question};

/// Rows ranked together: their ranks stay in the second-level cache.
const CHUNK: usize = 4096;
/// Places between the ranks of two columns beyond the rows: without them, equal rows of all columns would lie on the few
/// lines of the cache that addresses a power of two apart share.
const GAP: usize = 64;
/// Rows that are answered side by side, so that the processor overlaps their memory reads.
const LANES: usize = 8;
/// Rows that pay for the sets of open leaves of a tree.
const ROWS_FOR_SETS: usize = 256;
/// Most ranks of a column whose ranks are bytes.
const BYTE_RANKS: usize = 256;

/// A forest made ready for batches. It answers exactly like [`Forest::predict_row`]: same sums in the same order.
#[derive(Clone, Debug)]
pub struct FlatForest {
    base: Vec<f64>,
    columns: Vec<Column>,
    /// Where the questions about a feature stand among the columns: thresholds, sets.
    places: Vec<[Option<usize>; 2]>,
    trees: Vec<Root>,
    nodes: Vec<Node>,
    /// Number of the leaf at a node, within its tree.
    leaf_of: Vec<u32>,
    values: Vec<f64>,
    bits: Vec<u32>,
    has_sets: bool,
    /// Questions of the small trees, tree by tree.
    small: Vec<Question>,
}

#[derive(Clone, Copy, Debug)]
struct Root {
    node: u32,
    output: Option<u32>,
    first_value: u32,
    leaves: u32,
    /// Its part of `FlatForest::small`; empty for a tree that is too large.
    small: (u32, u32),
}

/// A question: left when `rank - low < width` (wrapping), or when the bit of the rank is set. The right child follows the
/// left one. A leaf is its own left child and always answers left.
#[derive(Clone, Copy, Debug)]
struct Node {
    left: u32,
    /// First word of the category set.
    word: u32,
    column: u16,
    low: u16,
    width: u16,
    /// Bits of the word index that count: all for a category, none for a number.
    mask: u16,
}

impl FlatForest {
    /// Number of raw outputs.
    pub fn raw_outputs(&self) -> usize {
        self.base.len()
    }

    /// Writes the raw outputs of rows of encoded features: `rows` is row-major with `width` features a row.
    pub fn predict_batch(&self, rows: &[f64], width: usize, out: &mut [f64]) {
        let outputs = self.base.len();
        if width == 0 {
            // Without features there are no questions: any row will do.
            return out
                .chunks_mut(outputs)
                .for_each(|out| self.predict_batch(&[0.0], 1, out));
        }
        if self.columns.iter().all(|column| column.ranks() <= BYTE_RANKS) {
            self.predict_ranked::<u8>(rows, width, out);
        } else {
            self.predict_ranked::<u16>(rows, width, out);
        }
    }

    /// The same with ranks of that many bits.
    fn predict_ranked<R: Rank>(&self, rows: &[f64], width: usize, out: &mut [f64]) {
        let outputs = self.base.len();
        let stride = (rows.len() / width).min(CHUNK).next_multiple_of(LANES) + GAP;
        let mut ranks = vec![R::default(); stride * self.columns.len()];
        let (mut open, mut open_many) = (OpenLeaves::<u32>::new(), OpenLeaves::<u64>::new());
        for (rows, out) in rows.chunks(CHUNK * width).zip(out.chunks_mut(CHUNK * outputs)) {
            let count = rows.len() / width;
            rank(&self.columns, rows, width, &mut ranks, stride);
            out.chunks_mut(outputs)
                .for_each(|out| out.copy_from_slice(&self.base));
            for &tree in &self.trees {
                let (start, end) = tree.small;
                let questions = &self.small[start as usize..end as usize];
                let bytes = R::bytes(&ranks).filter(|_| !questions.is_empty() && count >= ROWS_FOR_SETS);
                match bytes {
                    Some(ranks) if tree.leaves <= u32::BITS => {
                        self.add_small(tree, questions, &mut open, ranks, stride, out);
                    }
                    Some(ranks) => self.add_small(tree, questions, &mut open_many, ranks, stride, out),
                    None if self.has_sets => {
                        self.add_tree(tree, out, |first| {
                            self.walk::<R, true>(tree.node, &ranks[first..], stride)
                        });
                    }
                    None => {
                        self.add_tree(tree, out, |first| {
                            self.walk::<R, false>(tree.node, &ranks[first..], stride)
                        });
                    }
                }
            }
        }
    }

    /// Adds a tree that has sets of open leaves.
    fn add_small<L: LeafSet>(
        &self,
        tree: Root,
        questions: &[Question],
        open: &mut OpenLeaves<L>,
        ranks: &[u8],
        stride: usize,
        out: &mut [f64],
    ) {
        open.fill(questions, &self.bits);
        self.add_tree(tree, out, |first| open.leaves(ranks, stride, first));
    }

    /// Adds a tree; `leaves` gives the leaves of the rows from a place on. Rows behind the last are answered from ranks
    /// left from before, and dropped.
    #[inline(always)]
    fn add_tree(&self, tree: Root, out: &mut [f64], leaves: impl Fn(usize) -> [u32; LANES]) {
        let outputs = self.base.len();
        let values = &self.values[tree.first_value as usize..];
        match tree.output {
            Some(_) if outputs == 1 => {
                for (group, out) in out.chunks_mut(LANES).enumerate() {
                    let found = leaves(group * LANES);
                    for (sum, leaf) in out.iter_mut().zip(found) {
                        *sum += values[leaf as usize];
                    }
                }
            }
            Some(output) => {
                for (group, out) in out.chunks_mut(LANES * outputs).enumerate() {
                    let found = leaves(group * LANES);
                    for (out, leaf) in out.chunks_mut(outputs).zip(found) {
                        out[output as usize] += values[leaf as usize];
                    }
                }
            }
            None => {
                for (group, out) in out.chunks_mut(LANES * outputs).enumerate() {
                    let found = leaves(group * LANES);
                    for (out, leaf) in out.chunks_mut(outputs).zip(found) {
                        let values = &values[leaf as usize * outputs..][..outputs];
                        out.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                    }
                }
            }
        }
    }

    /// The leaves that rows side by side fall into.
    #[inline(always)]
    fn walk<R: Rank, const SETS: bool>(&self, root: u32, ranks: &[R], stride: usize) -> [u32; LANES] {
        let mut at = [root; LANES];
        loop {
            let mut moved = 0;
            for (lane, at) in at.iter_mut().enumerate() {
                let node = self.nodes[*at as usize];
                let rank = ranks[usize::from(node.column) * stride + lane].get();
                let mut left = rank.wrapping_sub(node.low) < node.width;
                if SETS {
                    let word = self.bits[node.word as usize + usize::from((rank >> 5) & node.mask)];
                    left |= word >> (rank & 31) & 1 == 1;
                }
                let next = node.left + u32::from(!left);
                moved |= next ^ *at;
                *at = next;
            }
            if moved == 0 {
                return at.map(|node| self.leaf_of[node as usize]);
            }
        }
    }
}

#[cfg(test)]
#[path = "flat_tests.rs"]
mod tests;
