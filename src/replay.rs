//! `automl replay`: makes the model of an earlier run once more, from its record and its table, to the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use engine::Error;
use engine::search::TrialRecord;
use engine::settings::Settings;
use engine::train::{self, Replay, files};
use serde::Deserialize;

use crate::failure::Failure;
use crate::table_file;
use crate::train::{Around, PROGRAM, Told};

/// Arguments of `automl replay`.
#[derive(Args)]
pub struct Arguments {
    /// The folder that `automl train` wrote, or the `run.json` of a job.
    run: PathBuf,
    /// The table that it was trained on.
    data: PathBuf,
    /// Folder for the model, its report and its record.
    #[arg(long)]
    out: PathBuf,
    /// Threads to compute on; all of the machine when not given. They change nothing but the time.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The onnxruntime library that proves the ONNX file.
    #[arg(long)]
    onnxruntime: Option<PathBuf>,
    /// Print progress as JSON lines.
    #[arg(long)]
    json: bool,
}

/// What a `run.json` says that is needed here: of the command line's, or of a server's.
#[derive(Deserialize)]
struct Record {
    program: String,
    settings: Settings,
    trials: Vec<TrialRecord>,
    replay: Option<Replay>,
    data: Option<Data>,
    data_sha256: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    sha256: String,
}

/// Makes the model and writes the files; says whether the model is the same as that of the earlier run where that is there.
///
/// # Errors
/// `Input` for a file that is no record, a record without what is needed, or another table; `Failed` otherwise.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (path, folder) = if arguments.run.is_dir() {
        (arguments.run.join(files::RUN), Some(arguments.run.as_path()))
    } else {
        (arguments.run.clone(), None)
    };
    let record = read(&path)?;
    let Some(replay) = &record.replay else {
        return Err(Failure::Input(format!(
            "{}: an earlier version made it, which did not write down what replaying needs",
            path.display()
        )));
    };
    let mut settings = record.settings;
    settings.threads = arguments
        .threads
        .map_or_else(table_file::machine_threads, usize::from);
    let expected = record.data.map(|data| data.sha256).or(record.data_sha256);
    let around = Around {
        data: &arguments.data,
        out: &arguments.out,
        onnxruntime: arguments.onnxruntime.as_deref(),
        json: arguments.json,
    };
    let Told {
        progress,
        mut json,
        mut lines,
    } = around.carry_out(&settings, &|job| {
        if expected.as_deref() != Some(job.table.sha256.as_str()) {
            let name = arguments.data.display();
            return Err(Error::Input(format!(
                "{name} is not the table of that run: its SHA-256 is another"
            )));
        }
        train::replay(job, replay, record.trials.clone())
    })?;
    if let Some(is_same) = folder.and_then(|folder| is_same(folder, &arguments.out)) {
        json["is_same"] = is_same.into();
        lines += match is_same {
            true => "\nThe model is the same as that of the run, byte for byte.",
            false => "\nThe model is not the same as that of the run.",
        };
    }
    if record.program != PROGRAM {
        lines += &format!("\nThe run was made by {}, this is {PROGRAM}.", record.program);
    }
    progress.finish(&json, &lines);
    Ok(())
}

fn read(path: &Path) -> Result<Record, Failure> {
    let bytes = fs::read(path)
        .map_err(|error| Failure::Input(format!("{} cannot be read: {error}", path.display())))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Failure::Input(format!("{} is no record of a run: {error}", path.display())))
}

/// Whether two folders hold the same model; `None` where one has none.
fn is_same(before: &Path, after: &Path) -> Option<bool> {
    let before = fs::read(before.join(files::MODEL)).ok()?;
    let after = fs::read(after.join(files::MODEL)).ok()?;
    Some(before == after)
}
