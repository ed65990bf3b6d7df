//! Gradient boosting (Friedman, Annals of Statistics 2001) with second-order leaf values, early stopping and a deadline.

use model::estimator::forest::{Forest, Tree};
use rayon::prelude::*;

use super::bins::Binned;
use super::gradients::{Gradients, MAX_ROWS, Sums};
use super::grow::Grower;
use super::loss::{Loss, Weights, log_sum};
use super::place::mix;
use super::round::{CHUNK_ROWS, Draw, Plan, Worker};
use super::split::Limits;
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::learners::{FoldRows, Stop};
use crate::plan::{Aim, TargetView};

/// Most points of a curve.
const CURVE_POINTS: usize = 200;
/// Rounds without any split after which sampling another part of rows and features is given up.
const BARREN_ROUNDS: usize = 10;

/// Settings of boosting, checked by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Boosting {
    /// Factor of every leaf value.
    pub learning_rate: f64,
    /// Most rounds.
    pub rounds: usize,
    /// Rounds without a better validation loss before it stops.
    pub patience: usize,
    /// Share of features drawn a tree.
    pub feature_fraction: f64,
    /// Share of rows drawn a round.
    pub row_fraction: f64,
    /// What values are predicted by; nothing else than the mean where they are bound to features.
    pub aim: Aim,
    /// Bounds of each tree.
    pub limits: Limits,
}

/// What boosting found.
#[derive(Clone, Debug)]
pub struct Boosted {
    /// The trees up to the best round.
    pub forest: Forest,
    /// The best round, or the last one when there are no validation rows.
    pub rounds: usize,
    /// Why it ended.
    pub stop: Stop,
    /// `(round, validation loss)`.
    pub curve: Vec<(u32, f64)>,
    /// Raw scores of the validation rows after the best round, row-major.
    pub valid_raw: Vec<f64>,
}

/// Boosts on `rows.fit`, where rows count by the target's weights; with validation rows, stops early and keeps the best round, else runs all rounds.
///
/// # Errors
/// `Input` for a target that cannot be learned or too many rows, `Cancelled`, `Deadline` before a first round,
/// `Internal` when the loss overflows.
pub fn boost<'a>(
    binned: &'a Binned,
    truth: impl Into<TargetView<'a>>,
    rows: FoldRows<'_>,
    settings: &Boosting,
    context: &Context<'_>,
) -> Result<Boosted, Error> {
    let truth: TargetView<'a> = truth.into();
    let loss = Loss::new(truth.target, settings.aim)?;
    if rows.fit.is_empty() {
        return Err(Error::Input("there are no rows to train on".into()));
    }
    if rows.fit.len() > MAX_ROWS {
        return Err(Error::Input(format!(
            "at most {MAX_ROWS} rows can be boosted; take a sample"
        )));
    }
    context
        .pool
        .install(|| Run::new(binned, (loss, truth.weights), rows, settings, context).finish())
}

/// The state between rounds.
struct Run<'a> {
    binned: &'a Binned,
    loss: Loss<'a>,
    weights: Weights<'a>,
    /// Rising.
    fit: Vec<u32>,
    valid: &'a [u32],
    settings: &'a Boosting,
    context: &'a Context<'a>,
    base: Vec<f64>,
    /// Raw scores, `[k][table row]`.
    scores: Vec<Vec<f64>>,
    /// What the gradients of each output were scaled by last; kept by output, so that threads change nothing.
    scales: Vec<Sums>,
    /// ln Σ e^score of every table row, for softmax.
    norms: Vec<f64>,
    /// One a group of classes that are grown at the same time.
    workers: Vec<Worker<'a>>,
    trees: Vec<Tree>,
}

impl<'a> Run<'a> {
    fn new(
        binned: &'a Binned,
        (loss, weights): (Loss<'a>, Weights<'a>),
        rows: FoldRows<'a>,
        settings: &'a Boosting,
        context: &'a Context<'a>,
    ) -> Self {
        let mut fit = rows.fit.to_vec();
        fit.sort_unstable();
        fit.dedup();
        let base = loss.base(&fit, weights);
        let scores = base.iter().map(|&base| vec![base; binned.rows()]).collect();
        let scales = vec![
            Sums {
                gradient: 1.0,
                hessian: 1.0
            };
            base.len()
        ];
        let threads = context.pool.current_num_threads();
        let groups = threads.min(loss.raw_outputs());
        let worker = |_| Worker {
            gradients: Gradients::new(binned.rows(), loss.has_constant_hessian() && weights.is_none()),
            grower: Grower::new(binned, threads / groups),
            values: Vec::new(),
        };
        let workers = (0..groups).map(worker).collect();
        Self {
            binned,
            loss,
            weights,
            fit,
            valid: rows.valid,
            settings,
            context,
            base,
            scores,
            scales,
            norms: Vec::new(),
            workers,
            trees: Vec::new(),
        }
    }

