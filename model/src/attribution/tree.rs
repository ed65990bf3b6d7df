//! Exact path-dependent Shapley values of trees (Lundberg, Erion & Lee, "Consistent Individualized Feature Attribution for Tree
//! Ensembles", 2018, algorithm 2), with raw columns as players: a column that is asked several times on a path, by whichever of its
//! features, is one step of the path. Time is O(leaves · columns²) a tree.

use crate::estimator::forest::{Forest, Tree, leaf_index};

/// Deepest tree that is walked; a deeper one is explained by sampling.
const DEEPEST: usize = 512;
/// Added to the rows of each leaf: the fitted rows were there even where no row of a sample is.
const PRIOR: f64 = 0.1;

/// What a walk through a tree needs to know of all rows.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    /// Share of the rows at a node that goes left, one a node.
    left: Vec<f64>,
    /// Mean of the leaves' values, one a value of a leaf.
    pub mean: Vec<f64>,
}

/// Whether each node and leaf is reached by one path at most, and none is longer than [`DEEPEST`]: what `Tree` allows beyond could
/// take for ever.
pub(super) fn can_be_walked(tree: &Tree) -> bool {
    let mut depths = vec![0_usize; tree.nodes.len()];
    let mut leaves_reached = vec![false; tree.leaves.len()];
    for (position, node) in tree.nodes.iter().enumerate() {
        let depth = depths[position] + 1;
        // Behind the root, a node that nothing has reached so far is never walked.
        if depth > DEEPEST {
            return false;
        }
        if position > 0 && depth == 1 {
            continue;
        }
        for child in [node.left, node.right] {
            if child < 0 {
                let Some(reached) = leaves_reached.get_mut(leaf_index(child)) else {
                    return false;
                };
                if std::mem::replace(reached, true) {
                    return false;
                }
            } else if std::mem::replace(&mut depths[child as usize], depth) != 0 {
                return false;
            }
        }
    }
    true
}

impl Shares {
    /// Of a tree whose leaves had so many rows; `width` values a leaf.
    pub fn new(tree: &Tree, covers: &[u32], width: usize) -> Self {
        let leaf_cover = |leaf: usize| f64::from(covers[leaf]) + PRIOR;
        let mut cover = vec![0.0; tree.nodes.len()];
        let mut left = vec![0.0; tree.nodes.len()];
        // Children stand behind their parents.
        for (position, node) in tree.nodes.iter().enumerate().rev() {
            let of = |child: i32| match child {
                ..0 => leaf_cover(leaf_index(child)),
                _ => cover[child as usize],
            };
            let (left_cover, right_cover) = (of(node.left), of(node.right));
            cover[position] = left_cover + right_cover;
            left[position] = left_cover / cover[position];
        }
        let mut mean = vec![0.0; width];
        let mut open = vec![(if tree.nodes.is_empty() { -1 } else { 0 }, 1.0)];
        while let Some((child, share)) = open.pop() {
            if child < 0 {
                let values = &tree.leaves[leaf_index(child) * width..][..width];
                for (sum, value) in mean.iter_mut().zip(values) {
                    *sum += share * value;
                }
            } else {
                let (node, to_left) = (&tree.nodes[child as usize], left[child as usize]);
                open.push((node.right, share * (1.0 - to_left)));
                open.push((node.left, share * to_left));
            }
        }
        Self { left, mean }
    }
}

/// A column on a path: which part of the rows goes this way when the column is unknown (`zero`), whether the row does when it is
/// known (`one`: 0 or 1), and the weight of all subsets of the path with as many known columns as this step has before it.
#[derive(Clone, Copy, Debug)]
struct Step {
    column: usize,
    zero: f64,
    one: f64,
    weight: f64,
}

/// No column: the first step of every path.
const NONE: usize = usize::MAX;

/// A walk of one row through one tree.
pub(super) struct Walk<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// Its shares.
    pub shares: &'a Shares,
    /// Encoded features of the row.
    pub features: &'a [f64],
    /// Raw input of each encoded feature.
    pub columns: &'a [usize],
    /// Values a leaf, and the raw output of the first.
    pub values: (usize, usize),
    /// Raw outputs of the forest.
    pub raw_outputs: usize,
    /// Input-major contributions, which are added to.
    pub out: &'a mut [f64],
}

/// Buffers of walks: the paths from the root to the current node, one behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths(Vec<Step>);

