//! Gradient boosting on histogram trees.

use model::{Link, Predictor};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use super::params::Reader;
use super::widen::{Wish, widen};
use super::{Cost, Fitted, FoldRows, Learner, ParamValue, Params, Stop};
use crate::context::Context;
use crate::error::Error;
use crate::plan::{Aim, Prepared, Shape};
use crate::trees::{Boosting, Growth, Limits, MAX_DEPTH, Monotone, boost};

/// The learner.
pub struct GradientBoosting;

/// Most rounds of any configuration; early stopping or the deadline ends most fits before.
const ROUNDS: usize = 5000;
/// Largest learning rate that haste may choose.
const HASTIEST_RATE: f64 = 0.2;
/// Slowest learning rate that refinement chooses: below, rounds grow and nothing else does.
const SLOWEST_RATE: f64 = 0.01;
/// Rounds of symmetric trees for one of leaf-wise ones: their one question a level fits less.
const SYMMETRIC_ROUNDS: f64 = 2.5;
/// Rounds until convergence times the rate, from which on trees are too small for what there is to learn, and up to which they are
/// too large for the rows.
const HUNGRY_ROUNDS: f64 = 80.0;
const SATED_ROUNDS: f64 = 4.0;
/// Rows above which large trees are worth their time.
const LARGE_ROWS: usize = 50_000;

