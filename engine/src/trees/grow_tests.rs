//! Tests of growth.

use model::{Feature, FeatureKind};

use super::*;
use crate::plan::{Rows, Target};
use crate::trees::gradients::each;
use crate::trees::place::{below, mix};

fn never() -> bool {
    false
}

/// Numbers with gaps, and a category; gradients that depend on both.
fn example(rows: usize) -> (Binned, Gradients, Vec<u32>) {
    let mut columns = vec![Vec::new(); 4];
    for row in 0..rows as u64 {
        let draw = |column: u64, count: usize| below(mix(column, row), count) as f64;
        columns[0].push(if row % 11 == 0 { f64::NAN } else { draw(0, 1000) });
        columns[1].push(draw(1, 7));
        columns[2].push(draw(2, 100_000));
        columns[3].push(draw(3, 40));
    }
    let kinds = [
        FeatureKind::Number,
        FeatureKind::Number,
        FeatureKind::Number,
        FeatureKind::Category { cardinality: 40 },
    ];
    let features = kinds.map(|kind| Feature {
        name: "x".into(),
        input: 0,
        kind,
    });
    let mut gradients = Gradients::new(rows, false);
    let all: Vec<u32> = (0..rows as u32).collect();
    let gradient = |row: usize| {
        let missing = if columns[0][row].is_nan() {
            3.0
        } else {
            columns[0][row] / 500.0
        };
        let group = if (columns[3][row] as usize).is_multiple_of(3) {
            2.0
        } else {
            -1.0
        };
        (
            missing + group * columns[1][row] + (columns[2][row] / 7e3).sin() - 1.0,
            0.1 + columns[1][row],
        )
    };
    assert!(gradients.fill(&all, &each(gradient)));
    let rows = Rows {
        features: columns,
        target: Target::Values(Vec::new()),
        rows,
        source: Vec::new(),
    };
    (Binned::new(&rows, &features), gradients, all)
}

fn order<'a>(rows: &'a [u32], gradients: &'a Gradients, limits: &'a Limits) -> Order<'a> {
    Order {
        rows,
        features: &[0, 1, 2, 3],
        gradients,
        limits,
        seed: 5,
        must_stop: &never,
    }
}

#[test]
fn leaves_hold_the_rows_that_reach_them() {
    let (binned, gradients, all) = example(5000);
    for (growth, extra_random) in [
        (Growth::LeafWise, false),
        (Growth::LeafWise, true),
        (Growth::Symmetric, false),
        (Growth::Symmetric, true),
    ] {
        let limits = Limits {
            growth,
            leaves: 60,
            max_depth: 9,
            min_rows: 10,
            extra_random,
            ..Limits::default()
        };
        let mut grower = Grower::new(&binned, 1);
        let (tree, leaves) = grower.grow(&order(&all, &gradients, &limits)).unwrap();
        assert!(tree.nodes.len() > 20, "{}", tree.nodes.len());
        assert_eq!(leaves.len(), tree.nodes.len() + 1);
        let mut seen = 0;
        for (index, leaf) in leaves.iter().enumerate() {
            let rows = &grower.rows()[leaf.rows.clone()];
            assert!(!rows.is_empty());
            assert_eq!(
                rows.iter()
                    .map(|&row| gradients.packed[row as usize])
                    .sum::<i64>(),
                leaf.total
            );
            for &row in rows {
                assert_eq!(tree.leaf(binned.row(row as usize)), index);
            }
            seen += rows.len();
        }
        assert_eq!(seen, 5000);
        for (index, node) in tree.nodes.iter().enumerate() {
            assert!(
                [node.left, node.right]
                    .iter()
                    .all(|&child| child < 0 || child as usize > index)
            );
        }
    }
}

#[test]
fn threads_and_scarce_memory_change_nothing() {
    let (binned, gradients, all) = example(150_000);
    for growth in [Growth::LeafWise, Growth::Symmetric] {
        let limits = Limits {
            growth,
            leaves: 40,
            max_depth: 5 * usize::from(growth == Growth::Symmetric),
            ..Limits::default()
        };
        threads_change_nothing(&binned, &gradients, &all, &limits);
    }
    let limits = Limits {
        leaves: 40,
        ..Limits::default()
    };
    let (expected, _) = Grower::new(&binned, 1)
        .grow(&order(&all, &gradients, &limits))
        .unwrap();
    assert_eq!(expected.nodes.len(), 39);
    let mut poor = Grower::new(&binned, 1);
    poor.histogram_bytes = 3 * 4 * size_of::<[i64; 256]>();
    for _ in 0..2 {
        let (tree, _) = poor.grow(&order(&all, &gradients, &limits)).unwrap();
        assert!(tree == expected, "with three histograms");
    }
    assert!(poor.allocated <= 5, "{}", poor.allocated);
}

fn threads_change_nothing(binned: &Binned, gradients: &Gradients, all: &[u32], limits: &Limits) {
    let (expected, _) = Grower::new(binned, 1)
        .grow(&order(all, gradients, limits))
        .unwrap();
    assert!(expected.nodes.len() > 20);
    for threads in [2, 3, 4] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let (tree, _) = pool.install(|| {
            Grower::new(binned, threads)
                .grow(&order(all, gradients, limits))
                .unwrap()
        });
        assert!(tree == expected, "{threads} threads");
    }
}

