//! What is in a dataset, as the engine's profile says it. Fields that this version does not know are passed over.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};

use super::long::Long;
use super::problem::ProblemType;

/// What is in a table.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct DatasetProfile {
    /// Rows.
    pub rows: Long,
    /// How the file was read.
    pub format: FileFormat,
    /// Rows that another row repeats; null when not counted.
    #[serde(default)]
    pub duplicate_rows: Option<Long>,
    /// Columns, in file order.
    pub columns: Vec<ColumnProfile>,
    /// The first rows as text; null is missing.
    #[serde(default)]
    pub preview: Vec<Vec<Option<String>>>,
    /// What a person should know before training.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// How a file was read.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct FileFormat {
    /// For example `csv`, `parquet`, `json_lines`.
    pub kind: String,
    /// Between fields.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Character encoding.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Whether the first row holds names.
    #[serde(default = "yes")]
    pub header: bool,
    /// For example `gzip`.
    #[serde(default)]
    pub compression: Option<String>,
}

fn yes() -> bool {
    true
}

/// What a column is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
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

/// What is in a column.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ColumnProfile {
    /// Name.
    pub name: String,
    /// What the values are, for example `integer`.
    pub kind: String,
    /// What it is used as.
    pub role: ColumnRole,
    /// Why, in one sentence.
    #[serde(default)]
    pub evidence: String,
    /// Rows without a value.
    #[serde(default)]
    pub missing: Long,
    /// Share of rows without a value.
    #[serde(default)]
    pub missing_share: f64,
    /// Distinct values.
    #[serde(default)]
    pub distinct: Long,
    /// Smallest value.
    #[serde(default)]
    pub min: Option<f64>,
    /// Largest value.
    #[serde(default)]
    pub max: Option<f64>,
    /// Mean.
    #[serde(default)]
    pub mean: Option<f64>,
    /// Standard deviation.
    #[serde(default)]
    pub sd: Option<f64>,
    /// Median.
    #[serde(default)]
    pub median: Option<f64>,
    /// 5, 25, 50, 75 and 95 %.
    #[serde(default)]
    pub quantiles: Option<Vec<f64>>,
    /// Most frequent values, at most 20.
    #[serde(default)]
    pub top_values: Vec<ValueCount>,
    /// At most 30 bins.
    #[serde(default)]
    pub histogram: Option<Vec<HistogramBin>>,
    /// Some values.
    #[serde(default)]
    pub samples: Vec<String>,
    /// What a person should know of this column.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What the problem type would be if this column were the target, and why.
    pub as_target: TargetAdvice,
}

/// Whether a column can be predicted.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct TargetAdvice {
    /// Whether it can.
    pub usable: bool,
    /// As what.
    #[serde(default)]
    pub problem: Option<ProblemType>,
    /// Why, or why not.
    #[serde(default)]
    pub reason: String,
    /// Its classes with their rows.
    #[serde(default)]
    pub classes: Option<Vec<ValueCount>>,
}

/// A value and how many rows have it.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ValueCount {
    /// The value.
    pub value: String,
    /// Rows.
    pub count: Long,
}

/// Rows between two numbers.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct HistogramBin {
    /// From this.
    pub from: f64,
    /// To this.
    pub to: f64,
    /// Rows.
    pub count: Long,
}
