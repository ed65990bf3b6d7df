//! What each raw column adds to an answer: Shapley values (Shapley 1953; Lundberg & Lee, NeurIPS 2017), told on the scale of
//! the answer, so that `base + Σ contributions = outputs` for the value or for each class's probability.
//!
//! The players are the raw columns: all features made of a column are known or unknown together. Each predictor is explained as
//! its kind allows, from a start of its own:
//!
//! - forests exactly, path-dependent (Lundberg, Erion & Lee 2018, algorithm 2): an unknown column sends a row down both sides of a
//!   node, by the shares of training rows that went there (`tree`); a number joined of two columns is a player of its own, and each
//!   of the two gets half of what it adds (`players`);
//! - linear models exactly: weight times the distance from the mean of the training rows;
//! - everything else by [`PERMUTATIONS`] orders of the columns, drawn with a fixed seed: a known column has the row's value, an
//!   unknown one the typical value of the training rows (`sampled`).
//!
//! An ensemble averages outputs, so contributions are averaged as well. A predictor with a link (log-odds to probabilities) is
//! explained before its link; its contributions are carried through the link, and then through the calibration, along the straight
//! line from start to answer (Aumann & Shapley 1974), which keeps the sum exact (`carry`).

mod background;
mod carry;
mod explainer;
mod players;
mod sampled;
#[cfg(test)]
mod tests;
mod tree;

pub use background::{Background, Start};
pub use sampled::PERMUTATIONS;

pub(crate) use explainer::Explainer;

/// What each raw column adds to the answer to one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The outputs without knowing any column, one an output of the model.
    pub base: Vec<f64>,
    /// Input-major: `contributions[input * outputs + output]`.
    pub contributions: Vec<f64>,
}

impl Attribution {
    /// The contributions of one raw input, one an output.
    pub fn of(&self, input: usize) -> &[f64] {
        let outputs = self.base.len();
        &self.contributions[input * outputs..][..outputs]
    }
}

/// Why a row could not be explained.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExplainError {
    /// Made by an older program.
    #[error(
        "the model does not know what contributions are measured from: it was made by an older program; train it again"
    )]
    NoBackground,
    /// The row does not fit the model.
    #[error(transparent)]
    Encode(#[from] crate::EncodeError),
}
