//! Permutation importance of raw columns (Breiman 2001; Fisher, Rudin & Dominici, JMLR 2019): what the metric loses on
//! holdout rows when one raw column is shuffled. All features made of a column are shuffled together.

use model::serve::Loaded;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::evaluation::Importance;
use super::threshold;
use crate::context::Context;
use crate::metrics::Metric;
use crate::plan::{Rows, TargetView, WeightedTarget};

/// Shuffles of each column at most.
const REPEATS: usize = 5;
/// Holdout rows that are looked at, at most and at least.
const ROWS: (usize, usize) = (5000, 200);

/// What is measured, and on what.
pub struct Measure<'a> {
    /// The final model.
    pub model: &'a Loaded,
    /// The holdout.
    pub holdout: &'a Rows,
    /// Its target with its weights.
    pub truth: TargetView<'a>,
    /// The job's metric.
    pub metric: Metric,
    /// Seconds that one row takes to predict, for the number of rows that fits the time.
    pub row_seconds: f64,
}

/// Importance of every raw input, most important first; inputs that time did not allow are absent. It measures one shuffle
/// of every column before the second of any.
pub fn measure(measure: &Measure<'_>, context: &Context<'_>) -> Vec<Importance> {
    let inputs = &measure.model.model().inputs;
    let rows = measure.sample(context);
    let features: Vec<Vec<f64>> = measure
        .holdout
        .features
        .iter()
        .map(|column| rows.iter().map(|row| column[*row as usize]).collect())
        .collect();
    let target = measure.truth.gather(&rows);
    let outputs = measure
        .model
        .predict_features(&features, rows.len(), Some(context.pool));
    let Some(score) = measure.score(&target, outputs) else {
        return Vec::new();
    };
    let sample = Sample {
        features,
        target,
        rows: rows.len(),
        loss: measure.metric.as_loss(score),
    };
    let mut losses: Vec<Vec<f64>> = vec![Vec::new(); inputs.len()];
    for repeat in 0..REPEATS {
        let shuffle = |input: usize| -> Option<f64> {
            if context.must_stop() {
                return None;
            }
            measure.shuffled_loss(
                &sample,
                input,
                context.seed ^ (repeat * inputs.len() + input) as u64,
            )
        };
        let found: Vec<Option<f64>> = context
            .pool
            .install(|| (0..inputs.len()).into_par_iter().map(shuffle).collect());
        for (losses, found) in losses.iter_mut().zip(found) {
            losses.extend(found);
        }
    }
    let mut importance = Vec::new();
    for (input, losses) in inputs.iter().zip(&losses) {
        if !losses.is_empty() {
            let mean = losses.iter().sum::<f64>() / losses.len() as f64;
            let variance = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / losses.len() as f64;
            importance.push(Importance {
                column: input.name.clone(),
                importance: mean,
                sd: variance.sqrt(),
            });
        }
    }
    importance.sort_by(|left, right| right.importance.total_cmp(&left.importance));
    importance
}

struct Sample {
    features: Vec<Vec<f64>>,
    target: WeightedTarget,
    rows: usize,
    loss: f64,
}

impl Measure<'_> {
    /// The metric, of labels as the model decides them.
    fn score(&self, target: &WeightedTarget, outputs: Vec<f64>) -> Option<f64> {
        let outputs = match self.metric.is_of_labels() {
            true => threshold::as_decided(self.model.model(), &outputs),
            false => outputs,
        };
        self.metric.evaluate(target, &outputs)
    }

    /// As many holdout rows, in even steps, as fit the time.
    fn sample(&self, context: &Context<'_>) -> Vec<u32> {
        let seconds = context.deadline.saturating_sub(context.clock.now()).as_secs_f64();
        let passes = (self.model.model().inputs.len() * REPEATS) as f64;
        let threads = context.pool.current_num_threads() as f64;
        let fit = (seconds * threads / (passes * self.row_seconds.max(1e-9))) as usize;
        let wanted = fit.clamp(ROWS.1, ROWS.0).min(self.holdout.rows);
        let step = self.holdout.rows as f64 / wanted.max(1) as f64;
        (0..wanted).map(|index| (index as f64 * step) as u32).collect()
    }

    /// What the metric loses when the features of one input are shuffled with one permutation.
    fn shuffled_loss(&self, sample: &Sample, input: usize, seed: u64) -> Option<f64> {
        let mut order: Vec<usize> = (0..sample.rows).collect();
        order.shuffle(&mut Pcg64Mcg::seed_from_u64(seed));
        let mut features = sample.features.clone();
        for (index, feature) in self.model.model().encoder.features.iter().enumerate() {
            if feature.input == input {
                features[index] = order.iter().map(|row| sample.features[index][*row]).collect();
            }
        }
        let outputs = self.model.predict_features(&features, sample.rows, None);
        let score = self.score(&sample.target, outputs)?;
        Some(self.metric.as_loss(score) - sample.loss)
    }
}
