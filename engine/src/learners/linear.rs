//! Elastic net: linear, logistic or multinomial regression on dense inputs, along a path of falling penalties; the
//! validation rows pick the point. Wide tables with few rows are its strength, and it sees what trees do not.

mod objective;
mod solver;

use std::cell::Cell;

use model::estimator::linear::Linear as LinearModel;
use model::{Estimator, Link, Predictor};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use self::objective::{Objective, Truth};
use self::solver::{Penalty, Solver};
use super::dense::{self, DenseFit, Recipe};
use super::params::Reader;
use super::{Cost, Fitted, FoldRows, Learner, ParamValue, Params, Stop, loss, scoring};
use crate::context::{Context, Progress};
use crate::error::Error;
use crate::plan::{Prepared, Shape, Target, TargetView};

/// Elastic net.
pub struct Linear;

/// Points of the path; point i has the penalty 10^(0.5 - i/2).
const PATH: usize = 13;
/// Points past the best one before the path is left.
const PATIENCE: usize = 2;
/// Most iterations at one point.
const ITERATIONS: usize = 60;
/// Relative fall of the objective that ends a point.
const TOLERANCE: f64 = 1e-5;

/// Checked hyperparameters.
#[derive(Clone, Copy, Debug)]
struct Settings {
    /// Share of the one-norm in the penalty, 0 (ridge) to 1 (lasso).
    l1_share: f64,
    /// Bins of the piecewise encoding of numbers; 0: straight lines.
    bins: usize,
}

impl TryFrom<&Params> for Settings {
    type Error = Error;

    fn try_from(params: &Params) -> Result<Self, Error> {
        let mut reader = Reader::new(params);
        let settings = Self {
            l1_share: reader.float("l1_share", 0.0, 0.0..=1.0)?,
            bins: reader.int("bins", 0, 0..=64)?,
        };
        reader.finish()?;
        Ok(settings)
    }
}

impl Settings {
    fn recipe(self) -> Recipe {
        Recipe {
            limit: 6.0,
            bins: self.bins,
            scaled_too: true,
        }
    }
}

impl Learner for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn title(&self) -> &'static str {
        "Linear model"
    }

    fn portfolio(&self, shape: &Shape) -> Vec<Params> {
        let configuration = |l1_share: f64, bins: i64| {
            Params::from([
                ("l1_share".to_owned(), ParamValue::Float(l1_share)),
                ("bins".to_owned(), ParamValue::Int(bins)),
            ])
        };
        let wide = shape.features * 2 > shape.rows;
        let numbers = shape.features - shape.categories;
        if wide {
            vec![configuration(0.0, 0), configuration(0.5, 0)]
        } else if numbers == 0 || shape.rows < 500 {
            vec![
                configuration(0.0, 0),
                configuration(0.5, 0),
                configuration(0.0, 8),
            ]
        } else {
            vec![
                configuration(0.0, 12),
                configuration(0.0, 0),
                configuration(0.5, 32),
            ]
        }
    }

    fn sample(&self, shape: &Shape, rng: &mut Pcg64Mcg) -> Params {
        let share = [0.0, 0.1, 0.5, 0.9][rng.random_range(0..4)];
        let bins = if shape.rows < 500 {
            [0, 0, 4, 8]
        } else {
            [0, 8, 16, 32]
        }[rng.random_range(0..4)];
        Params::from([
            ("l1_share".to_owned(), ParamValue::Float(share)),
            ("bins".to_owned(), ParamValue::Int(bins)),
        ])
    }

    fn cost(&self, shape: &Shape, params: &Params) -> Cost {
        let bins = Settings::try_from(params).map_or(0, |settings| settings.bins);
        let numbers = (shape.features - shape.categories) as f64;
        let width = numbers * (1.0 + bins as f64) + shape.categories as f64 * 12.0;
        let outputs = if shape.classes > 2 { shape.classes } else { 1 } as f64;
        // Some 150 evaluations at about 1e9 multiplications a second.
        let seconds = 0.005 + shape.rows as f64 * width * outputs * 2.0 * 150.0 / 1e9;
        Cost {
            seconds,
            bytes: (shape.rows as f64 * width * 4.0) as u64 + (1 << 20),
        }
    }

    fn fit(
        &self,
        data: &Prepared,
        rows: FoldRows<'_>,
        params: &Params,
        context: &Context<'_>,
    ) -> Result<Fitted, Error> {
        let settings = Settings::try_from(params)?;
        check_stop(context)?;
        let dense = dense::fit(data, rows.fit, &settings.recipe(), context.seed);
        let matrix = dense.fit_matrix(data, rows.fit);
        let valid_matrix = dense.matrix(data, rows.valid);
        let problem = Problem::new(data.train_view(), rows.fit);
        let mut solver = Solver::new(problem.objective(&matrix, &dense, context));
        let mut best: Option<(usize, f64, Vec<f64>)> = None;
        let mut curve = Vec::new();
        let mut stop = Stop::Finished;
        let iterations = Cell::new(0);
        for point in 0..PATH {
            let complete = solver.minimise(penalty(settings, point), TOLERANCE, ITERATIONS, &|| {
                context.is_cancelled() || context.ends_at(iterations.replace(iterations.get() + 1))
            });
            if context.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if !complete && point == 0 && solver.parameters.iter().all(|&value| value == 0.0) {
                return Err(Error::Deadline);
            }
            let outputs = problem.outputs(&solver.parameters, &valid_matrix, rows.valid.len());
            let valid_loss = loss::of_outputs(data.train_view(), rows.valid, &outputs);
            curve.push((point as u32 + 1, valid_loss));
            (context.progress)(Progress {
                fold: 0,
                round: point + 1,
                loss: valid_loss,
            });
            if best.as_ref().is_none_or(|(_, least, _)| valid_loss < *least) {
                best = Some((point + 1, valid_loss, solver.parameters.clone()));
            }
            if !complete {
                stop = Stop::Deadline;
                break;
            }
            if best
                .as_ref()
                .is_some_and(|(round, ..)| point + 1 - round >= PATIENCE)
            {
                stop = Stop::Converged;
                break;
            }
        }
        let Some((rounds, _, parameters)) = best else {
            return Err(Error::Internal(
                "the linear model's loss is not a number at any penalty".to_owned(),
            ));
        };
        let predictor = problem.predictor(&parameters, dense);
        let valid_outputs = scoring::outputs(&predictor, data, rows.valid, context.pool);
        Ok(Fitted {
            predictor,
            valid_outputs,
            rounds,
            stop,
            curve,
        })
    }

    fn refit(
        &self,
        data: &Prepared,
        rows: &[u32],
        params: &Params,
        rounds: usize,
        context: &Context<'_>,
    ) -> Result<Predictor, Error> {
        let settings = Settings::try_from(params)?;
        check_stop(context)?;
        let dense = dense::fit(data, rows, &settings.recipe(), context.seed);
        let matrix = dense.fit_matrix(data, rows);
        let problem = Problem::new(data.train_view(), rows);
        let mut solver = Solver::new(problem.objective(&matrix, &dense, context));
        for point in 0..rounds.clamp(1, PATH) {
            let complete = solver.minimise(penalty(settings, point), TOLERANCE, ITERATIONS, &|| {
                context.must_stop()
            });
            if context.is_cancelled() {
                return Err(Error::Cancelled);
            }
            // A model of an earlier point is not the one that was asked for.
            if !complete {
                return Err(Error::Deadline);
            }
        }
        Ok(problem.predictor(&solver.parameters, dense))
    }
}

