//! Random forests (Breiman, Machine Learning 2001) and extra trees: means of independent deep trees.

use model::estimator::forest::{Forest, Tree};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::bins::Binned;
use super::deep::{DeepLimits, DeepTree, grow};
use super::deep_split::Channels;
use super::place::mix;
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::learners::{FoldRows, Stop, loss};
use crate::plan::{Target, TargetView};

/// Bytes of nodes and leaves at which a forest is large enough: it has to be stored, sent and loaded.
const FOREST_BYTES: usize = 48 << 20;
/// Rows that one thread sends through trees at a time.
const CHUNK_ROWS: usize = 1024;

/// Settings of a forest, checked by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Bagging {
    /// Most trees.
    pub trees: usize,
    /// Draw the rows of each tree with replacement.
    pub bootstrap: bool,
    /// Bounds of each tree.
    pub limits: DeepLimits,
}

/// What was grown.
#[derive(Clone, Debug)]
pub struct Bagged {
    /// The trees; raw outputs are K shares, or the value.
    pub forest: Forest,
    /// Why no more trees were grown. A forest that is large enough is finished.
    pub stop: Stop,
    /// `(trees, validation loss)`.
    pub curve: Vec<(u32, f64)>,
    /// Raw outputs of the validation rows, row-major.
    pub valid_raw: Vec<f64>,
}

/// Grows a forest on `rows.fit`, where rows count by the target's weights; the validation rows are only scored.
///
/// # Errors
/// `Input` for a target that cannot be learned, `Cancelled`, `Deadline` before a first tree.
pub fn bag<'a>(
    binned: &'a Binned,
    truth: impl Into<TargetView<'a>>,
    rows: FoldRows<'_>,
    settings: &Bagging,
    context: &Context<'_>,
) -> Result<Bagged, Error> {
    if rows.fit.is_empty() {
        return Err(Error::Input("there are no rows to train on".into()));
    }
    let truth: TargetView<'a> = truth.into();
    let (mut channels, base) = channels(truth, rows.fit)?;
    if let Some(weights) = truth.weights {
        channels = Channels::Weighted(Box::new(channels), weights);
    }
    let run = Run {
        binned,
        truth,
        channels: &channels,
        base,
        rows,
        settings,
        context,
    };
    context.pool.install(|| run.finish())
}

/// The target in channels and the start of the raw outputs.
fn channels<'a>(truth: TargetView<'a>, fit: &[u32]) -> Result<(Channels<'a>, Vec<f64>), Error> {
    match truth.target {
        Target::Values(values) => {
            if values.iter().any(|value| !value.is_finite()) {
                return Err(Error::Input(
                    "the target has values that are not finite numbers".into(),
                ));
            }
            let total = truth.total_of(fit);
            let share = |&row: &u32| truth.weight(row as usize) * values[row as usize] / total;
            let mean = fit.iter().map(share).sum();
            Ok((
                Channels::Values(values.iter().map(|value| value - mean).collect()),
                vec![mean],
            ))
        }
        Target::Classes { labels, .. } if labels.len() < 2 => Err(Error::Input(
            "the target has one class only; two are needed to learn from".into(),
        )),
        // Two classes need one channel only: the Gini impurity is twice the variance of the 0/1 value.
        Target::Classes { codes, labels } if labels.len() == 2 => Ok((
            Channels::Values(codes.iter().map(|&code| f64::from(code)).collect()),
            vec![0.0; 2],
        )),
        Target::Classes { codes, labels } => {
            Ok((Channels::Classes(codes, labels.len()), vec![0.0; labels.len()]))
        }
    }
}

struct Run<'a> {
    binned: &'a Binned,
    truth: TargetView<'a>,
    channels: &'a Channels<'a>,
    base: Vec<f64>,
    rows: FoldRows<'a>,
    settings: &'a Bagging,
    context: &'a Context<'a>,
}

