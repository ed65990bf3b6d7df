//! `automl explain`: what each column adds to the answer to each row of a table.

use std::path::PathBuf;

use clap::Args;
use engine::train::csv;
use model::serve::Loaded;
use model::{Attribution, ExplainError, Scratch};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::{predict, table_file};

/// Arguments of `automl explain`.
#[derive(Args)]
pub struct Arguments {
    /// A model file, or the folder that `automl train` wrote.
    model: PathBuf,
    /// The table: CSV, TSV, Parquet or JSON lines, plain or compressed. Columns that the model does not know are ignored.
    data: PathBuf,
    /// Where the contributions go, as CSV: `prediction`, `output` (its probability, or the value), `base`, and one column an input;
    /// `base` and the inputs sum to `output`.
    #[arg(long)]
    out: PathBuf,
    /// Threads to compute on; all of the machine when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Explains and writes.
///
/// # Errors
/// `Input` for files that are no model or no table, a table that lacks inputs, or a model of an older program; `Failed` otherwise.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let threads = arguments
        .threads
        .map_or_else(table_file::machine_threads, usize::from);
    let model = predict::load(&arguments.model)?;
    let (table, pool) = predict::prepare(&model, &arguments.data, threads)?;
    let of_data =
        |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", arguments.data.display()));
    let loaded = Loaded::new(model);
    let model = loaded.model();
    let features = model.encoder.encode(&model.inputs, &table.frame);
    let features = features.map_err(|error| of_data(&error))?;
    let rows = table.frame.rows;
    let outputs = loaded.predict_features(&features, rows, Some(&pool));
    let explain = |scratch: &mut Scratch, row: usize| {
        let row: Vec<f64> = features.iter().map(|column| column[row]).collect();
        loaded.explain_features(&row, scratch)
    };
    let explained = pool.install(|| {
        (0..rows)
            .into_par_iter()
            .map_init(Scratch::default, explain)
            .collect()
    });
    let attributions: Option<Vec<Attribution>> = explained;
    let Some(attributions) = attributions else {
        return Err(Failure::Input(format!(
            "{}: {}",
            arguments.model.display(),
            ExplainError::NoBackground
        )));
    };
    let text = csv::contributions(model, &outputs, &attributions);
    table_file::write(&arguments.out, text.as_bytes())
}
