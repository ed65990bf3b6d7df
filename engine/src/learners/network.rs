//! A multi-layer perceptron on dense inputs (scaled and piecewise-encoded numbers, one-hot categories): AdamW with a
//! falling rate, dropout, early stopping with the best weights kept. It sees smooth boundaries that trees approximate.

mod adam;
mod batches;
mod layers;
mod merge;
mod places;
mod processor;
mod product;
mod schedule;
mod training;

use model::estimator::network::Activation;
use model::{Estimator, Link, Predictor};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use self::batches::Batches;
use self::places::train_on;
use self::training::{Plan, Trained, train};
use super::dense::{self, DenseFit, Recipe};
use super::params::Reader;
use super::{Cost, Fitted, FoldRows, Learner, ParamValue, Params, Stop, scoring};
use crate::context::Context;
use crate::error::Error;
use crate::plan::{Prepared, Shape, Target};

/// Multi-layer perceptron.
pub struct Network;

/// Widest dense row that numbers in pieces may make; beyond, numbers come scaled only.
const MOST_COLUMNS: usize = 1_200;

/// Fewer passes over the rows than this teach little.
const FEWEST_EPOCHS: i64 = 6;

/// Widest hidden layers that several networks side by side may make: at first, and where the best configuration is refined. What lies
/// between them is 0, and takes its time in an ONNX graph all the same.
const MOST_UNITS: usize = 384;
const MOST_UNITS_REFINED: usize = 1024;

/// Names of the activations; runs of earlier versions name none.
const ACTIVATIONS: [(&str, Activation); 2] = [("relu", Activation::Relu), (SILU, Activation::Silu)];
const SILU: &str = "silu";

/// Checked hyperparameters.
#[derive(Clone, Copy, Debug)]
struct Settings {
    layers: usize,
    units: usize,
    activation: Activation,
    bins: usize,
    dropout: f64,
    rate: f64,
    weight_decay: f64,
    smoothing: f64,
    /// Rows a step; 0: by the number of rows.
    batch: usize,
    /// Passes over the rows; 0: by the number of rows.
    epochs: usize,
    /// Networks whose mean answers, each from other first weights.
    networks: usize,
}

impl TryFrom<&Params> for Settings {
    type Error = Error;

    fn try_from(params: &Params) -> Result<Self, Error> {
        let mut reader = Reader::new(params);
        let settings = Self {
            layers: reader.int("layers", 2, 1..=4)?,
            units: reader.int("units", 256, 8..=1024)?,
            activation: reader.choice("activation", &ACTIVATIONS)?,
            bins: reader.int("bins", 16, 0..=48)?,
            dropout: reader.float("dropout", 0.1, 0.0..=0.8)?,
            rate: reader.float("learning_rate", 3e-3, 1e-5..=0.1)?,
            weight_decay: reader.float("weight_decay", 0.02, 0.0..=10.0)?,
            smoothing: reader.float("label_smoothing", 0.0, 0.0..=0.5)?,
            batch: reader.int("batch", 0, 0..=65_536)?,
            epochs: reader.int("epochs", 0, 0..=500)?,
            networks: reader.int("networks", 1, 1..=32)?,
        };
        reader.finish()?;
        Ok(settings)
    }
}

impl Settings {
    fn batch(self, rows: usize) -> usize {
        let automatic = match rows {
            0..1_000 => 32,
            1_000..5_000 => 64,
            5_000..15_000 => 128,
            15_000..100_000 => 256,
            _ => 512,
        };
        if self.batch > 0 { self.batch } else { automatic }
    }

    fn epochs(self, rows: usize) -> usize {
        let automatic = match rows {
            0..1_000 => 120,
            1_000..5_000 => 80,
            5_000..30_000 => 60,
            30_000..100_000 => 25,
            _ => 12,
        };
        if self.epochs > 0 { self.epochs } else { automatic }
    }

    fn recipe(self, numbers: usize) -> Recipe {
        let bins = if numbers * self.bins > MOST_COLUMNS {
            0
        } else {
            self.bins
        };
        Recipe {
            limit: 4.0,
            bins,
            scaled_too: true,
        }
    }
}

