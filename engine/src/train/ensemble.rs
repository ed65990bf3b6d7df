//! Greedy ensemble selection with replacement on out-of-fold predictions (Caruana et al., ICML 2004), on few rows bagged
//! over the candidates (Caruana, Munson and Niculescu-Mizil, ICDM 2006).

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::bootstrap;
use crate::context::Context;
use crate::metrics::Metric;
use crate::plan::{TargetView, WeightedTarget};

/// Members drawn at most; weights are multiples of one over the number drawn.
const STEPS: usize = 40;
/// Steps without a gain after which selection ends.
const PATIENCE: usize = 10;
/// Best candidates that take part: what a run keeps of its trials.
pub const CANDIDATES: usize = 30;
/// A gain below this share of the score is a tie, and ties go to fewer members.
const TIE: f64 = 1e-5;
/// Members with less weight are dropped: they cost time and size and change nothing.
const SMALLEST_WEIGHT: f64 = 0.02;
/// Below this many rows many candidates are good by chance: then the mean of several selections is taken, each of which
/// sees a share of the candidates.
const FEW_ROWS: usize = 3_000;
const MANY_CANDIDATES: usize = 8;
const BAGS: usize = 20;
const BAG_SHARE: f64 = 0.5;
/// Members at most; what the lightest add is not worth their time.
const MOST_MEMBERS: usize = 6;
/// Outputs that selection looks at; of more rows an even sample is taken.
const OUTPUTS_LIMIT: usize = 1_000_000;

/// Chosen members.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Index of the candidate and its weight, heaviest first; weights sum to 1.
    pub weights: Vec<(usize, f64)>,
    /// The metric of the weighted mean on all out-of-fold rows.
    pub score: f64,
}

/// Index of a candidate and its weight.
type Weight = (usize, f64);

/// How much time the members of an ensemble may take together.
#[derive(Clone, Debug)]
pub struct Room {
    /// What each candidate takes.
    pub seconds: Vec<f64>,
    /// What members may take together.
    pub limit: f64,
}

impl Room {
    /// A room in which members keep to both: each takes the larger of its shares of the two.
    pub fn both(&self, other: &Self) -> Self {
        let of =
            |room: &Self| -> Vec<f64> { room.seconds.iter().map(|seconds| seconds / room.limit).collect() };
        let pairs = of(self).into_iter().zip(of(other));
        Self {
            seconds: pairs.map(|(left, right)| left.max(right)).collect(),
            limit: 1.0,
        }
    }

    /// Whether different members may be together; a single one always may.
    pub fn holds(&self, members: &[Weight]) -> bool {
        members.len() < 2 || self.taken(members.iter().map(|member| member.0)) <= self.limit
    }

    /// What different members take together.
    fn taken(&self, members: impl IntoIterator<Item = usize>) -> f64 {
        members.into_iter().map(|index| self.seconds[index]).sum()
    }
}

/// Shares of the room that a candidate may take in one of several selections: where a slow one is best, it leaves no room for
/// others, and several fast ones may be better together.
const ROOM_SHARES: [f64; 3] = [1.0, 0.5, 0.25];

/// Chooses among candidates by the metric of their mean outputs. `candidates[i]` holds the out-of-fold outputs of
/// candidate i on the rows of `target`. With a room, different members take no more than its limit together. `None` without a
/// candidate whose score is defined.
pub fn select<'a>(
    target: impl Into<TargetView<'a>>,
    candidates: &[&[f32]],
    metric: Metric,
    room: Option<&Room>,
    context: &Context<'_>,
) -> Option<Choice> {
    let target: TargetView<'a> = target.into();
    let sample = Sample::new(target, candidates);
    let scored = sample.best(candidates, metric);
    let choice = |scored: &[Scored]| {
        let is_bagged = sample.rows.len() < FEW_ROWS && scored.len() >= MANY_CANDIDATES;
        let mut weights = sample.weights(scored, metric, room, context, is_bagged)?;
        if is_bagged {
            let plain = sample.weights(scored, metric, room, context, false)?;
            if sample.is_surely_better(scored, (&plain, &weights), metric, context) {
                weights = plain;
            }
        }
        let score = metric.evaluate(target, &weighted(candidates, &weights))?;
        Some(Choice { weights, score })
    };
    let Some(limits) = room else {
        return choice(&scored);
    };
    let mut best: Option<Choice> = None;
    let mut most = usize::MAX;
    for share in ROOM_SHARES {
        let fits = |one: &&Scored| limits.seconds[one.index] <= share * limits.limit;
        let fast: Vec<Scored> = scored.iter().filter(fits).cloned().collect();
        // Fewer candidates than before, or the choice is the same.
        if fast.len() < most
            && let Some(other) = choice(&fast)
            && best
                .as_ref()
                .is_none_or(|best| metric.is_better(other.score, best.score))
        {
            best = Some(other);
        }
        most = most.min(fast.len());
    }
    // One without room is chosen only if none has any.
    best.or_else(|| choice(&scored))
}

