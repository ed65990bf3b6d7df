//! What is in a table: types, roles, statistics, warnings. One pass a column; exact but where the text says otherwise.

mod associations;
mod column;
mod duplicates;
mod kinds;
mod labels;
mod numbers;
mod report;
mod report_columns;
#[cfg(test)]
mod report_tests;
mod sampled;
#[cfg(test)]
mod tests;

use model::transform::date::DateFormat;
use model::{Column, Frame, ProblemType};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::read::{FormatReport, Table};

pub use report::page as report_page;
pub use sampled::profile_sampled;

/// What a column is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An ordered number.
    Number,
    /// A category.
    Category,
    /// A date or time.
    Date,
    /// Free text.
    Text,
    /// Names a row; not used.
    Id,
    /// (Nearly) one value; not used.
    Constant,
    /// A copy of another column; not used.
    Duplicate,
    /// Left out by the user.
    Excluded,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers with fractions.
    Numeric,
    /// Whole numbers.
    Integer,
    /// Two opposite values: 0 and 1, true and false, yes and no.
    Boolean,
    /// Repeating strings.
    Categorical,
    /// Dates or times in one format.
    Date,
    /// Strings of several words.
    Text,
    /// A value that names its row.
    Id,
    /// (Nearly) one value.
    Constant,
}

/// How to profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Column to predict, when known: associations with it come first and near copies of it are warned of.
    pub target: Option<String>,
    /// Threads.
    pub threads: usize,
}

/// Everything that is said of a table before training. Its JSON is read by the API; names are stable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Rows.
    pub rows: usize,
    /// Rows that were looked at, where the file was too large for all of them. Then rows, missing cells, and the least and largest
    /// value, mean, deviation, zeros and infinities of numbers are of all rows, the rest is of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampled_rows: Option<usize>,
    /// One a column, in order.
    pub columns: Vec<ColumnProfile>,
    /// Rows that occur earlier in the table; absent when the table is too large to look.
    pub duplicate_rows: Option<usize>,
    /// The strongest pairs, strongest first.
    pub associations: Vec<Association>,
    /// What the user should know of the whole table.
    pub warnings: Vec<String>,
    /// The first rows; an absent cell is missing.
    pub preview: Vec<Vec<Option<String>>>,
    /// What the file was found to be.
    pub format: FormatReport,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

/// One column. Statistics of numbers are over finite values; those that are not defined are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// What it will be used as.
    pub role: Role,
    /// One sentence: why this kind and role.
    pub evidence: String,
    /// Missing cells.
    pub missing: usize,
    /// Missing cells by rows.
    pub missing_share: f64,
    /// Distinct values, without missing.
    pub distinct: usize,
    /// Format of its dates.
    pub date_format: Option<DateFormat>,
    /// Statistics of a numeric column.
    pub numbers: Option<NumberStatistics>,
    /// Most frequent values, at most 20; none when no value repeats.
    pub top_values: Vec<ValueCount>,
    /// First distinct values, at most 5.
    pub samples: Vec<String>,
    /// What the user should know.
    pub warnings: Vec<String>,
    /// What predicting this column would mean.
    pub as_target: TargetAdvice,
}

/// Statistics of the finite values of a numeric column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberStatistics {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: Option<f64>,
    /// Sample standard deviation (n - 1).
    pub sd: Option<f64>,
    /// Quantiles, linear between order statistics.
    pub quantiles: Quantiles,
    /// Third standardised moment.
    pub skew: Option<f64>,
    /// Fourth standardised moment minus 3.
    pub kurtosis: Option<f64>,
    /// Cells equal to 0.
    pub zeros: usize,
    /// Infinite cells.
    pub infinite: usize,
    /// Cells beyond 1.5 interquartile ranges from the quartiles (Tukey).
    pub outliers: usize,
    /// At most 30 bins of equal width; the last one includes its upper end.
    pub histogram: Vec<Bin>,
}

/// Quantiles of a column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// 5 %.
    pub p05: f64,
    /// 25 %.
    pub p25: f64,
    /// 50 %.
    pub median: f64,
    /// 75 %.
    pub p75: f64,
    /// 95 %.
    pub p95: f64,
}

/// One bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Cells.
    pub count: usize,
}

