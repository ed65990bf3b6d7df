//! What every learner of `LEARNERS` has to keep, on small tables of every problem.

mod configurations;
mod replay;
mod weights;

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use model::frame::MISSING_CODE;
use model::{Column, Frame, ProblemType};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::{Fitted, FoldRows, LEARNERS, Learner, ParamValue, Params};
use crate::context::{Clock, Context};
use crate::error::Error;
use crate::plan::{Aim, ColumnPlan, Prepared, prepare_frame};
use crate::profile::Role;
use crate::settings::{Preset, Settings, Validation};

const PROBLEMS: [ProblemType; 3] = [
    ProblemType::Binary,
    ProblemType::Multiclass,
    ProblemType::Regression,
];

/// The same, and regressions of quantiles.
const AIMS: [(ProblemType, Aim); 5] = [
    (ProblemType::Binary, Aim::Mean),
    (ProblemType::Multiclass, Aim::Mean),
    (ProblemType::Regression, Aim::Mean),
    (ProblemType::Regression, Aim::Quantile(50)),
    (ProblemType::Regression, Aim::Quantile(90)),
];

struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

fn settings() -> Settings {
    Settings {
        target: "y".to_owned(),
        problem: None,
        metric: None,
        budget: Duration::from_secs(30),
        preset: Preset::Balanced,
        validation: Validation::Folds(3),
        weights: None,
        threads: 1,
        memory_bytes: 1 << 32,
        seed: 5,
        exclude: Vec::new(),
        roles: std::collections::BTreeMap::new(),
        learners: Vec::new(),
        max_trials: None,
        seen_trials: 0,
        threshold: None,
        monotone: Vec::new(),
        max_latency: None,
    }
}

/// A table with numbers, blanks, infinities, a number that is nearly constant, and categories of few and many values.
fn table(problem: ProblemType, rows: usize, numbers: usize) -> Prepared {
    let mut rng = Pcg64Mcg::seed_from_u64(11);
    let mut columns: Vec<Column> = Vec::new();
    let mut names = Vec::new();
    for number in 0..numbers {
        let values = (0..rows)
            .map(|_| {
                if rng.random_bool(0.1) {
                    f64::NAN
                } else {
                    rng.random_range(-2.0..2.0)
                }
            })
            .collect();
        columns.push(Column::Number(values));
        names.push(format!("x{number}"));
    }
    let mut nearly_constant = vec![1.0; rows];
    nearly_constant[rows / 2] = f64::INFINITY;
    columns.push(Column::Number(nearly_constant));
    names.push("nearly constant".to_owned());
    for (name, values) in [("few", 3u32), ("many", 60)] {
        let codes = (0..rows)
            .map(|_| {
                if rng.random_bool(0.1) {
                    MISSING_CODE
                } else {
                    rng.random_range(0..values)
                }
            })
            .collect();
        columns.push(Column::Text {
            codes,
            dictionary: (0..values).map(|value| format!("value {value}")).collect(),
        });
        names.push(name.to_owned());
    }
    let target = target(problem, &columns, rows, &mut rng);
    columns.push(target);
    names.push("y".to_owned());
    let plan = |column: &Column| ColumnPlan {
        role: if matches!(column, Column::Number(_)) {
            Role::Number
        } else {
            Role::Category
        },
        reason: String::new(),
        date: None,
    };
    let plans: Vec<ColumnPlan> = columns.iter().map(plan).collect();
    prepare_frame(&Frame { names, columns, rows }, &plans, problem, &settings())
        .expect("the table can be prepared")
}

fn target(problem: ProblemType, columns: &[Column], rows: usize, rng: &mut Pcg64Mcg) -> Column {
    let Column::Number(first) = &columns[0] else {
        unreachable!("the first column is a number")
    };
    let signal: Vec<f64> = first
        .iter()
        .map(|value| if value.is_nan() { 0.0 } else { *value } + rng.random_range(-0.3..0.3))
        .collect();
    match problem {
        ProblemType::Regression => {
            Column::Number(signal.iter().map(|value| 1_000.0 + 50.0 * value).collect())
        }
        ProblemType::Binary => Column::Number(signal.iter().map(|value| f64::from(*value > 0.3)).collect()),
        ProblemType::Multiclass => {
            let class = |value: &f64| (*value > -0.7) as u32 + (*value > 0.7) as u32;
            let dictionary = vec!["low".to_owned(), "middle".to_owned(), "high".to_owned()];
            Column::Text {
                codes: signal[..rows].iter().map(class).collect(),
                dictionary,
            }
        }
    }
}

