//! The loop over batches: a falling rate, a look at the validation rows after each epoch, the best weights kept.

use std::time::Duration;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::adam::Adam;
use super::layers::Layers;
use super::places::{Fault, Place};
use super::processor::{self, Processor, Step};
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::learners::Stop;
use crate::plan::{Target, TargetView};

/// Share of the steps in which the rate rises to its full size.
const WARM_UP: f64 = 0.04;
/// Share of the planned epochs without a better validation loss that ends training.
const PATIENCE: f64 = 0.25;
/// Epochs of patience at least.
const LEAST_PATIENCE: usize = 8;
/// Share of the planned passes that a network without validation rows needs when its time is over.
const MOST_PASSES: f64 = 0.6;
/// What the final answers on the validation rows take, in evaluations: they are computed in f64, row by row.
const FINAL_ANSWERS: u32 = 16;
/// Rows that are predicted at a time.
const CHUNK: usize = 2_048;

/// Rows as a network takes them.
pub struct Batches {
    matrix: Vec<f32>,
    truth: Truth,
    /// What each row counts, 1 on average over all training rows; `None`: all alike.
    weights: Option<Vec<f32>>,
    rows: usize,
    width: usize,
    /// Mean and standard deviation that values were standardised by; (0, 1) for classes.
    pub scale: (f64, f64),
}

enum Truth {
    Classes { codes: Vec<u32>, classes: usize },
    Values(Vec<f32>),
}

/// How to train.
#[derive(Clone)]
pub struct Plan {
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Share of hidden outputs dropped in a step.
    pub dropout: f32,
    /// Largest learning rate.
    pub rate: f32,
    /// AdamW's decay of the weights.
    pub weight_decay: f32,
    /// Share of a label that is spread over all classes.
    pub smoothing: f32,
    /// Rows a step.
    pub batch: usize,
    /// Passes over the rows.
    pub epochs: usize,
    /// When the fit began: with the deadline, it says how fast the rate has to fall where time is short.
    pub start: Duration,
}

/// What training made.
pub struct Trained {
    /// The best epoch's weights.
    pub layers: Layers,
    /// That epoch, from 1.
    pub epochs: usize,
    /// Why it ended.
    pub stop: Stop,
    /// Validation loss by epoch.
    pub curve: Vec<(u32, f64)>,
}

impl Batches {
    /// Rows of a target with their dense matrix (row-major).
    pub fn new(target: TargetView<'_>, rows: &[u32], matrix: Vec<f32>, scale: (f64, f64)) -> Self {
        let truth = match target.target {
            Target::Classes { codes, labels } => Truth::Classes {
                codes: rows.iter().map(|&row| codes[row as usize]).collect(),
                classes: labels.len(),
            },
            Target::Values(values) => Truth::Values(
                rows.iter()
                    .map(|&row| ((values[row as usize] - scale.0) / scale.1) as f32)
                    .collect(),
            ),
        };
        let width = matrix.len() / rows.len().max(1);
        Self {
            matrix,
            truth,
            weights: target
                .weights
                .map(|weights| rows.iter().map(|&row| weights[row as usize] as f32).collect()),
            rows: rows.len(),
            width,
            scale,
        }
    }

    fn outputs(&self) -> usize {
        match &self.truth {
            Truth::Classes { classes, .. } => *classes,
            Truth::Values(_) => 1,
        }
    }

