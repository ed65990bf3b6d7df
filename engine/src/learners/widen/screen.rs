//! Which pairs of numbers are worth joining: three short boosted models on a sample of the fit rows.
//!
//! The first, on the features as they are, tells by gain which numbers matter; the second, on these and every pair of them joined in
//! every way, tells which joined ones it would rather split by; the third has the features and the best of those. Only when it beats
//! the first on rows that none of them was grown on, by more than chance, are they used. The work is bounded: a fraction of a second.

use model::estimator::forest::{Forest, Tree};
use model::estimator::widened::{Added, Operation};
use model::{Feature, FeatureKind, Link};

use crate::context::Context;
use crate::error::Error;
use crate::learners::{FoldRows, Stop};
use crate::plan::{Aim, Prepared, Rows, Target, TargetView, WeightedTarget};
use crate::trees::{Binned, Boosted, Boosting, Limits, boost, mix};

/// Most joined pairs that are used.
pub const MOST_CROSSES: usize = 20;
/// Numbers whose pairs are tried.
const NUMBERS: usize = 8;
/// Features that compete with the joined pairs: the others split nothing that matters.
const RIVALS: usize = 40;
/// With fewer fit rows chance decides what looks good.
const FEWEST_ROWS: usize = 1_000;
/// Rows of the sample, and cells of it: a wide table gives fewer rows.
pub(super) const SAMPLE_ROWS: usize = 6_000;
const SAMPLE_CELLS: usize = 1_200_000;
/// Part of the sample, one row in so many, that models are judged by.
const JUDGED: u64 = 3;
/// Trees of a model in all, and rounds at most; with fewer rounds at least, because of many classes, a joined pair looks better than it
/// is, as the trees have no time to find out by themselves.
const TREES: usize = 180;
const ROUNDS: (usize, usize) = (15, 50);
/// By how many standard errors of the difference the joined pairs must win.
const SURE: f64 = 1.5;
/// Rows that gains are measured on.
const GAIN_ROWS: usize = 2_000;
/// A joined pair whose gain is below this share of the best one's is not used.
const LEAST_GAIN: f64 = 0.02;
const SEED: u64 = 0x00c2_0553;

/// The joined pairs to use, by operation; none where they do not pay.
///
/// # Errors
/// `Deadline` or `Cancelled` when it had to stop: what is chosen must not depend on the clock.
pub fn choose(data: &Prepared, rows: &[u32], context: &Context<'_>) -> Result<Vec<Added>, Error> {
    let is_number = |feature: &Feature| feature.kind == FeatureKind::Number;
    let numbers = data.encoder.features.iter().filter(|one| is_number(one)).count();
    let rounds = TREES / raw_outputs(&data.train.target);
    if rows.len() < FEWEST_ROWS || numbers < 2 || rounds < ROUNDS.0 {
        return Ok(Vec::new());
    }
    let context = Context {
        seed: SEED,
        progress: &|_| {},
        pace: context.pace.aside(),
        ..*context
    };
    let sample = Sample::new(data, rows);
    let all: Vec<usize> = (0..data.encoder.features.len()).collect();
    let plain = sample.model(&all, &[], &context)?;
    let by_gain = ordered(&plain.gains);
    let numbers: Vec<usize> = by_gain
        .iter()
        .copied()
        .filter(|&feature| is_number(&data.encoder.features[feature]))
        // A joined pair would let the answer go both ways with a number that binds it.
        .filter(|&feature| data.monotone.iter().all(|(bound, _)| *bound as usize != feature))
        .take(NUMBERS)
        .collect();
    let candidates = candidates(&numbers, &sample);
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let rivals: Vec<usize> = by_gain.into_iter().take(RIVALS).collect();
    let crowded = sample.model(&rivals, &candidates, &context)?;
    let mut chosen = best_candidates(candidates, &crowded.gains[rivals.len()..]);
    if chosen.is_empty() {
        return Ok(chosen);
    }
    chosen.sort_by_key(|added| match added {
        Added::Cross {
            left,
            right,
            operation,
        } => (*operation, *left, *right),
        Added::Table { feature, .. } => (Operation::Sum, *feature, 0),
    });
    let joined = sample.model(&all, &chosen, &context)?;
    if is_better(&joined.losses, &plain.losses) {
        Ok(chosen)
    } else {
        Ok(Vec::new())
    }
}

