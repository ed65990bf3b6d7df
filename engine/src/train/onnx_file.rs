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

/// Nodes and leaves of all trees, and numbers of all networks.
fn parts(predictors: &[Predictor]) -> (u64, u64) {
    let (mut nodes, mut numbers) = (0, 0);
    for Predictor { estimator, .. } in predictors {
        for tree in estimator.forest().iter().flat_map(|forest| &forest.trees) {
            nodes += (tree.nodes.len() + tree.leaves.len()) as u64;
        }
        numbers += estimator
            .network()
            .map_or(0, |(network, _)| network.size() as u64);
    }
    (nodes, numbers)
}