    /// Mean loss over all rows: log loss, or RMSE in the target's units.
    fn loss(&self, layers: &Layers, place: &Place) -> Result<f64, Fault> {
        let mut sum = 0.0;
        let mut start = 0;
        while start < self.rows {
            let end = (start + CHUNK).min(self.rows);
            let inputs = &self.matrix[start * self.width..end * self.width];
            let raw = match place {
                Place::Cpu => processor::predict(layers, inputs, end - start),
                Place::Gpu(gpu) => layers
                    .predict(inputs, end - start, gpu)
                    .map_err(|error| place.fault(&error))?,
            };
            for (row, raw) in (start..end).zip(raw.chunks_exact(self.outputs())) {
                sum += f64::from(self.weight(row)) * self.row_loss(row, raw);
            }
            start = end;
        }
        let total = match &self.weights {
            None => self.rows as f64,
            Some(weights) => weights.iter().copied().map(f64::from).sum(),
        };
        let mean = sum / total.max(f64::MIN_POSITIVE);
        Ok(match &self.truth {
            Truth::Classes { .. } => mean,
            Truth::Values(_) => mean.sqrt() * self.scale.1,
        })
    }

    fn weight(&self, row: usize) -> f32 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    fn row_loss(&self, row: usize, raw: &[f32]) -> f64 {
        match &self.truth {
            Truth::Values(values) => f64::from(raw[0] - values[row]).powi(2),
            Truth::Classes { codes, .. } => {
                let largest = raw.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f64 = raw.iter().map(|&value| f64::from(value - largest).exp()).sum();
                sum.ln() - f64::from(raw[codes[row] as usize] - largest)
            }
        }
    }

    /// Turns raw outputs of some rows into the loss's derivatives by them, each row `share` of the loss.
    fn loss_gradient(&self, rows: &[u32], share: f32, smoothing: f32, raw: &mut [f32]) {
        match &self.truth {
            Truth::Values(values) => {
                for (value, &row) in raw.iter_mut().zip(rows) {
                    *value = (*value - values[row as usize]) * (share * self.weight(row as usize));
                }
            }
            Truth::Classes { codes, classes } => {
                let spread = smoothing / *classes as f32;
                for (raw, &row) in raw.chunks_exact_mut(*classes).zip(rows) {
                    let share = share * self.weight(row as usize);
                    let largest = raw.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let mut sum = 0.0;
                    for value in raw.iter_mut() {
                        *value = (*value - largest).exp();
                        sum += *value;
                    }
                    for value in raw.iter_mut() {
                        *value = (*value / sum - spread) * share;
                    }
                    raw[codes[row as usize] as usize] -= (1.0 - smoothing) * share;
                }
            }
        }
    }

    fn gather(&self, rows: &[u32], batch: &mut Vec<f32>) {
        batch.reserve(rows.len() * self.width);
        for &row in rows {
            let start = row as usize * self.width;
            batch.extend_from_slice(&self.matrix[start..start + self.width]);
        }
    }
}

