//! Free text as a few numbers: words and pairs of words weighted by how rare they are (tf-idf), projected on the directions in which
//! the training texts differ most (latent semantic analysis; Deerwester et al., JASIS 1990).

use serde::{Deserialize, Serialize};

use super::words::parts;
use super::{Step, WordIndex};
use crate::InputKind;
use crate::onnx::graph::{Attribute, Edge, Element, Graph, Tensor};

/// Steps of a topic's values. Sums are rounded to them, so that the order of adding up, which runtimes choose for themselves, does not
/// decide on which side of a tree's threshold a text falls.
const STEPS: f64 = 1_048_576.0;

/// Fitted topics. A text is split at single spaces; a term occurs wherever a part is it, or two parts that follow each other are. Topic t
/// is `Σ components[term][t] / √max(1, Σ squares[term])` over the occurrences, rounded to 2⁻²⁰; 0 for a text without terms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Topics {
    /// Known words, and behind them pairs of words with a space between.
    pub terms: Vec<String>,
    /// Squared weight of each term.
    pub squares: Vec<f64>,
    /// Term-major: the weight of the term times its share of each topic.
    pub components: Vec<f32>,
    /// Number of topics.
    pub topics: u32,
}

impl Topics {
    /// Calls `term` with every word, and every two words that a single space parts, of a text.
    pub fn each_term<'a>(text: &'a str, mut term: impl FnMut(&'a str)) {
        let mut before = None;
        let mut start = 0;
        for part in text.split(' ') {
            let end = start + part.len();
            if part.is_empty() {
                before = None;
            } else {
                term(part);
                if let Some(before) = before {
                    term(&text[before..end]);
                }
                before = Some(start);
            }
            start = end + 1;
        }
    }

    /// Terms that are one word.
    fn words(&self) -> usize {
        self.terms.iter().take_while(|term| !term.contains(' ')).count()
    }
}

impl Step for Topics {
    fn takes(&self) -> InputKind {
        InputKind::Text
    }

    fn width(&self) -> usize {
        self.topics as usize
    }

    fn index(&self) -> WordIndex {
        super::index_words(&self.terms)
    }

    fn encode_text(&self, index: &WordIndex, text: Option<&str>, out: &mut [f64]) {
        out.fill(0.0);
        let width = out.len();
        let mut norm = 0.0;
        Self::each_term(text.unwrap_or_default(), |term| {
            if let Some(&term) = index.get(term) {
                norm += self.squares[term as usize];
                let components = &self.components[term as usize * width..][..width];
                for (sum, component) in out.iter_mut().zip(components) {
                    *sum += f64::from(*component);
                }
            }
        });
        let norm = norm.max(1.0).sqrt();
        for value in out {
            *value = (*value / norm * STEPS).round_ties_even() / STEPS;
        }
    }

    fn lower(&self, graph: &mut Graph, input: &Edge) -> Edge {
        let parts = parts(graph, input);
        let counts = self.lower_counts(graph, &parts);
        let terms = self.terms.len();
        let components = Tensor::floats(&[terms, self.width()], &self.components);
        let components = graph.constant(components);
        let components = graph.cast(&components, Element::Double);
        let sums = graph.op("MatMul", &[&counts, &components], vec![]);
        let squares = graph.constant(Tensor::doubles(&[terms, 1], &self.squares));
        let norm = graph.op("MatMul", &[&counts, &squares], vec![]);
        let one = graph.doubles(&[1.0]);
        let norm = graph.op("Max", &[&norm, &one], vec![]);
        let norm = graph.op("Sqrt", &[&norm], vec![]);
        let values = graph.op("Div", &[&sums, &norm], vec![]);
        let steps = graph.doubles(&[STEPS]);
        let values = graph.op("Mul", &[&values, &steps], vec![]);
        let values = graph.op("Round", &[&values], vec![]);
        graph.op("Div", &[&values, &steps], vec![])
    }
}

impl Topics {
    /// Occurrences of each term, `[rows, terms]` doubles.
    fn lower_counts(&self, graph: &mut Graph, parts: &Edge) -> Edge {
        let words = self.words();
        let has_pairs = words < self.terms.len();
        let mut pool: Vec<String> = Vec::with_capacity(self.terms.len() * 2);
        for term in &self.terms {
            pool.extend(term.split(' ').map(str::to_owned));
        }
        let (starts, longest) = if has_pairs {
            (vec![0, words as i64], 2)
        } else {
            (vec![0], 1)
        };
        let attributes = vec![
            Attribute::text("mode", "TF"),
            Attribute::integer("min_gram_length", 1),
            Attribute::integer("max_gram_length", longest),
            Attribute::integer("max_skip_count", 0),
            Attribute::integers("ngram_counts", starts),
            Attribute::integers("ngram_indexes", (0..self.terms.len() as i64).collect()),
            Attribute::texts("pool_strings", &pool),
        ];
        let counts = graph.op("TfIdfVectorizer", &[parts], attributes);
        graph.cast(&counts, Element::Double)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_words_and_pairs_that_one_space_parts() {
        let mut terms = Vec::new();
        Topics::each_term(" red  car goes\tby ", |term| terms.push(term));
        assert_eq!(terms, ["red", "car", "goes\tby", "car goes\tby"]);
        Topics::each_term("", |_| panic!("an empty text has no terms"));
    }

    #[test]
    fn a_text_is_the_mean_of_its_terms() {
        let topics = Topics {
            terms: vec!["red".into(), "car".into(), "red car".into()],
            squares: vec![1.0, 4.0, 4.0],
            components: vec![1.0, 0.5, 2.0, 0.0, 0.0, -1.0],
            topics: 2,
        };
        let index = topics.index();
        let encode = |text| {
            let mut out = [9.0; 2];
            topics.encode_text(&index, text, &mut out);
            out
        };
        assert_eq!(encode(Some("a red car")), [1.0, -0.166_666_984_558_105_47]);
        assert_eq!(encode(Some("red  car")), encode(Some("car red")));
        assert_eq!(encode(Some("red")), [1.0, 0.5]);
        assert_eq!(encode(Some("nothing")), [0.0; 2]);
        assert_eq!(encode(None), [0.0; 2]);
    }
}
