//! The raw inputs a model takes.

use serde::{Deserialize, Serialize};

/// How a raw input travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// A number (f64); missing is NaN.
    Number,
    /// A string; missing is the empty string.
    Text,
}

/// One raw input of a model: a column of the training table that the model uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Column name, as in the training table.
    pub name: String,
    /// How its values travel.
    pub kind: InputKind,
    /// Smallest and largest training value, for numbers (finite values only).
    pub range: Option<(f64, f64)>,
    /// The most frequent training values, for text (at most 100; a form offers them).
    pub examples: Vec<String>,
    /// Median or most frequent value as text: what a form starts with.
    pub typical: String,
}