/// A value and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueCount {
    /// The value as text.
    pub value: String,
    /// Cells.
    pub count: usize,
}

/// What predicting a column would mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetAdvice {
    /// Whether it can be predicted at all.
    pub usable: bool,
    /// The kind of problem it would be, by the rule of `plan::problem`.
    pub problem: Option<ProblemType>,
    /// Why, or why not: one sentence.
    pub reason: String,
    /// True when another problem type would be as plausible.
    pub ambiguous: bool,
    /// Classes by frequency, at most 50; empty for regression.
    pub classes: Vec<ValueCount>,
}

/// How strongly two columns go together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Association {
    /// Name of the first column.
    pub left: String,
    /// Name of the second column.
    pub right: String,
    /// How it was measured.
    pub measure: Measure,
    /// -1 to 1 for Pearson, else 0 to 1.
    pub value: f64,
}

/// A measure of association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Pearson's correlation of two numeric columns.
    Pearson,
    /// Bias-corrected Cramér's V of two categorical columns (Bergsma 2013).
    CramersV,
    /// Correlation ratio (eta) of a numeric on a categorical column.
    CorrelationRatio,
}

/// Rows shown as preview.
const PREVIEW_ROWS: usize = 20;

/// Profiles a table.
///
/// # Errors
/// `Internal` when a thread panics.
pub fn profile(table: &Table, options: &Options) -> Result<Profile, Error> {
    let frame = &table.frame;
    let copies = duplicates::columns(frame);
    let mut columns = profile_columns(frame, &copies, options.threads)?;
    let mut warnings = table.notes.clone();
    let associations = associations::strongest(frame, &mut columns, options, &mut warnings)?;
    let duplicate_rows = duplicates::rows(frame);
    if let Some(count) = duplicate_rows.filter(|count| count * 100 > frame.rows) {
        let share = 100.0 * count as f64 / frame.rows as f64;
        warnings.push(format!("{count} rows ({share:.1} %) are copies of earlier rows; copies on both sides of a split flatter a model."));
    }
    if frame.rows < 100 {
        warnings.push(format!(
            "There are only {} rows; scores of a model will be uncertain.",
            frame.rows
        ));
    }
    Ok(Profile {
        rows: frame.rows,
        sampled_rows: None,
        columns,
        duplicate_rows,
        associations,
        warnings,
        preview: preview(frame),
        format: table.format.clone(),
        sha256: table.sha256.clone(),
    })
}

fn profile_columns(
    frame: &Frame,
    copies: &[Option<usize>],
    threads: usize,
) -> Result<Vec<ColumnProfile>, Error> {
    let indices: Vec<usize> = (0..frame.columns.len()).collect();
    let share = indices.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        for part in indices.chunks(share) {
            running.push(scope.spawn(move || {
                let mut profiles = Vec::with_capacity(part.len());
                for &index in part {
                    let copy_of = copies[index].map(|original| frame.names[original].as_str());
                    profiles.push(column::profile(
                        &frame.names[index],
                        &frame.columns[index],
                        copy_of,
                    ));
                }
                profiles
            }));
        }
        let mut columns = Vec::with_capacity(frame.columns.len());
        for thread in running {
            columns.extend(
                thread
                    .join()
                    .map_err(|_| Error::Internal("profiling a column panicked".into()))?,
            );
        }
        Ok(columns)
    })
}

fn preview(frame: &Frame) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for row in 0..frame.rows.min(PREVIEW_ROWS) {
        rows.push(frame.columns.iter().map(|column| cell(column, row)).collect());
    }
    rows
}

/// The text of a cell, cut at 200 characters; `None` when it is missing.
fn cell(column: &Column, row: usize) -> Option<String> {
    if column.is_missing(row) {
        return None;
    }
    Some(match column {
        Column::Number(values) => number_text(values[row]),
        Column::Text { codes, dictionary } => shorten(&dictionary[codes[row] as usize]),
    })
}

/// The shortest text that means the number; whole numbers have no point.
pub fn number_text(number: f64) -> String {
    // Adding zero turns -0 into 0.
    let number = number + 0.0;
    if number != 0.0 && !(1e-5..1e17).contains(&number.abs()) {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}

/// A value for display.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 200;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
