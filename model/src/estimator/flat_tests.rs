//! Tests of the batch kernel.

use proptest::prelude::*;

use super::super::forest::{Forest, Node as ForestNode, Split, Tree};
use super::*;

/// Feature 0 is a number, feature 1 a category, feature 2 a number again.
fn any_split() -> impl Strategy<Value = (u32, Split, Vec<u32>)> {
    let threshold = prop_oneof![
        (-4_i32..4).prop_map(f64::from),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0)
    ];
    let number = (any::<bool>(), threshold, any::<bool>()).prop_map(|(first, threshold, missing_left)| {
        (
            if first { 0 } else { 2 },
            Split::AtMost {
                threshold,
                missing_left,
            },
            Vec::new(),
        )
    });
    let set = proptest::collection::btree_set(0_u32..90, 0..5)
        .prop_map(|set| (1, Split::In { set: 0 }, set.into_iter().collect()));
    prop_oneof![number, set]
}

/// A tree whose nodes hang on random free places.
fn any_tree(outputs: usize, nodes: usize) -> impl Strategy<Value = Tree> {
    let splits = proptest::collection::vec((any_split(), any::<prop::sample::Index>()), 0..nodes);
    (splits, any::<bool>()).prop_map(move |(splits, scalar)| {
        let mut tree = Tree {
            output: scalar.then_some(outputs as u32 - 1),
            ..Tree::default()
        };
        let mut free: Vec<(usize, bool)> = Vec::new();
        for (index, ((feature, split, set), place)) in splits.into_iter().enumerate() {
            let split = match split {
                Split::In { .. } => {
                    tree.sets.push(set);
                    Split::In {
                        set: tree.sets.len() as u32 - 1,
                    }
                }
                split => split,
            };
            if index > 0 {
                let (parent, is_left) = free.swap_remove(place.index(free.len()));
                let parent: &mut ForestNode = &mut tree.nodes[parent];
                *(if is_left {
                    &mut parent.left
                } else {
                    &mut parent.right
                }) = index as i32;
            }
            tree.nodes.push(ForestNode {
                feature,
                split,
                left: 0,
                right: 0,
            });
            free.extend([(index, true), (index, false)]);
        }
        for (leaf, &(parent, is_left)) in free.iter().enumerate() {
            let parent = &mut tree.nodes[parent];
            *(if is_left {
                &mut parent.left
            } else {
                &mut parent.right
            }) = -(leaf as i32) - 1;
        }
        let values = (tree.nodes.len() + 1) * if scalar { 1 } else { outputs };
        tree.leaves = (0..values).map(|value| (value as f64 + 0.1).sqrt()).collect();
        tree
    })
}

fn any_row() -> impl Strategy<Value = [f64; 3]> {
    let number = || {
        prop_oneof![
            (-9_i32..9).prop_map(|x| f64::from(x) / 2.0),
            Just(f64::NAN),
            Just(f64::INFINITY)
        ]
    };
    (number(), 0_u32..200, number()).prop_map(|(a, code, b)| [a, f64::from(code), b])
}

proptest! {
    #[test]
    fn batches_answer_like_rows(
        trees in (1_usize..4).prop_flat_map(|outputs| (Just(outputs), proptest::collection::vec(any_tree(outputs, 70), 0..6))),
        rows in prop_oneof![proptest::collection::vec(any_row(), 1..40), proptest::collection::vec(any_row(), 256..400)],
    ) {
        let (outputs, trees) = trees;
        let forest = Forest { base: vec![0.3; outputs], trees };
        let mut expected = vec![0.0; rows.len() * outputs];
        for (row, out) in rows.iter().zip(expected.chunks_mut(outputs)) {
            forest.predict_row(row, out);
        }
        let mut answers = vec![0.0; rows.len() * outputs];
        FlatForest::new(&forest).unwrap().predict_batch(&rows.concat(), 3, &mut answers);
        prop_assert_eq!(answers, expected);
    }
}

#[test]
fn a_forest_without_questions_answers_its_base() {
    let forest = Forest {
        base: vec![1.5],
        trees: vec![Tree {
            output: Some(0),
            leaves: vec![0.25],
            ..Tree::default()
        }],
    };
    let mut out = vec![0.0; 3];
    FlatForest::new(&forest)
        .unwrap()
        .predict_batch(&[7.0; 3], 1, &mut out);
    assert_eq!(out, [1.75; 3]);
    FlatForest::new(&forest).unwrap().predict_batch(&[], 0, &mut out);
    assert_eq!(out, [1.75; 3]);
}

#[test]
fn ranks_beyond_a_byte_answer_like_rows() {
    let stump = |feature, split, sets: &[Vec<u32>], leaf: f64| Tree {
        output: Some(0),
        nodes: vec![ForestNode {
            feature,
            split,
            left: -1,
            right: -2,
        }],
        leaves: vec![leaf, -leaf],
        sets: sets.to_vec(),
    };
    // 255 finite thresholds give the last forest whose ranks are bytes, infinity being none.
    for (thresholds, codes) in [(254, 200), (255, 254), (256, 3), (300, 3), (3, 255), (3, 400)] {
        let mut forest = Forest {
            base: vec![0.5],
            trees: vec![],
        };
        for index in 0..thresholds {
            let threshold = if index == 7 {
                f64::INFINITY
            } else {
                f64::from(index)
            };
            let split = Split::AtMost {
                threshold,
                missing_left: index % 3 == 0,
            };
            forest.trees.push(stump(0, split, &[], f64::from(index).sqrt()));
        }
        for code in 0..codes {
            let set = vec![code, code + 500];
            let leaf = f64::from(code + 3).sqrt();
            forest.trees.push(stump(1, Split::In { set: 0 }, &[set], leaf));
        }
        let rows: Vec<[f64; 2]> = (0..900)
            .map(|row| {
                let number = if row % 50 == 3 {
                    f64::NAN
                } else {
                    f64::from(row) / 2.0 - 2.0
                };
                [number, f64::from(row)]
            })
            .collect();
        let mut expected = vec![0.0; rows.len()];
        for (row, out) in rows.iter().zip(expected.chunks_mut(1)) {
            forest.predict_row(row, out);
        }
        for part in [rows.len(), 100] {
            let mut answers = vec![0.0; part];
            let flat = FlatForest::new(&forest).unwrap();
            flat.predict_batch(&rows[..part].concat(), 2, &mut answers);
            assert_eq!(
                answers,
                expected[..part],
                "{thresholds} thresholds, {codes} codes"
            );
        }
    }
}
