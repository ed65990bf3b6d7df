//! `automl report`: what is in a table, as a page to pass on.

use std::path::PathBuf;

use clap::Args;
use engine::profile::{self, Options};

use crate::failure::Failure;
use crate::{quantity, table_file};

/// Arguments of `automl report`.
#[derive(Args)]
pub struct Arguments {
    /// The table: CSV, TSV, Parquet or JSON lines, plain or compressed.
    data: PathBuf,
    /// Where the page goes: one HTML file without scripts.
    #[arg(long)]
    out: PathBuf,
    /// The column to predict: its balance or its tails, and what goes together with it, come first.
    #[arg(long)]
    target: Option<String>,
    /// Threads to compute on; all of the machine when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Memory to stay within; of a larger table an even sample of its rows is looked at.
    #[arg(long, default_value = "4GiB", value_parser = quantity::size)]
    memory: u64,
}

/// Profiles and writes the page.
///
/// # Errors
/// `Input` for a file that is no table and a target that it does not have.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let threads = arguments
        .threads
        .map_or_else(table_file::machine_threads, usize::from);
    let table = table_file::read_within(&arguments.data, threads, arguments.memory)?;
    let options = Options {
        target: arguments.target.clone(),
        threads,
    };
    let profile = profile::profile_sampled(&table, &options)?;
    let name = arguments.data.file_name().unwrap_or_default().to_string_lossy();
    let page = profile::report_page(&profile, &name, arguments.target.as_deref())?;
    table_file::write(&arguments.out, page.as_bytes())
}