/// Every pair, joined in every way. The number that is 0 less often divides the other one.
fn candidates(numbers: &[usize], sample: &Sample<'_>) -> Vec<Added> {
    let mut candidates = Vec::new();
    for (place, &first) in numbers.iter().enumerate() {
        for &second in &numbers[place + 1..] {
            let (left, right) = if sample.zeros(first) < sample.zeros(second) {
                (second, first)
            } else {
                (first, second)
            };
            for operation in [
                Operation::Product,
                Operation::Ratio,
                Operation::Difference,
                Operation::Sum,
            ] {
                candidates.push(Added::Cross {
                    left: left as u32,
                    right: right as u32,
                    operation,
                });
            }
        }
    }
    candidates
}

/// The candidates with the largest gains.
fn best_candidates(candidates: Vec<Added>, gains: &[f64]) -> Vec<Added> {
    let order = ordered(gains);
    let least = order.first().map_or(0.0, |&best| gains[best] * LEAST_GAIN);
    let mut kept: Vec<bool> = vec![false; candidates.len()];
    for &place in order.iter().take(MOST_CROSSES) {
        kept[place] = gains[place] > 0.0 && gains[place] >= least;
    }
    let pairs = candidates.into_iter().zip(kept);
    pairs
        .filter_map(|(candidate, kept)| kept.then_some(candidate))
        .collect()
}

/// Places by value, the largest first, the first of equals first.
fn ordered(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&left, &right| values[right].total_cmp(&values[left]).then(left.cmp(&right)));
    order
}

/// Whether losses, row by row, are below others by more than chance. Rows of no finite loss decide nothing.
fn is_better(losses: &[f64], others: &[f64]) -> bool {
    let gains: Vec<f64> = others
        .iter()
        .zip(losses)
        .map(|(other, own)| other - own)
        .filter(|gain| gain.is_finite())
        .collect();
    let count = gains.len().max(2) as f64;
    let mean = gains.iter().sum::<f64>() / count;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (count - 1.0);
    mean > SURE * (variance / count).sqrt()
}

/// Rows that models are grown on and judged by.
struct Sample<'a> {
    data: &'a Prepared,
    /// Of the training rows.
    rows: Vec<u32>,
    truth: WeightedTarget,
    /// Places in `rows`.
    grown: Vec<u32>,
    judged: Vec<u32>,
}

/// What a short model was worth.
struct Verdict {
    /// Of each of its features: how much of the variance of the answers its splits make.
    gains: Vec<f64>,
    /// Of each judged row.
    losses: Vec<f64>,
}

impl<'a> Sample<'a> {
    fn new(data: &'a Prepared, rows: &[u32]) -> Self {
        let width = data.encoder.features.len().max(1);
        let wanted = (SAMPLE_CELLS / width)
            .clamp(FEWEST_ROWS, SAMPLE_ROWS)
            .min(rows.len());
        let sampled: Vec<u32> = (0..wanted)
            .map(|place| rows[place * rows.len() / wanted])
            .collect();
        let (judged, grown) =
            (0..wanted as u32).partition(|&place| mix(SEED, u64::from(place)).is_multiple_of(JUDGED));
        Self {
            data,
            truth: data.train_view().gather(&sampled),
            rows: sampled,
            grown,
            judged,
        }
    }

    fn zeros(&self, feature: usize) -> usize {
        let values = &self.data.train.features[feature];
        self.rows
            .iter()
            .filter(|&&row| values[row as usize] == 0.0)
            .count()
    }

    /// A short model on some features and some joined pairs.
    fn model(&self, features: &[usize], added: &[Added], context: &Context<'_>) -> Result<Verdict, Error> {
        let all = &self.data.train.features;
        let mut columns: Vec<Vec<f64>> = Vec::with_capacity(features.len() + added.len());
        let mut described = Vec::with_capacity(columns.capacity());
        for &feature in features {
            columns.push(self.rows.iter().map(|&row| all[feature][row as usize]).collect());
            described.push(self.data.encoder.features[feature].clone());
        }
        for added in added {
            let value = |&row: &u32| added.value(|feature| all[feature][row as usize]);
            columns.push(self.rows.iter().map(value).collect());
            described.push(Feature {
                name: String::new(),
                input: 0,
                kind: FeatureKind::Number,
            });
        }
        let rows = Rows {
            features: columns,
            target: self.truth.target.clone(),
            rows: self.rows.len(),
            source: Vec::new(),
        };
        let binned = context.pool.install(|| Binned::new(&rows, &described));
        let split = FoldRows {
            fit: &self.grown,
            valid: &self.judged,
        };
        let outputs = raw_outputs(&rows.target);
        let boosted = boost(&binned, self.truth.view(), split, &settings(outputs), context)?;
        if boosted.stop == Stop::Deadline {
            return Err(Error::Deadline);
        }
        Ok(Verdict {
            gains: gains(&boosted.forest, &rows.features, &self.grown),
            losses: losses(&boosted, self.truth.view(), &self.judged),
        })
    }
}

