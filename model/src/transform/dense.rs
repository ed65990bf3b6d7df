//! Dense inputs for linear models and networks, made of encoded features. Fitted inside the fold.

use serde::{Deserialize, Serialize};

use crate::onnx::graph::{Edge, Element, Graph};

/// One block of dense columns made of one encoded feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// `clip((x - center) / scale, -limit, limit)`; a missing x gives 0. Width 1, or 2 with a 0/1 missing indicator behind.
    Scaled {
        /// Encoded feature.
        feature: usize,
        /// Subtracted first.
        center: f64,
        /// Divided by; never 0.
        scale: f64,
        /// Bound of the result.
        limit: f64,
        /// Whether a second column says "missing".
        indicator: bool,
    },
    /// Piecewise-linear encoding (Gorishniy et al., NeurIPS 2022, arXiv 2203.05556): column b is
    /// `clip((x - edges[b]) / (edges[b + 1] - edges[b]), 0, 1)`; a missing x gives 0 in all. Width `edges.len() - 1`.
    Piecewise {
        /// Encoded feature.
        feature: usize,
        /// Strictly rising, at least two.
        edges: Vec<f64>,
    },
    /// One-hot over category codes. Width `cardinality`.
    OneHot {
        /// Encoded feature.
        feature: usize,
        /// Number of codes.
        cardinality: u32,
    },
    /// A value a category code (target statistics, frequencies). Width 1.
    Table {
        /// Encoded feature.
        feature: usize,
        /// One value a code.
        values: Vec<f64>,
    },
}

/// All blocks; the dense vector is their concatenation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dense {
    /// In order of the columns.
    pub blocks: Vec<Block>,
}

impl Block {
    /// Number of dense columns.
    pub fn width(&self) -> usize {
        match self {
            Self::Scaled { indicator, .. } => 1 + usize::from(*indicator),
            Self::Piecewise { edges, .. } => edges.len().saturating_sub(1),
            Self::OneHot { cardinality, .. } => *cardinality as usize,
            Self::Table { .. } => 1,
        }
    }

    /// The encoded feature that the block is made of.
    pub fn feature(&self) -> usize {
        match self {
            Self::Scaled { feature, .. }
            | Self::Piecewise { feature, .. }
            | Self::OneHot { feature, .. }
            | Self::Table { feature, .. } => *feature,
        }
    }

    /// Writes the block's columns for one value of its feature; `out` has `width()` places.
    pub fn apply(&self, value: f64, out: &mut [f64]) {
        match self {
            Self::Scaled {
                center,
                scale,
                limit,
                indicator,
                ..
            } => {
                out[0] = affine(value, *center, *scale, -*limit, *limit);
                if *indicator {
                    out[1] = f64::from(value.is_nan());
                }
            }
            Self::Piecewise { edges, .. } => {
                for (column, edge) in out.iter_mut().zip(edges.windows(2)) {
                    *column = affine(value, edge[0], edge[1] - edge[0], 0.0, 1.0);
                }
            }
            // A code is never NaN and below the cardinality (`Model::validate`), so that the cast is exact.
            Self::OneHot { .. } => {
                out.fill(0.0);
                if let Some(column) = out.get_mut(value as usize) {
                    *column = 1.0;
                }
            }
            Self::Table { values, .. } => out[0] = values.get(value as usize).copied().unwrap_or(0.0),
        }
    }
}

/// `clip((value - center) / scale, low, high)`, and 0 for a missing value.
fn affine(value: f64, center: f64, scale: f64, low: f64, high: f64) -> f64 {
    if value.is_nan() {
        0.0
    } else {
        ((value - center) / scale).max(low).min(high)
    }
}

impl Dense {
    /// Number of dense columns.
    pub fn width(&self) -> usize {
        self.blocks.iter().map(Block::width).sum()
    }

    /// The dense vector of one row of encoded features; `out` has `width()` places.
    pub fn apply(&self, features: &[f64], out: &mut [f64]) {
        self.write(|feature| features[feature], out);
    }

    /// The dense vectors of some rows of a table of encoded features (one vector a feature): row-major, `width()` a row.
    pub fn apply_columns(&self, features: &[Vec<f64>], rows: &[u32]) -> Vec<f64> {
        let width = self.width();
        let mut dense = vec![0.0; width * rows.len()];
        if width > 0 {
            for (out, row) in dense.chunks_exact_mut(width).zip(rows) {
                self.write(|feature| features[feature][*row as usize], out);
            }
        }
        dense
    }

    fn write(&self, value: impl Fn(usize) -> f64, out: &mut [f64]) {
        let mut start = 0;
        for block in &self.blocks {
            let end = start + block.width();
            block.apply(value(block.feature()), &mut out[start..end]);
            start = end;
        }
    }
}

/// Columns of the same kind, lowered together: the encoded feature of each, its place in the dense vector, and two
/// numbers or four that the kind needs.
#[derive(Default)]
struct Columns {
    features: Vec<i64>,
    places: Vec<i64>,
    numbers: [Vec<f64>; 4],
    /// The values of all tables, for tables.
    values: Vec<f64>,
}

impl Columns {
    fn push(&mut self, feature: usize, place: usize, numbers: [f64; 4]) {
        self.features.push(feature as i64);
        self.places.push(place as i64);
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.push(number);
        }
    }
}

/// All columns of a dense vector by kind.
#[derive(Default)]
struct ColumnsByKind {
    /// Numbers: center, scale, low, high.
    affine: Columns,
    /// 1 for a missing value.
    indicator: Columns,
    /// Numbers: the code that gives 1.
    equal: Columns,
    /// Numbers: where the feature's values start in `values`.
    table: Columns,
}