impl Walk<'_> {
    /// Adds the contributions of the tree.
    pub fn run(&mut self, paths: &mut Paths) {
        if !self.tree.nodes.is_empty() {
            paths.0.clear();
            self.visit(&mut paths.0, 0, 0, (1.0, 1.0, NONE));
        }
    }

    /// Goes on at a child with the path `paths[begin..]` and one more step.
    fn visit(&mut self, paths: &mut Vec<Step>, child: i32, begin: usize, step: (f64, f64, usize)) {
        let own = paths.len();
        paths.extend_from_within(begin..own);
        extend(paths, own, step);
        if child < 0 {
            self.add(&paths[own..], leaf_index(child));
        } else {
            self.split(paths, child as usize, own);
        }
        paths.truncate(own);
    }

    fn split(&mut self, paths: &mut Vec<Step>, position: usize, own: usize) {
        let node = self.tree.nodes[position];
        let feature = node.feature as usize;
        let column = self.columns[feature];
        let (mut zero, mut one) = (1.0, 1.0);
        let before = paths[own..].iter().position(|step| step.column == column);
        if let Some(place) = before {
            (zero, one) = (paths[own + place].zero, paths[own + place].one);
            unwind(paths, own, place);
        }
        let left_share = self.shares.left[position];
        let (mut hot, mut cold) = ((node.left, left_share), (node.right, 1.0 - left_share));
        if !self.tree.goes_left(node.split, self.features[feature]) {
            std::mem::swap(&mut hot, &mut cold);
        }
        self.visit(paths, hot.0, own, (zero * hot.1, one, column));
        self.visit(paths, cold.0, own, (zero * cold.1, 0.0, column));
    }

    fn add(&mut self, path: &[Step], leaf: usize) {
        let (width, first) = self.values;
        let values = &self.tree.leaves[leaf * width..][..width];
        for (place, step) in path.iter().enumerate().skip(1) {
            let weight = unwound_sum(path, place) * (step.one - step.zero);
            let out = &mut self.out[step.column * self.raw_outputs + first..];
            for (sum, value) in out.iter_mut().zip(values) {
                *sum += weight * value;
            }
        }
    }
}

/// Adds a step to the path `paths[own..]`: every subset now goes with or without it.
fn extend(paths: &mut Vec<Step>, own: usize, (zero, one, column): (f64, f64, usize)) {
    let depth = paths.len() - own;
    paths.push(Step {
        column,
        zero,
        one,
        weight: if depth == 0 { 1.0 } else { 0.0 },
    });
    let path = &mut paths[own..];
    let length = depth as f64 + 1.0;
    for place in (0..depth).rev() {
        let weight = path[place].weight;
        path[place + 1].weight += one * weight * (place as f64 + 1.0) / length;
        path[place].weight = zero * weight * (depth - place) as f64 / length;
    }
}

/// Takes a step out of the path `paths[own..]`.
fn unwind(paths: &mut Vec<Step>, own: usize, place: usize) {
    let path = &mut paths[own..];
    let depth = path.len() - 1;
    let length = depth as f64 + 1.0;
    let (zero, one) = (path[place].zero, path[place].one);
    let mut next = path[depth].weight;
    for step in (0..depth).rev() {
        let rest = (depth - step) as f64;
        if one == 0.0 {
            path[step].weight *= length / (zero * rest);
        } else {
            let weight = path[step].weight;
            path[step].weight = next * length / ((step as f64 + 1.0) * one);
            next = weight - path[step].weight * zero * rest / length;
        }
    }
    // Weights belong to places, the rest to columns.
    for step in place..depth {
        let behind = path[step + 1];
        path[step] = Step {
            weight: path[step].weight,
            ..behind
        };
    }
    paths.pop();
}

/// Sum of the weights that the path would have without a step.
fn unwound_sum(path: &[Step], place: usize) -> f64 {
    let depth = path.len() - 1;
    let length = depth as f64 + 1.0;
    let Step { zero, one, .. } = path[place];
    let mut next = path[depth].weight;
    let mut total = 0.0;
    for step in (0..depth).rev() {
        let rest = (depth - step) as f64;
        if one == 0.0 {
            total += path[step].weight * length / (zero * rest);
        } else {
            let weight = next * length / ((step as f64 + 1.0) * one);
            total += weight;
            next = path[step].weight - weight * zero * rest / length;
        }
    }
    total
}

impl Tree {
    /// Number of leaves, in a forest of so many raw outputs.
    pub(super) fn leaf_count(&self, raw_outputs: usize) -> usize {
        match self.output {
            Some(_) => self.leaves.len(),
            None => self.leaves.len() / raw_outputs.max(1),
        }
    }
}

/// The mean raw outputs of a forest whose trees have these shares.
pub(super) fn mean(forest: &Forest, shares: &[Shares]) -> Vec<f64> {
    let mut mean = forest.base.clone();
    for (tree, shares) in forest.trees.iter().zip(shares) {
        let first = tree.output.map_or(0, |output| output as usize);
        for (sum, value) in mean[first..].iter_mut().zip(&shares.mean) {
            *sum += value;
        }
    }
    mean
}