/// The questions of each level of a tree, each once.
fn questions(tree: &Grown) -> Vec<Vec<(u32, Rule)>> {
    let mut levels = Vec::new();
    let mut level = vec![0_i32];
    while !level.is_empty() {
        let nodes: Vec<&GrownNode> = level.iter().map(|&node| &tree.nodes[node as usize]).collect();
        let mut asked = Vec::new();
        for node in &nodes {
            if !asked.contains(&(node.feature, node.rule)) {
                asked.push((node.feature, node.rule));
            }
        }
        levels.push(asked);
        let children = nodes.iter().flat_map(|node| [node.left, node.right]);
        level = children.filter(|&child| child >= 0).collect();
    }
    levels
}

#[test]
fn a_symmetric_tree_asks_one_question_a_level() {
    let (binned, gradients, all) = example(5000);
    let symmetric = |depth, min_rows| {
        let limits = Limits {
            growth: Growth::Symmetric,
            max_depth: depth,
            min_rows,
            ..Limits::default()
        };
        Grower::new(&binned, 1)
            .grow(&order(&all, &gradients, &limits))
            .unwrap()
    };
    // With leaves large enough that none is left whole, the nodes of a level stand at the same depth.
    let (tree, leaves) = symmetric(3, 2);
    assert_eq!(leaves.len(), 8);
    assert!(questions(&tree).iter().all(|asked| asked.len() == 1));
    // Deeper, a leaf that a question would leave whole waits for the next.
    let (deep, leaves) = symmetric(8, 2);
    assert!(leaves.len() > 60 && leaves.len() <= 256, "{}", leaves.len());
    assert_eq!(questions(&deep)[..3], questions(&tree)[..3]);
    let (coarse, _) = symmetric(8, 1000);
    assert!(coarse.nodes.len() < deep.nodes.len() / 2);
}

#[test]
fn the_first_question_of_a_symmetric_tree_is_the_leaf_wise_one() {
    let (binned, gradients, all) = example(3000);
    for features in [&[0][..], &[1], &[2], &[3], &[0, 1, 2, 3]] {
        let grow = |growth, leaves, max_depth| {
            let limits = Limits {
                growth,
                leaves,
                max_depth,
                min_rows: 1,
                min_hessian: 0.0,
                category_smooth: 1.0,
                category_group_rows: 1,
                ..Limits::default()
            };
            let order = Order {
                features,
                ..order(&all, &gradients, &limits)
            };
            Grower::new(&binned, 1).grow(&order).unwrap().0
        };
        let (own, other) = (grow(Growth::Symmetric, 2, 1), grow(Growth::LeafWise, 2, 1));
        assert_eq!(own.nodes[0].feature, other.nodes[0].feature);
        let sides = |tree: &Grown| {
            all.iter()
                .map(|&row| tree.leaf(binned.row(row as usize)))
                .collect::<Vec<_>>()
        };
        assert!(sides(&own) == sides(&other), "{features:?}");
    }
}

#[test]
fn the_first_split_is_the_best_of_all() {
    let (binned, gradients, all) = example(2000);
    let limits = Limits {
        leaves: 2,
        min_rows: 20,
        min_hessian: 0.0,
        ..Limits::default()
    };
    let numbers = Order {
        features: &[0, 1, 2],
        ..order(&all, &gradients, &limits)
    };
    let (tree, leaves) = Grower::new(&binned, 1).grow(&numbers).unwrap();
    let units = gradients.units();
    let worth = |rows: &mut dyn Iterator<Item = u32>| {
        let pair = units.unpack(rows.map(|row| gradients.packed[row as usize]).sum());
        pair.gradient * pair.gradient / pair.hessian
    };
    let found = leaves.iter().map(|leaf| {
        let pair = units.unpack(leaf.total);
        pair.gradient * pair.gradient / pair.hessian
    });
    let found: f64 = found.sum();
    let mut best = f64::NEG_INFINITY;
    for feature in 0..3 {
        for bin in 1..binned.feature(feature).len() {
            for missing_left in [false, true] {
                let rule = Rule::AtMost {
                    bin: bin as u8,
                    missing_left,
                };
                let goes_left = |row: &u32| rule.goes_left(binned.column(feature)[*row as usize]);
                let left = all.iter().copied().filter(goes_left).count();
                if !(150..=1850).contains(&left) {
                    continue;
                }
                let (mut a, mut b) = (
                    all.iter().copied().filter(goes_left),
                    all.iter().copied().filter(|row| !goes_left(row)),
                );
                best = best.max(worth(&mut a) + worth(&mut b));
            }
        }
    }
    assert!(found >= best * (1.0 - 1e-9), "{found} {best} {tree:?}");
}

#[test]
fn growth_can_be_given_up_and_begun_again() {
    let (binned, gradients, all) = example(3000);
    let limits = Limits::default();
    let mut grower = Grower::new(&binned, 1);
    let stopped = Order {
        must_stop: &|| true,
        ..order(&all, &gradients, &limits)
    };
    assert!(grower.grow(&stopped).is_none());
    let (again, _) = grower.grow(&order(&all, &gradients, &limits)).unwrap();
    let (fresh, _) = Grower::new(&binned, 1)
        .grow(&order(&all, &gradients, &limits))
        .unwrap();
    assert!(again == fresh);
}