    fn finish(mut self) -> Result<Boosted, Error> {
        let mut curve = Vec::new();
        let mut best = Best {
            loss: f64::INFINITY,
            round: 0,
            valid_raw: Vec::new(),
        };
        let mut stop = Stop::Finished;
        let mut barren = 0;
        let mut done = 0;
        for round in 0..self.settings.rounds {
            if self.context.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if self.context.ends_at(round) {
                stop = Stop::Deadline;
                break;
            }
            let Some(is_split) = self.round(round)? else {
                self.context.ended_at(round);
                stop = Stop::Deadline;
                break;
            };
            done = round + 1;
            barren = if is_split { 0 } else { barren + 1 };
            if !self.valid.is_empty() {
                let loss = self.loss.value(self.valid, &self.scores, self.weights);
                curve.push((done as u32, loss));
                (self.context.progress)(Progress {
                    fold: 0,
                    round: done,
                    loss,
                });
                if loss < best.loss {
                    best = Best {
                        loss,
                        round: done,
                        valid_raw: self.valid_raw(),
                    };
                }
            }
            let waited = !self.valid.is_empty() && done - best.round >= self.settings.patience;
            if waited || barren >= self.barren_rounds() {
                stop = Stop::Converged;
                break;
            }
        }
        if self.context.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let rounds = if self.valid.is_empty() { done } else { best.round };
        if rounds == 0 {
            return Err(if done == 0 {
                Error::Deadline
            } else {
                Error::Internal("the loss is not finite".into())
            });
        }
        self.trees.truncate(rounds * self.base.len());
        let forest = Forest {
            base: self.base,
            trees: self.trees,
        };
        Ok(Boosted {
            forest,
            rounds,
            stop,
            curve: thin(&curve),
            valid_raw: best.valid_raw,
        })
    }

    /// One tree an output. `None` when it had to stop; else whether any tree has a split.
    fn round(&mut self, round: usize) -> Result<Option<bool>, Error> {
        let draw = self.draw(round);
        let (scores, context) = (&self.scores, self.context);
        if let Loss::Softmax(..) = self.loss {
            self.norms.resize(self.binned.rows(), 0.0);
            let norms = self.norms.par_iter_mut().with_min_len(CHUNK_ROWS).enumerate();
            norms.for_each(|(row, norm)| *norm = log_sum(scores, row));
        }
        let plan = Plan {
            binned: self.binned,
            loss: &self.loss,
            weights: self.weights,
            settings: self.settings,
            context,
            norms: &self.norms,
            draw: &draw,
            base: self.base.len(),
        };
        let group = self.base.len().div_ceil(self.workers.len());
        let grow_group =
            |index: usize, worker: &mut Worker<'_>, scores: &mut [Vec<f64>], scales: &mut [Sums]| {
                let outputs = scores.iter_mut().zip(scales).enumerate();
                let trees =
                    outputs.map(|(k, (scores, scale))| plan.tree(worker, index * group + k, scores, scale));
                trees.collect::<Result<Option<Vec<Tree>>, Error>>()
            };
        let grown: Vec<Result<Option<Vec<Tree>>, Error>> = if self.workers.len() == 1 {
            vec![grow_group(
                0,
                &mut self.workers[0],
                &mut self.scores,
                &mut self.scales,
            )]
        } else {
            let groups = self
                .scores
                .par_chunks_mut(group)
                .zip(self.scales.par_chunks_mut(group));
            let workers = self.workers.par_iter_mut().zip(groups).enumerate();
            workers
                .map(|(index, (worker, (scores, scales)))| grow_group(index, worker, scores, scales))
                .collect()
        };
        let mut trees = Vec::with_capacity(self.base.len());
        for part in grown {
            let Some(part) = part? else { return Ok(None) };
            trees.extend(part);
        }
        let is_split = trees.iter().any(|tree| !tree.nodes.is_empty());
        self.trees.append(&mut trees);
        Ok(Some(is_split))
    }

    /// Draws the rows of a round, each by its own random number.
    fn draw(&self, round: usize) -> Draw {
        if self.settings.row_fraction >= 1.0 {
            return Draw {
                round,
                bag: self.fit.clone(),
                outside: self.valid.to_vec(),
            };
        }
        let seed = mix(self.context.seed ^ 0xB46, round as u64);
        let share = (self.settings.row_fraction * u64::MAX as f64) as u64;
        let (bag, mut outside): (Vec<u32>, Vec<u32>) = self
            .fit
            .iter()
            .partition(|&&row| mix(seed, u64::from(row)) <= share);
        if bag.is_empty() {
            return Draw {
                round,
                bag: self.fit.clone(),
                outside: self.valid.to_vec(),
            };
        }
        outside.extend_from_slice(self.valid);
        Draw { round, bag, outside }
    }

    fn barren_rounds(&self) -> usize {
        let is_sampled = self.settings.row_fraction < 1.0 || self.settings.feature_fraction < 1.0;
        if is_sampled || self.settings.limits.extra_random {
            BARREN_ROUNDS
        } else {
            1
        }
    }

    fn valid_raw(&self) -> Vec<f64> {
        let mut raw = Vec::with_capacity(self.valid.len() * self.base.len());
        for &row in self.valid {
            raw.extend(self.scores.iter().map(|scores| scores[row as usize]));
        }
        raw
    }
}

struct Best {
    loss: f64,
    round: usize,
    valid_raw: Vec<f64>,
}

/// At most `CURVE_POINTS` points, the first and the last among them.
fn thin(curve: &[(u32, f64)]) -> Vec<(u32, f64)> {
    let step = curve.len().div_ceil(CURVE_POINTS).max(1);
    let last = curve.len().saturating_sub(1);
    curve
        .iter()
        .enumerate()
        .filter(|&(index, _)| index % step == 0 || index == last)
        .map(|(_, &point)| point)
        .collect()
}

#[cfg(test)]
#[path = "boosting_tests.rs"]
mod tests;