impl Learner for GradientBoosting {
    fn name(&self) -> &'static str {
        "gradient_boosting"
    }

    fn title(&self) -> &'static str {
        "Gradient boosting"
    }

    fn keeps_monotone(&self) -> bool {
        true
    }

    fn aims_at_quantiles(&self) -> bool {
        true
    }

    fn portfolio(&self, shape: &Shape) -> Vec<Params> {
        // After AutoGluon's learned CPU portfolio of 2025-12-18, with the default first.
        let mut list = vec![
            configuration(0.1, 31, 20, 1.0, 1.0, false),
            configuration(0.03, 64, 10, 0.46, 1.0, true),
            configuration(0.03, 84, 12, 0.53, 0.9, false),
            configuration(0.05, 8, 20, 0.8, 0.9, false),
            configuration(0.05, 16, 5, 0.6, 0.8, true),
            configuration(0.02, 50, 40, 0.7, 0.75, false),
        ];
        if shape.rows > LARGE_ROWS {
            list.insert(1, configuration(0.1, 256, 20, 0.8, 0.9, false));
            list.push(configuration(0.05, 512, 10, 0.6, 0.8, false));
        } else if shape.rows < 1000 {
            // Leaves of twenty rows leave little to learn from few rows.
            list.insert(1, configuration(0.05, 8, 5, 0.6, 0.8, false));
        }
        // Symmetric trees err differently; on categories they are often the best.
        let place = if 2 * shape.categories >= shape.features {
            1
        } else {
            2
        };
        let depth = if shape.rows > LARGE_ROWS { 8 } else { 6 };
        list.insert(place, symmetric(depth));
        for (place, params) in list.iter_mut().enumerate() {
            // Some have them and some have not: what they bring depends on the data, and unlike members help each other.
            wishes(shape, params, place % 2 == 1, matches!(place, 1 | 2 | 4));
        }
        list
    }

    fn sample(&self, shape: &Shape, rng: &mut Pcg64Mcg) -> Params {
        let most_leaves: f64 = if shape.rows > LARGE_ROWS { 512.0 } else { 200.0 };
        let rate = log_uniform(rng, 0.01, 0.1);
        let leaves = log_uniform(rng, 4.0, most_leaves).round() as i64;
        let min_rows = log_uniform(rng, 2.0, 64.0).round() as i64;
        let features = rng.random_range(0.4..1.0);
        let rows = rng.random_range(0.7..1.0);
        let mut params = configuration(rate, leaves, min_rows, features, rows, rng.random_bool(0.5));
        let is_symmetric = rng.random_bool(0.25);
        let (growth, depth, l2) = if is_symmetric {
            (
                SYMMETRIC,
                rng.random_range(4..=MAX_DEPTH as i64),
                log_uniform(rng, 0.5, 10.0),
            )
        } else {
            (LEAF_WISE, 0, log_uniform(rng, 1e-3, 2.0))
        };
        params.insert("growth".into(), ParamValue::Text(growth.into()));
        params.insert("max_depth".into(), ParamValue::Int(depth));
        params.insert("l2".into(), ParamValue::Float(l2));
        wishes(shape, &mut params, rng.random_bool(0.5), rng.random_bool(0.5));
        params.insert(
            "category_smooth".into(),
            ParamValue::Float(log_uniform(rng, 0.1, 100.0)),
        );
        params
    }

    fn hastened(&self, shape: &Shape, params: &Params, share: f64) -> Option<Params> {
        // The rounds until early stopping go with one over the rate.
        let rate = read(params, shape.rows).ok()?.learning_rate;
        if rate >= HASTIEST_RATE {
            return None;
        }
        Some(with_rate(params, (rate / share).min(HASTIEST_RATE)))
    }

    fn refined(&self, shape: &Shape, params: &Params, times: f64) -> Option<Params> {
        let rate = read(params, shape.rows).ok()?.learning_rate;
        (rate > SLOWEST_RATE).then(|| with_rate(params, (rate / times).max(SLOWEST_RATE)))
    }

    fn resized(&self, shape: &Shape, params: &Params, rounds: usize) -> Option<Params> {
        let settings = read(params, shape.rows).ok()?;
        if settings.limits.growth == Growth::Symmetric {
            return None;
        }
        // At a rate of 1 the same would take so many.
        let rounds = rounds as f64 * settings.learning_rate;
        let mut params = if rounds >= HUNGRY_ROUNDS {
            configuration(0.1, 128, 5, 0.8, 1.0, false)
        } else if rounds <= SATED_ROUNDS {
            configuration(0.03, 5, 20, 0.5, 0.8, false)
        } else {
            return None;
        };
        wishes(shape, &mut params, false, false);
        Some(params)
    }

    fn cost(&self, shape: &Shape, params: &Params) -> Cost {
        let Ok(settings) = read(params, shape.rows) else {
            return Cost {
                seconds: 0.0,
                bytes: 0,
            };
        };
        let outputs = if shape.classes > 2 { shape.classes } else { 1 };
        let added = Wish::of(params).most_columns(shape);
        let (rows, width) = (
            shape.rows as f64,
            (shape.features + added) as f64 * settings.feature_fraction,
        );
        let is_symmetric = settings.limits.growth == Growth::Symmetric;
        let leaves = if is_symmetric {
            (1_u32 << settings.limits.max_depth) as f64
        } else {
            settings.limits.leaves as f64
        };
        // A level of rows a doubling of leaves, half of them summed, and the scan of every leaf's bins.
        let sums = rows * settings.row_fraction * (width * 0.9e-9 * (1.0 + leaves.log2() / 3.0) + 30e-9);
        let scans = leaves * width * 200.0 * 2.0e-9;
        // Early stopping comes after a number of rounds that grows as the rate falls.
        let slowness = if is_symmetric { SYMMETRIC_ROUNDS } else { 1.0 };
        let rounds = (25.0 * slowness / settings.learning_rate).min(settings.rounds as f64);
        let histograms = (leaves * width * 2048.0).min(600e6);
        let mut rows_bytes = rows * outputs as f64 * 8.0 + rows * 24.0;
        if added > 0 {
            // The rows once more with what is added, in both layouts.
            rows_bytes += rows * (2 * (shape.features + added)) as f64;
        }
        Cost {
            seconds: rounds * outputs as f64 * (sums + scans) + Wish::of(params).seconds(shape),
            bytes: (histograms + rows_bytes) as u64,
        }
    }

    fn fit(
        &self,
        data: &Prepared,
        rows: FoldRows<'_>,
        params: &Params,
        context: &Context<'_>,
    ) -> Result<Fitted, Error> {
        if rows.valid.is_empty() {
            return Err(Error::Input(
                "gradient boosting needs validation rows to know when to stop".into(),
            ));
        }
        let settings = bound(read(params, rows.fit.len())?, data);
        let binned = context.pool.install(|| data.binned());
        let widening = widen(data, rows.fit, Wish::of(params), context)?;
        let boosted = boost(widening.rows(binned), data.train_view(), rows, &settings, context)?;
        let link = link(data);
        let valid_outputs = outputs(link, &boosted.valid_raw, boosted.forest.base.len());
        let predictor = Predictor {
            dense: None,
            estimator: widening.estimator(data, boosted.forest),
            link,
        };
        Ok(Fitted {
            predictor,
            valid_outputs,
            rounds: boosted.rounds,
            stop: boosted.stop,
            curve: boosted.curve,
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
        let settings = Boosting {
            rounds: rounds.max(1),
            ..bound(read(params, rows.len())?, data)
        };
        let binned = context.pool.install(|| data.binned());
        let widening = widen(data, rows, Wish::of(params), context)?;
        let boosted = boost(
            widening.rows(binned),
            data.train_view(),
            FoldRows {
                fit: rows,
                valid: &[],
            },
            &settings,
            context,
        )?;
        if boosted.stop == Stop::Deadline {
            // Half of the rounds are another model than the one that was chosen.
            return Err(Error::Deadline);
        }
        Ok(Predictor {
            dense: None,
            estimator: widening.estimator(data, boosted.forest),
            link: link(data),
        })
    }
}

fn with_rate(params: &Params, rate: f64) -> Params {
    let mut params = params.clone();
    let rounded = (rate * 1e4).round() / 1e4;
    params.insert("learning_rate".into(), ParamValue::Float(rounded));
    params
}

/// Outputs of rows from their raw scores, both row-major.
fn outputs(link: Link, raw: &[f64], raw_outputs: usize) -> Vec<f64> {
    let width = link.outputs(raw_outputs);
    let mut outputs = vec![0.0; raw.len() / raw_outputs * width];
    for (raw, outputs) in raw.chunks(raw_outputs).zip(outputs.chunks_mut(width)) {
        link.apply(raw, outputs);
    }
    outputs
}

fn link(data: &Prepared) -> Link {
    match data.outputs() {
        1 => Link::Identity,
        2 => Link::Logistic,
        _ => Link::Softmax,
    }
}

fn configuration(rate: f64, leaves: i64, min_rows: i64, features: f64, rows: f64, extra: bool) -> Params {
    Params::from([
        ("learning_rate".into(), ParamValue::Float(rate)),
        ("leaves".into(), ParamValue::Int(leaves)),
        ("min_rows".into(), ParamValue::Int(min_rows)),
        ("feature_fraction".into(), ParamValue::Float(features)),
        ("row_fraction".into(), ParamValue::Float(rows)),
        ("extra_random".into(), ParamValue::Flag(extra)),
    ])
}

/// Names of the growths.
const LEAF_WISE: &str = "leaf_wise";
const SYMMETRIC: &str = "symmetric";

/// Symmetric trees as CatBoost has them by default, at a faster rate.
fn symmetric(depth: i64) -> Params {
    Params::from([
        ("growth".into(), ParamValue::Text(SYMMETRIC.into())),
        ("learning_rate".into(), ParamValue::Float(0.1)),
        ("max_depth".into(), ParamValue::Int(depth)),
        ("min_rows".into(), ParamValue::Int(1)),
        ("l2".into(), ParamValue::Float(3.0)),
    ])
}

/// What a configuration asks for beside the features, where the data may have it.
fn wishes(shape: &Shape, params: &mut Params, crosses: bool, target_statistics: bool) {
    if shape.features > shape.categories + 1 {
        params.insert("crosses".into(), ParamValue::Flag(crosses));
    }
    if shape.categories > 0 {
        params.insert("target_statistics".into(), ParamValue::Flag(target_statistics));
    }
}

/// Checks parameters; defaults that depend on the data are for `rows` rows.
fn read(params: &Params, rows: usize) -> Result<Boosting, Error> {
    let mut reader = Reader::new(params);
    let learning_rate = reader.float("learning_rate", 0.1, 1e-4..=1.0)?;
    // Slower learning needs more patience to tell a plateau from the end.
    let patience = ((5.0 / learning_rate) as usize).clamp(30, 250);
    // On few rows a category of ten rows is already much.
    let few = (rows as f64 / 100.0).clamp(1.0, 10.0);
    let defaults = Limits::default();
    let (growth, max_depth) = growth(&mut reader)?;
    let settings = Boosting {
        learning_rate,
        rounds: reader.int("rounds", ROUNDS, 1..=100_000)?,
        patience: reader.int("patience", patience, 1..=100_000)?,
        feature_fraction: reader.float("feature_fraction", 1.0, 0.01..=1.0)?,
        row_fraction: reader.float("row_fraction", 1.0, 0.05..=1.0)?,
        aim: Aim::Mean,
        limits: Limits {
            growth,
            leaves: reader.int("leaves", defaults.leaves, 2..=65_536)?,
            max_depth,
            min_rows: reader.int("min_rows", defaults.min_rows, 1..=1_000_000)?,
            min_hessian: reader.float("min_hessian", defaults.min_hessian, 0.0..=1e9)?,
            l2: reader.float("l2", 0.0, 0.0..=1e9)?,
            min_gain: reader.float("min_gain", 0.0, 0.0..=1e12)?,
            extra_random: reader.flag("extra_random", false)?,
            category_smooth: reader.float("category_smooth", few, 0.0..=1e6)?,
            category_l2: reader.float("category_l2", defaults.category_l2, 0.0..=1e6)?,
            category_group_rows: reader.int("category_group_rows", (10.0 * few) as usize, 1..=1_000_000)?,
            one_against_rest: reader.int("one_against_rest", defaults.one_against_rest, 1..=256)?,
            monotone: Monotone::default(),
        },
    };
    Wish::take(&mut reader)?;
    reader.finish()?;
    Ok(settings)
}

/// With what the data ask of every fit.
fn bound(mut settings: Boosting, data: &Prepared) -> Boosting {
    settings.aim = data.aim;
    settings.limits.monotone = Monotone::new(&data.monotone);
    settings
}

fn growth(reader: &mut Reader<'_>) -> Result<(Growth, usize), Error> {
    let growths = [(LEAF_WISE, Growth::LeafWise), (SYMMETRIC, Growth::Symmetric)];
    let growth = reader.choice("growth", &growths)?;
    let max_depth = match growth {
        Growth::LeafWise => reader.int("max_depth", 0, 0..=1000)?,
        Growth::Symmetric => match reader.int("max_depth", 6, 0..=MAX_DEPTH)? {
            0 => MAX_DEPTH,
            depth => depth,
        },
    };
    Ok((growth, max_depth))
}

fn log_uniform(rng: &mut Pcg64Mcg, low: f64, high: f64) -> f64 {
    rng.random_range(low.ln()..high.ln()).exp()
}
