//! The child of these tests: it speaks as a trainer does and makes its answers up.

use std::path::Path;
use std::time::Duration;

use engine::learners::Stop;
use engine::metrics::Metric;
use engine::plan::Shape;
use engine::search::Score;
use model::ProblemType;
use serde_json::json;
use worker::protocol::{FailureClass, Rows, Step};
use worker::trainer::{Failure, Reporter};
use worker::work::{self, Work};

/// How the child of a test behaves; its first argument after `trainer`.
pub const GOOD: &str = "good";
/// Trials but the baseline do not end.
pub const SLOW: &str = "slow";
/// Trials but the baseline take some seconds.
pub const STEADY: &str = "steady";
/// Trial 1 aborts its process, every time.
pub const DEADLY: &str = "deadly";
/// Trial 1 aborts its process the first time; the next argument is a file that remembers it.
pub const UNLUCKY: &str = "unlucky";
/// No model can be assembled.
pub const CLUMSY: &str = "clumsy";
/// The file is no table.
pub const UNREADABLE: &str = "unreadable";

/// Answers as the mode has it.
#[expect(clippy::too_many_lines, reason = "one arm a mode")]
pub fn handle(
    work: Work,
    reporter: &Reporter,
    mode: &str,
    memory: Option<&Path>,
) -> Result<serde_json::Value, Failure> {
    let write = |out: &Path, names: &[&str]| {
        for name in names {
            std::fs::write(out.join(name), *name).map_err(Failure::internal)?;
        }
        Ok::<(), Failure>(())
    };
    let answer = match work {
        Work::Profile { .. } if mode == UNREADABLE => {
            return Err(Failure {
                class: FailureClass::Input,
                message: "the file is empty".to_owned(),
            });
        }
        Work::Profile { out, .. } => {
            write(&out, &[work::PROFILE, work::TABLE, work::DATA_REPORT])?;
            serde_json::to_value(work::Profiled {
                rows: 1000,
                columns: 5,
            })
        }
        Work::Prepare { out, .. } => {
            write(&out, &["prepared.bin"])?;
            let problem = ProblemType::Binary;
            let shape = Shape {
                rows: 800,
                features: 4,
                categories: 1,
                classes: 2,
                folds: 3,
                problem,
            };
            let notes = vec!["made up".to_owned()];
            serde_json::to_value(work::Prepared {
                problem,
                metric: Metric::RocAuc,
                shape,
                notes,
            })
        }
        Work::Trial { spec, out, .. } => {
            reporter.step(Step {
                fold: 0,
                round: 1,
                loss: Some(0.6),
            });
            if spec.number == 1 && mode == DEADLY {
                std::process::abort();
            }
            if let Some(memory) = memory.filter(|memory| spec.number == 1 && !memory.exists()) {
                std::fs::write(memory, "").map_err(Failure::internal)?;
                std::process::abort();
            }
            let seconds = match mode {
                SLOW if spec.number > 0 => 600.0,
                STEADY if spec.number > 0 => 3.0,
                _ => 0.05,
            };
            std::thread::sleep(Duration::from_secs_f64(seconds));
            write(&out, &["trial.bin"])?;
            serde_json::to_value(work::Scored {
                score: score(spec.number),
                notes: Vec::new(),
            })
        }
        Work::Predict { .. } if mode == CLUMSY => {
            return Err(Failure {
                class: FailureClass::Input,
                message: "the table lacks `a`".to_owned(),
            });
        }
        Work::Predict { out, parquet, .. } => {
            reporter.rows(Rows {
                done: 7,
                in_error: 1,
                share: 0.5,
            });
            if let Some(memory) = memory.filter(|memory| !memory.with_extension("batch").exists()) {
                std::fs::write(memory.with_extension("batch"), "").map_err(Failure::internal)?;
                std::process::abort();
            }
            std::thread::sleep(Duration::from_secs_f64(if mode == SLOW { 600.0 } else { 0.05 }));
            write(&out, &["predictions.csv", "report.json"])?;
            if parquet {
                write(&out, &["predictions.parquet"])?;
            }
            serde_json::to_value(work::Predicted {
                rows: 14,
                rows_in_error: 2,
            })
        }
        Work::Assemble { .. } if mode == CLUMSY => {
            return Err(Failure {
                class: FailureClass::Input,
                message: "it does not fit together".to_owned(),
            });
        }
        Work::Assemble { out, trials, .. } => {
            let names: Vec<&str> = worker::tasks::FILES.iter().map(|file| file.name).collect();
            write(&out, &names)?;
            serde_json::to_value(assembled(trials.len()))
        }
    };
    answer.map_err(Failure::internal)
}

fn score(number: usize) -> Score {
    Score {
        score: 0.5 + number as f64 / 100.0,
        loss: 0.7 - number as f64 / 100.0,
        fold_scores: vec![0.5, 0.6, 0.7],
        seconds: 0.05,
        rounds: 10,
        stop: Stop::Converged,
        predict_seconds_per_row: 1e-6,
        curve: vec![(1, 0.6), (10, 0.5)],
    }
}

fn assembled(trials: usize) -> work::Assembled {
    work::Assembled {
        problem: ProblemType::Binary,
        classes: vec!["no".to_owned(), "yes".to_owned()],
        inputs: Vec::new(),
        evaluation: json!({ "trials": trials }),
        members: Vec::new(),
        certificate: None,
        onnx_withheld: Some("made up".to_owned()),
        notes: vec!["assembled".to_owned()],
    }
}
