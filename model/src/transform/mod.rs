//! From raw inputs to encoded features. One file a step: its fitted form, predict and ONNX side by side.

pub mod category;
pub mod date;
pub mod dense;
mod encode;
pub mod number;
pub mod topics;
pub mod words;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::InputKind;
use crate::onnx::graph::{Edge, Graph};
pub use encode::EncodeError;
pub(crate) use encode::numbers;

/// What the values of an encoded feature are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeatureKind {
    /// An ordered number; NaN is missing.
    Number,
    /// A category code stored as f64: 0 missing, 1 unseen or rare, 2.. known categories; codes < `cardinality`.
    Category {
        /// Number of codes, the two special ones included.
        cardinality: u32,
    },
}

/// One encoded feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// Readable name, for example `departure.hour`.
    pub name: String,
    /// Index of the raw input it is made of.
    pub input: usize,
    /// What its values are.
    pub kind: FeatureKind,
}

/// One fitted step on one raw input. A step makes one feature or several, in a fixed order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Transform {
    /// The number itself.
    Number,
    /// A dictionary code.
    Category(category::Category),
    /// Calendar parts of a date in one known format.
    Date(date::Date),
    /// Presence of frequent words of a free text.
    Words(words::Words),
    /// Directions in which free texts differ.
    Topics(topics::Topics),
}

impl Transform {
    /// What the step does.
    pub fn step(&self) -> &dyn Step {
        match self {
            Self::Number => &number::Number,
            Self::Category(category) => category,
            Self::Date(date) => date,
            Self::Words(words) => words,
            Self::Topics(topics) => topics,
        }
    }
}

/// What a fitted step does. Each step encodes the one kind of cell that it takes.
pub trait Step {
    /// The kind of raw input that the step encodes.
    fn takes(&self) -> InputKind;
    /// Number of features.
    fn width(&self) -> usize;
    /// The step's words by position, made once for many rows; empty for a step that looks nothing up.
    fn index(&self) -> WordIndex {
        WordIndex::new()
    }
    /// Encodes a number (NaN is missing) into `width()` features.
    fn encode_number(&self, _: f64, out: &mut [f64]) {
        out.fill(f64::NAN);
    }
    /// Encodes a text (`None` is missing) into `width()` features; `index` is the step's own.
    fn encode_text(&self, _: &WordIndex, _: Option<&str>, out: &mut [f64]) {
        out.fill(f64::NAN);
    }
    /// Adds the step to an ONNX graph: from the raw input, `[rows, 1]`, to its features, `[rows, width()]` doubles. Called
    /// only when `width()` is not 0.
    fn lower(&self, graph: &mut Graph, input: &Edge) -> Edge;
}

/// Positions of known words.
pub type WordIndex = HashMap<String, u32>;

fn index_words(words: &[String]) -> WordIndex {
    words
        .iter()
        .enumerate()
        .map(|(position, word)| (word.clone(), position as u32))
        .collect()
}

/// All fitted steps: `steps[i]` encodes raw input `steps[i].0`; features are the concatenation of their outputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    /// Raw input index and the step on it.
    pub steps: Vec<(usize, Transform)>,
    /// The features that come out, in order.
    pub features: Vec<Feature>,
}
