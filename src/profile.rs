//! `automl profile`: what is in a table.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use engine::profile::{self, ColumnProfile, Options, Profile};

use crate::failure::Failure;
use crate::{quantity, table_file};

/// Characters of evidence that a line shows.
const EVIDENCE: usize = 70;
/// Characters of a name that a line shows.
const NAME: usize = 28;

/// Arguments of `automl profile`.
#[derive(Args)]
pub struct Arguments {
    /// The table: CSV, TSV, Parquet or JSON lines, plain or compressed.
    data: PathBuf,
    /// Print the whole profile as one JSON object.
    #[arg(long)]
    json: bool,
    /// Threads to compute on; all of the machine when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Memory to stay within; of a larger table an even sample of its rows is looked at.
    #[arg(long, default_value = "4GiB", value_parser = quantity::size)]
    memory: u64,
}

/// Profiles and prints.
///
/// # Errors
/// `Input` for a file that is no table.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let threads = arguments
        .threads
        .map_or_else(table_file::machine_threads, usize::from);
    let table = table_file::read_within(&arguments.data, threads, arguments.memory)?;
    let profile = profile::profile_sampled(
        &table,
        &Options {
            target: None,
            threads,
        },
    )?;
    let text = if arguments.json {
        serde_json::to_string(&profile).map_err(|error| Failure::Failed(error.to_string()))?
    } else {
        page(&profile)
    };
    println!("{text}");
    Ok(())
}

fn page(profile: &Profile) -> String {
    let mut page = format!("{} rows, {} columns\n", profile.rows, profile.columns.len());
    if let Some(sampled) = profile.sampled_rows {
        let _ = writeln!(
            page,
            "Distinct values and kinds are of {sampled} rows; missing cells are of all."
        );
    }
    page.push('\n');
    let _ = writeln!(
        page,
        "{:NAME$}  {:11}  {:>8}  {:>8}  why",
        "column", "kind", "missing", "distinct"
    );
    for column in &profile.columns {
        let missing = format!("{:.1} %", column.missing_share * 100.0);
        let _ = writeln!(
            page,
            "{:NAME$}  {:11}  {missing:>8}  {:>8}  {}",
            shortened(&column.name, NAME),
            kind(column),
            column.distinct,
            shortened(&column.evidence, EVIDENCE)
        );
    }
    let warnings: Vec<String> = profile
        .columns
        .iter()
        .flat_map(|column| {
            column
                .warnings
                .iter()
                .map(|warning| format!("{}: {warning}", shortened(&column.name, NAME)))
        })
        .collect();
    for warning in profile.warnings.iter().chain(&warnings) {
        let _ = write!(page, "\n! {}", visible(warning));
    }
    page.trim_end().to_owned()
}

fn kind(column: &ColumnProfile) -> String {
    format!("{:?}", column.kind).to_lowercase()
}

fn shortened(text: &str, limit: usize) -> String {
    let text = visible(text);
    if text.chars().count() <= limit {
        return text;
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

/// Control characters of a table must not steer the terminal.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}
