//! Random trees, and what is added to their features.

use super::Random;
use crate::estimator::forest::{Forest, Node, Split, Tree};
use crate::estimator::widened::{Added, Operation};
use crate::{Feature, FeatureKind};

/// Joined pairs of numbers and tables of categories, and the features with them behind.
pub fn added(random: &mut Random, features: &[Feature]) -> (Vec<Added>, Vec<Feature>) {
    let numbers: Vec<u32> = (0..features.len() as u32)
        .filter(|feature| features[*feature as usize].kind == FeatureKind::Number)
        .collect();
    let mut added = Vec::new();
    for (feature, described) in features.iter().enumerate() {
        if let FeatureKind::Category { cardinality } = described.kind {
            added.push(Added::Table {
                feature: feature as u32,
                values: (0..cardinality).map(|_| random.number()).collect(),
            });
        } else {
            let operations = [
                Operation::Product,
                Operation::Ratio,
                Operation::Difference,
                Operation::Sum,
            ];
            added.push(Added::Cross {
                left: feature as u32,
                right: numbers[random.below(numbers.len())],
                operation: operations[random.below(4)],
            });
        }
    }
    let mut wide = features.to_vec();
    for _ in &added {
        wide.push(Feature {
            name: "added".to_owned(),
            input: 0,
            kind: FeatureKind::Number,
        });
    }
    (added, wide)
}

/// Sums of scalar leaves around a large base.
pub fn boosted(random: &mut Random, features: &[Feature], outputs: usize) -> Forest {
    let base = (0..outputs).map(|_| random.number() * 100.0).collect();
    let mut trees = Vec::new();
    for tree in 0..random.below(30) {
        let output = (tree % outputs) as u32;
        trees.push(tree_of(random, features, Some(output), |random| {
            vec![random.weight() * 0.1]
        }));
    }
    Forest { base, trees }
}

/// Leaves of probabilities, divided by the number of trees.
pub fn bagged(random: &mut Random, features: &[Feature], outputs: usize) -> Forest {
    let count = 1 + random.below(20);
    let mut trees = Vec::new();
    for _ in 0..count {
        trees.push(tree_of(random, features, None, |random| {
            let counts: Vec<f64> = (0..outputs).map(|_| 1.0 + random.below(20) as f64).collect();
            let total: f64 = counts.iter().sum();
            counts.iter().map(|share| share / total / count as f64).collect()
        }));
    }
    Forest {
        base: vec![0.0; outputs],
        trees,
    }
}

fn tree_of(
    random: &mut Random,
    features: &[Feature],
    output: Option<u32>,
    mut leaf: impl FnMut(&mut Random) -> Vec<f64>,
) -> Tree {
    let mut tree = Tree {
        output,
        ..Tree::default()
    };
    let size = if features.is_empty() { 0 } else { random.below(12) };
    // Children that still need a node or a leaf: the parent and the side.
    let mut open = Vec::new();
    let mut leaves = 0;
    for position in 0..size {
        let feature = random.below(features.len());
        let split = match features[feature].kind {
            FeatureKind::Category { cardinality } if random.chance(0.9) => {
                let share = random.weight().abs();
                tree.sets
                    .push((0..cardinality).filter(|_| random.chance(share)).collect());
                Split::In {
                    set: tree.sets.len() as u32 - 1,
                }
            }
            _ => Split::AtMost {
                // Infinity parts the missing values from all numbers.
                threshold: if random.chance(0.1) {
                    f64::INFINITY
                } else {
                    random.number()
                },
                missing_left: random.chance(0.5),
            },
        };
        if !open.is_empty() {
            let (parent, side): (usize, usize) = open.swap_remove(random.below(open.len()));
            attach(&mut tree, parent, side, position as i32);
        }
        tree.nodes.push(Node {
            feature: feature as u32,
            split,
            left: 0,
            right: 0,
        });
        open.extend([(position, 0), (position, 1)]);
    }
    for (parent, side) in open {
        leaves += 1;
        attach(&mut tree, parent, side, -leaves);
    }
    for _ in 0..leaves.max(1) {
        tree.leaves.extend(leaf(random));
    }
    tree
}

fn attach(tree: &mut Tree, parent: usize, side: usize, child: i32) {
    let node = &mut tree.nodes[parent];
    if side == 0 {
        node.left = child;
    } else {
        node.right = child;
    }
}
