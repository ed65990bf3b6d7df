//! What `automl verify` looks at with the table: whether it is the one, how its rows are parted, what the answers on the holdout are
//! worth.

use std::path::Path;

use engine::archive::Archive;
use engine::metrics::Metric;
use engine::plan::{self, Prepared};
use engine::profile::{self, Options};
use engine::train::{files, holdout_frame, proven_score};
use model::Frame;
use serde::Deserialize;

use super::{Arguments, Finding, Record, parsed};
use crate::failure::Failure;
use crate::table_file;

/// How far a score may be off that is computed from the answers as they were written down: they are written to the last digit,
/// but sums of many may be taken in another order.
const SCORE_TOLERANCE: f64 = 1e-9;

#[derive(Deserialize)]
struct Evaluation {
    metric: Metric,
    score: Option<f64>,
}

/// What can be looked at with the table.
pub(super) struct WithData {
    is_same: bool,
    prepared: Option<Result<Prepared, String>>,
    /// The rows of the holdout, where the table is the one.
    pub holdout: Option<Frame>,
}

impl WithData {
    /// Reads and prepares it as the record says.
    ///
    /// # Errors
    /// `Input` for what is no table.
    pub fn read(arguments: &Arguments, data: &Path, record: &Record) -> Result<Self, Failure> {
        let threads = arguments
            .threads
            .map_or_else(table_file::machine_threads, usize::from);
        let table = table_file::read_within(data, threads, record.settings.memory_bytes)?.table;
        if table.sha256 != record.data_sha256() {
            return Ok(Self {
                is_same: false,
                prepared: None,
                holdout: None,
            });
        }
        let options = Options {
            target: Some(record.settings.target.clone()),
            threads,
        };
        let profile = profile::profile(&table, &options)?;
        let prepared = plan::prepare(&table, &profile, &record.settings).map_err(|error| error.to_string());
        let holdout = prepared.as_ref().ok();
        let holdout = holdout.map(|prepared| holdout_frame(prepared, &table.frame));
        Ok(Self {
            is_same: true,
            prepared: Some(prepared),
            holdout,
        })
    }

    /// What came of each look.
    ///
    /// # Errors
    /// `Input` when the archive lacks a file.
    pub fn findings(&self, archive: &Archive, record: &Record) -> Result<Vec<Finding>, Failure> {
        if !self.is_same {
            return Ok(vec![Finding::Fails(
                "The table is not the one of this run: its SHA-256 is another.".to_owned(),
            )]);
        }
        let mut findings = vec![Finding::Holds(
            "The table is the one that the run was trained on.".to_owned(),
        )];
        let prepared = match &self.prepared {
            Some(Ok(prepared)) => prepared,
            Some(Err(reason)) => {
                findings.push(Finding::Fails(format!(
                    "The table cannot be prepared as the record says: {reason}"
                )));
                return Ok(findings);
            }
            None => return Ok(findings),
        };
        let split = prepared.split_record();
        findings.push(match split == record.split {
            true => Finding::Holds(format!(
                "The split is the recorded one: {} rows to train on, {} kept for the end, {} folds.",
                split.training_rows, split.holdout_rows, split.folds
            )),
            false => Finding::Fails(
                "The same seed and settings part the rows in another way than recorded.".to_owned(),
            ),
        });
        findings.push(score(prepared, archive)?);
        Ok(findings)
    }
}

/// The score that the evaluation names, against the one of the answers that were kept.
fn score(prepared: &Prepared, archive: &Archive) -> Result<Finding, Failure> {
    let evaluation: Evaluation = parsed(archive, files::EVALUATION)?;
    let Some(predictions) = archive.files.get(files::HOLDOUT) else {
        return Ok(Finding::Open(
            "The score was not looked at: the archive has no predictions.".to_owned(),
        ));
    };
    let found = match proven_score(prepared, evaluation.metric, predictions) {
        Ok(found) => found,
        Err(error) => {
            return Ok(Finding::Fails(format!(
                "The predictions on the holdout do not fit the run: {error}"
            )));
        }
    };
    let title = evaluation.metric.title();
    Ok(match (found, evaluation.score) {
        (None, None) => Finding::Holds(format!(
            "{title} is not defined on the holdout, as the evaluation says."
        )),
        (Some(found), Some(told)) if (found - told).abs() <= SCORE_TOLERANCE * told.abs().max(1.0) => {
            Finding::Holds(format!(
                "{title} on the holdout is {told}, computed anew from the kept answers."
            ))
        }
        (found, told) => {
            let words =
                |score: Option<f64>| score.map_or_else(|| "undefined".to_owned(), |score| score.to_string());
            Finding::Fails(format!(
                "{title} of the kept answers is {}, and the evaluation says {}.",
                words(found),
                words(told)
            ))
        }
    })
}