/// Trains on `fit`. With validation rows it keeps the best epoch and may stop early; without, it keeps the last.
/// Has to run inside the pool that it may compute on.
///
/// # Errors
/// `Cancelled`, `Deadline` before the first epoch (without validation rows: before the last), `Internal` when weights
/// grow beyond numbers at once, `Gpu`; or memory of the GPU.
pub fn train(
    fit: &Batches,
    valid: Option<&Batches>,
    plan: &Plan,
    place: &Place,
    context: &Context<'_>,
) -> Result<Trained, Fault> {
    let mut rng = Pcg64Mcg::seed_from_u64(context.seed);
    let mut widths = vec![fit.width];
    widths.extend(&plan.hidden);
    widths.push(fit.outputs());
    let mut state = State::new(Layers::random(widths, &mut rng));
    let mut order: Vec<u32> = (0..fit.rows as u32).collect();
    let patience = LEAST_PATIENCE.max((plan.epochs as f64 * PATIENCE) as usize);
    let mut best: Option<(usize, f64, Layers)> = None;
    let mut curve = Vec::new();
    let mut stop = Stop::Finished;
    let mut evaluation = Duration::ZERO;
    if let Some(valid) = valid {
        // Only for its duration, which the end of training has to leave free.
        (_, evaluation) = timed_loss(valid, &state.layers, place, context)?;
    }
    for epoch in 1..=plan.epochs {
        order.shuffle(&mut rng);
        let schedule = Schedule::new(plan, context, fit.rows, evaluation);
        let complete = state.epoch(fit, &order, epoch, plan, &schedule, &mut rng, place, context)?;
        let Some(valid) = valid else {
            if complete {
                continue;
            }
            // The rate has fallen with the clock: with most of the passes done, this is a network that was trained faster.
            if (epoch as f64) < MOST_PASSES * plan.epochs as f64 {
                return Err(Error::Deadline.into());
            }
            stop = Stop::Deadline;
            break;
        };
        let loss;
        (loss, evaluation) = timed_loss(valid, &state.mean, place, context)?;
        curve.push((epoch as u32, loss));
        (context.progress)(Progress {
            fold: 0,
            round: epoch,
            loss,
        });
        if loss.is_finite() && best.as_ref().is_none_or(|(_, least, _)| loss < *least) {
            best = Some((epoch, loss, state.mean.clone()));
        }
        if !complete {
            stop = Stop::Deadline;
            break;
        }
        let since = epoch - best.as_ref().map_or(0, |(best, ..)| *best);
        if since >= patience || !loss.is_finite() {
            stop = Stop::Converged;
            break;
        }
    }
    if valid.is_none() {
        return Ok(Trained {
            layers: state.mean,
            epochs: plan.epochs,
            stop,
            curve,
        });
    }
    let Some((epochs, _, layers)) = best else {
        let words = "the network's loss is not a number; a smaller learning_rate may help";
        return Err(Error::Internal(words.to_owned()).into());
    };
    Ok(Trained {
        layers,
        epochs,
        stop,
        curve,
    })
}

/// Validation loss, and what it took to compute.
fn timed_loss(
    valid: &Batches,
    layers: &Layers,
    place: &Place,
    context: &Context<'_>,
) -> Result<(f64, Duration), Fault> {
    let before = context.clock.now();
    let loss = valid.loss(layers, place)?;
    Ok((loss, context.clock.now().saturating_sub(before)))
}

/// Share of the time before which the clock has no say: training that is done by then is the same on every machine.
const UNHURRIED: f64 = 0.25;

/// The learning rate over time: it rises, then falls as half a cosine, by steps, or by the clock where that is further and some
/// of the time has passed.
struct Schedule {
    steps: usize,
    start: Duration,
    /// Moment at which the last answer has to be computed.
    end: Duration,
}

impl Schedule {
    fn new(plan: &Plan, context: &Context<'_>, rows: usize, evaluation: Duration) -> Self {
        // The final answers on the validation rows are computed once more, in f64 and without products of matrices.
        let end = context.deadline.saturating_sub(evaluation * FINAL_ANSWERS);
        Self {
            steps: plan.epochs * rows.div_ceil(plan.batch),
            start: plan.start,
            end,
        }
    }

    /// Share of the way gone, 0 to 1; more than 1 when time is over.
    fn share(&self, step: usize, now: Duration) -> f64 {
        let by_steps = step as f64 / self.steps.max(1) as f64;
        let allowed = self.end.saturating_sub(self.start).as_secs_f64();
        let gone = now.saturating_sub(self.start).as_secs_f64();
        let by_clock = if allowed > 0.0 { gone / allowed } else { 2.0 };
        if by_clock > UNHURRIED {
            by_steps.max(by_clock)
        } else {
            by_steps
        }
    }
}

/// Epochs that the mean of the weights reaches back, about.
const MEAN_EPOCHS: f32 = 2.0;

/// Weights and moments.
struct State {
    layers: Layers,
    /// The mean of the last epochs' weights, which is what is judged and kept: it errs less than any of them (Polyak and
    /// Juditsky 1992; Izmailov et al., UAI 2018).
    mean: Layers,
    adam: Adam,
    decay: Vec<bool>,
    steps: usize,
    processor: Processor,
}

