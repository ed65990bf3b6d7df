//! The trees of one round of boosting: gradients, growth, leaf values, scores.

use model::estimator::forest::Tree;
use model::exponential::exponential;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::bins::Binned;
use super::boosting::Boosting;
use super::gradients::{Block, Gradients, Pair, Sums};
use super::grow::{Grower, GrownLeaf, Order};
use super::grown::Grown;
use super::loss::{Loss, Weights, sigmoid};
use super::monotone::{self, Bounds};
use super::place::mix;
use super::quantile::quantile;
use crate::context::Context;
use crate::error::Error;

/// Rows that one thread sends through a tree at a time.
pub const CHUNK_ROWS: usize = 4096;

/// Buffers to grow one tree at a time.
pub struct Worker<'a> {
    /// Gradients of the last tree.
    pub gradients: Gradients,
    /// What grows trees.
    pub grower: Grower<'a>,
    /// Of rows that no tree was grown on.
    pub values: Vec<f64>,
}

/// Rows and number of one round.
pub struct Draw {
    /// Which round.
    pub round: usize,
    /// Rows to grow on, rising.
    pub bag: Vec<u32>,
    /// Other rows whose scores are followed.
    pub outside: Vec<u32>,
}

/// What the trees of one round share.
pub struct Plan<'a> {
    /// The table.
    pub binned: &'a Binned,
    /// The target.
    pub loss: &'a Loss<'a>,
    /// What rows count.
    pub weights: Weights<'a>,
    /// Of the whole fit.
    pub settings: &'a Boosting,
    /// Surroundings.
    pub context: &'a Context<'a>,
    /// ln Σ e^score of every table row, for softmax.
    pub norms: &'a [f64],
    /// Rows of the round.
    pub draw: &'a Draw,
    /// Trees a round.
    pub base: usize,
}

