//! The files that `automl train` writes.

use std::fs;
use std::path::Path;

use engine::Settings;
use engine::train::Finished;
use engine::train::files::{self, ONNX};
use serde_json::json;

use crate::failure::Failure;
use crate::table_file;

/// Makes the folder, and refuses one that cannot be written before any time is spent.
///
/// # Errors
/// `Input` when it is a file or cannot be made.
pub fn prepare_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::Input(format!("the folder {} cannot be made: {error}", folder.display()))
    })?;
    let probe = folder.join(format!(".{}.part", std::process::id()));
    fs::write(&probe, b"")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| {
            Failure::Input(format!(
                "nothing can be written to the folder {}: {error}",
                folder.display()
            ))
        })
}

/// Writes all files. An ONNX file of an earlier run goes away when this run has none: it belongs to another model.
///
/// # Errors
/// `Failed` when the disk refuses.
pub fn write(folder: &Path, data: &Path, settings: &Settings, finished: &Finished) -> Result<(), Failure> {
    if finished.assembled.onnx.is_err() {
        remove_old(&folder.join(ONNX))?;
    }
    for file in files::of(&finished.assembled, &record(data, settings, finished))? {
        table_file::write(&folder.join(file.name), &file.bytes)?;
    }
    Ok(())
}

fn remove_old(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::Failed(format!(
            "an old {ONNX} cannot be removed: {error}"
        ))),
        _ => Ok(()),
    }
}

/// What `run.json` holds.
fn record(data: &Path, settings: &Settings, finished: &Finished) -> serde_json::Value {
    let assembled = &finished.assembled;
    let model = &assembled.model;
    let members: Vec<serde_json::Value> = model
        .members
        .iter()
        .map(|member| json!({ "name": member.name, "weight": member.weight, "predictors": member.predictors.len() }))
        .collect();
    let (certificate, withheld) = match &assembled.onnx {
        Ok((_, certificate)) => (Some(certificate), None),
        Err(reason) => (None, Some(reason)),
    };
    json!({
        "program": model.provenance.program,
        "data": {
            "file": data.file_name().map(|name| name.to_string_lossy()),
            "sha256": model.provenance.data_sha256,
            "training_rows": model.provenance.rows,
        },
        "settings": settings,
        "problem": model.problem,
        "metric": finished.metric,
        "classes": model.classes,
        "inputs": model.inputs.iter().map(|input| &input.name).collect::<Vec<_>>(),
        "members": members,
        "evaluation": assembled.evaluation,
        "leaderboard": assembled.leaderboard,
        "certificate": certificate,
        "onnx_withheld": withheld,
        "notes": finished.notes,
        "decisions": finished.decisions,
        "trials": finished.history,
        "replay": assembled.replay,
        "split": assembled.split,
        "timings_seconds": finished.timings,
    })
}
