//! `automl-trainer-cuda`: the trainer child of GPU workers, and nothing else. It is linked with the libraries of CUDA and so
//! starts only where they and the driver's are; `automl` is not, and starts everywhere.

mod compare;

use std::process::ExitCode;

use worker::device::PROBE;

/// Rows of a comparison.
const ROWS: usize = 50_000;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("trainer") => {
            worker::trainer::run();
            ExitCode::SUCCESS
        }
        Some(PROBE) => ended(worker::trainer::probe_gpu()),
        Some("compare") => {
            let rows = std::env::args().nth(2).and_then(|rows| rows.parse().ok());
            ended(compare::run(rows.unwrap_or(ROWS)))
        }
        _ => {
            eprintln!(
                "`automl worker --queue gpu` starts this program; `{PROBE}` tries the GPU, `compare [ROWS]` measures it"
            );
            ExitCode::from(2)
        }
    }
}

fn ended<E: std::fmt::Display>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason:#}");
            ExitCode::FAILURE
        }
    }
}
