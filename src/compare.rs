//! The same network trained on the processor and on the GPU, as figures: what to run first on a machine with a GPU.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::Result;
use engine::metrics::Metric;
use engine::plan::Prepared;
use engine::read::ReadOptions;
use engine::search::{Score, TrialSpec};
use engine::{Clock, Context, Device, Settings};

/// A clock that began when it was made.
struct Stopwatch(Instant);

impl Clock for Stopwatch {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Prints a line for each device, and what the second told.
///
/// # Errors
/// When no network comes out on either.
pub fn run(rows: usize) -> Result<()> {
    let data = prepared(rows)?;
    println!("{rows} made-up rows, 20 columns, 3 layers of 512 units, batch 512, 5 epochs");
    let cpu = train(&data, Device::Cpu)?;
    println!(
        "processor: accuracy {:.4}, log loss {:.5}, {:.2} s",
        cpu.score, cpu.loss, cpu.seconds
    );
    let told = Mutex::new(Vec::new());
    let tell = |words: String| {
        if let Ok(mut told) = told.lock() {
            told.push(words);
        }
    };
    // What the driver compiles, and what is allocated once, is paid for by the first.
    let first = train(&data, Device::Gpu(&tell))?;
    let gpu = train(&data, Device::Gpu(&tell))?;
    println!(
        "asked for the GPU: accuracy {:.4}, log loss {:.5}, {:.2} s (the first time {:.2} s)",
        gpu.score, gpu.loss, gpu.seconds, first.seconds
    );
    let mut told = told.into_inner().unwrap_or_default();
    told.dedup();
    for words in &told {
        println!("{words}");
    }
    // What the processor computed after all says nothing of a GPU.
    if told.is_empty() {
        let (ratio, difference) = (cpu.seconds / gpu.seconds, gpu.loss - cpu.loss);
        println!("{ratio:.2} times as fast, log loss differs by {difference:+.5}");
    }
    Ok(())
}

fn train(data: &Prepared, device: Device<'_>) -> Result<Score> {
    let params = [
        ("layers", 3),
        ("units", 512),
        ("bins", 0),
        ("batch", 512),
        ("epochs", 5),
    ];
    let spec = TrialSpec {
        number: 1,
        name: "Neural network".to_owned(),
        learner: "network".to_owned(),
        params: params
            .map(|(name, value)| (name.to_owned(), engine::learners::ParamValue::Int(value)))
            .into(),
        seed: 1,
        limit: Duration::from_secs(3600),
        reason: "comparison".to_owned(),
    };
    let pool = rayon::ThreadPoolBuilder::new().build()?;
    let context = Context {
        clock: &Stopwatch(Instant::now()),
        deadline: spec.limit,
        cancelled: &AtomicBool::new(false),
        device,
        pace: engine::Pace::default(),
        pool: &pool,
        seed: 1,
        progress: &|_| {},
    };
    Ok(engine::train::run_trial(data, &spec, &context, Metric::Accuracy)?.score)
}

/// Two classes of which a smooth function of all columns decides.
fn prepared(rows: usize) -> Result<Prepared> {
    let mut table = (0..20).map(|column| format!("x{column},")).collect::<String>() + "y\n";
    let mut state = 1_u64;
    for _ in 0..rows {
        let mut sum = 0.0;
        for column in 0..20_u32 {
            // The constants of Knuth's MMIX.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let value = (state >> 40) as f64 / f64::from(1 << 24) * 6.0 - 3.0;
            sum += (value * f64::from(column % 4 + 1)).sin();
            write!(table, "{value:.4},")?;
        }
        table += if sum > 0.0 { "yes\n" } else { "no\n" };
    }
    let table = engine::read::read(table.as_bytes(), "made-up.csv", &ReadOptions::default())?;
    let options = engine::profile::Options {
        target: None,
        threads: 1,
    };
    let profile = engine::profile::profile(&table, &options)?;
    let settings = Settings::new("y", Duration::from_secs(3600));
    Ok(engine::plan::prepare(&table, &profile, &settings)?)
}
