//! Generated tables and surroundings for the tests of trees.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use model::estimator::forest::{Forest, Split};
use model::{Feature, FeatureKind};

use super::bins::Binned;
use super::place::{below, mix};
use crate::context::{Clock, Context};
use crate::plan::{Rows, Target};

/// A clock that stands still, or goes on by a second each time it is asked.
pub struct TestClock {
    /// Seconds added by each question.
    pub ticks: bool,
    asked: std::sync::atomic::AtomicU64,
}

impl TestClock {
    /// At zero.
    pub fn new(ticks: bool) -> Self {
        Self {
            ticks,
            asked: std::sync::atomic::AtomicU64::new(0),
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        let asked = self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Duration::from_secs(if self.ticks { asked } else { 0 })
    }
}

/// Calls `run` with surroundings on a pool of that many threads.
pub fn with_context<R>(
    threads: usize,
    clock: &TestClock,
    deadline: u64,
    run: impl FnOnce(&Context<'_>) -> R,
) -> R {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let cancelled = AtomicBool::new(false);
    run(&Context {
        clock,
        deadline: Duration::from_secs(deadline),
        cancelled: &cancelled,
        device: crate::Device::Cpu,
        pace: crate::Pace::default(),
        pool: &pool,
        seed: 3,
        progress: &|_| {},
    })
}

/// A table with numbers, gaps, infinities and a category of 300 codes, and a target of that many classes (0: values).
pub fn table(rows: usize, classes: usize) -> (Rows, Vec<Feature>) {
    let mut columns = vec![Vec::new(); 4];
    let mut scores = Vec::new();
    for row in 0..rows as u64 {
        let draw = |column: u64, count: usize| below(mix(column, row), count) as f64;
        let number = match row % 13 {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => f64::NEG_INFINITY,
            _ => draw(0, 5000) / 100.0,
        };
        let category = draw(1, 18) * draw(2, 18);
        columns[0].push(number);
        columns[1].push(draw(3, 9));
        columns[2].push(category);
        columns[3].push(draw(4, 1_000_000) / 1e6);
        let shape = if number.is_finite() {
            (number / 8.0).sin()
        } else {
            1.5
        };
        let group = f64::from(u8::from(category as usize % 5 < 2));
        scores.push(
            shape
                + group * columns[1][row as usize] / 4.0
                + columns[3][row as usize]
                + draw(5, 1000) / 2000.0,
        );
    }
    let target = if classes == 0 {
        Target::Values(scores)
    } else {
        let code =
            |&score: &f64| ((score + 1.0) / 4.5 * classes as f64).clamp(0.0, classes as f64 - 1.0) as u32;
        Target::Classes {
            codes: scores.iter().map(code).collect(),
            labels: (0..classes).map(|k| k.to_string()).collect(),
        }
    };
    let feature = |kind| Feature {
        name: "x".into(),
        input: 0,
        kind,
    };
    let mut features = vec![feature(FeatureKind::Number); 4];
    features[2].kind = FeatureKind::Category { cardinality: 300 };
    (
        Rows {
            features: columns,
            target,
            rows,
            source: (0..rows as u32).collect(),
        },
        features,
    )
}

/// The table and its bins.
pub fn binned_table(rows: usize, classes: usize) -> (Rows, Binned) {
    let (table, features) = table(rows, classes);
    let binned = Binned::new(&table, &features);
    (table, binned)
}

/// Raw outputs of rows, by the words of `model::estimator::forest` and nothing else.
pub fn reference(forest: &Forest, table: &Rows, rows: &[u32]) -> Vec<f64> {
    let mut raw = Vec::new();
    for &row in rows {
        let mut sums = forest.base.clone();
        for tree in &forest.trees {
            let mut at: i32 = if tree.nodes.is_empty() { -1 } else { 0 };
            while at >= 0 {
                let node = &tree.nodes[at as usize];
                let x = table.features[node.feature as usize][row as usize];
                let yes = match node.split {
                    Split::AtMost {
                        threshold,
                        missing_left,
                    } => x <= threshold || x.is_nan() && missing_left,
                    Split::In { set } => tree.sets[set as usize].contains(&(x as u32)),
                };
                at = if yes { node.left } else { node.right };
            }
            let leaf = (-at - 1) as usize;
            match tree.output {
                Some(output) => sums[output as usize] += tree.leaves[leaf],
                None => {
                    let width = sums.len();
                    for (sum, value) in sums.iter_mut().zip(&tree.leaves[leaf * width..]) {
                        *sum += value;
                    }
                }
            }
        }
        raw.extend(sums);
    }
    raw
}