/// The weighted mean of outputs.
pub fn weighted(candidates: &[&[f32]], weights: &[(usize, f64)]) -> Vec<f64> {
    let length = candidates.first().map_or(0, |outputs| outputs.len());
    let mut mean = vec![0.0; length];
    for (index, weight) in weights {
        for (sum, output) in mean.iter_mut().zip(candidates[*index]) {
            *sum += weight * f64::from(*output);
        }
    }
    mean
}

/// A candidate on the rows that selection looks at.
#[derive(Clone)]
struct Scored {
    index: usize,
    loss: f64,
    outputs: Vec<f64>,
}

/// The rows that selection looks at.
struct Sample {
    rows: Vec<u32>,
    width: usize,
    target: WeightedTarget,
}

impl Sample {
    fn new(target: TargetView<'_>, candidates: &[&[f32]]) -> Self {
        let total = target.target.len();
        let width = candidates
            .first()
            .map_or(1, |outputs| outputs.len() / total.max(1))
            .max(1);
        let wanted = (OUTPUTS_LIMIT / width).clamp(1, total.max(1));
        let step = total as f64 / wanted as f64;
        let rows: Vec<u32> = (0..wanted.min(total))
            .map(|index| (index as f64 * step) as u32)
            .collect();
        let target = target.gather(&rows);
        Self { rows, width, target }
    }

    fn gather(&self, outputs: &[f32]) -> Vec<f64> {
        let mut sampled = Vec::with_capacity(self.rows.len() * self.width);
        for row in &self.rows {
            let start = *row as usize * self.width;
            sampled.extend(
                outputs[start..start + self.width]
                    .iter()
                    .map(|output| f64::from(*output)),
            );
        }
        sampled
    }

    /// The candidates that take part, best first, equal ones in order of their numbers.
    fn best(&self, candidates: &[&[f32]], metric: Metric) -> Vec<Scored> {
        let mut scored = Vec::new();
        for (index, outputs) in candidates.iter().enumerate() {
            let outputs = self.gather(outputs);
            if let Some(score) = metric.evaluate(&self.target, &outputs) {
                scored.push(Scored {
                    index,
                    loss: metric.as_loss(score),
                    outputs,
                });
            }
        }
        scored.sort_by(|left, right| left.loss.total_cmp(&right.loss));
        scored.truncate(CANDIDATES);
        scored
    }

    /// The weights of one selection, or of the mean of several.
    fn weights(
        &self,
        scored: &[Scored],
        metric: Metric,
        room: Option<&Room>,
        context: &Context<'_>,
        is_bagged: bool,
    ) -> Option<Vec<(usize, f64)>> {
        let shares = if is_bagged {
            self.bagged(scored, metric, room, context)?
        } else {
            let all: Vec<&Scored> = scored.iter().collect();
            shares(&self.grow(&all, metric, room, context)?)
        };
        Some(normalised(shares, room))
    }

    /// The mean of several selections among some of the candidates each; by candidate.
    fn bagged(
        &self,
        scored: &[Scored],
        metric: Metric,
        room: Option<&Room>,
        context: &Context<'_>,
    ) -> Option<Vec<(usize, f64)>> {
        let mut sums: Vec<(usize, f64)> = Vec::new();
        for bag in 0..BAGS {
            if bag > 0 && context.must_stop() {
                break;
            }
            let mut rng = Pcg64Mcg::seed_from_u64(context.seed ^ (bag as u64 + 1));
            let mut drawn: Vec<&Scored> = scored.iter().filter(|_| rng.random_bool(BAG_SHARE)).collect();
            if drawn.is_empty() {
                drawn.extend(scored);
            }
            for (index, share) in shares(&self.grow(&drawn, metric, room, context)?) {
                match sums.iter_mut().find(|(known, _)| *known == index) {
                    Some((_, sum)) => *sum += share,
                    None => sums.push((index, share)),
                }
            }
        }
        Some(sums)
    }

