//! Strings to dictionary codes.

use serde::{Deserialize, Serialize};

use super::{Step, WordIndex};
use crate::InputKind;
use crate::onnx::graph::{Attribute, Edge, Graph, Tensor};
use crate::value::MISSING_TOKENS;

/// Code of a missing value.
pub const MISSING: u32 = 0;
/// Code of a value that the dictionary does not hold.
pub const UNSEEN: u32 = 1;
/// Code of the first dictionary entry.
pub const FIRST: u32 = 2;

/// A fitted dictionary: `labels[i]` has code `FIRST + i`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Distinct known values, most frequent first (ties by text).
    pub labels: Vec<String>,
}

impl Category {
    /// Number of codes, the two special ones included.
    pub fn cardinality(&self) -> usize {
        self.labels.len() + FIRST as usize
    }
}

impl Step for Category {
    fn takes(&self) -> InputKind {
        InputKind::Text
    }

    fn width(&self) -> usize {
        1
    }

    fn index(&self) -> WordIndex {
        super::index_words(&self.labels)
    }

    fn encode_text(&self, index: &WordIndex, text: Option<&str>, out: &mut [f64]) {
        let code = match text {
            None => MISSING,
            Some(text) => index.get(text).map_or(UNSEEN, |position| FIRST + position),
        };
        out[0] = f64::from(code);
    }

    fn lower(&self, graph: &mut Graph, input: &Edge) -> Edge {
        let mut keys: Vec<&str> = MISSING_TOKENS.to_vec();
        let mut codes = vec![f64::from(MISSING); keys.len()];
        for (position, label) in self.labels.iter().enumerate() {
            keys.push(label);
            codes.push(f64::from(FIRST) + position as f64);
        }
        let attributes = vec![
            Attribute::tensor("keys_tensor", Tensor::texts(&[keys.len()], &keys)),
            Attribute::tensor("values_tensor", Tensor::doubles(&[codes.len()], &codes)),
            Attribute::tensor("default_tensor", Tensor::doubles(&[1], &[f64::from(UNSEEN)])),
        ];
        graph.ml("LabelEncoder", &[input], attributes)
    }
}
