//! Forests in ONNX: `TreeEnsemble` of ai.onnx.ml 5 in doubles, category sets as `BRANCH_MEMBER`.

use super::forest::{Forest, Node, Split, Tree, leaf_index};
use crate::onnx::export::repeat;
use crate::onnx::graph::{Attribute, Edge, Element, Graph, Tensor};

/// Values of `nodes_modes`.
const AT_MOST: u8 = 0;
const MEMBER: u8 = 6;

impl Forest {
    /// Adds the forest to an ONNX graph: from encoded features, `[rows, features]`, to raw outputs.
    pub(crate) fn lower(&self, graph: &mut Graph, features: &Edge) -> Edge {
        let outputs = self.base.len();
        let mut base = self.base.clone();
        let mut scalar = Ensemble::default();
        let mut vector = VectorLeaves::default();
        for tree in &self.trees {
            match (tree.nodes.is_empty(), tree.output) {
                // A tree of a single leaf adds the same to every row.
                (true, Some(output)) => base[output as usize] += tree.leaves[0],
                (true, None) => base
                    .iter_mut()
                    .zip(&tree.leaves)
                    .for_each(|(sum, leaf)| *sum += leaf),
                (false, Some(output)) => scalar.push(tree, i64::from(output), &tree.leaves),
                (false, None) => vector.push(tree, outputs),
            }
        }
        let mut sum = None;
        if !scalar.roots.is_empty() {
            sum = Some(scalar.lower(graph, features, outputs));
        }
        if !vector.ensemble.roots.is_empty() {
            let part = vector.lower(graph, features, outputs);
            sum = Some(match sum {
                Some(sum) => graph.op("Add", &[&sum, &part], vec![]),
                None => part,
            });
        }
        // Added outside the operator, so that a large base costs the small leaves no digits whatever a runtime sums in.
        match sum {
            Some(sum) => {
                let base = graph.doubles(&base);
                graph.op("Add", &[&sum, &base], vec![])
            }
            None => repeat(graph, &base, features),
        }
    }
}

/// The attributes of one `TreeEnsemble`.
#[derive(Default)]
struct Ensemble {
    roots: Vec<i64>,
    features: Vec<i64>,
    modes: Vec<u8>,
    splits: Vec<f64>,
    missing_left: Vec<i64>,
    left: Vec<i64>,
    left_is_leaf: Vec<i64>,
    right: Vec<i64>,
    right_is_leaf: Vec<i64>,
    targets: Vec<i64>,
    leaves: Vec<f64>,
    /// The sets of all member nodes in order, a NaN behind each.
    members: Vec<f64>,
}

impl Ensemble {
    /// Adds a tree with at least one node; its leaves add to one target.
    fn push(&mut self, tree: &Tree, target: i64, leaves: &[f64]) {
        let (first_node, first_leaf) = (self.features.len() as i64, self.leaves.len() as i64);
        self.roots.push(first_node);
        for node in &tree.nodes {
            self.push_split(tree, node);
            let place = |child: i32| match child {
                ..0 => (first_leaf + leaf_index(child) as i64, 1),
                _ => (first_node + i64::from(child), 0),
            };
            let ((left, left_is_leaf), (right, right_is_leaf)) = (place(node.left), place(node.right));
            self.left.push(left);
            self.left_is_leaf.push(left_is_leaf);
            self.right.push(right);
            self.right_is_leaf.push(right_is_leaf);
        }
        self.leaves.extend_from_slice(leaves);
        self.targets.resize(self.leaves.len(), target);
    }

    fn push_split(&mut self, tree: &Tree, node: &Node) {
        let (mode, split, missing_left) = match node.split {
            Split::AtMost {
                threshold,
                missing_left,
            } => (AT_MOST, threshold, missing_left),
            Split::In { set } => match tree.sets[set as usize].as_slice() {
                // No code is below 0: nothing is in the empty set.
                [] => (AT_MOST, -1.0, false),
                codes => {
                    self.members.extend(codes.iter().map(|code| f64::from(*code)));
                    self.members.push(f64::NAN);
                    (MEMBER, 0.0, false)
                }
            },
        };
        self.features.push(i64::from(node.feature));
        self.modes.push(mode);
        self.splits.push(split);
        self.missing_left.push(i64::from(missing_left));
    }

    fn lower(self, graph: &mut Graph, features: &Edge, targets: usize) -> Edge {
        let mut attributes = vec![
            Attribute::integer("n_targets", targets as i64),
            Attribute::integer("aggregate_function", 1),
            Attribute::integer("post_transform", 0),
            Attribute::integers("tree_roots", self.roots),
            Attribute::integers("nodes_featureids", self.features),
            Attribute::tensor("nodes_modes", Tensor::bytes(self.modes)),
            Attribute::tensor(
                "nodes_splits",
                Tensor::doubles(&[self.splits.len()], &self.splits),
            ),
            Attribute::integers("nodes_missing_value_tracks_true", self.missing_left),
            Attribute::integers("nodes_truenodeids", self.left),
            Attribute::integers("nodes_trueleafs", self.left_is_leaf),
            Attribute::integers("nodes_falsenodeids", self.right),
            Attribute::integers("nodes_falseleafs", self.right_is_leaf),
            Attribute::integers("leaf_targetids", self.targets),
            Attribute::tensor(
                "leaf_weights",
                Tensor::doubles(&[self.leaves.len()], &self.leaves),
            ),
        ];
        if !self.members.is_empty() {
            let members = Tensor::doubles(&[self.members.len()], &self.members);
            attributes.push(Attribute::tensor("membership_values", members));
        }
        graph.ml("TreeEnsemble", &[features], attributes)
    }
}

/// Trees with one value for every output in each leaf. The operator's leaves hold one value, so that each tree gives the
/// number of its leaf (a target a tree), and a look-up gives the leaf's values.
#[derive(Default)]
struct VectorLeaves {
    ensemble: Ensemble,
    values: Vec<f64>,
    leaves: usize,
}

impl VectorLeaves {
    fn push(&mut self, tree: &Tree, outputs: usize) {
        let count = tree.leaves.len() / outputs;
        let numbers: Vec<f64> = (self.leaves..self.leaves + count)
            .map(|leaf| leaf as f64)
            .collect();
        self.ensemble
            .push(tree, self.ensemble.roots.len() as i64, &numbers);
        self.values.extend_from_slice(&tree.leaves);
        self.leaves += count;
    }

    fn lower(self, graph: &mut Graph, features: &Edge, outputs: usize) -> Edge {
        let trees = self.ensemble.roots.len();
        let leaves = self.ensemble.lower(graph, features, trees);
        let leaves = graph.cast(&leaves, Element::Int64);
        let values = graph.constant(Tensor::doubles(&[self.leaves, outputs], &self.values));
        let values = graph.op("Gather", &[&values, &leaves], vec![Attribute::integer("axis", 0)]);
        let axis = graph.integers(&[1]);
        graph.op(
            "ReduceSum",
            &[&values, &axis],
            vec![Attribute::integer("keepdims", 0)],
        )
    }
}
