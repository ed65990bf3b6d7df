//! One timed fit and prediction of our trees on a table that `trees.py` wrote; prints one line of JSON.
//!
//! Arguments: folder, threads, rounds, leaves. The folder holds `table.json` and the raw little-endian f64 files
//! `train.bin` (one column after the other), `train_target.bin` and `test.bin` (row by row); the raw outputs for the test
//! rows are written to `raw.bin`, row by row.

use std::env;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use engine::learners::FoldRows;
use engine::plan::{Rows, Target};
use engine::trees::{Binned, Boosting, Limits, boost};
use engine::{Clock, Context};
use model::estimator::flat::FlatForest;
use model::{Feature, FeatureKind};
use serde::Deserialize;

/// What `trees.py` says of the files.
#[derive(Deserialize)]
struct Table {
    rows: usize,
    test_rows: usize,
    /// 0 for regression.
    classes: usize,
    /// Codes of a category, or 0 for a number; one a feature.
    cardinalities: Vec<u32>,
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
    let [folder, threads, rounds, leaves] = arguments.as_slice() else {
        println!("run engine/benches/trees.py: it prepares the data, runs this and compares");
        return;
    };
    let folder = Path::new(folder);
    let number = |text: &String| text.parse::<usize>().expect("a whole number");
    let table: Table =
        serde_json::from_slice(&fs::read(folder.join("table.json")).expect("table.json")).expect("a table");
    let values = read(&folder.join("train.bin"));
    let target = read(&folder.join("train_target.bin"));
    let test = read(&folder.join("test.bin"));
    let rows = Rows {
        features: values.chunks(table.rows).map(<[f64]>::to_vec).collect(),
        target: match table.classes {
            0 => Target::Values(target),
            classes => Target::Classes {
                codes: target.iter().map(|&code| code as u32).collect(),
                labels: (0..classes).map(|class| class.to_string()).collect(),
            },
        },
        rows: table.rows,
        source: Vec::new(),
    };
    drop(values);
    let settings = Boosting {
        learning_rate: 0.1,
        rounds: number(rounds),
        patience: usize::MAX,
        feature_fraction: 1.0,
        row_fraction: 1.0,
        aim: engine::plan::Aim::Mean,
        limits: Limits {
            leaves: number(leaves),
            ..Limits::default()
        },
    };
    measure(&table, &rows, &test, &settings, number(threads), folder);
}

fn measure(table: &Table, rows: &Rows, test: &[f64], settings: &Boosting, threads: usize, folder: &Path) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    let feature = |&cardinality: &u32| Feature {
        name: String::new(),
        input: 0,
        kind: if cardinality == 0 {
            FeatureKind::Number
        } else {
            FeatureKind::Category { cardinality }
        },
    };
    let features: Vec<Feature> = table.cardinalities.iter().map(feature).collect();
    let all: Vec<u32> = (0..table.rows as u32).collect();
    let clock = Wall(Instant::now());
    let before = processor_seconds();
    let binned = pool.install(|| Binned::new(rows, &features));
    let bin_seconds = clock.now().as_secs_f64();
    let context = Context {
        clock: &clock,
        deadline: Duration::from_secs(3600),
        cancelled: &AtomicBool::new(false),
        device: engine::Device::Cpu,
        pace: engine::Pace::default(),
        pool: &pool,
        seed: 1,
        progress: &|_| {},
    };
    let fold = FoldRows {
        fit: &all,
        valid: &[],
    };
    let boosted = boost(&binned, &rows.target, fold, settings, &context).expect("a fit");
    let fit_seconds = clock.now().as_secs_f64();
    let between = processor_seconds();
    let begin = Instant::now();
    let raw = predict(&boosted.forest, test, table, threads, &pool);
    let predict_seconds = begin.elapsed().as_secs_f64();
    let after = processor_seconds();
    let bytes: Vec<u8> = raw.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(folder.join("raw.bin"), bytes).expect("raw.bin");
    println!(
        r#"{{"bin_seconds":{bin_seconds},"fit_seconds":{fit_seconds},"predict_seconds":{predict_seconds},"fit_processor_seconds":{},"predict_processor_seconds":{},"rounds":{}}}"#,
        between - before,
        after - between,
        boosted.rounds
    );
}

/// Processor time of all threads so far, by Linux; 0 elsewhere.
fn processor_seconds() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    let of_thread = |thread: fs::DirEntry| {
        let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        let nanoseconds = text.split(' ').next().and_then(|word| word.parse::<f64>().ok());
        nanoseconds.unwrap_or(0.0) / 1e9
    };
    threads.flatten().map(of_thread).sum()
}

/// Lays the forest out and predicts, both on the clock.
fn predict(
    forest: &model::estimator::forest::Forest,
    test: &[f64],
    table: &Table,
    threads: usize,
    pool: &rayon::ThreadPool,
) -> Vec<f64> {
    let flat = FlatForest::new(forest).expect("a forest of bins can be ranked");
    let width = table.cardinalities.len();
    let outputs = flat.raw_outputs();
    let mut raw = vec![0.0; table.test_rows * outputs];
    let part = table.test_rows.div_ceil(threads).max(1);
    pool.scope(|scope| {
        for (rows, raw) in test.chunks(part * width).zip(raw.chunks_mut(part * outputs)) {
            let flat = &flat;
            scope.spawn(move |_| flat.predict_batch(rows, width, raw));
        }
    });
    raw
}

fn read(path: &Path) -> Vec<f64> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (words, rest) = bytes.as_chunks::<8>();
    assert!(rest.is_empty(), "{} is not whole", path.display());
    words.iter().map(|word| f64::from_le_bytes(*word)).collect()
}
