//! Random forests, and what they share with extra trees.

use model::{Estimator, Link, Predictor};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use super::params::Reader;
use super::{Cost, Fitted, FoldRows, Learner, ParamValue, Params};
use crate::context::Context;
use crate::error::Error;
use crate::plan::{Prepared, Shape};
use crate::trees::{Bagging, DeepLimits, Monotone, bag};

/// The learner.
pub struct RandomForest;

/// Which of the two kinds of forest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bootstrapped rows, the best split of some features.
    Random,
    /// All rows, the best of random splits of some features.
    Extra,
}

impl Learner for RandomForest {
    fn name(&self) -> &'static str {
        "random_forest"
    }

    fn title(&self) -> &'static str {
        "Random forest"
    }

    fn is_mean_of_trees(&self) -> bool {
        true
    }

    fn keeps_monotone(&self) -> bool {
        true
    }

    fn portfolio(&self, shape: &Shape) -> Vec<Params> {
        let root = root_share(shape.features);
        if shape.problem.is_classification() {
            vec![
                configuration(300, 3, root),
                configuration(300, 1, root),
                configuration(200, 10, 0.5),
            ]
        } else {
            vec![
                configuration(300, 3, 0.4_f64.max(root)),
                configuration(200, 8, 0.8),
            ]
        }
    }

    fn sample(&self, shape: &Shape, rng: &mut Pcg64Mcg) -> Params {
        random_configuration(shape, rng)
    }

    fn hastened(&self, _shape: &Shape, params: &Params, share: f64) -> Option<Params> {
        fewer_trees(params, share)
    }

    fn cost(&self, shape: &Shape, params: &Params) -> Cost {
        cost(Kind::Random, shape, params)
    }

    fn fit(
        &self,
        data: &Prepared,
        rows: FoldRows<'_>,
        params: &Params,
        context: &Context<'_>,
    ) -> Result<Fitted, Error> {
        fit(Kind::Random, data, rows, params, context)
    }

    fn refit(
        &self,
        data: &Prepared,
        rows: &[u32],
        params: &Params,
        rounds: usize,
        context: &Context<'_>,
    ) -> Result<Predictor, Error> {
        refit(Kind::Random, data, rows, params, rounds, context)
    }
}

/// Fits a forest of that kind.
///
/// # Errors
/// As `Learner::fit`.
pub fn fit(
    kind: Kind,
    data: &Prepared,
    rows: FoldRows<'_>,
    params: &Params,
    context: &Context<'_>,
) -> Result<Fitted, Error> {
    let settings = bound(read(kind, params, &data.shape())?, data);
    let binned = context.pool.install(|| data.binned());
    let bagged = bag(binned, data.train_view(), rows, &settings, context)?;
    let rounds = bagged.forest.trees.len();
    let predictor = Predictor {
        dense: None,
        estimator: Estimator::Forest(bagged.forest),
        link: Link::Identity,
    };
    Ok(Fitted {
        predictor,
        valid_outputs: bagged.valid_raw,
        rounds,
        stop: bagged.stop,
        curve: bagged.curve,
    })
}

/// Fits a forest of `rounds` trees without validation rows.
///
/// # Errors
/// As `Learner::refit`.
pub fn refit(
    kind: Kind,
    data: &Prepared,
    rows: &[u32],
    params: &Params,
    rounds: usize,
    context: &Context<'_>,
) -> Result<Predictor, Error> {
    let settings = Bagging {
        trees: rounds.max(1),
        ..bound(read(kind, params, &data.shape())?, data)
    };
    let binned = context.pool.install(|| data.binned());
    let bagged = bag(
        binned,
        data.train_view(),
        FoldRows {
            fit: rows,
            valid: &[],
        },
        &settings,
        context,
    )?;
    Ok(Predictor {
        dense: None,
        estimator: Estimator::Forest(bagged.forest),
        link: Link::Identity,
    })
}

/// Fewer trees would vary too much.
const FEWEST_TREES: i64 = 40;

/// The configuration with `share` of its trees.
pub fn fewer_trees(params: &Params, share: f64) -> Option<Params> {
    let Some(ParamValue::Int(trees)) = params.get("trees") else {
        return None;
    };
    let fewer = ((*trees as f64 * share) as i64).max(FEWEST_TREES).min(*trees);
    let mut params = params.clone();
    params.insert("trees".into(), ParamValue::Int(fewer));
    Some(params)
}

/// Expected time and memory of a forest: each level of a tree passes over all rows once a feature looked at.
pub fn cost(kind: Kind, shape: &Shape, params: &Params) -> Cost {
    let Ok(settings) = read(kind, params, shape) else {
        return Cost {
            seconds: 0.0,
            bytes: 0,
        };
    };
    let rows = shape.rows.max(2) as f64;
    let least = settings.limits.min_rows.max(1) as f64;
    let levels = (rows / least).log2().max(1.0) * if kind == Kind::Extra { 1.4 } else { 1.1 };
    let channels = if shape.classes > 2 {
        shape.classes as f64
    } else {
        1.0
    };
    let features = settings.limits.features as f64;
    // Small nodes cost more by their scans, the more channels there are.
    let visit = 3e-9 + 4e-9 / least.sqrt() * (1.0 + channels / 8.0);
    let trees = settings.trees as f64;
    let values = rows / least * (32.0 + 8.0 * shape.classes.max(1) as f64);
    Cost {
        seconds: trees * rows * levels * features * visit,
        bytes: (trees * values).min(100e6) as u64 + 1,
    }
}

/// A random configuration.
pub fn random_configuration(shape: &Shape, rng: &mut Pcg64Mcg) -> Params {
    let least = if shape.rows > 50_000 { 2.0_f64 } else { 1.0 };
    let min_rows = rng.random_range(least.ln()..20.0_f64.ln()).exp().round() as i64;
    let low = root_share(shape.features) * 0.5;
    configuration(300, min_rows, rng.random_range(low..1.0))
}

/// Parameters of a forest.
pub fn configuration(trees: i64, min_rows: i64, feature_fraction: f64) -> Params {
    Params::from([
        ("trees".into(), ParamValue::Int(trees)),
        ("min_rows".into(), ParamValue::Int(min_rows)),
        ("feature_fraction".into(), ParamValue::Float(feature_fraction)),
    ])
}

/// The square root of the number of features, as a share of them.
pub fn root_share(features: usize) -> f64 {
    let features = features.max(1) as f64;
    features.sqrt() / features
}

/// With what the data ask of every fit.
fn bound(mut settings: Bagging, data: &Prepared) -> Bagging {
    settings.limits.monotone = Monotone::new(&data.monotone);
    settings
}

fn read(kind: Kind, params: &Params, shape: &Shape) -> Result<Bagging, Error> {
    let mut reader = Reader::new(params);
    let share = reader.float("feature_fraction", root_share(shape.features), 0.0..=1.0)?;
    let features = (share * shape.features as f64).round() as usize;
    let settings = Bagging {
        trees: reader.int("trees", 300, 1..=100_000)?,
        bootstrap: reader.flag("bootstrap", kind == Kind::Random)?,
        limits: DeepLimits {
            min_rows: reader.int("min_rows", 3, 1..=1_000_000)?,
            max_depth: reader.int("max_depth", 0, 0..=1000)?,
            features: features.clamp(1, shape.features.max(1)),
            extra_random: kind == Kind::Extra,
            monotone: Monotone::default(),
        },
    };
    reader.finish()?;
    Ok(settings)
}
