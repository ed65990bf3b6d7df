//! Shapley values against their definition, and what every attribution keeps.

use super::tree::{Paths, Shares, Walk};
use super::*;
use crate::estimator::forest::{Split, Tree, leaf_index};
use crate::estimator::linear::Linear;
use crate::sample::{self, Random};
use crate::transform::dense::{Block, Dense};
use crate::{
    Estimator, FeatureKind, Link, Loaded, Member, Model, Predictor, ProblemType, Refinements, Scratch,
};

/// The value of a leaf when only the columns of a set are known.
fn expected(
    tree: &Tree,
    shares: &dyn Fn(usize) -> f64,
    features: &[f64],
    known: &dyn Fn(usize) -> bool,
) -> f64 {
    fn at(
        tree: &Tree,
        shares: &dyn Fn(usize) -> f64,
        features: &[f64],
        known: &dyn Fn(usize) -> bool,
        child: i32,
    ) -> f64 {
        if child < 0 {
            return tree.leaves[leaf_index(child)];
        }
        let node = &tree.nodes[child as usize];
        let go = |child| at(tree, shares, features, known, child);
        if known(node.feature as usize) {
            let is_left = tree.goes_left(node.split, features[node.feature as usize]);
            return go(if is_left { node.left } else { node.right });
        }
        let left = shares(child as usize);
        left * go(node.left) + (1.0 - left) * go(node.right)
    }
    at(
        tree,
        shares,
        features,
        known,
        if tree.nodes.is_empty() { -1 } else { 0 },
    )
}

/// Shapley values by their definition: over all subsets of the other columns.
fn by_definition(columns: usize, value: &dyn Fn(u32) -> f64) -> Vec<f64> {
    let factorial = |number: u32| (1..=number).map(f64::from).product::<f64>();
    let mut values = vec![0.0; columns];
    for (column, sum) in values.iter_mut().enumerate() {
        for set in (0..1_u32 << columns).filter(|set| set >> column & 1 == 0) {
            let size = set.count_ones();
            let weight = factorial(size) * factorial(columns as u32 - size - 1) / factorial(columns as u32);
            *sum += weight * (value(set | 1 << column) - value(set));
        }
    }
    values
}

/// A random tree of numbers and categories, whose features ask again on a path.
fn tree(random: &mut Random, features: usize) -> Tree {
    let mut tree = Tree {
        output: Some(0),
        ..Tree::default()
    };
    let size = 1 + random.below(14);
    let mut open: Vec<(usize, usize)> = Vec::new();
    for position in 0..size {
        let split = if random.chance(0.3) {
            tree.sets.push((0..4).filter(|_| random.chance(0.5)).collect());
            Split::In {
                set: tree.sets.len() as u32 - 1,
            }
        } else {
            Split::AtMost {
                threshold: random.below(4) as f64 - 0.5,
                missing_left: random.chance(0.5),
            }
        };
        if !open.is_empty() {
            let (parent, side) = open.swap_remove(random.below(open.len()));
            let node = &mut tree.nodes[parent];
            *[&mut node.left, &mut node.right][side] = position as i32;
        }
        tree.nodes.push(crate::estimator::forest::Node {
            feature: random.below(features) as u32,
            split,
            left: 0,
            right: 0,
        });
        open.extend([(position, 0), (position, 1)]);
    }
    for (parent, side) in open {
        let node = &mut tree.nodes[parent];
        tree.leaves.push(random.weight());
        *[&mut node.left, &mut node.right][side] = -(tree.leaves.len() as i32);
    }
    tree
}

