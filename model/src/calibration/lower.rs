//! Calibration as nodes of an ONNX graph, behind the ensemble's sum.

use super::{Calibration, FLOOR};
use crate::onnx::graph::{Attribute, Edge, Graph, Tensor};

impl Calibration {
    /// Adds the calibration to a graph: from probabilities, `[rows, K]`, to calibrated ones.
    pub(crate) fn lower(&self, graph: &mut Graph, probabilities: &Edge) -> Edge {
        match self {
            Self::Temperature { temperature } => {
                let (floor, temperature) = (graph.doubles(&[FLOOR]), graph.doubles(&[*temperature]));
                let kept = graph.op("Max", &[probabilities, &floor], vec![]);
                let log = graph.op("Log", &[&kept], vec![]);
                let scaled = graph.op("Div", &[&log, &temperature], vec![]);
                graph.op("Softmax", &[&scaled], vec![Attribute::integer("axis", 1)])
            }
            Self::Platt { slope, offset } => {
                let second = graph.gather_columns(probabilities, &[1]);
                let (floor, ceiling) = (graph.doubles(&[FLOOR]), graph.doubles(&[1.0 - FLOOR]));
                let kept = graph.op("Max", &[&second, &floor], vec![]);
                let kept = graph.op("Min", &[&kept, &ceiling], vec![]);
                let one = graph.doubles(&[1.0]);
                let rest = graph.op("Sub", &[&one, &kept], vec![]);
                let (log, log_rest) = (
                    graph.op("Log", &[&kept], vec![]),
                    graph.op("Log", &[&rest], vec![]),
                );
                let logit = graph.op("Sub", &[&log, &log_rest], vec![]);
                let (slope, offset) = (graph.doubles(&[*slope]), graph.doubles(&[*offset]));
                let scaled = graph.op("Mul", &[&logit, &slope], vec![]);
                let shifted = graph.op("Add", &[&scaled, &offset], vec![]);
                let second = graph.op("Sigmoid", &[&shifted], vec![]);
                both(graph, second)
            }
            Self::Isotonic { points } => {
                let second = graph.gather_columns(probabilities, &[1]);
                let second = lower_points(graph, &second, points);
                both(graph, second)
            }
        }
    }
}

/// `[1 - q, q]` of the second class's q, `[rows, 1]`.
fn both(graph: &mut Graph, second: Edge) -> Edge {
    let one = graph.doubles(&[1.0]);
    let first = graph.op("Sub", &[&one, &second], vec![]);
    graph.columns(&[first, second])
}

/// The height of the first point, and of each segment the part that lies before p.
fn lower_points(graph: &mut Graph, second: &Edge, points: &[(f64, f64)]) -> Edge {
    let (mut starts, mut widths, mut rises) = (Vec::new(), Vec::new(), Vec::new());
    for pair in points.windows(2) {
        starts.push(pair[0].0);
        widths.push(pair[1].0 - pair[0].0);
        rises.push(pair[1].1 - pair[0].1);
    }
    let (starts, widths) = (graph.doubles(&starts), graph.doubles(&widths));
    let (zero, one) = (graph.doubles(&[0.0]), graph.doubles(&[1.0]));
    let past = graph.op("Sub", &[second, &starts], vec![]);
    let share = graph.op("Div", &[&past, &widths], vec![]);
    let share = graph.op("Max", &[&share, &zero], vec![]);
    let share = graph.op("Min", &[&share, &one], vec![]);
    let rises = graph.constant(Tensor::doubles(&[rises.len(), 1], &rises));
    let risen = graph.op("MatMul", &[&share, &rises], vec![]);
    let first = graph.doubles(&[points.first().map_or(0.0, |point| point.1)]);
    graph.op("Add", &[&risen, &first], vec![])
}
