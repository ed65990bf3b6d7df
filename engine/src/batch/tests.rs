//! Files through a small model whose answers are known.

use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex};

use model::estimator::forest::{Forest, Node, Split, Tree};
use model::transform::category::Category;
use model::{
    Encoder, Estimator, Feature, FeatureKind, Input, InputKind, Link, Loaded, Member, Model, Predictor,
    ProblemType, Provenance, Transform,
};

use super::{Batch, Fault, LISTED_ERRORS, Level, Options, Progress, Report, Sinks, run};
use crate::metrics::Metric;
use crate::profile::Profile;
use crate::read::stream::Source;
use crate::read::{Limits, ReadOptions};
use crate::train::MetricValue;

fn input(name: &str, kind: InputKind) -> Input {
    Input {
        name: name.to_owned(),
        kind,
        range: None,
        examples: Vec::new(),
        typical: String::new(),
    }
}

/// `big` where the mass is more than 10, whatever the city.
fn model(problem: ProblemType) -> Loaded {
    let tree = Tree {
        output: Some(0),
        nodes: vec![Node {
            feature: 0,
            split: Split::AtMost {
                threshold: 10.0,
                missing_left: true,
            },
            left: -1,
            right: -2,
        }],
        leaves: vec![-2.0, 2.0],
        sets: Vec::new(),
    };
    let feature = |name: &str, input, kind| Feature {
        name: name.to_owned(),
        input,
        kind,
    };
    let is_regression = problem == ProblemType::Regression;
    Loaded::new(Model {
        problem,
        target: "size".to_owned(),
        classes: if is_regression {
            Vec::new()
        } else {
            vec!["=small".to_owned(), "big".to_owned()]
        },
        inputs: vec![input("mass", InputKind::Number), input("city", InputKind::Text)],
        encoder: Encoder {
            steps: vec![
                (0, Transform::Number),
                (
                    1,
                    Transform::Category(Category {
                        labels: vec!["Oslo".to_owned(), "Rome".to_owned()],
                    }),
                ),
            ],
            features: vec![
                feature("mass", 0, FeatureKind::Number),
                feature("city", 1, FeatureKind::Category { cardinality: 4 }),
            ],
        },
        members: vec![Member {
            name: "tree".to_owned(),
            weight: 1.0,
            predictors: vec![Predictor {
                dense: None,
                estimator: Estimator::Forest(Forest {
                    base: vec![0.0],
                    trees: vec![tree],
                }),
                link: if is_regression {
                    Link::Identity
                } else {
                    Link::Logistic
                },
            }],
        }],
        provenance: Provenance::default(),
        refinements: model::Refinements::default(),
    })
}

/// What is written, to be looked at.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Answer {
    csv: String,
    parquet: Vec<u8>,
    report: Report,
    progress: Vec<Progress>,
}

fn predict_with(
    model: &Loaded,
    file: &[u8],
    options: &Options,
    profile: Option<&Profile>,
) -> Result<Answer, Fault> {
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(file.to_vec()))) };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .expect("threads");
    let told = Mutex::new(Vec::new());
    let tell = |progress| told.lock().expect("no panic").push(progress);
    let holdout = [MetricValue {
        metric: Metric::Accuracy,
        value: 0.75,
    }];
    let batch = Batch {
        source: Source {
            open: &open,
            size: file.len() as u64,
            file_name: "rows.csv",
            whole: &Limits::default(),
        },
        model,
        options,
        read: &ReadOptions::default(),
        profile,
        holdout: &holdout,
        pool: &pool,
        progress: &tell,
    };
    let (mut csv, parquet) = (Vec::new(), Shared::default());
    let sinks = Sinks {
        csv: &mut csv,
        parquet: Some(Box::new(parquet.clone())),
    };
    let report = run(&batch, sinks)?;
    let parquet = parquet.0.lock().expect("no panic").clone();
    Ok(Answer {
        csv: String::from_utf8(csv).expect("UTF-8"),
        parquet,
        report,
        progress: told.into_inner().expect("no panic"),
    })
}

fn predict(file: &str) -> Answer {
    predict_with(
        &model(ProblemType::Binary),
        file.as_bytes(),
        &Options::default(),
        None,
    )
    .unwrap_or_else(|fault| panic!("{file:?}: {fault}"))
}

fn refusal(file: &str, options: &Options) -> String {
    match predict_with(&model(ProblemType::Binary), file.as_bytes(), options, None) {
        Err(Fault::Engine(crate::Error::Input(words))) => words,
        Err(fault) => panic!("{fault:?}"),
        Ok(answer) => panic!("{}", answer.csv),
    }
}

