//! The loop over batches: a falling rate, a look at the validation rows after each epoch, the best weights kept.

use std::time::Duration;

use model::estimator::network::Activation;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::adam::{Adam, Update};
use super::batches::Batches;
use super::layers::Layers;
use super::places::{Fault, Place};
use super::processor::{Processor, Step};
use super::schedule::Schedule;
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::learners::Stop;

/// Share of the planned epochs without a better validation loss that ends training.
const PATIENCE: f64 = 0.25;
/// Epochs of patience at least.
const LEAST_PATIENCE: usize = 8;
/// Share of the planned passes that a network without validation rows needs when its time is over.
const MOST_PASSES: f64 = 0.6;
/// Steps that make weights a model.
const FEWEST_STEPS: u64 = 10;
/// What the final answers on the validation rows take, in evaluations: they are computed in f64, row by row.
const FINAL_ANSWERS: u32 = 40;
/// Epochs that the mean of the weights reaches back, about.
const MEAN_EPOCHS: f32 = 2.0;

/// How to train.
#[derive(Clone)]
pub struct Plan {
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// What follows them.
    pub activation: Activation,
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
    /// Which network of several, from 0.
    pub number: u32,
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

/// Trains on `fit`. With validation rows it keeps the best epoch and may stop early; without, it keeps the last.
/// Has to run inside the pool that it may compute on.
///
/// # Errors
/// `Cancelled`, `Deadline` before the first steps (without validation rows: before most of the passes), `Internal` when
/// weights grow beyond numbers at once, `Gpu`; or memory of the GPU.
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
    let mut run = Run::new(
        fit,
        plan,
        place,
        context,
        Layers::random(widths, plan.activation, &mut rng),
    );
    // The first evaluation is only for its duration, which the end of training has to leave free.
    let before = context.clock.now();
    if let Some(valid) = valid {
        valid.loss(&run.layers, place)?;
    }
    let spare = context.clock.now().saturating_sub(before) * FINAL_ANSWERS;
    let steps = (plan.epochs * fit.rows.div_ceil(plan.batch)) as u64;
    let mut schedule = Schedule::new(context, plan.number, plan.start, spare, steps);
    let Some(valid) = valid else {
        return run.finish(&mut schedule, steps, rng);
    };
    let patience = LEAST_PATIENCE.max((plan.epochs as f64 * PATIENCE) as usize);
    let mut best: Option<(usize, f64, Layers)> = None;
    let mut curve = Vec::new();
    let mut stop = Stop::Finished;
    for epoch in 1..=plan.epochs {
        let complete = run.epoch(&mut schedule, &mut rng)?;
        let loss = valid.loss(&run.mean, place)?;
        curve.push((epoch as u32, loss));
        (context.progress)(Progress {
            fold: 0,
            round: epoch,
            loss,
        });
        if loss.is_finite() && best.as_ref().is_none_or(|(_, least, _)| loss < *least) {
            best = Some((epoch, loss, run.mean.clone()));
        }
        if !complete || schedule.is_over(run.steps) {
            stop = if run.steps < steps {
                Stop::Deadline
            } else {
                Stop::Finished
            };
            break;
        }
        let since = epoch - best.as_ref().map_or(0, |(best, ..)| *best);
        if since >= patience || !loss.is_finite() {
            stop = Stop::Converged;
            break;
        }
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

/// A training under way.
struct Run<'a> {
    fit: &'a Batches,
    plan: &'a Plan,
    place: &'a Place,
    context: &'a Context<'a>,
    layers: Layers,
    /// The mean of the last epochs' weights, which is what is judged and kept: it errs less than any of them (Polyak and
    /// Juditsky 1992; Izmailov et al., UAI 2018).
    mean: Layers,
    adam: Adam,
    decays: Vec<f32>,
    order: Vec<u32>,
    steps: u64,
    processor: Processor,
}

impl<'a> Run<'a> {
    fn new(
        fit: &'a Batches,
        plan: &'a Plan,
        place: &'a Place,
        context: &'a Context<'a>,
        layers: Layers,
    ) -> Self {
        Self {
            fit,
            plan,
            place,
            context,
            adam: Adam::new(layers.values.len()),
            decays: layers.decays(),
            mean: layers.clone(),
            layers,
            order: (0..fit.rows as u32).collect(),
            steps: 0,
            processor: Processor::default(),
        }
    }

