//! One timed training of our network on a dense table that `network.py` wrote; prints one line of JSON.
//!
//! Arguments: folder, threads, then hyperparameters of the learner as `name=value`. The folder holds `table.json` and raw
//! little-endian f64 files: `train.bin` and `test.bin` (one column after the other), `train_target.bin`. The outputs for
//! the test rows are written to `outputs.bin`, row by row. The time is that from the end of the first epoch to the end of
//! the last.

use std::env;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use engine::learners::network::Network;
use engine::learners::{FoldRows, Learner, ParamValue, Params};
use engine::plan::{Prepared, Rows, Target};
use engine::{Clock, Context, Pace, Progress};
use model::{Encoder, Feature, FeatureKind, ProblemType};
use serde::Deserialize;

/// What `network.py` says of the files.
#[derive(Deserialize)]
struct Table {
    rows: usize,
    test_rows: usize,
    columns: usize,
    /// 0 for regression.
    classes: usize,
}

struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

fn main() {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let [folder, threads, params @ ..] = arguments.as_slice() else {
        println!("run engine/benches/network.py: it prepares the data, runs this and compares");
        return;
    };
    let folder = Path::new(folder);
    let params: Params = params.iter().map(|text| param(text)).collect();
    let data = prepared(folder);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.parse().expect("a whole number"))
        .build()
        .expect("threads");
    let clock = Wall(Instant::now());
    let ends = Mutex::new(Vec::new());
    let context = Context {
        clock: &clock,
        deadline: Duration::from_secs(36_000),
        pace: Pace::default(),
        cancelled: &AtomicBool::new(false),
        device: engine::Device::Cpu,
        pool: &pool,
        seed: 1,
        progress: &|_: Progress| ends.lock().expect("not poisoned").push(clock.now()),
    };
    let all: Vec<u32> = (0..data.train.rows as u32).collect();
    // A look at the validation rows is part of our loop and not of the other's: they are few.
    let rows = FoldRows {
        fit: &all,
        valid: &all[..all.len().min(64)],
    };
    let fitted = Network.fit(&data, rows, &params, &context).expect("a fit");
    let ends = ends.into_inner().expect("not poisoned");
    let (first, last) = (ends.first().expect("an epoch"), ends.last().expect("an epoch"));
    let seconds = last.saturating_sub(*first).as_secs_f64() / (ends.len() - 1) as f64;
    let test: Vec<u32> = (0..data.holdout.rows as u32).collect();
    let outputs = fitted.predictor.predict(&data.holdout.features, &test);
    let bytes: Vec<u8> = outputs.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(folder.join("outputs.bin"), bytes).expect("outputs.bin");
    println!(r#"{{"epoch_seconds":{seconds},"epochs":{}}}"#, ends.len());
}

fn param(text: &str) -> (String, ParamValue) {
    let (name, value) = text.split_once('=').expect("name=value");
    let value = match value.parse() {
        Ok(whole) => ParamValue::Int(whole),
        Err(_) => ParamValue::Float(value.parse().expect("a number")),
    };
    (name.to_owned(), value)
}

/// The table as the engine prepares one.
fn prepared(folder: &Path) -> Prepared {
    let table: Table =
        serde_json::from_slice(&fs::read(folder.join("table.json")).expect("table.json")).expect("a table");
    let feature = |column: usize| Feature {
        name: format!("x{column}"),
        input: 0,
        kind: FeatureKind::Number,
    };
    let rows = |name: &str, rows: usize, target: Vec<f64>| Rows {
        features: read(&folder.join(name))
            .chunks(rows)
            .map(<[f64]>::to_vec)
            .collect(),
        target: match table.classes {
            0 => Target::Values(target),
            classes => Target::Classes {
                codes: target.iter().map(|&code| code as u32).collect(),
                labels: (0..classes).map(|class| class.to_string()).collect(),
            },
        },
        rows,
        source: Vec::new(),
    };
    Prepared {
        problem: match table.classes {
            0 => ProblemType::Regression,
            2 => ProblemType::Binary,
            _ => ProblemType::Multiclass,
        },
        inputs: Vec::new(),
        encoder: Encoder {
            steps: Vec::new(),
            features: (0..table.columns).map(feature).collect(),
        },
        train: rows("train.bin", table.rows, read(&folder.join("train_target.bin"))),
        holdout: rows("test.bin", table.test_rows, vec![0.0; table.test_rows]),
        folds: Vec::new(),
        notes: Vec::new(),
        weights: None,
        monotone: Vec::new(),
        aim: engine::plan::Aim::default(),
        crosses: engine::plan::Chosen::default(),
        binned: OnceLock::new(),
    }
}

fn read(path: &Path) -> Vec<f64> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (words, rest) = bytes.as_chunks::<8>();
    assert!(rest.is_empty(), "{} is not whole", path.display());
    words.iter().map(|word| f64::from_le_bytes(*word)).collect()
}