impl State {
    fn new(layers: Layers) -> Self {
        Self {
            adam: Adam::new(layers.values.len()),
            decay: layers.is_weight(),
            mean: layers.clone(),
            layers,
            steps: 0,
            processor: Processor::default(),
        }
    }

    /// Moves the mean towards the weights; at first it follows closely.
    fn average(&mut self, steps_per_epoch: usize) {
        let horizon = (self.steps as f32 * 0.2).min(MEAN_EPOCHS * steps_per_epoch as f32);
        let share = 1.0 / (1.0 + horizon);
        for (mean, value) in self.mean.values.iter_mut().zip(&self.layers.values) {
            *mean += share * (value - *mean);
        }
    }

    /// One pass over the rows; false when the time was over before its end.
    #[expect(
        clippy::too_many_arguments,
        reason = "everything an epoch reads; a struct of it would be used once"
    )]
    fn epoch(
        &mut self,
        fit: &Batches,
        order: &[u32],
        epoch: usize,
        plan: &Plan,
        schedule: &Schedule,
        rng: &mut Pcg64Mcg,
        place: &Place,
        context: &Context<'_>,
    ) -> Result<bool, Fault> {
        for rows in order.chunks(plan.batch) {
            if context.is_cancelled() {
                return Err(Error::Cancelled.into());
            }
            let share = schedule.share(self.steps, context.clock.now());
            if share > 1.0 {
                // Weights that have seen next to nothing are no model.
                return if epoch == 1 && self.steps < 10 {
                    Err(Error::Deadline.into())
                } else {
                    Ok(false)
                };
            }
            let rate = plan.rate * rate_share(share, self.steps) as f32;
            let gradient = gradient(&self.layers, &mut self.processor, fit, rows, plan, rng, place)?;
            let (values, decay) = (&mut self.layers.values, &self.decay);
            self.adam.step(values, &gradient, decay, rate, plan.weight_decay);
            self.steps += 1;
            self.average(order.len().div_ceil(plan.batch));
        }
        Ok(true)
    }
}

/// The mean loss's derivatives on the rows of a step.
fn gradient(
    layers: &Layers,
    processor: &mut Processor,
    fit: &Batches,
    rows: &[u32],
    plan: &Plan,
    rng: &mut Pcg64Mcg,
    place: &Place,
) -> Result<Vec<f32>, Fault> {
    let share = 1.0 / rows.len().max(1) as f32;
    let slopes = |rows: &[u32], raw: &mut [f32]| fit.loss_gradient(rows, share, plan.smoothing, raw);
    let Place::Gpu(gpu) = place else {
        let step = Step {
            layers,
            rows,
            dropout: plan.dropout,
            seed: rng.random(),
            gather: &|rows, batch| fit.gather(rows, batch),
            slopes: &slopes,
        };
        return Ok(processor.gradient(&step).to_vec());
    };
    let mut batch = Vec::new();
    fit.gather(rows, &mut batch);
    layers
        .gradient(batch, rows.len(), plan.dropout, rng, gpu, &mut |raw| {
            slopes(rows, raw);
        })
        .map_err(|error| place.fault(&error))
}

/// Share of the largest rate after a share of the way.
fn rate_share(share: f64, steps: usize) -> f64 {
    let rising = (share / WARM_UP).max((steps + 1) as f64 / 200.0).min(1.0);
    rising * 0.5 * (1.0 + (std::f64::consts::PI * share.min(1.0)).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_has_a_say_only_when_time_gets_short() {
        let schedule = Schedule {
            steps: 1000,
            start: Duration::from_secs(10),
            end: Duration::from_secs(18),
        };
        let share = |step, millis| schedule.share(step, Duration::from_millis(millis));
        assert_eq!(
            share(1, 10_000),
            share(1, 11_900),
            "a slow first step changes nothing"
        );
        assert_eq!(share(500, 11_000), 0.5);
        assert_eq!(share(100, 14_000), 0.5, "half of the time is gone");
        assert!(share(1000, 19_000) > 1.0);
    }
}
