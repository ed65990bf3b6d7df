//! What kind of question a model answers.

use serde::{Deserialize, Serialize};

/// The kind of target a model predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemType {
    /// Two classes.
    Binary,
    /// Three classes or more.
    Multiclass,
    /// A number.
    Regression,
}

impl ProblemType {
    /// True for binary and multiclass problems.
    pub fn is_classification(self) -> bool {
        self != Self::Regression
    }
}
