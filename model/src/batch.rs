//! Encoded features to outputs for many rows at once: the same sums as row by row, in the same order.

use crate::estimator::compact::Compact;
use crate::estimator::flat::FlatForest;
use crate::estimator::network_batch::Panels;
use crate::estimator::widened::Widened;
use crate::{Estimator, Member, Predictor, Scratch};

/// Rows that are predicted together.
pub(crate) const CHUNK: usize = 1024;

/// A predictor made ready for single rows and for batches.
#[derive(Clone, Copy)]
pub(crate) struct Ready<'a> {
    /// The predictor.
    pub predictor: &'a Predictor,
    /// Its trees for single rows.
    pub compact: Option<&'a Compact>,
    /// Its trees for batches.
    pub flat: Option<&'a FlatForest>,
}

impl Predictor {
    /// The forest made ready for batches; `None` for the other estimators, and for forests that it cannot lay out.
    pub(crate) fn flat(&self) -> Option<FlatForest> {
        match &self.estimator {
            Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. })
                if self.dense.is_none() =>
            {
                FlatForest::new(forest)
            }
            _ => None,
        }
    }
}

impl Predictor {
    /// Rows of `width` encoded features with what its trees ask for beyond; `None` when that is nothing.
    pub(crate) fn widened(&self, rows: &[f64], width: usize) -> Option<Vec<f64>> {
        match &self.estimator {
            Estimator::Widened(widened) => Some(widen(widened, rows, width).0),
            _ => None,
        }
    }
}

impl Ready<'_> {
    /// Writes the outputs of rows of encoded features, both row-major; `width` features a row.
    pub fn predict(&self, rows: &[f64], width: usize, scratch: &mut Scratch, out: &mut [f64]) {
        let outputs = self.predictor.outputs().max(1);
        let Some(flat) = self.flat else {
            if self.predict_network(rows, width, scratch, out) {
                return;
            }
            for (row, out) in out.chunks_exact_mut(outputs).enumerate() {
                let features = &rows[row * width..][..width];
                self.predictor.predict_row(self.compact, features, scratch, out);
            }
            return;
        };
        let raw_outputs = flat.raw_outputs();
        let mut raw = vec![0.0; out.len() / outputs * raw_outputs];
        match &self.predictor.estimator {
            Estimator::Widened(widened) => {
                let (wide, width) = widen(widened, rows, width);
                flat.predict_batch(&wide, width, &mut raw);
            }
            _ => flat.predict_batch(rows, width, &mut raw),
        }
        for (raw, out) in raw.chunks_exact(raw_outputs).zip(out.chunks_exact_mut(outputs)) {
            self.predictor.link.apply(raw, out);
        }
    }

    /// As `predict` for a network; says whether it is one that takes inputs.
    fn predict_network(&self, rows: &[f64], width: usize, scratch: &mut Scratch, out: &mut [f64]) -> bool {
        let Predictor {
            dense,
            estimator,
            link,
        } = self.predictor;
        let (Some(dense), Some((network, activation))) = (dense, estimator.network()) else {
            return false;
        };
        let (inputs, raw_outputs) = (dense.width(), estimator.raw_outputs());
        if inputs == 0 || width == 0 {
            return false;
        }
        let count = rows.len() / width;
        let mut values = vec![0.0; count * inputs];
        for (features, values) in rows.chunks_exact(width).zip(values.chunks_exact_mut(inputs)) {
            dense.apply(features, values);
        }
        let mut raw = vec![0.0; count * raw_outputs];
        Panels::new(network, activation).predict(&values, inputs, &mut scratch.network, &mut raw);
        let outputs = link.outputs(raw_outputs).max(1);
        for (raw, out) in raw.chunks_exact(raw_outputs).zip(out.chunks_exact_mut(outputs)) {
            link.apply(raw, out);
        }
        true
    }
}

/// Rows with what a widened forest adds, and their width.
fn widen(widened: &Widened, rows: &[f64], width: usize) -> (Vec<f64>, usize) {
    let wide = width + widened.added.len();
    let mut out = Vec::with_capacity(rows.len() / width.max(1) * wide);
    let mut row_out = Vec::with_capacity(wide);
    for row in rows.chunks_exact(width.max(1)) {
        widened.widen(row, &mut row_out);
        out.extend_from_slice(&row_out);
    }
    (out, wide)
}

/// Writes the outputs of the ensemble for rows of encoded features, both row-major: what `predict_members` gives row by row.
/// `ready` has one entry a predictor, member by member.
pub(crate) fn predict_members_batch(
    members: &[Member],
    ready: &[Vec<Ready<'_>>],
    rows: &[f64],
    width: usize,
    out: &mut [f64],
) {
    out.fill(0.0);
    let mut scratch = Scratch::default();
    let mut mean = vec![0.0; out.len()];
    let mut outputs = vec![0.0; out.len()];
    for (member, ready) in members.iter().zip(ready) {
        mean.fill(0.0);
        for predictor in ready {
            predictor.predict(rows, width, &mut scratch, &mut outputs);
            mean.iter_mut()
                .zip(&outputs)
                .for_each(|(sum, output)| *sum += output);
        }
        let share = member.weight / member.predictors.len() as f64;
        out.iter_mut()
            .zip(&mean)
            .for_each(|(sum, output)| *sum += output * share);
    }
}

/// Gathers rows of a table of features (one vector a feature) into `out`, row-major.
pub(crate) fn gather(
    features: &[Vec<f64>],
    rows: &(impl Iterator<Item = usize> + Clone),
    out: &mut Vec<f64>,
) {
    let width = features.len();
    out.clear();
    out.resize(rows.clone().count() * width, 0.0);
    for (index, column) in features.iter().enumerate() {
        for (row, value) in rows.clone().zip(out.iter_mut().skip(index).step_by(width)) {
            *value = column[row];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Link;
    use crate::estimator::forest::{Forest, Node, Split, Tree};

    #[test]
    fn batches_are_rows() {
        let node = |threshold, left, right| Node {
            feature: 0,
            split: Split::AtMost {
                threshold,
                missing_left: false,
            },
            left,
            right,
        };
        let tree = Tree {
            output: Some(0),
            nodes: vec![node(0.1, 1, -3), node(-0.3, -1, -2)],
            leaves: vec![0.7, -0.2, 0.4],
            sets: Vec::new(),
        };
        let forest = Forest {
            base: vec![0.1],
            trees: vec![tree; 3],
        };
        let predictor = Predictor {
            dense: None,
            estimator: Estimator::Forest(forest),
            link: Link::Logistic,
        };
        let features = vec![
            (0..3000)
                .map(|row| (f64::from(row) * 0.37).sin())
                .collect::<Vec<f64>>(),
        ];
        let rows: Vec<u32> = (0..3000).rev().collect();
        let batch = predictor.predict(&features, &rows);
        let mut out = [0.0; 2];
        for (row, expected) in rows.iter().zip(batch.chunks(2)) {
            let value = [features[0][*row as usize]];
            predictor.predict_row(None, &value, &mut Scratch::default(), &mut out);
            assert_eq!(out, expected);
        }
    }
}