#[test]
fn walks_through_trees_give_what_the_definition_says() {
    let mut random = Random(11);
    for round in 0..300 {
        // Seven features of five columns.
        let columns = [0, 1, 1, 2, 3, 4, 4];
        let tree = tree(&mut random, columns.len());
        let covers: Vec<u32> = (0..tree.leaves.len()).map(|_| random.below(20) as u32).collect();
        let shares = Shares::new(&tree, &covers, 1);
        let features: Vec<f64> = columns.iter().map(|_| random.below(4) as f64).collect();
        let left = left_shares(&tree, &covers);
        let value = |set: u32| {
            let known = |feature: usize| set >> columns[feature] & 1 == 1;
            expected(&tree, &|node| left[node], &features, &known)
        };
        let mut found = vec![0.0; 5];
        let mut walk = Walk {
            tree: &tree,
            shares: &shares,
            features: &features,
            columns: &columns,
            values: (1, 0),
            raw_outputs: 1,
            out: &mut found,
        };
        walk.run(&mut Paths::default());
        assert!((shares.mean[0] - value(0)).abs() < 1e-12, "tree {round}");
        for (found, expected) in found.iter().zip(by_definition(5, &value)) {
            assert!(
                (found - expected).abs() < 1e-11,
                "tree {round}: {found} {expected}"
            );
        }
    }
}

/// The shares of the rows that go left, worked out from the top.
fn left_shares(tree: &Tree, covers: &[u32]) -> Vec<f64> {
    fn rows(tree: &Tree, covers: &[u32], child: i32) -> f64 {
        if child < 0 {
            return f64::from(covers[leaf_index(child)]) + 0.1;
        }
        let node = &tree.nodes[child as usize];
        rows(tree, covers, node.left) + rows(tree, covers, node.right)
    }
    let share = |node: &crate::estimator::forest::Node| {
        let left = rows(tree, covers, node.left);
        left / (left + rows(tree, covers, node.right))
    };
    tree.nodes.iter().map(share).collect()
}

#[test]
fn base_and_contributions_sum_to_the_answer() {
    let mut kinds = [0; 3];
    for seed in 0..300 {
        let model = sample::model(seed);
        model.validate().expect("samples are valid");
        let frame = sample::frame(&model, 8, seed);
        let features = model.encoder.encode(&model.inputs, &frame).expect("encodes");
        let loaded = Loaded::new(model);
        let model = loaded.model();
        kinds[model.problem as usize] += 1;
        let outputs = loaded.predict_features(&features, frame.rows, None);
        let width = model.outputs();
        for (row, expected) in outputs.chunks_exact(width).enumerate() {
            let row: Vec<f64> = features.iter().map(|column| column[row]).collect();
            let attribution = loaded
                .explain_features(&row, &mut Scratch::default())
                .expect("samples have a background");
            for (output, expected) in expected.iter().enumerate() {
                let own = attribution.contributions.iter().skip(output).step_by(width);
                let sum = attribution.base[output] + own.sum::<f64>();
                let scale = expected.abs().max(1.0);
                assert!(
                    (sum - expected).abs() < 1e-7 * scale,
                    "model {seed}, {:?}: {sum} for {expected}",
                    model.refinements.calibration
                );
            }
        }
    }
    assert!(kinds.iter().all(|count| *count > 30), "{kinds:?}");
}

/// A regression of two numbers, `x0` with weight 2 and `x1` with weight -3.
fn linear() -> Model {
    let mut model = sample::large_forest(2, 0, 0);
    let scaled = |feature| Block::Scaled {
        feature,
        center: 1.0,
        scale: 2.0,
        limit: 100.0,
        indicator: false,
    };
    model.members = vec![Member {
        name: "linear".to_owned(),
        weight: 1.0,
        predictors: vec![Predictor {
            dense: Some(Dense {
                blocks: vec![scaled(0), scaled(1)],
            }),
            estimator: Estimator::Linear(Linear {
                weights: vec![4.0, -6.0],
                bias: vec![0.5],
            }),
            link: Link::Identity,
        }],
    }];
    model
}

