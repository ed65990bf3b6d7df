//! A raw table in memory: what a reader produces and what an encoder consumes.

use serde::{Deserialize, Serialize};

/// Code of a missing cell in [`Column::Text`].
pub const MISSING_CODE: u32 = u32::MAX;

/// One raw column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Column {
    /// Numbers; a missing cell is NaN.
    Number(Vec<f64>),
    /// Strings, dictionary-coded. `codes[row]` indexes `dictionary`, or is [`MISSING_CODE`].
    /// Dictionary entries are distinct, in order of first appearance; none of them means "missing" (`value::is_missing`).
    Text {
        /// One code a row.
        codes: Vec<u32>,
        /// Distinct strings.
        dictionary: Vec<String>,
    },
}

impl Column {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Text { codes, .. } => codes.len(),
        }
    }

    /// True when the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True when the cell is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Number(values) => values[row].is_nan(),
            Self::Text { codes, .. } => codes[row] == MISSING_CODE,
        }
    }
}

/// A table of raw columns with unique, non-empty names; all columns have `rows` rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Unique column names.
    pub names: Vec<String>,
    /// One column a name.
    pub columns: Vec<Column>,
    /// Number of rows.
    pub rows: usize,
}

impl Frame {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.position(name).map(|index| &self.columns[index])
    }

    /// Index of the column of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|candidate| candidate == name)
    }
}
