//! A forest that also asks for numbers made of encoded features: joined pairs of numbers, and a number for each category code.

use serde::{Deserialize, Serialize};

use super::forest::Forest;
use crate::onnx::graph::{Edge, Element, Graph};

/// How two numbers are joined, each as IEEE 754 has it: a missing side gives a missing value, x / 0 is infinite, 0 / 0 and
/// ∞ − ∞ are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Left times right.
    Product,
    /// Left divided by right.
    Ratio,
    /// Left less right.
    Difference,
    /// Left and right.
    Sum,
}

/// A number made of encoded features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Added {
    /// Two numbers joined.
    Cross {
        /// Encoded feature, a number.
        left: u32,
        /// Encoded feature, a number.
        right: u32,
        /// How.
        operation: Operation,
    },
    /// A number for each code of a category, for example what the target was on average.
    Table {
        /// Encoded feature, a category.
        feature: u32,
        /// One a code.
        values: Vec<f64>,
    },
}

/// A forest over the encoded features with the added numbers behind them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Widened {
    /// What is added, in order.
    pub added: Vec<Added>,
    /// The trees.
    pub forest: Forest,
}

impl Operation {
    /// The joined number.
    #[inline]
    pub fn join(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Product => left * right,
            Self::Ratio => left / right,
            Self::Difference => left - right,
            Self::Sum => left + right,
        }
    }

    /// The sign between two names.
    pub fn sign(self) -> char {
        match self {
            Self::Product => '×',
            Self::Ratio => '/',
            Self::Difference => '−',
            Self::Sum => '+',
        }
    }

    fn operator(self) -> &'static str {
        match self {
            Self::Product => "Mul",
            Self::Ratio => "Div",
            Self::Difference => "Sub",
            Self::Sum => "Add",
        }
    }
}

impl Added {
    /// The number, where `feature` gives an encoded feature of the row.
    #[inline]
    pub fn value(&self, feature: impl Fn(usize) -> f64) -> f64 {
        match self {
            Self::Cross {
                left,
                right,
                operation,
            } => operation.join(feature(*left as usize), feature(*right as usize)),
            // A code is never NaN and below the cardinality (`Model::validate`), so that the cast is exact.
            Self::Table { feature: of, values } => values
                .get(feature(*of as usize) as usize)
                .copied()
                .unwrap_or(f64::NAN),
        }
    }

    /// Whether both are lowered together.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Cross { operation, .. }, Self::Cross { operation: other, .. }) => operation == other,
            (Self::Table { .. }, Self::Table { .. }) => true,
            _ => false,
        }
    }
}

impl Widened {
    /// Writes encoded features with the added numbers behind them.
    pub fn widen(&self, features: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.reserve(features.len() + self.added.len());
        out.extend_from_slice(features);
        for added in &self.added {
            out.push(added.value(|feature| features[feature]));
        }
    }

    /// Adds it to an ONNX graph: from encoded features, `[rows, features]`, to raw outputs.
    pub(crate) fn lower(&self, graph: &mut Graph, features: &Edge) -> Edge {
        let mut parts = vec![features.clone()];
        for run in self.added.chunk_by(Added::is_like) {
            parts.push(match &run[0] {
                Added::Cross { operation, .. } => lower_crosses(graph, features, *operation, run),
                Added::Table { .. } => lower_tables(graph, features, run),
            });
        }
        let inputs = graph.columns(&parts);
        self.forest.lower(graph, &inputs)
    }
}

fn lower_crosses(graph: &mut Graph, features: &Edge, operation: Operation, run: &[Added]) -> Edge {
    let (mut lefts, mut rights) = (Vec::new(), Vec::new());
    for added in run {
        if let Added::Cross { left, right, .. } = added {
            lefts.push(i64::from(*left));
            rights.push(i64::from(*right));
        }
    }
    let left = graph.gather_columns(features, &lefts);
    let right = graph.gather_columns(features, &rights);
    graph.op(operation.operator(), &[&left, &right], vec![])
}

/// All tables as one, behind one another.
fn lower_tables(graph: &mut Graph, features: &Edge, run: &[Added]) -> Edge {
    let (mut columns, mut starts, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for added in run {
        if let Added::Table { feature, values } = added {
            columns.push(i64::from(*feature));
            starts.push(all.len() as f64);
            all.extend_from_slice(values);
        }
    }
    let codes = graph.gather_columns(features, &columns);
    let starts = graph.doubles(&starts);
    let entries = graph.op("Add", &[&codes, &starts], vec![]);
    let entries = graph.cast(&entries, Element::Int64);
    let all = graph.doubles(&all);
    graph.op("Gather", &[&all, &entries], vec![])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_numbers_stand_behind_the_features() {
        let cross = |operation| Added::Cross {
            left: 0,
            right: 1,
            operation,
        };
        let widened = Widened {
            added: vec![
                cross(Operation::Product),
                cross(Operation::Ratio),
                cross(Operation::Difference),
                cross(Operation::Sum),
                Added::Table {
                    feature: 2,
                    values: vec![0.5, 7.0, -1.0],
                },
            ],
            forest: Forest::default(),
        };
        let mut out = Vec::new();
        widened.widen(&[6.0, 2.0, 1.0], &mut out);
        assert_eq!(out, [6.0, 2.0, 1.0, 12.0, 3.0, 4.0, 8.0, 7.0]);
        widened.widen(&[6.0, 0.0, 2.0], &mut out);
        assert_eq!(out[4], f64::INFINITY);
        widened.widen(&[0.0, 0.0, 2.0], &mut out);
        assert!(out[4].is_nan() && out[5] == 0.0);
        widened.widen(&[f64::NAN, 1.0, 0.0], &mut out);
        assert!(out[3..7].iter().all(|value| value.is_nan()) && out[7] == 0.5);
    }
}