struct Attempt {
    threads: usize,
    limit: Duration,
    cancelled: bool,
}

const CALM: Attempt = Attempt {
    threads: 2,
    limit: Duration::from_secs(60),
    cancelled: false,
};

impl Attempt {
    fn context<T>(&self, run: impl FnOnce(&Context<'_>) -> T) -> T {
        let clock = Wall(Instant::now());
        let cancelled = AtomicBool::new(self.cancelled);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .expect("threads start");
        let progress = |_| {};
        run(&Context {
            clock: &clock,
            deadline: self.limit,
            cancelled: &cancelled,
            device: crate::Device::Cpu,
            pace: crate::Pace::default(),
            pool: &pool,
            seed: 3,
            progress: &progress,
        })
    }

    fn fit(&self, learner: &dyn Learner, data: &Prepared, params: &Params) -> Result<Fitted, Error> {
        let rows = FoldRows {
            fit: &data.folds[0].fit,
            valid: &data.folds[0].valid,
        };
        self.context(|context| learner.fit(data, rows, params, context))
    }
}

fn first(learner: &dyn Learner, data: &Prepared) -> Params {
    learner
        .portfolio(&data.shape())
        .first()
        .cloned()
        .expect("a portfolio has an entry")
}

#[test]
fn outputs_are_the_predictors_and_sum_to_one() {
    for problem in PROBLEMS {
        for rows in [30, 400] {
            let data = table(problem, rows, 3);
            for learner in LEARNERS {
                let what = format!("{} {problem:?} {rows}", learner.name());
                let fitted = CALM
                    .fit(*learner, &data, &first(*learner, &data))
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
                let valid = &data.folds[0].valid;
                assert_eq!(fitted.valid_outputs.len(), valid.len() * data.outputs(), "{what}");
                assert!(
                    fitted.valid_outputs.iter().all(|value| value.is_finite()),
                    "{what}"
                );
                let answers = fitted.predictor.predict(&data.train.features, valid);
                for (given, answer) in fitted.valid_outputs.iter().zip(&answers) {
                    assert!(
                        (given - answer).abs() <= 1e-6 * answer.abs().max(1.0),
                        "{what}: {given} {answer}"
                    );
                }
                if problem.is_classification() {
                    for row in answers.chunks_exact(data.outputs()) {
                        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{what}: {row:?}");
                        assert!(
                            row.iter().all(|&share| (0.0..=1.0).contains(&share)),
                            "{what}: {row:?}"
                        );
                    }
                }
                assert!(
                    fitted.rounds >= 1 && !fitted.curve.is_empty() && fitted.curve.len() <= 1_000,
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn every_learner_but_the_baseline_finds_the_signal() {
    for problem in PROBLEMS {
        let data = table(problem, 400, 3);
        let valid = &data.folds[0].valid;
        let loss = |learner: &dyn Learner| {
            let fitted = CALM.fit(learner, &data, &first(learner, &data)).expect("fits");
            super::loss::of_outputs(&data.train.target, valid, &fitted.valid_outputs)
        };
        let baseline = loss(&super::baseline::Baseline);
        for learner in LEARNERS.iter().filter(|learner| learner.name() != "baseline") {
            let reached = loss(*learner);
            assert!(
                reached < 0.8 * baseline,
                "{} {problem:?}: {reached} against {baseline}",
                learner.name()
            );
        }
    }
}

#[test]
fn same_seed_same_bytes_for_any_number_of_threads() {
    for problem in PROBLEMS {
        let data = table(problem, 400, 3);
        for learner in LEARNERS {
            let bytes = |threads| {
                let fitted = Attempt { threads, ..CALM }
                    .fit(*learner, &data, &first(*learner, &data))
                    .expect("fits");
                (
                    postcard::to_stdvec(&fitted.predictor).expect("serialises"),
                    fitted.valid_outputs,
                )
            };
            assert!(bytes(1) == bytes(2), "{} {problem:?}", learner.name());
        }
    }
}

#[test]
fn deadline_and_cancel_are_kept() {
    for problem in PROBLEMS {
        let data = table(problem, 6_000, 20);
        for learner in LEARNERS {
            let what = format!("{} {problem:?}", learner.name());
            let begin = Instant::now();
            let fitted = Attempt {
                limit: Duration::from_millis(50),
                ..CALM
            }
            .fit(*learner, &data, &first(*learner, &data));
            assert!(
                begin.elapsed() < Duration::from_millis(1_500),
                "{what}: {:?}",
                begin.elapsed()
            );
            match fitted {
                Ok(fitted) => assert!(
                    fitted.valid_outputs.iter().all(|value| value.is_finite()),
                    "{what}"
                ),
                Err(error) => assert!(matches!(error, Error::Deadline), "{what}: {error}"),
            }
            let cancelled = Attempt {
                cancelled: true,
                ..CALM
            }
            .fit(*learner, &data, &first(*learner, &data));
            assert!(matches!(cancelled, Err(Error::Cancelled)), "{what}");
        }
    }
}

#[test]
fn a_refit_answers_about_like_the_fit() {
    for problem in PROBLEMS {
        let data = table(problem, 400, 3);
        let fold = &data.folds[0];
        for learner in LEARNERS {
            let params = first(*learner, &data);
            let fitted = CALM.fit(*learner, &data, &params).expect("fits");
            let predictor = CALM
                .context(|context| learner.refit(&data, &fold.fit, &params, fitted.rounds, context))
                .unwrap_or_else(|error| panic!("{} {problem:?}: {error}", learner.name()));
            let answers = predictor.predict(&data.train.features, &fold.valid);
            let loss = |outputs: &[f64]| super::loss::of_outputs(&data.train.target, &fold.valid, outputs);
            let prior = CALM
                .fit(&super::baseline::Baseline, &data, &Params::new())
                .expect("fits")
                .valid_outputs;
            // No validation rows chose the round, so that a little worse is no fault.
            let allowed = (1.5 * loss(&fitted.valid_outputs)).max(0.6 * loss(&prior));
            let refitted = loss(&answers);
            assert!(
                refitted < allowed,
                "{} {problem:?}: {refitted} {allowed}",
                learner.name()
            );
        }
    }
}

#[test]
fn wrong_parameters_are_refused_and_sampled_ones_fit() {
    let data = table(ProblemType::Binary, 60, 2);
    for learner in LEARNERS {
        let unknown = Params::from([("no such parameter".to_owned(), ParamValue::Int(1))]);
        assert!(
            matches!(CALM.fit(*learner, &data, &unknown), Err(Error::Input(_))),
            "{}",
            learner.name()
        );
        let mut rng = Pcg64Mcg::seed_from_u64(2);
        let short = Attempt {
            limit: Duration::from_millis(100),
            ..CALM
        };
        for _ in 0..10 {
            let params = learner.sample(&data.shape(), &mut rng);
            let fitted = short.fit(*learner, &data, &params);
            assert!(
                !matches!(fitted, Err(Error::Input(_) | Error::Internal(_))),
                "{} {params:?}",
                learner.name()
            );
        }
        for params in learner.portfolio(&data.shape()) {
            let cost = learner.cost(&data.shape(), &params);
            assert!(
                cost.seconds > 0.0 && cost.seconds.is_finite() && cost.bytes > 0,
                "{}",
                learner.name()
            );
        }
    }
}

#[test]
fn names_are_unique() {
    for (index, learner) in LEARNERS.iter().enumerate() {
        assert!(
            LEARNERS[..index]
                .iter()
                .all(|other| other.name() != learner.name())
        );
        assert!(super::by_name(learner.name()).is_some());
    }
}
