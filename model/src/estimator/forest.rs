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
