//! The files of a finished run, as the command line and a worker write them.

use model::store;

use super::Assembled;
use super::csv;
use crate::archive;
use crate::error::Error;

/// The model itself.
pub const MODEL: &str = "model.automl";
/// The model as one ONNX graph; not there when it could not be proven.
pub const ONNX: &str = "model.onnx";
/// The report for people.
pub const REPORT: &str = "report.html";
/// What the model is, what it was made from and where it is weak.
pub const CARD: &str = "model-card.md";
/// Every candidate.
pub const LEADERBOARD: &str = "leaderboard.csv";
/// The answers on the holdout, of members that had not seen it.
pub const HOLDOUT: &str = "holdout_predictions.csv";
/// What the model is worth.
pub const EVALUATION: &str = "evaluation.json";
/// The record of the run: settings, trials, decisions, what it can be replayed from.
pub const RUN: &str = "run.json";
/// What the others can be held against (`automl verify`).
pub const PROVENANCE: &str = "provenance.zip";

/// A file that is to be written.
#[derive(Clone, Debug)]
pub struct NamedFile {
    /// Its name.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files of a run; `run` is the content of [`RUN`].
///
/// # Errors
/// `Internal` when one cannot be made.
pub fn of(assembled: &Assembled, run: &serde_json::Value) -> Result<Vec<NamedFile>, Error> {
    let internal = |error: &dyn std::fmt::Display| Error::Internal(error.to_string());
    let pretty =
        |value: &serde_json::Value| serde_json::to_vec_pretty(value).map_err(|error| internal(&error));
    let model = store::write(&assembled.model).map_err(|error| internal(&error))?;
    let evaluation = serde_json::to_value(&assembled.evaluation).map_err(|error| internal(&error))?;
    let mut files = vec![(MODEL, model)];
    if let Ok((bytes, _)) = &assembled.onnx {
        files.push((ONNX, bytes.clone()));
    }
    files.extend([
        (REPORT, assembled.report_html.clone().into_bytes()),
        (CARD, assembled.model_card.clone().into_bytes()),
        (LEADERBOARD, csv::leaderboard(&assembled.leaderboard).into_bytes()),
        (
            HOLDOUT,
            csv::predictions(&assembled.model, &assembled.holdout_outputs, None).into_bytes(),
        ),
        (EVALUATION, pretty(&evaluation)?),
        (RUN, pretty(run)?),
    ]);
    let mut files: Vec<NamedFile> = files
        .into_iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    let archive = archive::pack(&assembled.model.provenance.program, &files)?;
    files.push(NamedFile {
        name: PROVENANCE,
        bytes: archive,
    });
    Ok(files)
}
