//! From raw inputs to encoded features. One file a step: its fitted form, predict and ONNX side by side.

pub mod category;
pub mod date;
pub mod dense;
pub mod words;

use serde::{Deserialize, Serialize};

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
}

/// All fitted steps: `steps[i]` encodes raw input `steps[i].0`; features are the concatenation of their outputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    /// Raw input index and the step on it.
    pub steps: Vec<(usize, Transform)>,
    /// The features that come out, in order.
    pub features: Vec<Feature>,
}
