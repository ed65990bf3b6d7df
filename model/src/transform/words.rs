//! Presence of frequent words in free text.

use serde::{Deserialize, Serialize};

use super::{Step, WordIndex};
use crate::InputKind;

/// A fitted vocabulary. Words are split at ASCII white space, compared exactly; feature i is 1 when `words[i]` occurs, else 0
/// (a missing text has none). The last feature is the number of words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// Known words, most frequent first (ties by text).
    pub words: Vec<String>,
}

/// The words of a text: its non-empty parts between ASCII white space (space, tab, line feed, vertical tab, form feed,
/// carriage return: what onnxruntime's `StringSplit` takes for white space).
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '\x0b', '\x0c', '\r'])
        .filter(|word| !word.is_empty())
}

impl Step for Words {
    fn takes(&self) -> InputKind {
        InputKind::Text
    }

    fn width(&self) -> usize {
        self.words.len() + 1
    }

    fn index(&self) -> WordIndex {
        super::index_words(&self.words)
    }

    fn encode_text(&self, index: &WordIndex, text: Option<&str>, out: &mut [f64]) {
        out.fill(0.0);
        let mut count = 0.0;
        for word in split(text.unwrap_or_default()) {
            count += 1.0;
            if let Some(position) = index.get(word) {
                out[*position as usize] = 1.0;
            }
        }
        out[self.words.len()] = count;
    }
}