impl Learner for Network {
    fn name(&self) -> &'static str {
        "network"
    }

    fn title(&self) -> &'static str {
        "Neural network"
    }

    fn uses_gpu(&self) -> bool {
        true
    }

    fn portfolio(&self, shape: &Shape) -> Vec<Params> {
        let small = shape.rows < 2_000;
        // Few rows are fitted in no time, and there single networks differ most.
        let networks = |units: i64| match shape.rows {
            0..2_000 => MOST_UNITS as i64 / units,
            _ => 1,
        };
        let configuration = |layers: i64, units: i64, bins: i64, dropout: f64, rate: f64| {
            Params::from([
                ("layers".to_owned(), ParamValue::Int(layers)),
                ("units".to_owned(), ParamValue::Int(units)),
                ("activation".to_owned(), ParamValue::Text(SILU.to_owned())),
                ("bins".to_owned(), ParamValue::Int(bins)),
                ("dropout".to_owned(), ParamValue::Float(dropout)),
                ("learning_rate".to_owned(), ParamValue::Float(rate)),
                (
                    "weight_decay".to_owned(),
                    ParamValue::Float(if small { 0.02 } else { 0.1 }),
                ),
                ("networks".to_owned(), ParamValue::Int(networks(units))),
            ])
        };
        if small {
            vec![
                configuration(2, 64, 0, 0.3, 2e-3),
                configuration(2, 96, 8, 0.3, 2e-3),
            ]
        } else {
            let mut portfolio = vec![
                configuration(2, 256, 16, 0.2, 3e-3),
                configuration(3, 256, 0, 0.2, 5e-3),
                configuration(3, 256, 16, 0.2, 3e-3),
            ];
            // Many classes over numbers alone are told apart by smooth boundaries (docs/benchmarks/networks.md).
            if shape.classes > 2 && shape.categories == 0 {
                portfolio.swap(0, 1);
            }
            portfolio
        }
    }

    fn sample(&self, shape: &Shape, rng: &mut Pcg64Mcg) -> Params {
        let units = if shape.rows < 2_000 {
            [32, 64, 96, 128]
        } else {
            [128, 192, 256, 384]
        };
        let units: i64 = units[rng.random_range(0..4)];
        Params::from([
            ("layers".to_owned(), ParamValue::Int(rng.random_range(1..=3))),
            ("units".to_owned(), ParamValue::Int(units)),
            ("activation".to_owned(), ParamValue::Text(SILU.to_owned())),
            (
                "bins".to_owned(),
                ParamValue::Int([0, 8, 16, 32][rng.random_range(0..4)]),
            ),
            (
                "dropout".to_owned(),
                ParamValue::Float(rng.random_range(1..=8) as f64 / 20.0),
            ),
            (
                "learning_rate".to_owned(),
                ParamValue::Float(10f64.powf(rng.random_range(-3.0..-2.1))),
            ),
            (
                "weight_decay".to_owned(),
                ParamValue::Float(10f64.powf(rng.random_range(-2.0..-0.4))),
            ),
            (
                "label_smoothing".to_owned(),
                ParamValue::Float([0.0, 0.0, 0.05][rng.random_range(0..3)]),
            ),
            (
                "networks".to_owned(),
                ParamValue::Int(if shape.rows < 2_000 {
                    MOST_UNITS as i64 / units
                } else {
                    1
                }),
            ),
        ])
    }

    fn hastened(&self, shape: &Shape, params: &Params, share: f64) -> Option<Params> {
        let settings = Settings::try_from(params).ok()?;
        // One network less costs less accuracy than shorter training of all.
        let whole = settings.networks as f64 * share;
        let networks = (whole as usize).max(1);
        let share = (whole / networks as f64).min(1.0);
        let epochs = (settings.epochs(shape.rows) as f64 * share) as i64;
        let mut params = params.clone();
        params.insert("networks".into(), ParamValue::Int(networks as i64));
        params.insert("epochs".into(), ParamValue::Int(epochs.max(FEWEST_EPOCHS)));
        Some(params)
    }

    fn refined(&self, shape: &Shape, params: &Params, times: f64) -> Option<Params> {
        let settings = Settings::try_from(params).ok()?;
        let unhurried = Settings {
            epochs: 0,
            ..settings
        }
        .epochs(shape.rows);
        let mut params = params.clone();
        // First the passes that haste has taken away, then more networks.
        let epochs = settings.epochs(shape.rows);
        let longer = ((epochs as f64 * times) as usize).min(unhurried).max(epochs);
        let times = times * epochs as f64 / longer as f64;
        let most = (MOST_UNITS_REFINED / settings.units).max(1) as i64;
        let networks = ((settings.networks as f64 * times).round() as i64).min(most);
        params.insert("epochs".into(), ParamValue::Int(longer as i64));
        params.insert(
            "networks".into(),
            ParamValue::Int(networks.max(settings.networks as i64)),
        );
        (longer > epochs || networks > settings.networks as i64).then_some(params)
    }

    fn cost(&self, shape: &Shape, params: &Params) -> Cost {
        let Ok(settings) = Settings::try_from(params) else {
            return Cost {
                seconds: 1.0,
                bytes: 1 << 20,
            };
        };
        let numbers = shape.features - shape.categories;
        let bins = settings.recipe(numbers).bins;
        let width = (numbers * (1 + bins) + shape.categories * 12) as f64;
        let units = settings.units as f64;
        let weights = width * units
            + (settings.layers - 1) as f64 * units * units
            + units * shape.classes.max(1) as f64;
        let rows = shape.rows as f64;
        let epochs = settings.epochs(shape.rows) as f64;
        // Forward and two backward products; about 4e10 operations a second, and a fixed price a step.
        let steps = epochs * rows / settings.batch(shape.rows) as f64;
        let seconds = 0.01 + epochs * rows * weights * 6.0 / 4e10 + steps * 1e-4;
        let networks = settings.networks as f64;
        Cost {
            seconds: seconds * networks,
            bytes: (rows * width * 4.0 + weights * networks * networks * 44.0) as u64 + (4 << 20),
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
        let (dense, fit) = prepare(data, rows.fit, settings, context)?;
        let valid = Batches::new(
            data.train_view(),
            rows.valid,
            dense.matrix(data, rows.valid),
            fit.scale,
        );
        let plan = plan(settings, rows.fit.len(), settings.epochs(rows.fit.len()), context);
        let several = several(settings.networks, &fit, Some(&valid), &plan, context)?;
        let predictor = predictor(&data.train.target, dense, settings.activation, several.network);
        let valid_outputs = scoring::outputs(&predictor, data, rows.valid, context.pool);
        Ok(Fitted {
            predictor,
            valid_outputs,
            rounds: several.epochs,
            stop: several.stop,
            curve: several.curve,
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
        let (dense, fit) = prepare(data, rows, settings, context)?;
        // The rate falls to nothing by the last round: the best round of a fit is nearly always near its end.
        let plan = plan(settings, rows.len(), rounds.max(1), context);
        let several = several(settings.networks, &fit, None, &plan, context)?;
        Ok(predictor(
            &data.train.target,
            dense,
            settings.activation,
            several.network,
        ))
    }
}

/// The mean of several networks.
struct Several {
    network: model::estimator::network::Network,
    /// Mean of their best epochs.
    epochs: usize,
    stop: Stop,
    /// Of the first.
    curve: Vec<(u32, f64)>,
}

/// Trains one network after the other, each in its share of the time left. When that ends before all are there, those that
/// are there answer.
fn several(
    count: usize,
    fit: &Batches,
    valid: Option<&Batches>,
    plan: &Plan,
    context: &Context<'_>,
) -> Result<Several, Error> {
    let mut done: Vec<Trained> = Vec::with_capacity(count);
    for number in 0..count {
        let now = context.clock.now();
        let own = Context {
            deadline: now + context.deadline.saturating_sub(now) / (count - number) as u32,
            seed: context.seed.wrapping_add(number as u64 * 0x9E37_79B9),
            ..*context
        };
        let plan = Plan {
            start: if number == 0 { plan.start } else { now },
            number: number as u32,
            ..plan.clone()
        };
        match trained(fit, valid, &plan, &own) {
            Ok(trained) => done.push(trained),
            Err(Error::Deadline) if !done.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    let (offset, scale) = fit.scale;
    let networks: Vec<_> = done.iter().map(|one| one.layers.export(offset, scale)).collect();
    let is_late = done.len() < count || done.iter().any(|one| one.stop == Stop::Deadline);
    let epochs: usize = done.iter().map(|one| one.epochs).sum();
    Ok(Several {
        network: merge::mean(&networks),
        epochs: epochs.div_ceil(done.len().max(1)),
        stop: if is_late {
            Stop::Deadline
        } else {
            done.first().map_or(Stop::Finished, |one| one.stop)
        },
        curve: done.into_iter().next().map(|one| one.curve).unwrap_or_default(),
    })
}

/// Trains where the context says, inside its pool.
fn trained(
    fit: &Batches,
    valid: Option<&Batches>,
    plan: &Plan,
    context: &Context<'_>,
) -> Result<Trained, Error> {
    context.pool.install(|| {
        train_on(context.device, plan.batch, &mut |place, batch| {
            let plan = Plan {
                batch,
                ..plan.clone()
            };
            train(fit, valid, &plan, place, context)
        })
    })
}

fn prepare(
    data: &Prepared,
    rows: &[u32],
    settings: Settings,
    context: &Context<'_>,
) -> Result<(DenseFit, Batches), Error> {
    if context.is_cancelled() {
        return Err(Error::Cancelled);
    }
    if context.expired() {
        return Err(Error::Deadline);
    }
    let shape = data.shape();
    let dense = dense::fit(
        data,
        rows,
        &settings.recipe(shape.features - shape.categories),
        context.seed,
    );
    let scale = match &data.train.target {
        Target::Values(values) => scoring::center_and_scale(values, data.train_view().weights, rows),
        Target::Classes { .. } => (0.0, 1.0),
    };
    let batches = Batches::new(data.train_view(), rows, dense.fit_matrix(data, rows), scale);
    Ok((dense, batches))
}

fn plan(settings: Settings, rows: usize, epochs: usize, context: &Context<'_>) -> Plan {
    Plan {
        hidden: vec![settings.units; settings.layers],
        activation: settings.activation,
        dropout: settings.dropout as f32,
        rate: settings.rate as f32,
        weight_decay: settings.weight_decay as f32,
        smoothing: settings.smoothing as f32,
        batch: settings.batch(rows).min(rows.max(1)),
        epochs,
        start: context.clock.now(),
        number: 0,
    }
}

fn predictor(
    target: &Target,
    dense: DenseFit,
    activation: Activation,
    network: model::estimator::network::Network,
) -> Predictor {
    let link = if matches!(target, Target::Classes { .. }) {
        Link::Softmax
    } else {
        Link::Identity
    };
    Predictor {
        dense: Some(dense.dense),
        estimator: match activation {
            Activation::Relu => Estimator::Network(network),
            Activation::Silu => Estimator::Smooth(network),
        },
        link,
    }
}
