//! What is in one column of a dataset, as the engine's profile says it.

use async_graphql::{ComplexObject, Enum, SimpleObject};
use serde::{Deserialize, Serialize};

use super::long::Long;
use super::problem::{ProblemType, from_stored};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
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
#[graphql(complex)]
pub struct ColumnProfile {
    /// Name.
    pub name: String,
    /// What the values are, for example `integer`.
    #[graphql(deprecation = "Use `valueKind`, which is an enum; removed after 2027-05-31.")]
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
    /// Statistics of numbers.
    #[graphql(skip)]
    #[serde(default)]
    pub numbers: Option<NumberStatistics>,
    /// Most frequent values, at most 20.
    #[serde(default)]
    pub top_values: Vec<ValueCount>,
    /// Some values.
    #[serde(default)]
    pub samples: Vec<String>,
    /// What a person should know of this column.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What the problem type would be if this column were the target, and why.
    pub as_target: TargetAdvice,
}

#[ComplexObject]
impl ColumnProfile {
    /// What the values are; null for a kind that this version does not know.
    async fn value_kind(&self) -> Option<ColumnKind> {
        from_stored(&self.kind)
    }

    /// Smallest value.
    async fn min(&self) -> Option<f64> {
        self.numbers.as_ref().map(|numbers| numbers.min)
    }

    /// Largest value.
    async fn max(&self) -> Option<f64> {
        self.numbers.as_ref().map(|numbers| numbers.max)
    }

    /// Mean.
    async fn mean(&self) -> Option<f64> {
        self.numbers.as_ref()?.mean
    }

    /// Sample standard deviation.
    async fn sd(&self) -> Option<f64> {
        self.numbers.as_ref()?.sd
    }

    /// Median.
    async fn median(&self) -> Option<f64> {
        self.numbers.as_ref().map(|numbers| numbers.quantiles.median)
    }

    /// 5, 25, 50, 75 and 95 %.
    async fn quantiles(&self) -> Option<Vec<f64>> {
        let quantiles = &self.numbers.as_ref()?.quantiles;
        Some(vec![
            quantiles.p05,
            quantiles.p25,
            quantiles.median,
            quantiles.p75,
            quantiles.p95,
        ])
    }

    /// Cells beyond 1.5 interquartile ranges from the quartiles.
    async fn outliers(&self) -> Option<Long> {
        self.numbers.as_ref().map(|numbers| numbers.outliers)
    }

    /// At most 30 bins of equal width.
    async fn histogram(&self) -> Option<&[HistogramBin]> {
        self.numbers.as_ref().map(|numbers| numbers.histogram.as_slice())
    }
}

/// Statistics of the finite values of a numeric column, as stored.
#[derive(Clone, Debug, Deserialize)]
pub struct NumberStatistics {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Cells that are not finite.
    #[serde(default)]
    pub infinite: Long,
    mean: Option<f64>,
    sd: Option<f64>,
    quantiles: Quantiles,
    #[serde(default)]
    outliers: Long,
    #[serde(default)]
    histogram: Vec<HistogramBin>,
}

#[derive(Clone, Debug, Deserialize)]
struct Quantiles {
    p05: f64,
    p25: f64,
    median: f64,
    p75: f64,
    p95: f64,
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
    /// True when another problem type would be as plausible.
    #[serde(default)]
    pub ambiguous: bool,
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
