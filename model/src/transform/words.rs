//! Presence of frequent words in free text.

use serde::{Deserialize, Serialize};

/// A fitted vocabulary. Words are split at ASCII white space, compared exactly; feature i is 1 when `words[i]` occurs, else 0
/// (a missing text has none). The last feature is the number of words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// Known words, most frequent first (ties by text).
    pub words: Vec<String>,
}