    /// Whether the first mean is better than the second beyond chance. Bags without the few good ones of many candidates spoil the mean
    /// of all bags, and that is no chance.
    fn is_surely_better(
        &self,
        scored: &[Scored],
        (first, second): (&[Weight], &[Weight]),
        metric: Metric,
        context: &Context<'_>,
    ) -> bool {
        let [first, second] = [first, second].map(|weights| {
            let mut mean = vec![0.0; self.rows.len() * self.width];
            for (index, weight) in weights {
                let own = scored.iter().filter(|one| one.index == *index);
                for (sum, output) in mean.iter_mut().zip(own.flat_map(|one| &one.outputs)) {
                    *sum += weight * output;
                }
            }
            mean
        });
        let interval = bootstrap::interval(&self.target, &first, Some(&second), metric, context);
        interval
            .and_then(|interval| interval.least_gain)
            .is_some_and(|gain| gain > 0.0)
    }

    /// How often each candidate is drawn: starts with the best one, adds the one that helps most, and keeps the shortest
    /// sequence with the best loss.
    fn grow(
        &self,
        scored: &[&Scored],
        metric: Metric,
        room: Option<&Room>,
        context: &Context<'_>,
    ) -> Option<Vec<(usize, usize)>> {
        let first = scored.first()?;
        let mut sum = first.outputs.clone();
        let mut drawn = vec![0_usize];
        let mut best = (first.loss, 1);
        while drawn.len() < STEPS && drawn.len() < best.1 + PATIENCE && !context.must_stop() {
            let count = drawn.len() as f64 + 1.0;
            let fits = |candidate: &Scored| {
                room.is_none_or(|room| {
                    let mut members: Vec<usize> = drawn.iter().map(|place| scored[*place].index).collect();
                    members.push(candidate.index);
                    members.sort_unstable();
                    members.dedup();
                    members.len() == 1 || room.taken(members) <= room.limit
                })
            };
            let loss_with = |candidate: &&Scored| {
                if !fits(candidate) {
                    return f64::INFINITY;
                }
                let mean: Vec<f64> = sum
                    .iter()
                    .zip(&candidate.outputs)
                    .map(|(sum, own)| (sum + own) / count)
                    .collect();
                metric
                    .evaluate(&self.target, &mean)
                    .map_or(f64::INFINITY, |score| metric.as_loss(score))
            };
            let losses: Vec<f64> = context
                .pool
                .install(|| scored.par_iter().map(loss_with).collect());
            let next = cheapest(&losses, &drawn);
            for (sum, own) in sum.iter_mut().zip(&scored[next].outputs) {
                *sum += own;
            }
            drawn.push(next);
            if losses[next] < best.0 - TIE * best.0.abs() {
                best = (losses[next], drawn.len());
            }
        }
        drawn.truncate(best.1);
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for place in drawn {
            match counts.iter_mut().find(|(index, _)| *index == scored[place].index) {
                Some((_, count)) => *count += 1,
                None => counts.push((scored[place].index, 1)),
            }
        }
        Some(counts)
    }
}

/// The place with the smallest loss; of ties one that is drawn already, else the first.
fn cheapest(losses: &[f64], drawn: &[usize]) -> usize {
    let smallest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let bound = smallest + TIE * smallest.abs();
    let tied = |place: &usize| losses[*place] <= bound;
    drawn
        .iter()
        .copied()
        .find(tied)
        .or_else(|| (0..losses.len()).find(tied))
        .unwrap_or(0)
}

/// Counts as shares of their sum.
fn shares(counts: &[(usize, usize)]) -> Vec<(usize, f64)> {
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    let share = |&(index, count): &(usize, usize)| (index, count as f64 / total as f64);
    counts.iter().map(share).collect()
}

/// Shares to weights that sum to 1, heaviest first, light ones dropped, and those for which there is no room.
fn normalised(mut weights: Vec<(usize, f64)>, room: Option<&Room>) -> Vec<(usize, f64)> {
    let all: f64 = weights.iter().map(|(_, share)| share).sum();
    weights.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    weights.truncate(MOST_MEMBERS);
    weights.retain(|(_, share)| *share >= SMALLEST_WEIGHT * all);
    if let Some(room) = room {
        while weights.len() > 1 && room.taken(weights.iter().map(|(index, _)| *index)) > room.limit {
            weights.pop();
        }
    }
    let kept: f64 = weights.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in &mut weights {
        *weight /= kept;
    }
    weights
}

#[cfg(test)]
pub(super) mod tests;
