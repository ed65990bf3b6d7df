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
