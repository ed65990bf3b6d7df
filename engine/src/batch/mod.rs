//! All rows of a file through a model: schema first, then block by block, in memory that does not grow with the file.
//!
//! A row that cannot be predicted costs itself only: it stands in the answer, with the reason. What is wrong with the file as a
//! whole ends the batch, in words.

mod actuals;
mod drift;
mod rows;
mod schema;
mod table;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use model::Loaded;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::profile::Profile;
use crate::read::stream::{Block, Source, Stream};
use crate::read::{ReadOptions, no_rows};
use crate::train::MetricValue;

pub use actuals::{Comparison, Evaluation};
pub use drift::{ColumnDrift, Drift, Level};

use actuals::Actuals;
use drift::Sketches;
use rows::Predicted;
use schema::Schema;
use table::{Csv, Parquet};

/// Row errors that a report lists; the others are counted.
pub const LISTED_ERRORS: usize = 1000;

/// What is wanted of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The only column of the file that the answer repeats; none: all of them.
    pub id_column: Option<String>,
    /// Text that a spreadsheet would take for a formula is left as it is.
    pub raw: bool,
}

/// A file and the model for it.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// The file.
    pub source: Source<'a>,
    /// The model.
    pub model: &'a Loaded,
    /// What is wanted.
    pub options: &'a Options,
    /// How to read the file.
    pub read: &'a ReadOptions,
    /// Profile of the training data, to compare with.
    pub profile: Option<&'a Profile>,
    /// What the model is worth on its holdout, to compare with.
    pub holdout: &'a [MetricValue],
    /// Threads to predict on.
    pub pool: &'a rayon::ThreadPool,
    /// Told of every block.
    pub progress: &'a dyn Fn(Progress),
}

/// How far a batch is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Rows read, those in error included.
    pub rows: u64,
    /// Rows that could not be predicted.
    pub rows_in_error: u64,
    /// Share of the file that was read, 0 to 1.
    pub share: f64,
}

/// Where the answer goes.
pub struct Sinks<'a> {
    /// As CSV.
    pub csv: &'a mut dyn Write,
    /// As Parquet, where that is wanted.
    pub parquet: Option<Box<dyn Write + Send>>,
}

/// What is to be known of a batch besides its predictions. Its JSON is read by the API; names are stable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that could not be predicted.
    pub rows_in_error: u64,
    /// What was found and did no harm: columns without a use, renamed headers.
    pub warnings: Vec<String>,
    /// The first row errors, at most [`LISTED_ERRORS`].
    pub row_errors: Vec<RowError>,
    /// The model on those rows whose target is in the file.
    pub evaluation: Option<Evaluation>,
    /// Why there is no evaluation.
    pub evaluation_absent: Option<String>,
    /// How the columns differ from the training data.
    pub drift: Drift,
}

/// A cell for which a row was not predicted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Row of the table, from 1; the header is none.
    pub row: u64,
    /// Column.
    pub column: String,
    /// What is wrong with the cell.
    pub message: String,
}

/// Why a batch ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file or a fault of ours.
    #[error(transparent)]
    Engine(#[from] Error),
    /// The answer could not be written.
    #[error("{0}")]
    Write(#[from] io::Error),
}

/// Predicts a file.
///
/// # Errors
/// `Input` for a file that is no table, lacks columns of the model or the id column; `Write` when the disk refuses.
pub fn run(batch: &Batch<'_>, sinks: Sinks<'_>) -> Result<Report, Fault> {
    let mut stream = Stream::open(&batch.source, batch.read)?;
    let schema = Schema::new(batch.model.model(), stream.names(), batch.options)?;
    let mut warnings = stream.notes().to_vec();
    warnings.extend(schema.warnings());
    let Sinks { csv, parquet } = sinks;
    let mut work = Work::begin(batch, &schema, csv, parquet)?;
    let mut block = Block::default();
    while stream.next(&mut block)? {
        work.block(&block)?;
        (batch.progress)(Progress {
            rows: work.rows,
            rows_in_error: work.rows_in_error,
            share: stream.share(),
        });
    }
    if work.rows == 0 {
        return Err(no_rows().into());
    }
    work.end(warnings)
}

/// A batch between two blocks.
struct Work<'a> {
    batch: &'a Batch<'a>,
    schema: &'a Schema,
    csv: Csv<'a>,
    parquet: Option<Parquet<'a>>,
    actuals: Actuals<'a>,
    sketches: Sketches<'a>,
    rows: u64,
    rows_in_error: u64,
    row_errors: Vec<RowError>,
}

impl<'a> Work<'a> {
    fn begin(
        batch: &'a Batch<'a>,
        schema: &'a Schema,
        csv: &'a mut dyn Write,
        parquet: Option<Box<dyn Write + Send>>,
    ) -> Result<Self, Fault> {
        let model = batch.model.model();
        Ok(Self {
            batch,
            schema,
            csv: Csv::begin(csv, schema, model, batch.options.raw)?,
            parquet: match parquet {
                Some(sink) => Some(Parquet::begin(sink, schema, model)?),
                None => None,
            },
            actuals: Actuals::new(model),
            sketches: Sketches::new(model, batch.profile),
            rows: 0,
            rows_in_error: 0,
            row_errors: Vec::new(),
        })
    }

    fn block(&mut self, block: &Block) -> Result<(), Fault> {
        let predicted = Predicted::new(self.batch.model, self.schema, block, self.batch.pool)?;
        self.csv.write(self.schema, block, &predicted)?;
        if let Some(parquet) = &mut self.parquet {
            parquet.write(self.schema, block, &predicted)?;
        }
        if let Some(column) = self.schema.target {
            for row in 0..block.rows() {
                if let Some(outputs) = predicted.outputs(row) {
                    self.actuals.add(block.cell(row, column), outputs);
                }
            }
        }
        self.sketches.add(self.schema, block);
        let room = LISTED_ERRORS - self.row_errors.len();
        for error in predicted.errors.iter().take(room) {
            self.row_errors.push(RowError {
                row: self.rows + error.row as u64 + 1,
                column: self.schema.names[error.column].clone(),
                message: error.message.clone(),
            });
        }
        self.rows += block.rows() as u64;
        self.rows_in_error += predicted.rows_in_error() as u64;
        Ok(())
    }

    fn end(self, warnings: Vec<String>) -> Result<Report, Fault> {
        self.csv.end()?;
        if let Some(parquet) = self.parquet {
            parquet.end()?;
        }
        let target = &self.batch.model.model().target;
        let (evaluation, evaluation_absent) = match self.schema.target {
            None => (None, Some(format!("The file has no column {target}."))),
            Some(_) => match self.actuals.evaluation(self.batch.holdout) {
                Ok(evaluation) => (Some(evaluation), None),
                Err(reason) => (None, Some(reason)),
            },
        };
        Ok(Report {
            rows: self.rows,
            rows_in_error: self.rows_in_error,
            warnings,
            row_errors: self.row_errors,
            evaluation,
            evaluation_absent,
            drift: self.sketches.drift(),
        })
    }
}