impl Run<'_> {
    fn finish(&self) -> Result<Bagged, Error> {
        let mut trees: Vec<DeepTree> = Vec::new();
        let mut curve = Vec::new();
        let mut sums = vec![0.0; self.rows.valid.len() * self.base.len()];
        let mut bytes = 0;
        let mut stop = Stop::Finished;
        let batch = self.context.pool.current_num_threads();
        let before = self.context.pace.end(0);
        let most = before.map_or(self.settings.trees, |trees| trees as usize);
        while trees.len() < most && bytes < FOREST_BYTES && stop == Stop::Finished {
            if self.context.is_cancelled() {
                return Err(Error::Cancelled);
            }
            let first = trees.len();
            let end = (first + batch).min(most);
            let grown: Vec<Option<DeepTree>> = (first..end)
                .into_par_iter()
                .map(|index| self.tree(index))
                .collect();
            for tree in grown {
                // In order, so that the number of trees does not depend on the number of threads; and none behind one that
                // was not ready, so that they are the first ones.
                match tree {
                    Some(_) if stop == Stop::Deadline => {}
                    Some(tree) if bytes < FOREST_BYTES => {
                        bytes += size(&tree);
                        trees.push(tree);
                    }
                    Some(_) => {}
                    None => stop = Stop::Deadline,
                }
            }
            self.show(&trees, first, &mut sums, &mut curve);
            if self.context.expired() && trees.len() < self.settings.trees {
                stop = Stop::Deadline;
            }
        }
        if self.context.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if trees.is_empty() {
            return Err(Error::Deadline);
        }
        if stop == Stop::Deadline {
            self.context.ended_at(trees.len());
        } else if before.is_some() {
            stop = Stop::Deadline;
        }
        Ok(self.mean(trees, stop, curve))
    }

    fn tree(&self, index: usize) -> Option<DeepTree> {
        let seed = mix(self.context.seed, index as u64);
        let mut rows = self.rows.fit.to_vec();
        if self.settings.bootstrap {
            let mut rng = Pcg64Mcg::seed_from_u64(mix(seed, 1));
            for row in &mut rows {
                *row = self.rows.fit[rng.random_range(0..self.rows.fit.len())];
            }
        }
        // Rising rows are read faster.
        rows.sort_unstable();
        grow(
            self.binned,
            self.channels,
            rows,
            &self.settings.limits,
            seed,
            &|| self.context.must_stop(),
        )
    }

    /// Adds the trees from `first` on to the validation sums, and tells the listener.
    fn show(&self, trees: &[DeepTree], first: usize, sums: &mut [f64], curve: &mut Vec<(u32, f64)>) {
        if self.rows.valid.is_empty() || trees.len() == first {
            return;
        }
        let width = self.base.len();
        sums.par_chunks_mut(CHUNK_ROWS * width)
            .zip(self.rows.valid.par_chunks(CHUNK_ROWS))
            .for_each(|(sums, rows)| {
                for (sums, &row) in sums.chunks_mut(width).zip(rows) {
                    for tree in &trees[first..] {
                        let leaf = tree.grown.leaf(self.binned.row(row as usize));
                        self.add_leaf(&tree.leaves, leaf, sums);
                    }
                }
            });
        let share = 1.0 / trees.len() as f64;
        let mean = |(index, sum): (usize, &f64)| self.base[index % width] + sum * share;
        let outputs: Vec<f64> = sums.iter().enumerate().map(mean).collect();
        let loss = loss::of_outputs(self.truth, self.rows.valid, &outputs);
        curve.push((trees.len() as u32, loss));
        (self.context.progress)(Progress {
            fold: 0,
            round: trees.len(),
            loss,
        });
    }

    /// Adds a leaf's channel means as raw outputs.
    fn add_leaf(&self, leaves: &[f64], leaf: usize, out: &mut [f64]) {
        let channels = self.channels.means();
        let means = &leaves[leaf * channels..][..channels];
        if channels == 1 && out.len() == 2 {
            out[0] += 1.0 - means[0];
            out[1] += means[0];
        } else {
            for (out, mean) in out.iter_mut().zip(means) {
                *out += mean;
            }
        }
    }

    /// The mean of the trees as one forest, and its answers on the validation rows.
    fn mean(&self, trees: Vec<DeepTree>, stop: Stop, curve: Vec<(u32, f64)>) -> Bagged {
        let width = self.base.len();
        let count = trees.len() as f64;
        // Rounded down, so that shares never add up to more than 1.
        let share = (1.0 / count) * (1.0 - count * f64::EPSILON);
        let mut valid_raw: Vec<f64> = self
            .rows
            .valid
            .iter()
            .flat_map(|_| self.base.iter().copied())
            .collect();
        let mut forest = Forest {
            base: self.base.clone(),
            trees: Vec::with_capacity(trees.len()),
        };
        let output = if width == 1 { Some(0) } else { None };
        for tree in trees {
            let leaf_count = tree.leaves.len() / self.channels.means();
            let mut leaves = vec![0.0; leaf_count * width];
            for (leaf, out) in leaves.chunks_mut(width).enumerate() {
                self.add_leaf(&tree.leaves, leaf, out);
                out.iter_mut().for_each(|value| *value *= share);
            }
            let rows = self.rows.valid.par_chunks(CHUNK_ROWS);
            valid_raw
                .par_chunks_mut(CHUNK_ROWS * width)
                .zip(rows)
                .for_each(|(raw, rows)| {
                    for (raw, &row) in raw.chunks_mut(width).zip(rows) {
                        let leaf = tree.grown.leaf(self.binned.row(row as usize));
                        for (raw, value) in raw.iter_mut().zip(&leaves[leaf * width..]) {
                            *raw += value;
                        }
                    }
                });
            let model_tree: Tree = tree.grown.to_model(self.binned, output, leaves);
            forest.trees.push(model_tree);
        }
        Bagged {
            forest,
            stop,
            curve,
            valid_raw,
        }
    }
}

/// About the bytes that a tree takes in a model.
fn size(tree: &DeepTree) -> usize {
    tree.grown.nodes.len() * size_of::<model::estimator::forest::Node>()
        + tree.leaves.len() * size_of::<f64>()
}

#[cfg(test)]
#[path = "bagging_tests.rs"]
mod tests;