fn check_stop(context: &Context<'_>) -> Result<(), Error> {
    if context.is_cancelled() {
        Err(Error::Cancelled)
    } else if context.expired() {
        Err(Error::Deadline)
    } else {
        Ok(())
    }
}

fn penalty(settings: Settings, point: usize) -> Penalty {
    let strength = 10f64.powf(0.5 - point as f64 / 2.0);
    Penalty {
        l1: strength * settings.l1_share,
        l2: strength * (1.0 - settings.l1_share),
    }
}

/// What is minimised, and the way back to the target's units.
struct Problem<'a> {
    truth: TargetView<'a>,
    rows: &'a [u32],
    outputs: usize,
    center: f64,
    scale: f64,
}

impl<'a> Problem<'a> {
    fn new(truth: TargetView<'a>, rows: &'a [u32]) -> Self {
        let (outputs, center, scale) = match truth.target {
            Target::Classes { labels, .. } if labels.len() > 2 => (labels.len(), 0.0, 1.0),
            Target::Classes { .. } => (1, 0.0, 1.0),
            Target::Values(values) => {
                let (center, scale) = scoring::center_and_scale(values, truth.weights, rows);
                (1, center, scale)
            }
        };
        Self {
            truth,
            rows,
            outputs,
            center,
            scale,
        }
    }

    fn objective<'b>(&self, matrix: &'b [f32], dense: &DenseFit, context: &Context<'b>) -> Objective<'b> {
        let weights = self.truth.weights;
        let truth = match self.truth.target {
            Target::Classes { codes, .. } => {
                Truth::Classes(self.rows.iter().map(|&row| codes[row as usize]).collect())
            }
            Target::Values(values) => {
                let standard = |&row: &u32| ((values[row as usize] - self.center) / self.scale) as f32;
                Truth::Values(self.rows.iter().map(standard).collect())
            }
        };
        Objective {
            matrix,
            width: dense.dense.width(),
            outputs: self.outputs,
            truth,
            weights: weights.map(|weights| self.rows.iter().map(|&row| weights[row as usize]).collect()),
            pool: context.pool,
        }
    }

    fn link(&self) -> Link {
        match self.truth.target {
            Target::Values(_) => Link::Identity,
            Target::Classes { .. } if self.outputs == 1 => Link::Logistic,
            Target::Classes { .. } => Link::Softmax,
        }
    }

    fn model(&self, parameters: &[f64]) -> LinearModel {
        let weights = parameters.len() - self.outputs;
        LinearModel {
            weights: parameters[..weights]
                .iter()
                .map(|weight| weight * self.scale)
                .collect(),
            bias: parameters[weights..]
                .iter()
                .map(|bias| self.center + bias * self.scale)
                .collect(),
        }
    }

    fn predictor(&self, parameters: &[f64], dense: DenseFit) -> Predictor {
        Predictor {
            dense: Some(dense.dense),
            estimator: Estimator::Linear(self.model(parameters)),
            link: self.link(),
        }
    }

    /// Outputs on a matrix: close to the predictor's, and cheap enough for every point of the path.
    fn outputs(&self, parameters: &[f64], matrix: &[f32], rows: usize) -> Vec<f64> {
        let width = matrix.len() / rows.max(1);
        let model = self.model(parameters);
        let link = self.link();
        let outputs = link.outputs(self.outputs);
        let mut out = vec![0.0; rows * outputs];
        let mut inputs = vec![0.0; width];
        let mut raw = vec![0.0; self.outputs];
        for (row, out) in out.chunks_exact_mut(outputs).enumerate() {
            for (input, &value) in inputs.iter_mut().zip(&matrix[row * width..]) {
                *input = f64::from(value);
            }
            model.predict_row(&inputs, &mut raw);
            link.apply(&raw, out);
        }
        out
    }
}
