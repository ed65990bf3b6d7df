//! Decision trees: boosted (leaf values are summed) or bagged (leaf values are averaged by folding 1/T into the leaves).

use serde::{Deserialize, Serialize};

/// How a node sends a row to its left child; every other row goes right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Split {
    /// `x <= threshold`, or x is missing and `missing_left`.
    AtMost {
        /// Largest value that goes left.
        threshold: f64,
        /// Where NaN goes.
        missing_left: bool,
    },
    /// The category code is in `Tree::sets[set]`.
    In {
        /// Index of the set.
        set: u32,
    },
}

/// An inner node. A child `c >= 0` is node `c`, always behind its parent; `c < 0` is leaf `-c - 1`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Encoded feature that is asked.
    pub feature: u32,
    /// The question.
    pub split: Split,
    /// Child when the answer is yes.
    pub left: i32,
    /// Child when the answer is no.
    pub right: i32,
}

/// One tree. Without nodes it is the single leaf 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// The raw output that a scalar leaf adds to; `None`: each leaf holds one value for every raw output.
    pub output: Option<u32>,
    /// Inner nodes; the root is node 0.
    pub nodes: Vec<Node>,
    /// Leaf values: one a leaf, or `outputs` values a leaf, leaf by leaf.
    pub leaves: Vec<f64>,
    /// Category sets of `Split::In`, each sorted.
    pub sets: Vec<Vec<u32>>,
}

/// Trees whose leaf values add up, from a base, to the raw outputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// Start of the sum, one a raw output.
    pub base: Vec<f64>,
    /// The trees.
    pub trees: Vec<Tree>,
}

impl Tree {
    /// The leaf that a row of encoded features falls into.
    pub fn leaf(&self, features: &[f64]) -> usize {
        let mut child = if self.nodes.is_empty() { -1 } else { 0 };
        while child >= 0 {
            let node = &self.nodes[child as usize];
            child = if self.goes_left(node.split, features[node.feature as usize]) {
                node.left
            } else {
                node.right
            };
        }
        leaf_index(child)
    }

    pub(crate) fn goes_left(&self, split: Split, value: f64) -> bool {
        match split {
            Split::AtMost {
                threshold,
                missing_left,
            } => value <= threshold || (missing_left && value.is_nan()),
            // Codes are whole and never NaN (`Model::validate`).
            Split::In { set } => self.sets[set as usize].binary_search(&(value as u32)).is_ok(),
        }
    }
}

/// The leaf that a negative child stands for: `-c - 1`.
pub(crate) fn leaf_index(child: i32) -> usize {
    !child as usize
}

impl Forest {
    /// Writes the raw outputs of one row: the base, then tree by tree. `Compact` does the same faster for many rows.
    pub fn predict_row(&self, features: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&self.base);
        for tree in &self.trees {
            let leaf = tree.leaf(features);
            match tree.output {
                Some(output) => out[output as usize] += tree.leaves[leaf],
                None => {
                    let values = &tree.leaves[leaf * out.len()..][..out.len()];
                    for (sum, value) in out.iter_mut().zip(values) {
                        *sum += value;
                    }
                }
            }
        }
    }
}
