//! `automl predict`: the rows of a table through a trained model.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use engine::train::csv;
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
    /// Where the predictions go, as CSV: `prediction`, and `p_<label>` for each class.
    #[arg(long)]
    out: PathBuf,
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
    let kinds: BTreeMap<String, model::InputKind> = model
        .inputs
        .iter()
        .map(|input| (input.name.clone(), input.kind))
        .collect();
    let table = table_file::read(&arguments.data, kinds, threads)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::Failed(format!("threads could not be started: {error}")))?;
    let loaded = Loaded::new(model);
    let outputs = loaded
        .predict_batch(&table.frame, Some(&pool))
        .map_err(|error| Failure::Input(format!("{}: {error}", arguments.data.display())))?;
    let text = csv::predictions(&loaded.model().classes, &outputs);
    table_file::write(&arguments.out, text.as_bytes())
}

/// The model of a file, or of a folder that holds `model.automl`.
fn load(path: &Path) -> Result<Model, Failure> {
    let file = if path.is_dir() {
        path.join(crate::train_files::MODEL)
    } else {
        path.to_path_buf()
    };
    let bytes = table_file::bytes(&file)?;
    store::read(&bytes).map_err(|error| Failure::Input(format!("{}: {error}", file.display())))
}
