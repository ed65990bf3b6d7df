//! Encoded features to outputs: the same code for training's validation rows, batches and single rows.

use crate::batch::{CHUNK, Ready, gather};
use crate::estimator::compact::Compact;
use crate::estimator::network::{Activation, NetworkScratch};
use crate::estimator::widened::Widened;
use crate::{Estimator, Member, Predictor};

/// Buffers that a prediction needs; kept by the caller, so that rows cost no allocation.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Encoded features of the row.
    pub(crate) features: Vec<f64>,
    dense: Vec<f64>,
    pub(crate) network: NetworkScratch,
    raw: Vec<f64>,
    outputs: Vec<f64>,
    member: Vec<f64>,
}

impl Predictor {
    /// Number of outputs a row: K for K classes, or 1.
    pub fn outputs(&self) -> usize {
        self.link.outputs(self.estimator.raw_outputs())
    }

    /// Outputs of some rows of a table of encoded features (one vector a feature): row-major, `outputs()` a row.
    pub fn predict(&self, features: &[Vec<f64>], rows: &[u32]) -> Vec<f64> {
        let (compact, flat) = (self.compact(), self.flat());
        let ready = Ready {
            predictor: self,
            compact: compact.as_ref(),
            flat: flat.as_ref(),
        };
        let outputs = self.outputs().max(1);
        let mut scratch = Scratch::default();
        let mut matrix = Vec::new();
        let mut out = vec![0.0; outputs * rows.len()];
        for (rows, out) in rows.chunks(CHUNK).zip(out.chunks_mut(CHUNK * outputs)) {
            gather(features, &rows.iter().map(|&row| row as usize), &mut matrix);
            ready.predict(&matrix, features.len(), &mut scratch, out);
        }
        out
    }

    /// The forest made ready to predict many rows; `None` for the other estimators.
    pub fn compact(&self) -> Option<Compact> {
        self.estimator.forest().map(Compact::new)
    }

    /// Writes the outputs of one row of encoded features. `compact` is this predictor's own, or `None` to walk the trees as
    /// they are stored (slower, for a single row now and then).
    pub fn predict_row(
        &self,
        compact: Option<&Compact>,
        features: &[f64],
        scratch: &mut Scratch,
        out: &mut [f64],
    ) {
        let inputs = match (&self.dense, &self.estimator) {
            (Some(dense), _) => {
                scratch.dense.resize(dense.width(), 0.0);
                dense.apply(features, &mut scratch.dense);
                &scratch.dense
            }
            (None, Estimator::Widened(widened)) => {
                widened.widen(features, &mut scratch.dense);
                &scratch.dense
            }
            (None, _) => features,
        };
        scratch.raw.resize(self.estimator.raw_outputs(), 0.0);
        let raw = &mut scratch.raw;
        match (&self.estimator, compact) {
            (Estimator::Constant(values), _) => raw.copy_from_slice(values),
            (Estimator::Forest(_) | Estimator::Widened(_), Some(compact)) => compact.predict_row(inputs, raw),
            (Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }), None) => {
                forest.predict_row(inputs, raw);
            }
            (Estimator::Linear(linear), _) => linear.predict_row(inputs, raw),
            (Estimator::Network(network), _) => {
                network.predict_row(Activation::Relu, inputs, &mut scratch.network, raw);
            }
            (Estimator::Smooth(network), _) => {
                network.predict_row(Activation::Silu, inputs, &mut scratch.network, raw);
            }
        }
        self.link.apply(raw, out);
    }
}

/// Writes the outputs of the ensemble: the weighted sum of the members' means over their predictors.
/// `compacts` has one entry a predictor, member by member.
pub(crate) fn predict_members(
    members: &[Member],
    compacts: &[Vec<Option<Compact>>],
    features: &[f64],
    scratch: &mut Scratch,
    out: &mut [f64],
) {
    out.fill(0.0);
    let mut mean = std::mem::take(&mut scratch.member);
    let mut outputs = std::mem::take(&mut scratch.outputs);
    mean.resize(out.len(), 0.0);
    outputs.resize(out.len(), 0.0);
    for (member, compacts) in members.iter().zip(compacts) {
        mean.fill(0.0);
        for (predictor, compact) in member.predictors.iter().zip(compacts) {
            predictor.predict_row(compact.as_ref(), features, scratch, &mut outputs);
            for (sum, output) in mean.iter_mut().zip(&outputs) {
                *sum += output;
            }
        }
        let share = member.weight / member.predictors.len() as f64;
        for (sum, output) in out.iter_mut().zip(&mean) {
            *sum += output * share;
        }
    }
    scratch.member = mean;
    scratch.outputs = outputs;
}
