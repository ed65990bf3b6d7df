//! A forest laid out for prediction: all nodes in one array of 24 bytes each, category sets as bits.

use super::forest::{Forest, Split, Tree, leaf_index};

/// A forest made ready to predict. It answers exactly like [`Forest::predict_row`]: same sums in the same order.
#[derive(Clone, Debug)]
pub struct Compact {
    base: Vec<f64>,
    trees: Vec<Root>,
    nodes: Vec<Node>,
    leaves: Vec<f64>,
    bits: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Root {
    /// A node, or a leaf as in `Node::children`.
    start: i32,
    /// First leaf value of the tree.
    leaves: usize,
    /// The one raw output that the tree adds to.
    output: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Bits of the threshold; for a set `first word << 32 | number of words`.
    key: u64,
    /// The feature, and in the two highest bits what is asked of it.
    feature: u32,
    /// `[right, left]`: nodes count over all trees, leaves `-leaf - 1` within their tree.
    children: [i32; 2],
}

const MISSING_LEFT: u32 = 1 << 31;
const IN_SET: u32 = 1 << 30;
const FEATURE: u32 = IN_SET - 1;

/// Trees that are walked side by side, so that the processor overlaps their memory reads.
const LANES: usize = 8;

impl Compact {
    /// Lays out a valid forest (`Model::validate`).
    pub fn new(forest: &Forest) -> Self {
        let mut compact = Self {
            base: forest.base.clone(),
            trees: Vec::with_capacity(forest.trees.len()),
            nodes: Vec::new(),
            leaves: Vec::new(),
            bits: Vec::new(),
        };
        for tree in &forest.trees {
            compact.push(tree);
        }
        compact
    }

    fn push(&mut self, tree: &Tree) {
        let first = self.nodes.len() as i32;
        let start = if tree.nodes.is_empty() { -1 } else { first };
        self.trees.push(Root {
            start,
            leaves: self.leaves.len(),
            output: tree.output,
        });
        self.leaves.extend_from_slice(&tree.leaves);
        let mut sets = Vec::with_capacity(tree.sets.len());
        for set in &tree.sets {
            let words = set.last().map_or(0, |largest| *largest as usize / 64 + 1);
            let first_word = self.bits.len();
            self.bits.resize(first_word + words, 0);
            for code in set {
                self.bits[first_word + *code as usize / 64] |= 1 << (code % 64);
            }
            sets.push((first_word as u64) << 32 | words as u64);
        }
        for node in &tree.nodes {
            let shift = |child: i32| if child < 0 { child } else { child + first };
            let (key, flag) = match node.split {
                Split::AtMost {
                    threshold,
                    missing_left,
                } => (threshold.to_bits(), if missing_left { MISSING_LEFT } else { 0 }),
                Split::In { set } => (sets[set as usize], IN_SET),
            };
            let children = [shift(node.right), shift(node.left)];
            self.nodes.push(Node {
                key,
                feature: node.feature | flag,
                children,
            });
        }
    }

    /// Number of raw outputs.
    pub fn raw_outputs(&self) -> usize {
        self.base.len()
    }

    /// Writes the raw outputs of one row of encoded features.
    pub fn predict_row(&self, features: &[f64], out: &mut [f64]) {
        if self.bits.is_empty() {
            self.walk::<false>(features, out);
        } else {
            self.walk::<true>(features, out);
        }
    }

    /// `SETS` says whether a node may ask for a category set; without, a step has no branch to guess wrong.
    fn walk<const SETS: bool>(&self, features: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&self.base);
        for trees in self.trees.chunks(LANES) {
            let mut at = [-1; LANES];
            for (lane, tree) in at.iter_mut().zip(trees) {
                *lane = tree.start;
            }
            // Bit 31 of the conjunction is set once every lane is at a leaf.
            while at.iter().fold(-1, |all, child| all & child) >= 0 {
                for lane in &mut at {
                    // A lane that has arrived walks from node 0 and forgets it: cheaper than a branch.
                    let next = self.next::<SETS>((*lane).max(0), features);
                    *lane = if *lane < 0 { *lane } else { next };
                }
            }
            for (tree, child) in trees.iter().zip(at) {
                self.add(tree, leaf_index(child), out);
            }
        }
    }

    fn next<const SETS: bool>(&self, node: i32, features: &[f64]) -> i32 {
        let node = &self.nodes[node as usize];
        let value = features[(node.feature & FEATURE) as usize];
        let left = if SETS && node.feature & IN_SET != 0 {
            let (first, words, code) = (node.key >> 32, node.key & 0xffff_ffff, value as u64);
            code / 64 < words && self.bits[(first + code / 64) as usize] >> (code % 64) & 1 == 1
        } else {
            // `|` and `&`: both sides are cheaper than a branch.
            let missing_left = node.feature & (MISSING_LEFT | IN_SET) == MISSING_LEFT;
            let at_most = (value <= f64::from_bits(node.key)) & (node.feature & IN_SET == 0);
            at_most | (missing_left & value.is_nan())
        };
        node.children[usize::from(left)]
    }

    fn add(&self, tree: &Root, leaf: usize, out: &mut [f64]) {
        match tree.output {
            Some(output) => out[output as usize] += self.leaves[tree.leaves + leaf],
            None => {
                let values = &self.leaves[tree.leaves + leaf * out.len()..][..out.len()];
                for (sum, value) in out.iter_mut().zip(values) {
                    *sum += value;
                }
            }
        }
    }
}
