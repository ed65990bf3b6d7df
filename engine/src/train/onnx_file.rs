//! What an ONNX file of predictors will be: nearly all of it is trees and networks.

use model::Predictor;

/// Bytes of a node or a leaf of a tree, and of a number of a network, about.
const NODE_BYTES: u64 = 16;
const NUMBER_BYTES: u64 = 4;
/// Seconds that onnxruntime takes for them when it opens the file: 0.3 to 1.0 and 0.02 microseconds were measured with its version 1.32.
const NODE_SECONDS: f64 = 7e-7;
const NUMBER_SECONDS: f64 = 3e-8;

/// Bytes of the predictors in a file.
pub(super) fn bytes(predictors: &[Predictor]) -> u64 {
    let (nodes, numbers) = parts(predictors);
    nodes * NODE_BYTES + numbers * NUMBER_BYTES
}

/// Seconds in which onnxruntime opens a file of them. It cannot be stopped while it does.
pub(super) fn opening_seconds(predictors: &[Predictor]) -> f64 {
    let (nodes, numbers) = parts(predictors);
    nodes as f64 * NODE_SECONDS + numbers as f64 * NUMBER_SECONDS
}

/// Nodes and leaves of its trees.
pub(super) fn nodes(predictor: &Predictor) -> usize {
    let mut nodes = 0;
    if let Some(forest) = predictor.estimator.forest() {
        for tree in &forest.trees {
            let values = tree.output.map_or(forest.base.len(), |_| 1).max(1);
            nodes += tree.nodes.len() + tree.leaves.len() / values;
        }
    }
    nodes
}

/// Nodes and leaves of all trees, and the numbers beside: of networks, and of leaves with a value for each output, which lie in a tensor.
fn parts(predictors: &[Predictor]) -> (u64, u64) {
    let (mut all, mut numbers) = (0, 0);
    for predictor in predictors {
        all += nodes(predictor) as u64;
        let estimator = &predictor.estimator;
        for tree in estimator.forest().iter().flat_map(|forest| &forest.trees) {
            // Doubles.
            numbers += tree.output.map_or(2 * tree.leaves.len() as u64, |_| 0);
        }
        numbers += estimator
            .network()
            .map_or(0, |(network, _)| network.size() as u64);
    }
    (all, numbers)
}

#[cfg(test)]
mod tests {
    use model::estimator::forest::{Forest, Node, Split, Tree};
    use model::{Estimator, Link};

    use super::*;

    #[test]
    fn leaves_of_several_values_are_leaves() {
        let split = Split::AtMost {
            threshold: 0.5,
            missing_left: false,
        };
        let tree = |output: Option<u32>, values: usize| Tree {
            output,
            nodes: vec![Node {
                feature: 0,
                split,
                left: -1,
                right: -2,
            }],
            leaves: vec![0.5; 2 * values],
            sets: Vec::new(),
        };
        let predictor = Predictor {
            dense: None,
            estimator: Estimator::Forest(Forest {
                base: vec![0.0; 7],
                trees: vec![tree(None, 7), tree(Some(3), 1)],
            }),
            link: Link::Identity,
        };
        assert_eq!(nodes(&predictor), 3 + 3);
        assert_eq!(parts(&[predictor]), (6, 28));
    }
}
