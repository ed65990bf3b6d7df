//! What contributions are measured from: what the training rows say of the whole, without any of them.

use serde::{Deserialize, Serialize};

use super::tree;
use crate::estimator::widened::Widened;
use crate::transform::dense::Dense;
use crate::{Estimator, FeatureKind, Invalid, Member, Model, Predictor};

/// What contributions are measured from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// The typical value of each encoded feature: the median of numbers, the most frequent code of categories.
    pub typical: Vec<f64>,
    /// One start a predictor, member by member.
    pub starts: Vec<Vec<Start>>,
}

/// What the exact explanation of one predictor needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// Nothing more: it is explained by sampling.
    Typical,
    /// Forests: training rows that fell into each leaf, tree by tree.
    Covers(Vec<Vec<u32>>),
    /// Linear models: the mean of each dense input.
    Means(Vec<f64>),
}

impl Background {
    /// Measures it on some rows of a table of encoded features (one vector a feature). `None` without rows.
    pub fn measure(
        members: &[Member],
        kinds: &[FeatureKind],
        features: &[Vec<f64>],
        rows: &[u32],
    ) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let typical = kinds
            .iter()
            .zip(features)
            .map(|(kind, column)| match kind {
                FeatureKind::Number => median(column, rows),
                FeatureKind::Category { cardinality } => most_frequent(column, rows, *cardinality),
            })
            .collect();
        let mut matrix = Vec::new();
        crate::batch::gather(features, &rows.iter().map(|row| *row as usize), &mut matrix);
        let mut starts = Vec::with_capacity(members.len());
        for member in members {
            let start = |predictor: &Predictor| start(predictor, &matrix, features, rows);
            starts.push(member.predictors.iter().map(start).collect());
        }
        Some(Self { typical, starts })
    }

    pub(crate) fn validate(&self, model: &Model) -> Result<(), Invalid> {
        let features = &model.encoder.features;
        let mut typical = features.iter().zip(&self.typical);
        let sound = typical.all(|(feature, value)| match feature.kind {
            FeatureKind::Number => !value.is_nan(),
            FeatureKind::Category { cardinality } => *value >= 0.0 && *value < f64::from(cardinality),
        });
        let counts = model.members.iter().map(|member| member.predictors.len());
        let fits = self.starts.iter().map(Vec::len).eq(counts);
        if !sound || !fits || self.typical.len() != features.len() {
            return Err(Invalid::new(
                "what its contributions are measured from does not fit it",
            ));
        }
        for (member, starts) in model.members.iter().zip(&self.starts) {
            for (predictor, start) in member.predictors.iter().zip(starts) {
                if !start.fits(predictor) {
                    let what = "what the contributions of a predictor are measured from does not fit it";
                    return Err(Invalid::new(what));
                }
            }
        }
        Ok(())
    }
}

impl Start {
    fn fits(&self, predictor: &Predictor) -> bool {
        match (self, &predictor.estimator) {
            (Self::Typical, _) => true,
            (
                Self::Covers(covers),
                Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }),
            ) => {
                let leaves = forest.trees.iter().map(|tree| tree.leaf_count(forest.base.len()));
                covers.iter().map(Vec::len).eq(leaves) && forest.trees.iter().all(tree::can_be_walked)
            }
            (Self::Means(means), Estimator::Linear(_)) => {
                let width = predictor.dense.as_ref().map(Dense::width);
                width == Some(means.len()) && means.iter().all(|mean| mean.is_finite())
            }
            _ => false,
        }
    }
}

fn start(predictor: &Predictor, matrix: &[f64], features: &[Vec<f64>], rows: &[u32]) -> Start {
    match (&predictor.estimator, &predictor.dense) {
        (Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }), None)
            if forest.trees.iter().all(tree::can_be_walked) =>
        {
            let wide = predictor.widened(matrix, features.len());
            let matrix = wide.as_deref().unwrap_or(matrix);
            let width = (features.len() + predictor.estimator.added().len()).max(1);
            let mut covers = Vec::with_capacity(forest.trees.len());
            for tree in &forest.trees {
                let mut counts = vec![0; tree.leaf_count(forest.base.len())];
                for row in matrix.chunks_exact(width) {
                    counts[tree.leaf(row)] += 1;
                }
                covers.push(counts);
            }
            Start::Covers(covers)
        }
        (Estimator::Linear(_), Some(dense)) => {
            let mut means = vec![0.0; dense.width()];
            if !means.is_empty() {
                for row in dense.apply_columns(features, rows).chunks_exact(dense.width()) {
                    for (mean, value) in means.iter_mut().zip(row) {
                        *mean += value / rows.len() as f64;
                    }
                }
            }
            Start::Means(means)
        }
        _ => Start::Typical,
    }
}

/// The middle one of the numbers that are there; 0 without any: such a column tells no rows apart.
fn median(column: &[f64], rows: &[u32]) -> f64 {
    let mut values: Vec<f64> = rows
        .iter()
        .map(|row| column[*row as usize])
        .filter(|value| !value.is_nan())
        .collect();
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The code that occurs most, the first one of equals.
fn most_frequent(column: &[f64], rows: &[u32], cardinality: u32) -> f64 {
    let mut counts = vec![0_usize; cardinality.max(1) as usize];
    for row in rows {
        if let Some(count) = counts.get_mut(column[*row as usize] as usize) {
            *count += 1;
        }
    }
    let mut best = 0;
    for (code, count) in counts.iter().enumerate() {
        if *count > counts[best] {
            best = code;
        }
    }
    best as f64
}
