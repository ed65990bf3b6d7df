//! The table that is trained on, and what `automl train` alone makes of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Rows of the table.
pub const ROWS: usize = 50_000;

/// A run of `automl train`, by the record that it writes.
pub struct Alone {
    record: Value,
}

impl Alone {
    /// Trains for real on one thread, on that processor only where one is named.
    pub fn run(table: &Path, out: &Path, budget_seconds: u32, processor: Option<usize>) -> Result<Self> {
        let program = env!("CARGO_BIN_EXE_automl");
        let mut command = match processor {
            Some(processor) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["-c", &processor.to_string(), program]);
                pinned
            }
            None => Command::new(program),
        };
        let status = command
            .arg("train")
            .arg(table)
            .args(["--target", "y", "--threads", "1", "--seed", "7", "--json"])
            .args(["--budget", &format!("{budget_seconds}s"), "--out"])
            .arg(out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        ensure!(status.success(), "`automl train` ends with {status}");
        let record = serde_json::from_slice(&std::fs::read(out.join("run.json"))?)?;
        Ok(Self { record })
    }

    /// Seconds of each trial that gave a model.
    pub fn trials(&self) -> Result<Vec<f64>> {
        let trials = self.record["trials"].as_array().context("run.json has trials")?;
        let mut seconds = Vec::new();
        for trial in trials {
            seconds.extend(trial["outcome"]["seconds"].as_f64());
        }
        ensure!(!seconds.is_empty(), "no trial has a duration");
        Ok(seconds)
    }

    /// When a step was done, in seconds since the budget began to count: `prepared`, `searched` or `assembled`.
    pub fn moment(&self, step: &str) -> Result<f64> {
        let moment = self.record["timings_seconds"][step].as_f64();
        moment.with_context(|| format!("run.json does not say when {step}"))
    }
}

/// Writes a table of 20 columns whose target hangs on some of them: the same at every run.
pub fn write(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("table.csv");
    std::fs::write(&path, made_up())?;
    Ok(path)
}

fn made_up() -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let names: Vec<String> = (0..20).map(|number| format!("x{number}")).collect();
    let mut text = format!("{},y\n", names.join(","));
    for _ in 0..ROWS {
        let values: Vec<f64> = (0..20).map(|_| next()).collect();
        let signal = values[0] + values[1] * values[2] - values[3].powi(2) + 0.3 * (next() - 0.5);
        let cells: Vec<String> = values.iter().map(|value| format!("{value:.4}")).collect();
        text.push_str(&format!("{},{}\n", cells.join(","), u8::from(signal > 0.4)));
    }
    text
}