#[test]
fn a_linear_model_is_explained_from_its_means() {
    let mut model = linear();
    let features = [vec![1.0, 3.0, 5.0], vec![0.0, 0.0, 3.0]];
    let kinds = [FeatureKind::Number; 2];
    model.refinements.background = Background::measure(&model.members, &kinds, &features, &[0, 1, 2]);
    model.validate().expect("valid");
    let loaded = Loaded::new(model);
    let attribution = loaded.explain_features(&[4.0, 2.0], &mut Scratch::default());
    let attribution = attribution.expect("explains");
    // Means are 3 and 1: 2 (4 - 3) and -3 (2 - 1).
    assert!((attribution.of(0)[0] - 2.0).abs() < 1e-12, "{attribution:?}");
    assert!((attribution.of(1)[0] + 3.0).abs() < 1e-12, "{attribution:?}");
}

#[test]
fn sampled_contributions_of_a_linear_model_are_the_exact_ones() {
    let mut model = linear();
    let features = [vec![1.0, 3.0, 5.0], vec![0.0, 1.0, 3.0]];
    let kinds = [FeatureKind::Number; 2];
    let mut background = Background::measure(&model.members, &kinds, &features, &[0, 1, 2]).expect("rows");
    assert_eq!(background.typical, [3.0, 1.0]);
    background.starts = vec![vec![Start::Typical]];
    model.refinements.background = Some(background);
    let loaded = Loaded::new(model);
    let attribution = loaded.explain_features(&[4.0, 2.0], &mut Scratch::default());
    let attribution = attribution.expect("explains");
    assert!((attribution.of(0)[0] - 2.0).abs() < 1e-12, "{attribution:?}");
    assert!((attribution.of(1)[0] + 3.0).abs() < 1e-12, "{attribution:?}");
}

#[test]
fn a_column_that_is_never_asked_adds_nothing() {
    for seed in 0..100 {
        let model = sample::model(seed);
        let frame = sample::frame(&model, 3, seed);
        let features = model.encoder.encode(&model.inputs, &frame).expect("encodes");
        let forests: Vec<&crate::estimator::forest::Forest> = model
            .members
            .iter()
            .flat_map(|member| &member.predictors)
            .filter_map(|predictor| match &predictor.estimator {
                Estimator::Forest(forest) => Some(forest),
                _ => None,
            })
            .collect();
        let predictors: usize = model.members.iter().map(|member| member.predictors.len()).sum();
        if forests.len() != predictors {
            continue;
        }
        let asked = |input: usize| {
            let nodes = forests
                .iter()
                .flat_map(|forest| &forest.trees)
                .flat_map(|tree| &tree.nodes);
            nodes
                .clone()
                .any(|node| model.encoder.features[node.feature as usize].input == input)
        };
        let loaded = Loaded::new(model.clone());
        let row: Vec<f64> = features.iter().map(|column| column[0]).collect();
        let attribution = loaded
            .explain_features(&row, &mut Scratch::default())
            .expect("explains");
        for input in (0..model.inputs.len()).filter(|input| !asked(*input)) {
            assert!(
                attribution.of(input).iter().all(|value| *value == 0.0),
                "model {seed}"
            );
        }
    }
}

#[test]
fn a_model_without_a_background_says_so() {
    let mut model = sample::model(1);
    model.refinements = Refinements::default();
    let loaded = Loaded::new(model);
    let values = vec![crate::value::Value::Missing; loaded.model().inputs.len()];
    assert_eq!(
        loaded.explain_row(&values, &mut Scratch::default()),
        Err(ExplainError::NoBackground)
    );
}

#[test]
fn a_graph_that_is_no_tree_is_refused() {
    let mut model = sample::large_forest(2, 1, 3);
    assert_eq!(model.problem, ProblemType::Regression);
    let features = [vec![0.0], vec![0.0]];
    let measure = |model: &Model| {
        Background::measure(&model.members, &[FeatureKind::Number; 2], &features, &[0]).expect("a row")
    };
    model.refinements.background = Some(measure(&model));
    model.validate().expect("a tree");
    let Estimator::Forest(forest) = &mut model.members[0].predictors[0].estimator else {
        panic!("a forest");
    };
    // Two ways to node 2: with many such nodes a walk would take for ever.
    forest.trees[0].nodes[0].left = 2;
    assert!(model.validate().is_err());
    model.refinements.background = Some(measure(&model));
    model.validate().expect("it is explained by sampling");
}