#[test]
fn every_row_has_its_line() {
    let answer = predict("city,mass,note\nOslo,12,=1+1\nRome,,-5\n,3,\"a, b\"\n");
    // Probabilities of the first and of the second class.
    let (big, small) = (
        "0.11920292202211769,0.8807970779778823",
        "0.8807970779778824,0.11920292202211755",
    );
    let expected = format!(
        "city,mass,note,prediction,probability,p_=small,p_big,prediction_error\n\
         Oslo,12,\"'=1+1\",big,0.8807970779778823,{big},\n\
         Rome,,-5,\"'=small\",0.8807970779778824,{small},\n\
         ,3,\"a, b\",\"'=small\",0.8807970779778824,{small},\n"
    );
    assert_eq!(answer.csv, expected);
    assert_eq!((answer.report.rows, answer.report.rows_in_error), (3, 0));
    assert_eq!(
        answer.report.warnings,
        ["The model has no input note; they were ignored."]
    );
    assert_eq!(
        answer.report.evaluation_absent.as_deref(),
        Some("The file has no column size.")
    );
    let last = answer.progress.last().expect("progress");
    assert_eq!((last.rows, last.share), (3, 1.0));
}

#[test]
fn a_wrong_type_costs_its_row() {
    let answer = predict("mass,city\n12,Oslo\nheavy,Rome\n3 kg,Oslo\n 4 ,\n");
    let lines: Vec<&str> = answer.csv.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(
        lines[2].starts_with("heavy,Rome,,,,,\"mass: \"\"heavy\"\" is not a number"),
        "{}",
        lines[2]
    );
    assert!(lines[4].contains("=small"), "{}", lines[4]);
    assert_eq!((answer.report.rows, answer.report.rows_in_error), (4, 2));
    let rows: Vec<u64> = answer.report.row_errors.iter().map(|error| error.row).collect();
    assert_eq!(rows, [2, 3]);
    assert_eq!(answer.report.row_errors[0].column, "mass");
    let many = format!("mass,city\n{}", "x,Oslo\n".repeat(LISTED_ERRORS + 500));
    let answer = predict(&many);
    assert_eq!(answer.report.rows_in_error, LISTED_ERRORS as u64 + 500);
    assert_eq!(answer.report.row_errors.len(), LISTED_ERRORS);
    assert_eq!(answer.csv.lines().count(), LISTED_ERRORS + 501);
}

#[test]
fn what_cannot_be_predicted_at_all_is_refused_in_words() {
    let none = Options::default();
    assert!(refusal("mass,place\n1,Oslo\n", &none).contains("the table lacks `city`"));
    assert!(refusal("a,b\n1,2\n", &none).contains("the table lacks `mass`, `city`"));
    assert!(refusal("mass,city\n", &none).contains("no rows"));
    assert!(refusal("mass,city\n1,Oslo\n2\n", &none).contains("line 3"));
    let id = Options {
        id_column: Some("key".to_owned()),
        raw: false,
    };
    assert!(refusal("mass,city\n1,Oslo\n", &id).contains("no column `key`"));
}

#[test]
fn an_id_column_stands_alone_and_names_do_not_clash() {
    let options = Options {
        id_column: Some("prediction".to_owned()),
        raw: true,
    };
    let file = b"mass,city,prediction\n12,Oslo,=a\n";
    let answer = predict_with(&model(ProblemType::Binary), file, &options, None).expect("predicts");
    let lines: Vec<&str> = answer.csv.lines().collect();
    assert_eq!(
        lines[0],
        "prediction,prediction_2,probability,p_=small,p_big,prediction_error"
    );
    assert!(lines[1].starts_with("=a,big,0.88"), "{}", lines[1]);
}

#[test]
fn the_parquet_file_says_the_same() {
    let answer = predict("mass,city\n12,Oslo\nheavy,Rome\n,\n");
    let table = crate::read::read(&answer.parquet, "p.parquet", &ReadOptions::default()).expect("a table");
    let as_csv = crate::read::read(answer.csv.as_bytes(), "p.csv", &ReadOptions::default()).expect("a table");
    assert_eq!(table.frame.names, as_csv.frame.names);
    for name in ["probability", "p_=small", "p_big"] {
        let numbers = |frame: &model::Frame| match frame.column(name) {
            Some(model::Column::Number(numbers)) => numbers.clone(),
            other => panic!("{name}: {other:?}"),
        };
        let pairs = numbers(&table.frame).into_iter().zip(numbers(&as_csv.frame));
        for (left, right) in pairs {
            assert!(left == right || (left.is_nan() && right.is_nan()), "{name}");
        }
    }
    assert_eq!(
        table.frame.column("prediction_error"),
        as_csv.frame.column("prediction_error")
    );
}

