//! Depth-first growth of one deep tree of a random forest.

use std::ops::Range;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::bins::Binned;
use super::deep_split::{Asked, Channels, Found, Scanner};
use super::grown::{Grown, GrownNode};
use super::monotone::{Bounds, Monotone};
use super::partition::partition;
use super::place::mix;

/// Nodes between two looks at the clock.
const NODES_A_LOOK: usize = 64;
/// Rows of a node above which the clock is looked at before it is split.
const ROWS_A_LOOK: usize = 20_000;

/// Bounds of a deep tree.
#[derive(Clone, Debug, PartialEq)]
pub struct DeepLimits {
    /// Least rows of a leaf.
    pub min_rows: usize,
    /// Most questions on a path; 0: no bound.
    pub max_depth: usize,
    /// Features with more than one bin that are looked at in a node.
    pub features: usize,
    /// One random split a feature in place of the best (Geurts, Ernst, Wehenkel, Machine Learning 2006).
    pub extra_random: bool,
    /// Features that means may only rise, or only fall, with; for targets of one mean a leaf.
    pub monotone: Monotone,
}

/// A finished tree: leaf values are channel means, leaf by leaf.
pub struct DeepTree {
    /// The nodes.
    pub grown: Grown,
    /// One mean a channel, leaf by leaf.
    pub leaves: Vec<f64>,
}

/// A node that waits for its split.
struct Open {
    rows: Range<usize>,
    depth: usize,
    /// Means that it and its children may have.
    bounds: Bounds,
    /// Node whose child this is, and whether the left one.
    parent: Option<(usize, bool)>,
}

impl Open {
    /// The root, with all rows.
    fn all(rows: usize) -> Self {
        Self {
            rows: 0..rows,
            depth: 0,
            bounds: Bounds::FREE,
            parent: None,
        }
    }

    /// Both children of the node that it becomes, the left one last: it is grown first.
    fn children(&self, node: usize, left_rows: usize, [left, right]: [Bounds; 2]) -> [Self; 2] {
        let middle = self.rows.start + left_rows;
        let child = |rows, bounds, is_left| Self {
            rows,
            depth: self.depth + 1,
            bounds,
            parent: Some((node, is_left)),
        };
        [
            child(middle..self.rows.end, right, false),
            child(self.rows.start..middle, left, true),
        ]
    }
}

/// Grows a tree on rows, which may repeat; `None` when it had to stop.
pub fn grow(
    binned: &Binned,
    channels: &Channels<'_>,
    mut rows: Vec<u32>,
    limits: &DeepLimits,
    seed: u64,
    must_stop: &(dyn Fn() -> bool + Sync),
) -> Option<DeepTree> {
    let mut scanner = Scanner::new(binned, channels);
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut features: Vec<u32> = (0..binned.width() as u32).collect();
    let mut spare = vec![0; rows.len()];
    let mut total = vec![0.0; channels.len()];
    let mut tree = DeepTree {
        grown: Grown::default(),
        leaves: Vec::new(),
    };
    let mut open = vec![Open::all(rows.len())];
    let mut visited = 0;
    while let Some(node) = open.pop() {
        visited += 1;
        if (visited % NODES_A_LOOK == 0 || node.rows.len() > ROWS_A_LOOK) && must_stop() {
            return None;
        }
        let part = &mut rows[node.rows.clone()];
        total.fill(0.0);
        for &row in part.iter() {
            channels.add(row as usize, &mut total);
        }
        let is_deep = limits.max_depth > 0 && node.depth >= limits.max_depth;
        let is_small = part.len() < 2 * limits.min_rows.max(1);
        let split = if is_deep || is_small || is_pure(channels, part, &total) {
            None
        } else {
            let asked = Asked {
                rows: part,
                total: &total,
                min_rows: limits.min_rows,
                extra_random: limits.extra_random,
                monotone: &limits.monotone,
                seed: mix(seed, visited as u64),
            };
            let unsplit = channels.worth(&total, part.len());
            search(
                &mut scanner,
                &asked,
                unsplit,
                limits.features,
                &mut features,
                &mut rng,
            )
        };
        let child = if let Some((feature, rule)) = split {
            let spare = &mut spare[..part.len()];
            let left_rows = partition(&rule, binned.column(feature as usize), part, spare, 1);
            let direction = limits
                .monotone
                .of_split(feature, &rule, binned.feature(feature as usize));
            let bounds = direction.map_or([node.bounds; 2], |direction| {
                let (left, right) = part.split_at(left_rows);
                let means = (mean(channels, left), mean(channels, right));
                node.bounds.of_children(direction, means.0, means.1).into()
            });
            let own = tree.grown.nodes.len();
            tree.grown.nodes.push(GrownNode {
                feature,
                rule,
                left: 0,
                right: 0,
            });
            open.extend(node.children(own, left_rows, bounds));
            own as i32
        } else {
            let leaf = tree.leaves.len() / channels.means();
            let (sums, count) = channels.split(&total, part.len());
            tree.leaves
                .extend(sums.iter().map(|sum| node.bounds.clamp(sum / count)));
            -(leaf as i32) - 1
        };
        if let Some((parent, is_left)) = node.parent {
            link(&mut tree.grown.nodes[parent], is_left, child);
        }
    }
    Some(tree)
}

/// Mean of the first channel over rows.
fn mean(channels: &Channels<'_>, rows: &[u32]) -> f64 {
    let mut sums = vec![0.0; channels.len()];
    for &row in rows {
        channels.add(row as usize, &mut sums);
    }
    let (sums, count) = channels.split(&sums, rows.len());
    sums[0] / count
}

/// Hangs a child under its parent.
fn link(parent: &mut GrownNode, is_left: bool, child: i32) {
    *(if is_left {
        &mut parent.left
    } else {
        &mut parent.right
    }) = child;
}

/// The best split of a node worth `unsplit` over features drawn without replacement until enough of them vary.
fn search(
    scanner: &mut Scanner<'_>,
    asked: &Asked<'_>,
    unsplit: f64,
    wanted: usize,
    features: &mut [u32],
    rng: &mut Pcg64Mcg,
) -> Option<(u32, super::split::Rule)> {
    // A random split is taken whatever it gains; the best one must gain something.
    let least = if asked.extra_random {
        f64::NEG_INFINITY
    } else {
        unsplit * (1.0 + 1e-12)
    };
    let mut found = Found {
        score: least,
        split: None,
    };
    let mut varied = 0;
    for index in 0..features.len() {
        if varied == wanted {
            break;
        }
        let _ = features[index..].partial_shuffle(rng, 1);
        varied += usize::from(scanner.offer(asked, features[index], &mut found));
    }
    found.split
}

/// True when all rows have the same target.
fn is_pure(channels: &Channels<'_>, rows: &[u32], total: &[f64]) -> bool {
    match channels {
        Channels::Values(values) => {
            let first = rows.first().map(|&row| values[row as usize]);
            rows.iter().all(|&row| Some(values[row as usize]) == first)
        }
        Channels::Classes(..) => total.contains(&(rows.len() as f64)),
        Channels::Weighted(inner, _) => match (&**inner, total) {
            // The weights of one class are added in the same order as all weights.
            (Channels::Classes(..), [of_classes @ .., all]) => of_classes.contains(all),
            _ => is_pure(inner, rows, total),
        },
    }
}
