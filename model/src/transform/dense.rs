//! Dense inputs for linear models and networks, made of encoded features. Fitted inside the fold.

use serde::{Deserialize, Serialize};

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