#[test]
fn known_targets_are_compared_with_the_holdout() {
    let answer = predict("mass,city,size\n12,Oslo,big\n2,Oslo,big\n3,Rome,=small\n1,,\n1,,huge\n");
    let evaluation = answer.report.evaluation.expect("an evaluation");
    assert_eq!(
        (evaluation.rows, evaluation.rows_used, evaluation.rows_unusable),
        (3, 3, 1)
    );
    let accuracy = evaluation
        .metrics
        .iter()
        .find(|value| value.metric == Metric::Accuracy)
        .expect("accuracy");
    assert!((accuracy.value - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(accuracy.holdout, Some(0.75));
    let answer = predict("mass,city,size\n12,Oslo,\n");
    assert_eq!(
        answer.report.evaluation_absent.as_deref(),
        Some("No row has a value of size.")
    );
    let file = b"mass,city,size\n12,Oslo,3.0\n2,Oslo,-2\n";
    let numbers = model(ProblemType::Regression);
    let answer = predict_with(&numbers, file, &Options::default(), None).expect("predicts");
    assert!(
        answer
            .csv
            .starts_with("mass,city,size,prediction,prediction_error\n12,Oslo,3.0,2,\n")
    );
    let evaluation = answer.report.evaluation.expect("an evaluation");
    let mae = evaluation
        .metrics
        .iter()
        .find(|value| value.metric == Metric::Mae);
    assert_eq!(mae.map(|mae| mae.value), Some(0.5));
}

/// Rows whose mass and city come from a small congruential sequence.
fn rows(count: u32, shift: f64, cities: &[&str]) -> String {
    let mut text = String::from("mass,city\n");
    let mut state = 7_u32;
    for _ in 0..count {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mass = f64::from(state >> 16) / 65_536.0 * 20.0 + shift;
        let city = cities[(state >> 8) as usize % cities.len()];
        text.push_str(&format!("{mass:.3},{city}\n"));
    }
    text
}

#[test]
fn drift_is_seen_and_chance_is_not() {
    let training = rows(2000, 0.0, &["Oslo", "Rome", "Oslo"]);
    let table = crate::read::read(training.as_bytes(), "t.csv", &ReadOptions::default()).expect("a table");
    let options = crate::profile::Options {
        target: None,
        threads: 1,
    };
    let profile = crate::profile::profile(&table, &options).expect("a profile");
    let drift = |file: &str| {
        let model = model(ProblemType::Binary);
        predict_with(&model, file.as_bytes(), &Options::default(), Some(&profile))
            .expect("predicts")
            .report
            .drift
    };
    let of = |drift: &super::Drift, name: &str| {
        let found = drift.columns.iter().find(|column| column.column == name);
        found.expect("the column").clone()
    };
    let same = drift(&rows(700, 0.0, &["Oslo", "Rome", "Oslo"]));
    assert_eq!(same.absent, None);
    for column in &same.columns {
        assert_eq!(column.level, Some(Level::None), "{column:?}");
    }
    let moved = drift(&rows(700, 9.0, &["Paris", "Rome", "Oslo"]));
    assert_eq!(of(&moved, "mass").level, Some(Level::Large), "{moved:?}");
    assert_eq!(of(&moved, "city").level, Some(Level::Large), "{moved:?}");
    let blank = drift(&rows(700, 0.0, &["", "Rome", "Oslo"]));
    assert!(of(&blank, "city").missing_share > 0.3, "{blank:?}");
    assert_eq!(of(&blank, "city").training_missing_share, Some(0.0));
    let few = drift(&rows(20, 9.0, &["Paris"]));
    assert!(few.absent.is_some_and(|reason| reason.contains("20 rows")));
    assert!(few.columns.iter().all(|column| column.psi.is_none()));
    let unknown = predict(&rows(700, 0.0, &["Oslo"])).report.drift;
    assert!(unknown.absent.is_some());
}

#[test]
fn a_large_file_is_evaluated_on_a_sample() {
    let model = model(ProblemType::Binary);
    let mut actuals = super::actuals::Actuals::new(model.model());
    for row in 0..2_500_000_u32 {
        let is_big = row % 4 == 0;
        actuals.add(if is_big { "big" } else { "=small" }, &[0.6, 0.4]);
    }
    let evaluation = actuals.evaluation(&[]).expect("an evaluation");
    assert_eq!((evaluation.rows, evaluation.rows_used), (2_500_000, 500_000));
    let accuracy = evaluation
        .metrics
        .iter()
        .find(|value| value.metric == Metric::Accuracy)
        .expect("accuracy");
    assert!((accuracy.value - 0.75).abs() < 0.002, "{}", accuracy.value);
}
