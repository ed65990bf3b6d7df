//! A number as it is.

use super::Step;
use crate::InputKind;
use crate::onnx::graph::{Edge, Graph};

/// The fitted step: nothing to fit. A missing number stays NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number;

impl Step for Number {
    fn takes(&self) -> InputKind {
        InputKind::Number
    }

    fn width(&self) -> usize {
        1
    }

    fn encode_number(&self, number: f64, out: &mut [f64]) {
        out[0] = number;
    }

    fn lower(&self, _: &mut Graph, input: &Edge) -> Edge {
        input.clone()
    }
}
