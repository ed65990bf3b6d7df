//! `automl predict`: the rows of a table through a trained model.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use engine::read::Table;
use engine::train::{csv, files};
use model::serve::Loaded;
use model::{Model, store};

use crate::failure::Failure;
use crate::table_file;

/// Arguments of `automl predict`.
#[derive(Args)]
pub struct Arguments {
    /// A model file, or the folder that `automl train` wrote.
    model: PathBuf,
    /// The table: CSV, TSV, Parquet or JSON lines, plain or compressed. Columns that the model does not know are ignored.
    data: PathBuf,
    /// Where the predictions go, as CSV: `prediction`, and `p_<label>` for each class; with `--interval` also `low` and `high`, or
    /// `in_set_<label>` for each class.
    #[arg(long)]
    out: PathBuf,
    /// Add intervals of values, or sets of classes, that hold this share of new rows: 0.8, 0.9 or 0.95.
    #[arg(long)]
    interval: Option<f64>,
    /// Threads to compute on; all of the machine when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Predicts and writes.
///
/// # Errors
/// `Input` for files that are no model or no table, or a table that lacks inputs; `Failed` otherwise.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let threads = arguments
        .threads
        .map_or_else(table_file::machine_threads, usize::from);
    let model = load(&arguments.model)?;
    let quantile = arguments.interval.map(|level| model.quantile(level)).transpose();
    let quantile = quantile.map_err(|error| Failure::Input(error.to_string()))?;
    let (table, pool) = prepare(&model, &arguments.data, threads)?;
    let loaded = Loaded::new(model);
    let outputs = loaded
        .predict_batch(&table.frame, Some(&pool))
        .map_err(|error| Failure::Input(format!("{}: {error}", arguments.data.display())))?;
    let text = csv::predictions(loaded.model(), &outputs, quantile);
    table_file::write(&arguments.out, text.as_bytes())
}

/// The table, its columns read as the model takes them, and threads.
///
/// # Errors
/// `Input` for what is no table, `Failed` without threads.
pub fn prepare(model: &Model, data: &Path, threads: usize) -> Result<(Table, rayon::ThreadPool), Failure> {
    let kinds: BTreeMap<String, model::InputKind> = model
        .inputs
        .iter()
        .map(|input| (input.name.clone(), input.kind))
        .collect();
    let table = table_file::read(data, kinds, threads)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::Failed(format!("threads could not be started: {error}")))?;
    Ok((table, pool))
}

/// The model of a file, or of a folder that holds `model.automl`.
///
/// # Errors
/// `Input` for what is no model.
pub fn load(path: &Path) -> Result<Model, Failure> {
    let file = if path.is_dir() {
        path.join(files::MODEL)
    } else {
        path.to_path_buf()
    };
    let bytes = table_file::bytes(&file)?;
    store::read(&bytes).map_err(|error| Failure::Input(format!("{}: {error}", file.display())))
}
