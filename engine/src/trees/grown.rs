//! A tree that asks for bins, and its translation to a tree of the model that asks for encoded values.

use model::estimator::forest::{Node, Split, Tree};

use super::bins::{Binned, FeatureBins};
use super::split::{Rule, contains};

/// An inner node. Children as in `model::estimator::forest::Node`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrownNode {
    /// Feature that is asked.
    pub feature: u32,
    /// Bins that go left.
    pub rule: Rule,
    /// Child when the answer is yes.
    pub left: i32,
    /// Child when the answer is no.
    pub right: i32,
}

/// A tree over bins. Without nodes it is the single leaf 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grown {
    /// Inner nodes, children behind parents.
    pub nodes: Vec<GrownNode>,
}

impl Grown {
    /// The leaf of a row of bins.
    #[inline]
    pub fn leaf(&self, bins: &[u8]) -> usize {
        let mut at = if self.nodes.is_empty() { -1 } else { 0 };
        while at >= 0 {
            let node = &self.nodes[at as usize];
            at = if node.rule.goes_left(bins[node.feature as usize]) {
                node.left
            } else {
                node.right
            };
        }
        (-at - 1) as usize
    }

    /// The same tree over encoded values. `leaves` as in `Tree::leaves`.
    pub fn to_model(&self, binned: &Binned, output: Option<u32>, leaves: Vec<f64>) -> Tree {
        let mut sets = Vec::new();
        let mut nodes = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let split = match (&node.rule, binned.feature(node.feature as usize)) {
                (Rule::AtMost { bin, missing_left }, FeatureBins::Number { cuts }) => {
                    // Behind the last bin: every number goes left, infinity too.
                    let threshold = cuts.get(usize::from(*bin) - 1).copied().unwrap_or(f64::INFINITY);
                    Split::AtMost {
                        threshold,
                        missing_left: *missing_left,
                    }
                }
                (Rule::In(set), FeatureBins::Category { bin_of_code, .. }) => {
                    let codes = bin_of_code
                        .iter()
                        .enumerate()
                        .filter(|&(_, &bin)| contains(set, bin));
                    sets.push(codes.map(|(code, _)| code as u32).collect());
                    Split::In {
                        set: sets.len() as u32 - 1,
                    }
                }
                (rule, _) => unreachable!("{rule:?} on a feature of the other kind"),
            };
            nodes.push(Node {
                feature: node.feature,
                split,
                left: node.left,
                right: node.right,
            });
        }
        Tree {
            output,
            nodes,
            leaves,
            sets,
        }
    }
}
