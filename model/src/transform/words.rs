//! Presence of frequent words in free text.

use serde::{Deserialize, Serialize};

use super::{Step, WordIndex};
use crate::InputKind;
use crate::onnx::graph::{Attribute, Edge, Element, Graph, Tensor};
use crate::value::MISSING_TOKENS;

/// A fitted vocabulary. Words are split at spaces ([`split`]), compared exactly; feature i is 1 when `words[i]` occurs, else 0
/// (a missing text has none). The last feature is the number of words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Words {
    /// Known words, most frequent first (ties by text).
    pub words: Vec<String>,
}

/// The words of a text: its non-empty parts between spaces. No other blank parts words: an ONNX graph can split at one
/// character without a table that grows with the product of lines and words.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
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

    fn lower(&self, graph: &mut Graph, input: &Edge) -> Edge {
        let parts = parts(graph, input);
        let count = count_words(graph, &parts);
        if self.words.is_empty() {
            return count;
        }
        let attributes = vec![
            Attribute::text("mode", "TF"),
            Attribute::integer("min_gram_length", 1),
            Attribute::integer("max_gram_length", 1),
            Attribute::integer("max_skip_count", 0),
            Attribute::integers("ngram_counts", vec![0]),
            Attribute::integers("ngram_indexes", (0..self.words.len() as i64).collect()),
            Attribute::texts("pool_strings", &self.words),
        ];
        let counts = graph.op("TfIdfVectorizer", &[&parts], attributes);
        let counts = graph.cast(&counts, Element::Double);
        let one = graph.doubles(&[1.0]);
        let presence = graph.op("Min", &[&counts, &one], vec![]);
        graph.columns(&[presence, count])
    }
}

/// The parts of each text between single spaces, `[rows, most parts]`, filled up with empty ones.
pub(super) fn parts(graph: &mut Graph, input: &Edge) -> Edge {
    let present = without_missing(graph, input);
    // Naming the space keeps at least one part, the empty one, of an empty text.
    let parts = graph.first_of_two(
        "StringSplit",
        &[&present],
        vec![Attribute::text("delimiter", " ")],
    );
    graph.op("Flatten", &[&parts], vec![Attribute::integer("axis", 1)])
}

/// The texts, with the empty string for each missing token.
fn without_missing(graph: &mut Graph, input: &Edge) -> Edge {
    let tokens = MISSING_TOKENS.len();
    let attributes = vec![
        Attribute::tensor("keys_tensor", Tensor::texts(&[tokens], MISSING_TOKENS)),
        Attribute::tensor("values_tensor", Tensor::doubles(&[tokens], &vec![1.0; tokens])),
        Attribute::tensor("default_tensor", Tensor::doubles(&[1], &[0.0])),
    ];
    let missing = graph.ml("LabelEncoder", &[input], attributes);
    let missing = graph.cast(&missing, Element::Bool);
    let empty = graph.constant(Tensor::texts(&[1], [""]));
    graph.op("Where", &[&missing, &empty, input], vec![])
}

/// The number of non-empty parts of each row, `[rows, 1]`.
fn count_words(graph: &mut Graph, parts: &Edge) -> Edge {
    let attributes = vec![
        Attribute::tensor("keys_tensor", Tensor::texts(&[1], [""])),
        Attribute::tensor("values_tensor", Tensor::doubles(&[1], &[0.0])),
        Attribute::tensor("default_tensor", Tensor::doubles(&[1], &[1.0])),
    ];
    let words = graph.ml("LabelEncoder", &[parts], attributes);
    let axis = graph.integers(&[1]);
    graph.op("ReduceSum", &[&words, &axis], vec![])
}
