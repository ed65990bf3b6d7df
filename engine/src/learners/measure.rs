//! How good and how fast a learner is on the public data sets: by hand, it decides nothing.
//!
//! `AUTOML_MEASURE="letter letter network 20 units=384" cargo test -p engine --lib measure -- --ignored --nocapture`
//! (data set, target, learner, seconds, then hyperparameters).

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::{Fitted, FoldRows, Learner, ParamValue, Params, by_name, loss};
use crate::context::{Clock, Context};
use crate::metrics::Metric;
use crate::plan::{Aim, Prepared, prepare};
use crate::profile::{Options, profile};
use crate::read::{ReadOptions, read};
use crate::settings::{Preset, Settings, Validation};

struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

fn prepared(set: &str, target: &str) -> Option<Prepared> {
    let fallback = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("AUTOML_SHARED_DATA").map_or_else(fallback, PathBuf::from);
    let plain = data.join(set).join("train.csv");
    let path = if plain.exists() {
        plain
    } else {
        data.join(set).join("train.csv.gz")
    };
    let bytes = std::fs::read(path).ok()?;
    let table = read(&bytes, "train.csv", &ReadOptions::default()).expect("the table is read");
    let options = Options {
        target: Some(target.to_owned()),
        threads: 2,
    };
    let profile = profile(&table, &options).expect("the table is profiled");
    let settings = Settings {
        target: target.to_owned(),
        problem: None,
        metric: None,
        budget: Duration::from_secs(60),
        preset: Preset::Balanced,
        validation: Validation::Holdout,
        weights: None,
        threads: 2,
        memory_bytes: 1 << 34,
        seed: 1,
        exclude: Vec::new(),
        roles: std::collections::BTreeMap::new(),
        learners: Vec::new(),
        max_trials: None,
        seen_trials: 0,
        threshold: None,
        monotone: Vec::new(),
        max_latency: None,
    };
    Some(prepare(&table, &profile, &settings).expect("the table is prepared"))
}

/// A fit on the first fold with two threads, and the seconds that it took.
fn fit(data: &Prepared, learner: &dyn Learner, params: &Params, seconds: f64) -> (Fitted, f64) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .expect("threads start");
    let (clock, cancelled) = (Wall(Instant::now()), AtomicBool::new(false));
    let context = Context {
        clock: &clock,
        deadline: Duration::from_secs_f64(seconds),
        cancelled: &cancelled,
        device: crate::Device::Cpu,
        pace: crate::Pace::default(),
        pool: &pool,
        seed: 1,
        progress: &|_| {},
    };
    let rows = FoldRows {
        fit: &data.folds[0].fit,
        valid: &data.folds[0].valid,
    };
    let fitted = learner.fit(data, rows, params, &context).expect("fits");
    (fitted, clock.now().as_secs_f64())
}

fn value(text: &str) -> ParamValue {
    if let Ok(flag) = text.parse() {
        return ParamValue::Flag(flag);
    }
    match (text.parse(), text.parse()) {
        (Ok(whole), _) => ParamValue::Int(whole),
        (_, Ok(number)) => ParamValue::Float(number),
        _ => ParamValue::Text(text.to_owned()),
    }
}

#[test]
#[ignore = "a measurement, for people"]
fn measure() {
    let wish = std::env::var("AUTOML_MEASURE").unwrap_or_else(|_| "letter letter network 20".to_owned());
    let words: Vec<&str> = wish.split_whitespace().collect();
    let [set, target, learner, seconds, changes @ ..] = words.as_slice() else {
        panic!("data set, target, learner, seconds");
    };
    let Some(data) = prepared(set, target) else {
        eprintln!("{set} is not here: skipped");
        return;
    };
    let learner = by_name(learner).expect("a learner's name");
    let mut params: Params = learner.portfolio(&data.shape()).swap_remove(0);
    for change in changes {
        let (name, text) = change.split_once('=').expect("name=value");
        params.insert(name.to_owned(), value(text));
    }
    let (fitted, took) = fit(&data, learner, &params, seconds.parse().expect("seconds"));
    let fold = &data.folds[0];
    let all: Vec<u32> = (0..data.holdout.rows as u32).collect();
    let answers = fitted.predictor.predict(&data.holdout.features, &all);
    let valid = loss::of_outputs(&data.train.target, &fold.valid, &fitted.valid_outputs);
    let holdout = loss::of_outputs(&data.holdout.target, &all, &answers);
    let cost = learner.cost(&data.shape(), &params).seconds;
    eprintln!(
        "{wish}: {params:?}\n  valid {valid:.5} holdout {holdout:.5} rounds {} {:?} in {took:.2} s (cost {cost:.2} s)",
        fitted.rounds, fitted.stop
    );
    eprintln!(
        "  curve {:?}",
        fitted
            .curve
            .iter()
            .map(|point| (point.0, (point.1 * 1e4).round() / 1e4))
            .collect::<Vec<_>>()
    );
}

/// What aiming at the median is worth where the mean absolute error is the metric.
#[test]
#[ignore = "a measurement, for people"]
fn measure_aims() {
    for (set, target) in [
        ("cal_housing", "median_house_value"),
        ("nyc_flights", "arr_delay"),
    ] {
        let Some(mut data) = prepared(set, target) else {
            eprintln!("{set} is not here: skipped");
            continue;
        };
        // A part of the large one: so many rows are enough to tell.
        data.folds[0].fit.truncate(40_000);
        let learner = by_name("gradient_boosting").expect("boosting");
        let all: Vec<u32> = (0..data.holdout.rows as u32).collect();
        for (place, params) in learner.portfolio(&data.shape()).iter().take(4).enumerate() {
            let mut figure = |aim| {
                data.aim = aim;
                let (fitted, took) = fit(&data, learner, params, 300.0);
                let answers = fitted.predictor.predict(&data.holdout.features, &all);
                let of = |metric: Metric| metric.evaluate(data.holdout_view(), &answers).expect("a figure");
                let (mae, rmse) = (of(Metric::Mae), of(Metric::Rmse));
                eprintln!(
                    "{set} {place} {aim:?}: MAE {mae:.4}, RMSE {rmse:.4}, {} rounds in {took:.1} s",
                    fitted.rounds
                );
                mae
            };
            let (mean, median) = (figure(Aim::Mean), figure(Aim::Quantile(50)));
            eprintln!(
                "{set} {place}: the median has {:.3} of the mean's error",
                median / mean
            );
        }
    }
}