/// Adds columns of one kind to a graph: from the values of their features, one column each.
type Lowering = fn(&mut Graph, &Edge, &Columns) -> Edge;

impl Dense {
    /// Adds the blocks to an ONNX graph: from encoded features, `[rows, features]`, to `[rows, width()]`; `None` without columns.
    pub(crate) fn lower(&self, graph: &mut Graph, features: &Edge) -> Option<Edge> {
        let kinds = self.by_kind();
        let mut parts = Vec::new();
        let mut places = Vec::new();
        let lowerings = [
            (&kinds.affine, lower_affine as Lowering),
            (&kinds.indicator, lower_indicator),
            (&kinds.equal, lower_equal),
            (&kinds.table, lower_table),
        ];
        for (columns, lower) in lowerings {
            if !columns.places.is_empty() {
                let inputs = graph.gather_columns(features, &columns.features);
                parts.push(lower(graph, &inputs, columns));
                places.extend_from_slice(&columns.places);
            }
        }
        if parts.is_empty() {
            return None;
        }
        let grouped = graph.columns(&parts);
        if places.is_sorted() {
            return Some(grouped);
        }
        let mut order = vec![0; places.len()];
        for (position, place) in places.iter().enumerate() {
            order[*place as usize] = position as i64;
        }
        Some(graph.gather_columns(&grouped, &order))
    }

    fn by_kind(&self) -> ColumnsByKind {
        let mut kinds = ColumnsByKind::default();
        let mut place = 0;
        for block in &self.blocks {
            let feature = block.feature();
            match block {
                Block::Scaled {
                    center,
                    scale,
                    limit,
                    indicator,
                    ..
                } => {
                    kinds
                        .affine
                        .push(feature, place, [*center, *scale, -*limit, *limit]);
                    if *indicator {
                        kinds.indicator.push(feature, place + 1, [0.0; 4]);
                    }
                }
                Block::Piecewise { edges, .. } => {
                    for (offset, edge) in edges.windows(2).enumerate() {
                        kinds
                            .affine
                            .push(feature, place + offset, [edge[0], edge[1] - edge[0], 0.0, 1.0]);
                    }
                }
                Block::OneHot { cardinality, .. } => {
                    for code in 0..*cardinality {
                        kinds
                            .equal
                            .push(feature, place + code as usize, [f64::from(code), 0.0, 0.0, 0.0]);
                    }
                }
                Block::Table { values, .. } => {
                    let start = kinds.table.values.len() as f64;
                    kinds.table.push(feature, place, [start, 0.0, 0.0, 0.0]);
                    kinds.table.values.extend_from_slice(values);
                }
            }
            place += block.width();
        }
        kinds
    }
}

fn lower_indicator(graph: &mut Graph, inputs: &Edge, _: &Columns) -> Edge {
    let missing = graph.op("IsNaN", &[inputs], vec![]);
    graph.cast(&missing, Element::Double)
}

fn lower_equal(graph: &mut Graph, inputs: &Edge, columns: &Columns) -> Edge {
    let codes = graph.doubles(&columns.numbers[0]);
    let equal = graph.op("Equal", &[inputs, &codes], vec![]);
    graph.cast(&equal, Element::Double)
}

fn lower_table(graph: &mut Graph, inputs: &Edge, columns: &Columns) -> Edge {
    let starts = graph.doubles(&columns.numbers[0]);
    let entries = graph.op("Add", &[inputs, &starts], vec![]);
    let entries = graph.cast(&entries, Element::Int64);
    let values = graph.doubles(&columns.values);
    graph.op("Gather", &[&values, &entries], vec![])
}

fn lower_affine(graph: &mut Graph, inputs: &Edge, columns: &Columns) -> Edge {
    let [center, scale, low, high] = columns.numbers.each_ref().map(|numbers| graph.doubles(numbers));
    let shifted = graph.op("Sub", &[inputs, &center], vec![]);
    let scaled = graph.op("Div", &[&shifted, &scale], vec![]);
    let raised = graph.op("Max", &[&scaled, &low], vec![]);
    let clipped = graph.op("Min", &[&raised, &high], vec![]);
    let missing = graph.op("IsNaN", &[inputs], vec![]);
    let zero = graph.doubles(&[0.0]);
    graph.op("Where", &[&missing, &zero, &clipped], vec![])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_write_their_columns_in_order() {
        let dense = Dense {
            blocks: vec![
                Block::Scaled {
                    feature: 0,
                    center: 1.0,
                    scale: 2.0,
                    limit: 3.0,
                    indicator: true,
                },
                Block::Piecewise {
                    feature: 0,
                    edges: vec![0.0, 1.0, 3.0],
                },
                Block::OneHot {
                    feature: 1,
                    cardinality: 3,
                },
                Block::Table {
                    feature: 1,
                    values: vec![0.5, 0.25, -1.0],
                },
            ],
        };
        assert_eq!(dense.width(), 8);
        let columns = [vec![2.0, f64::NAN, f64::NEG_INFINITY], vec![2.0, 0.0, 1.0]];
        let expected = [
            [0.5, 0.0, 1.0, 0.5, 0.0, 0.0, 1.0, -1.0],
            [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.5],
            [-3.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.25],
        ];
        assert_eq!(dense.apply_columns(&columns, &[0, 1, 2]), expected.concat());
        let mut out = [0.0; 8];
        dense.apply(&[f64::NAN, 0.0], &mut out);
        assert_eq!(out, expected[1]);
    }
}