impl Plan<'_> {
    /// Grows the tree of one output and adds it to the scores; `None` when it had to stop.
    pub fn tree(
        &self,
        worker: &mut Worker<'_>,
        output: usize,
        scores: &mut [f64],
        scale: &mut Sums,
    ) -> Result<Option<Tree>, Error> {
        worker.gradients.scale = *scale;
        let is_finite = self.fill(&mut worker.gradients, output, scores);
        *scale = worker.gradients.scale;
        if !is_finite {
            return Err(Error::Internal(
                "the gradients are not finite: the target or its range is too large".into(),
            ));
        }
        let seed = mix(self.context.seed, (self.draw.round * self.base + output) as u64);
        let features = self.features(seed);
        let grown = worker.grower.grow(&Order {
            rows: &self.draw.bag,
            features: &features,
            gradients: &worker.gradients,
            limits: &self.settings.limits,
            seed,
            must_stop: &|| self.context.must_stop(),
        });
        let Some((tree, leaves)) = grown else {
            return Ok(None);
        };
        if tree.nodes.is_empty() {
            return Ok(Some(tree.to_model(self.binned, Some(output as u32), vec![0.0])));
        }
        let values = self.leaf_values(worker, &leaves, scores);
        for (leaf, value) in leaves.into_iter().zip(&values) {
            for &row in &worker.grower.rows()[leaf.rows] {
                scores[row as usize] += value;
            }
        }
        self.add_outside(&tree, &values, &mut worker.values, scores);
        Ok(Some(tree.to_model(self.binned, Some(output as u32), values)))
    }

    /// What each leaf adds to the scores of its rows.
    fn leaf_values(&self, worker: &Worker<'_>, leaves: &[GrownLeaf], scores: &[f64]) -> Vec<f64> {
        let &Loss::Quantile(targets, percent) = self.loss else {
            let units = worker.gradients.units();
            let value = |leaf: &GrownLeaf| self.leaf_value(units.unpack(leaf.total), leaf.bounds);
            return leaves.iter().map(value).collect();
        };
        // Signs say where to split and nothing of how far to go: the quantile of what is left does.
        let value = |leaf: &GrownLeaf| {
            let rows = &worker.grower.rows()[leaf.rows.clone()];
            let mut left: Vec<(f64, f64)> = Vec::with_capacity(rows.len());
            for &row in rows {
                let weight = self.weights.map_or(1.0, |weights| weights[row as usize]);
                left.push((targets[row as usize] - scores[row as usize], weight));
            }
            self.settings.learning_rate * quantile(&mut left, percent)
        };
        leaves.par_iter().map(value).collect()
    }

    fn leaf_value(&self, pair: Pair, bounds: Bounds) -> f64 {
        let Boosting {
            learning_rate,
            limits,
            ..
        } = self.settings;
        if limits.monotone.is_empty() {
            -learning_rate * pair.gradient / (pair.hessian + limits.l2)
        } else {
            learning_rate * bounds.clamp(monotone::value(pair, limits.l2))
        }
    }

    fn fill(&self, gradients: &mut Gradients, output: usize, scores: &[f64]) -> bool {
        let (rows, weights) = (&self.draw.bag, self.weights);
        match self.loss {
            Loss::Squared(values) => gradients.fill(rows, &|rows: &[u32], block: &mut Block| {
                for (index, &row) in rows.iter().enumerate() {
                    block.gradients[index] = scores[row as usize] - values[row as usize];
                    block.hessians[index] = 1.0;
                }
                block.weigh(rows, weights);
            }),
            Loss::Quantile(values, percent) => {
                let slopes = slopes(*percent);
                gradients.fill(rows, &|rows: &[u32], block: &mut Block| {
                    for (index, &row) in rows.iter().enumerate() {
                        block.gradients[index] = slope(scores[row as usize] - values[row as usize], slopes);
                        block.hessians[index] = 1.0;
                    }
                    block.weigh(rows, weights);
                })
            }
            Loss::Logistic(codes) => gradients.fill(rows, &|rows: &[u32], block: &mut Block| {
                let own = |row: usize| f64::from(codes[row]);
                let score = |row: usize| scores[row];
                block.log_loss(rows, 1.0, score, sigmoid, own);
                block.weigh(rows, weights);
            }),
            Loss::Softmax(codes, classes) => {
                // The K scores have one degree of freedom too many; this factor makes up for it (Friedman 2001, LK boost).
                let factor = *classes as f64 / (*classes as f64 - 1.0);
                gradients.fill(rows, &|rows: &[u32], block: &mut Block| {
                    let own = |row: usize| f64::from(u8::from(codes[row] as usize == output));
                    let score = |row: usize| scores[row] - self.norms[row];
                    block.log_loss(rows, factor, score, exponential, own);
                    block.weigh(rows, weights);
                })
            }
        }
    }

    /// Features of a tree, rising.
    fn features(&self, seed: u64) -> Vec<u32> {
        let width = self.binned.width();
        let count =
            ((width as f64 * self.settings.feature_fraction).ceil() as usize).clamp(1.min(width), width);
        if count == width {
            return (0..width as u32).collect();
        }
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let mut chosen: Vec<u32> = rand::seq::index::sample(&mut rng, width, count)
            .iter()
            .map(|f| f as u32)
            .collect();
        chosen.sort_unstable();
        chosen
    }

    /// Adds a tree to the scores of rows that it was not grown on.
    fn add_outside(&self, tree: &Grown, values: &[f64], buffer: &mut Vec<f64>, scores: &mut [f64]) {
        let outside = &self.draw.outside;
        buffer.resize(outside.len(), 0.0);
        buffer
            .par_chunks_mut(CHUNK_ROWS)
            .zip(outside.par_chunks(CHUNK_ROWS))
            .for_each(|(buffer, rows)| {
                for (value, &row) in buffer.iter_mut().zip(rows) {
                    *value = values[tree.leaf(self.binned.row(row as usize))];
                }
            });
        for (&row, &value) in outside.iter().zip(buffer.iter()) {
            scores[row as usize] += value;
        }
    }
}

/// Slopes of twice the pinball loss: of predictions that are too low, and too high.
fn slopes(percent: u8) -> (f64, f64) {
    let share = f64::from(percent) / 50.0;
    (-share, 2.0 - share)
}

/// The slope of a row that is so much too high.
#[inline]
fn slope(excess: f64, (low, high): (f64, f64)) -> f64 {
    f64::from(u8::from(excess < 0.0)) * low + f64::from(u8::from(excess > 0.0)) * high
}
