//! Greedy ensemble selection with replacement on out-of-fold predictions (Caruana et al., ICML 2004), on few rows bagged
//! over the candidates (Caruana, Munson and Niculescu-Mizil, ICDM 2006).

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

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

/// Chooses among candidates by the metric of their mean outputs. `candidates[i]` holds the out-of-fold outputs of
/// candidate i on the rows of `target`. `None` without a candidate whose score is defined.
pub fn select<'a>(
    target: impl Into<TargetView<'a>>,
    candidates: &[&[f32]],
    metric: Metric,
    context: &Context<'_>,
) -> Option<Choice> {
    let target: TargetView<'a> = target.into();
    let sample = Sample::new(target, candidates);
    let scored = sample.best(candidates, metric);
    let is_bagged = sample.rows.len() < FEW_ROWS && scored.len() >= MANY_CANDIDATES;
    let weights = sample.weights(&scored, metric, context, is_bagged)?;
    let score = metric.evaluate(target, &weighted(candidates, &weights))?;
    Some(Choice { weights, score })
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
        context: &Context<'_>,
        is_bagged: bool,
    ) -> Option<Vec<(usize, f64)>> {
        let shares = if is_bagged {
            self.bagged(scored, metric, context)?
        } else {
            let all: Vec<&Scored> = scored.iter().collect();
            shares(&self.grow(&all, metric, context)?)
        };
        Some(normalised(shares))
    }

    /// The mean of several selections among some of the candidates each; by candidate.
    fn bagged(&self, scored: &[Scored], metric: Metric, context: &Context<'_>) -> Option<Vec<(usize, f64)>> {
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
            for (index, share) in shares(&self.grow(&drawn, metric, context)?) {
                match sums.iter_mut().find(|(known, _)| *known == index) {
                    Some((_, sum)) => *sum += share,
                    None => sums.push((index, share)),
                }
            }
        }
        Some(sums)
    }

    /// How often each candidate is drawn: starts with the best one, adds the one that helps most, and keeps the shortest
    /// sequence with the best loss.
    fn grow(&self, scored: &[&Scored], metric: Metric, context: &Context<'_>) -> Option<Vec<(usize, usize)>> {
        let first = scored.first()?;
        let mut sum = first.outputs.clone();
        let mut drawn = vec![0_usize];
        let mut best = (first.loss, 1);
        while drawn.len() < STEPS && drawn.len() < best.1 + PATIENCE && !context.must_stop() {
            let count = drawn.len() as f64 + 1.0;
            let loss_with = |candidate: &&Scored| {
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

/// Shares to weights that sum to 1, heaviest first, light ones dropped.
fn normalised(mut weights: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    let all: f64 = weights.iter().map(|(_, share)| share).sum();
    weights.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    weights.truncate(MOST_MEMBERS);
    weights.retain(|(_, share)| *share >= SMALLEST_WEIGHT * all);
    let kept: f64 = weights.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in &mut weights {
        *weight /= kept;
    }
    weights
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use super::*;
    use crate::context::Clock;
    use crate::plan::Target;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn choose<'a>(
        target: impl Into<TargetView<'a>>,
        candidates: &[&[f32]],
        metric: Metric,
    ) -> Option<Choice> {
        surrounded(|context| select(target, candidates, metric, context))
    }

    fn surrounded<T>(choose: impl FnOnce(&Context<'_>) -> T) -> T {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(2)
            .build()
            .expect("threads start");
        let cancelled = AtomicBool::new(false);
        let context = Context {
            clock: &Still,
            deadline: Duration::from_secs(1),
            cancelled: &cancelled,
            device: crate::Device::Cpu,
            pace: crate::Pace::default(),
            pool: &pool,
            seed: 1,
            progress: &|_| {},
        };
        choose(&context)
    }

    #[test]
    fn opposite_errors_cancel() {
        let target = Target::Values(vec![1.0, 2.0, 3.0, 4.0]);
        let above = [1.5, 2.5, 3.5, 4.5];
        let below = [0.5, 1.5, 2.5, 3.5];
        let noise = [4.0, 1.0, 2.0, 3.0];
        let choice = choose(&target, &[&noise, &above, &below], Metric::Rmse).expect("a choice");
        assert_eq!(choice.weights, vec![(1, 0.5), (2, 0.5)]);
        assert!(choice.score < 1e-12);
    }

    #[test]
    fn heavy_rows_decide() {
        let target = WeightedTarget {
            target: Target::Values(vec![1.0, 2.0, 3.0]),
            weights: Some(vec![100.0, 1.0, 1.0]),
        };
        let right_where_it_counts = [1.0, 4.0, 5.0];
        let right_elsewhere = [3.0, 2.0, 3.0];
        let candidates: [&[f32]; 2] = [&right_elsewhere, &right_where_it_counts];
        let weighted = choose(target.view(), &candidates, Metric::Rmse).expect("a choice");
        assert_eq!(weighted.weights[0].0, 1);
        let plain = choose(&target.target, &candidates, Metric::Rmse).expect("a choice");
        assert_eq!(plain.weights[0].0, 0);
    }

    #[test]
    fn a_perfect_member_stays_alone() {
        let target = Target::Values(vec![1.0, 2.0, 3.0]);
        let choice = choose(&target, &[&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0]], Metric::Rmse).expect("a choice");
        assert_eq!(choice.weights, vec![(1, 1.0)]);
    }

    #[test]
    fn equals_do_not_add_members() {
        let target = Target::Values(vec![1.0, 2.0, 3.0]);
        let same = [1.1, 2.0, 3.0];
        let choice = choose(&target, &[&same, &same, &same], Metric::Rmse).expect("a choice");
        assert_eq!(choice.weights, vec![(0, 1.0)]);
    }

    #[test]
    fn undefined_candidates_are_left_out() {
        let target = Target::Values(vec![1.0, 2.0]);
        assert_eq!(choose(&target, &[&[f32::NAN, 1.0]], Metric::Rmse), None);
        let choice = choose(&target, &[&[f32::NAN, 1.0], &[1.0, 1.0]], Metric::Rmse).expect("a choice");
        assert_eq!(choice.weights, vec![(1, 1.0)]);
    }

    /// Which of equally good candidates look best on few rows is chance, and bags fall for it less.
    #[test]
    fn bags_generalise_better_than_one_selection() {
        let mut rng = Pcg64Mcg::seed_from_u64(5);
        let (rows, count) = (40, 16);
        let target = Target::Values(vec![0.0; rows]);
        let mut errors = [0.0; 2];
        for _ in 0..20 {
            // The truth is 0, before and afterwards; the candidates err independently.
            let mut draw = || -> Vec<Vec<f32>> {
                (0..count)
                    .map(|_| (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect())
                    .collect()
            };
            let (seen, fresh) = (draw(), draw());
            let seen: Vec<&[f32]> = seen.iter().map(Vec::as_slice).collect();
            let fresh: Vec<&[f32]> = fresh.iter().map(Vec::as_slice).collect();
            for (error, is_bagged) in errors.iter_mut().zip([false, true]) {
                let weights = surrounded(|context| {
                    let sample = Sample::new((&target).into(), &seen);
                    let scored = sample.best(&seen, Metric::Rmse);
                    sample.weights(&scored, Metric::Rmse, context, is_bagged)
                });
                let mean = weighted(&fresh, &weights.expect("weights"));
                *error += Metric::Rmse.evaluate(&target, &mean).expect("defined");
            }
        }
        assert!(errors[1] < 0.99 * errors[0], "{errors:?}");
    }
}