/// Of a short model: few leaves, and a rate that its rounds are enough for.
fn settings(outputs: usize) -> Boosting {
    let rounds = (TREES / outputs).min(ROUNDS.1);
    Boosting {
        learning_rate: 8.0 / rounds as f64,
        rounds,
        patience: 15,
        feature_fraction: 1.0,
        row_fraction: 1.0,
        aim: Aim::Mean,
        limits: Limits {
            leaves: 16,
            ..Limits::default()
        },
    }
}

fn raw_outputs(target: &Target) -> usize {
    match target {
        Target::Classes { labels, .. } if labels.len() > 2 => labels.len(),
        _ => 1,
    }
}

/// What the splits of each feature make of the variance of the trees' answers: rows left · (mean left − mean)² + the same right,
/// over all nodes. For squared loss this is the gain that the splits were chosen by, up to a factor.
fn gains(forest: &Forest, features: &[Vec<f64>], rows: &[u32]) -> Vec<f64> {
    let step = rows.len().div_ceil(GAIN_ROWS).max(1);
    let mut matrix = Vec::new();
    for &row in rows.iter().step_by(step) {
        matrix.extend(features.iter().map(|column| column[row as usize]));
    }
    let mut gains = vec![0.0; features.len()];
    for tree in &forest.trees {
        let mut counts = vec![0.0_f64; tree.leaves.len()];
        for row in matrix.chunks_exact(features.len()) {
            counts[tree.leaf(row)] += 1.0;
        }
        add_gains(tree, &counts, &mut gains);
    }
    gains
}

fn add_gains(tree: &Tree, counts: &[f64], gains: &mut [f64]) {
    // Rows and sum of answers below each node; children stand behind their parents.
    let mut below = vec![(0.0, 0.0); tree.nodes.len()];
    for (place, node) in tree.nodes.iter().enumerate().rev() {
        let of = |child: i32| match usize::try_from(child) {
            Ok(node) => below[node],
            Err(_) => {
                let leaf = !child as usize;
                (counts[leaf], counts[leaf] * tree.leaves[leaf])
            }
        };
        let (left, right): ((f64, f64), (f64, f64)) = (of(node.left), of(node.right));
        let all = (left.0 + right.0, left.1 + right.1);
        below[place] = all;
        if all.0 > 0.0 {
            let mean = all.1 / all.0;
            for (rows, sum) in [left, right] {
                if rows > 0.0 {
                    gains[node.feature as usize] += rows * (sum / rows - mean).powi(2);
                }
            }
        }
    }
}

/// Log loss or squared error of each judged row, times its weight.
fn losses(boosted: &Boosted, truth: TargetView<'_>, judged: &[u32]) -> Vec<f64> {
    let raw_outputs = boosted.forest.base.len();
    let (link, outputs) = match truth.target {
        Target::Values(_) => (Link::Identity, 1),
        Target::Classes { .. } if raw_outputs == 1 => (Link::Logistic, 2),
        Target::Classes { .. } => (Link::Softmax, raw_outputs),
    };
    let mut answer = vec![0.0; outputs];
    let mut losses = Vec::with_capacity(judged.len());
    for (&row, raw) in judged.iter().zip(boosted.valid_raw.chunks_exact(raw_outputs)) {
        link.apply(raw, &mut answer);
        let loss = match truth.target {
            Target::Values(values) => (values[row as usize] - answer[0]).powi(2),
            Target::Classes { codes, .. } => -answer[codes[row as usize] as usize].max(1e-15).ln(),
        };
        losses.push(loss * truth.weight(row as usize));
    }
    losses
}