    /// All epochs, or as many as there is time for, without validation rows.
    fn finish(
        mut self,
        schedule: &mut Schedule<'_>,
        steps: u64,
        mut rng: Pcg64Mcg,
    ) -> Result<Trained, Fault> {
        while !schedule.is_over(self.steps) && self.epoch(schedule, &mut rng)? {}
        // The rate has fallen with the time: with most of the passes done, this is a network that was trained faster.
        if (self.steps as f64) < MOST_PASSES * steps as f64 {
            return Err(Error::Deadline.into());
        }
        Ok(Trained {
            layers: self.mean,
            epochs: self.plan.epochs,
            stop: if self.steps < steps {
                Stop::Deadline
            } else {
                Stop::Finished
            },
            curve: Vec::new(),
        })
    }

    /// One pass over the rows; false when the time was over before its end.
    fn epoch(&mut self, schedule: &mut Schedule<'_>, rng: &mut Pcg64Mcg) -> Result<bool, Fault> {
        self.order.shuffle(rng);
        for batch in 0..self.order.len().div_ceil(self.plan.batch) {
            if self.context.is_cancelled() {
                return Err(Error::Cancelled.into());
            }
            if schedule.is_over(self.steps) {
                return Ok(false);
            }
            let Some(share) = schedule.rate_share(self.steps) else {
                // Weights that have seen next to nothing are no model.
                return if self.steps < FEWEST_STEPS {
                    Err(Error::Deadline.into())
                } else {
                    Ok(false)
                };
            };
            self.step(batch, share, rng)?;
        }
        Ok(true)
    }

    /// One step down the gradient of the rows of a batch.
    fn step(&mut self, batch: usize, rate_share: f64, rng: &mut Pcg64Mcg) -> Result<(), Fault> {
        let start = batch * self.plan.batch;
        let rows = &self.order[start..(start + self.plan.batch).min(self.order.len())];
        let share = 1.0 / rows.len().max(1) as f32;
        let (fit, plan) = (self.fit, self.plan);
        let slopes = |rows: &[u32], raw: &mut [f32]| fit.loss_gradient(rows, share, plan.smoothing, raw);
        let on_gpu;
        let gradients = match self.place {
            Place::Cpu => {
                self.processor.compute(&Step {
                    layers: &self.layers,
                    rows,
                    dropout: plan.dropout,
                    seed: rng.random(),
                    gather: &|rows, inputs| fit.gather(rows, inputs),
                    slopes: &slopes,
                });
                self.processor.gradients()
            }
            Place::Gpu(gpu) => {
                let mut inputs = Vec::new();
                fit.gather(rows, &mut inputs);
                let mut loss_gradient = |raw: &mut [f32]| slopes(rows, raw);
                on_gpu = self
                    .layers
                    .gradient(inputs, rows.len(), plan.dropout, rng, gpu, &mut loss_gradient)
                    .map_err(|error| self.place.fault(&error))?;
                vec![on_gpu.as_slice()]
            }
        };
        self.steps += 1;
        let steps_per_epoch = self.order.len().div_ceil(plan.batch) as f32;
        // The mean of the weights follows closely at first.
        let horizon = (self.steps as f32 * 0.2).min(MEAN_EPOCHS * steps_per_epoch);
        let update = Update {
            gradients: &gradients,
            decays: &self.decays,
            rate: plan.rate * rate_share as f32,
            weight_decay: plan.weight_decay,
            mean_share: 1.0 / (1.0 + horizon),
        };
        self.adam
            .step(&mut self.layers.values, &mut self.mean.values, &update);
        Ok(())
    }
}
