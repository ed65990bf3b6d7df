//! Small trees answered without walking: the leaves that each answer leaves open.
//!
//! After QuickScorer (Lucchese et al., SIGIR 2015), with a set of open leaves for every rank of a column in place of a scan
//! of its thresholds: the one leaf that all columns leave open is the row's.

use super::super::forest::Tree;
use super::{LANES, Node};

/// Leaves of the largest tree that is answered so.
pub const MOST_LEAVES: usize = 64;
/// Ranks of a column whose ranks are bytes.
const RANKS: usize = 256;

/// A question of a small tree: the leaves below its answers.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What is asked.
    pub node: Node,
    left_leaves: u64,
    right_leaves: u64,
}

/// A set of leaves.
pub trait LeafSet: Copy {
    /// All leaves.
    const ALL: Self;
    /// Takes the leaves of a set of 64 away.
    fn without(self, leaves: u64) -> Self;
    /// What both hold.
    fn both(self, other: Self) -> Self;
    /// The first leaf of a set that is not empty.
    fn first(self) -> u32;
}

impl LeafSet for u32 {
    const ALL: Self = Self::MAX;

    #[inline(always)]
    fn without(self, leaves: u64) -> Self {
        self & !(leaves as Self)
    }

    #[inline(always)]
    fn both(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn first(self) -> u32 {
        self.trailing_zeros()
    }
}

impl LeafSet for u64 {
    const ALL: Self = Self::MAX;

    #[inline(always)]
    fn without(self, leaves: u64) -> Self {
        self & !leaves
    }

    #[inline(always)]
    fn both(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn first(self) -> u32 {
        self.trailing_zeros()
    }
}

/// Sets of open leaves of one tree, a set a rank of each column that it asks.
pub struct OpenLeaves<L> {
    columns: Vec<usize>,
    /// As long as the widest tree so far; those behind `columns` are left from it.
    sets: Vec<[L; RANKS]>,
}

impl<L: LeafSet> OpenLeaves<L> {
    /// Without a tree.
    pub fn new() -> Self {
        Self {
            columns: Vec::new(),
            sets: Vec::new(),
        }
    }

    /// Works out the sets of a tree; `bits` are the words of the forest's category sets.
    pub fn fill(&mut self, questions: &[Question], bits: &[u32]) {
        self.columns.clear();
        for question in questions {
            let node = &question.node;
            let column = usize::from(node.column);
            let slot = match self.columns.iter().position(|&known| known == column) {
                Some(slot) => slot,
                None => {
                    self.columns.push(column);
                    let slot = self.columns.len() - 1;
                    self.sets.resize(self.sets.len().max(slot + 1), [L::ALL; RANKS]);
                    self.sets[slot] = [L::ALL; RANKS];
                    slot
                }
            };
            let sets = &mut self.sets[slot];
            if node.mask == 0 {
                let low = usize::from(node.low);
                // The last threshold may have the last rank that there is room for.
                let end = (low + usize::from(node.width)).min(RANKS);
                strike(&mut sets[..low], question.left_leaves);
                strike(&mut sets[low..end], question.right_leaves);
                strike(&mut sets[end..], question.left_leaves);
            } else {
                for (word, sets) in bits[node.word as usize..].iter().zip(sets.chunks_mut(32)) {
                    for (bit, set) in sets.iter_mut().enumerate() {
                        let is_left = word >> bit & 1 == 1;
                        *set = set.without(if is_left {
                            question.right_leaves
                        } else {
                            question.left_leaves
                        });
                    }
                }
            }
        }
    }

    /// The leaves of rows side by side, whose ranks begin at `first` in every column.
    #[inline(always)]
    pub fn leaves(&self, ranks: &[u8], stride: usize, first: usize) -> [u32; LANES] {
        let mut open = [L::ALL; LANES];
        for (&column, sets) in self.columns.iter().zip(&self.sets) {
            let ranks = &ranks[column * stride + first..][..LANES];
            for (open, &rank) in open.iter_mut().zip(ranks) {
                *open = open.both(sets[usize::from(rank)]);
            }
        }
        // Exactly one leaf is open; rows behind the last may have ranks of another chunk, but ranks all the same.
        open.map(L::first)
    }
}

fn strike<L: LeafSet>(sets: &mut [L], leaves: u64) {
    for set in sets {
        *set = set.without(leaves);
    }
}

/// The questions of a small tree with the leaves below their answers; `nodes` are those of the tree, if the root reaches them.
pub fn questions<'a>(tree: &'a Tree, nodes: &'a [Option<Node>]) -> impl Iterator<Item = Question> + 'a {
    let mut below = vec![0_u64; tree.nodes.len()];
    // Children stand behind their parents.
    for (index, node) in tree.nodes.iter().enumerate().rev() {
        below[index] = leaves(&below, node.left) | leaves(&below, node.right);
    }
    tree.nodes.iter().zip(nodes).filter_map(move |(node, asked)| {
        Some(Question {
            node: (*asked)?,
            left_leaves: leaves(&below, node.left),
            right_leaves: leaves(&below, node.right),
        })
    })
}

/// The leaves below a child.
fn leaves(below: &[u64], child: i32) -> u64 {
    if child < 0 {
        1 << -(child + 1)
    } else {
        below[child as usize]
    }
}
