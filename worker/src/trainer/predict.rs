//! Predicting in the child: a file and a model become predictions and a report.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use engine::batch::{Batch, Fault, Sinks};
use engine::profile::Profile;
use engine::read::stream::Source;
use engine::read::{Limits, ReadOptions};
use serde_json::Value;

use super::engine_work::{answer, read, threads_of, write};
use super::{Failure, Reporter};
use crate::work::{PREDICTIONS, PREDICTIONS_PARQUET, Predicted, REPORT, Work};

/// Predicts the file and writes the answer.
pub(super) fn predict(work: Work, reporter: &Reporter) -> Result<Value, Failure> {
    let Work::Predict {
        source,
        file_name,
        model,
        profile,
        holdout,
        options,
        parquet,
        threads,
        memory_bytes,
        out,
    } = work
    else {
        return Err(Failure::internal("this is no prediction"));
    };
    let loaded = model::store::load(&read(&model)?).map_err(Failure::internal)?;
    let profile: Option<Profile> = match &profile {
        Some(path) => Some(serde_json::from_slice(&read(path)?).map_err(Failure::internal)?),
        None => None,
    };
    let size = std::fs::metadata(&source)
        .map_err(|error| Failure::file(&source, &error))?
        .len();
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(File::open(&source)?)) };
    let pool = threads_of(threads)?;
    let batch = Batch {
        source: Source {
            open: &open,
            size,
            file_name: &file_name,
            whole: &Limits::within(memory_bytes),
        },
        model: &loaded,
        options: &options,
        read: &ReadOptions {
            threads,
            ..ReadOptions::default()
        },
        profile: profile.as_ref(),
        holdout: &holdout,
        pool: &pool,
        progress: &|progress| reporter.rows(progress.into()),
    };
    let path = out.join(PREDICTIONS);
    let mut csv = create(&path)?;
    let sinks = Sinks {
        csv: &mut csv,
        parquet: if parquet {
            Some(Box::new(create(&out.join(PREDICTIONS_PARQUET))?) as Box<dyn Write + Send>)
        } else {
            None
        },
    };
    let report = engine::batch::run(&batch, sinks).map_err(|fault| match fault {
        Fault::Engine(error) => error.into(),
        Fault::Write(error) => Failure::file(&path, &error),
    })?;
    write(
        &out.join(REPORT),
        &serde_json::to_vec(&report).map_err(Failure::internal)?,
    )?;
    answer(&Predicted {
        rows: report.rows,
        rows_in_error: report.rows_in_error,
    })
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| Failure::file(path, &error))?;
    Ok(BufWriter::new(file))
}
