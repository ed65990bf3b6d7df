//! Compares a graph with its model, answer by answer.

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::rows::{Cells, Rows};
use super::runtime::{Answers, Graph, RuntimeError};
use super::{Certificate, OutputNames, Runtime, edge, output_names};
use crate::estimator::widened::Widened;
use crate::{EncodeError, Estimator, Frame, Loaded, Model, ProblemType, Scratch};

/// Bound on the difference: absolute for probabilities, relative to `max(1, |value|)` for regression.
pub const TOLERANCE: f64 = 1e-5;

/// Most rows of a holdout, and most edge rows, that are compared.
const MOST_ROWS: usize = 10_000;

/// Fewer rows of a kind are no proof.
const FEWEST_ROWS: usize = 200;

/// Tree walks and products that all rows of a kind may take: some seconds on one core, however large the model.
const MOST_WORK: usize = 500_000_000;

/// Rows a run; between runs it may be told to stop.
const CHUNK: usize = 250;

/// Edge rows that are also asked one by one: runtimes take other ways for a single row.
const SINGLE_ROWS: usize = 50;

/// Why an ONNX file got no certificate.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum VerifyError {
    /// onnxruntime failed.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// The holdout does not fit the model.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The graph answers a different number of rows or outputs.
    #[error("the ONNX file answered {found} values where the model answers {expected}")]
    Shape {
        /// Of the model.
        expected: usize,
        /// Of the file.
        found: usize,
    },
    /// Told to stop before enough was compared.
    #[error("there was no time left to check the ONNX file")]
    Late,
    /// The answers differ.
    #[error("the ONNX file answered {onnx} where the model answers {native}, for the row {row}")]
    Value {
        /// The raw row.
        row: String,
        /// The model's answer.
        native: f64,
        /// The file's answer.
        onnx: f64,
    },
    /// The labels differ although the answers leave no doubt.
    #[error("the ONNX file answered `{onnx}` where the model answers `{native}`, for the row {row}")]
    Label {
        /// The raw row.
        row: String,
        /// The model's label.
        native: String,
        /// The file's label.
        onnx: String,
    },
}

/// Runs an ONNX file on the holdout and on generated edge rows, and compares every answer with the model's.
/// `model` is valid (`Model::validate`).
///
/// # Errors
/// The first difference beyond the tolerance, an answer that is no finite number, or what kept the file from running.
pub fn verify(
    onnx: &[u8],
    model: &Model,
    holdout: &Frame,
    runtime: &Runtime,
) -> Result<Certificate, VerifyError> {
    let unlimited = Limits {
        most_rows: usize::MAX,
        go_on: &|| true,
        threads: 1,
    };
    verify_within(onnx, model, holdout, runtime, &unlimited)
}

/// How far a comparison may go.
pub struct Limits<'a> {
    /// Holdout rows, and edge rows, that there is time for; some hundred are compared even if it is less.
    pub most_rows: usize,
    /// Asked between rows; no is the end.
    pub go_on: &'a dyn Fn() -> bool,
    /// Threads of onnxruntime.
    pub threads: usize,
}

/// As [`verify`], but within limits. All edge rows and some holdout rows must have been compared when it is told to stop; the
/// certificate counts those that were.
///
/// # Errors
/// As `verify`; `Late` when it was stopped too early.
pub fn verify_within(
    onnx: &[u8],
    model: &Model,
    holdout: &Frame,
    runtime: &Runtime,
    limits: &Limits<'_>,
) -> Result<Certificate, VerifyError> {
    let most = most_rows(model).min(limits.most_rows.max(FEWEST_ROWS));
    let go_on = limits.go_on;
    let holdout_rows = Rows::of_frame(model, holdout, most)?;
    let typical = if holdout_rows.count > 0 {
        holdout_rows.row(0)
    } else {
        edge::blank_row(model)
    };
    let edge_rows = edge::rows(model, &typical, most);
    let mut comparison = Comparison {
        graph: runtime.open(onnx, limits.threads)?,
        loaded: Loaded::new(model.clone()),
        names: output_names(model),
        largest: 0.0,
    };
    let mut singles = edge_rows.clone();
    singles.count = singles.count.min(SINGLE_ROWS);
    if comparison.rows(&edge_rows, CHUNK, go_on)? < edge_rows.count
        || comparison.rows(&singles, 1, go_on)? < singles.count
    {
        return Err(VerifyError::Late);
    }
    let compared = comparison.rows(&holdout_rows, CHUNK, go_on)?;
    if compared == 0 && holdout_rows.count > 0 {
        return Err(VerifyError::Late);
    }
    Ok(Certificate {
        runtime: runtime.version().to_owned(),
        onnx_sha256: Sha256::digest(onnx)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        holdout_rows: compared as u64,
        edge_rows: edge_rows.count as u64,
        largest_difference: comparison.largest,
        tolerance: TOLERANCE,
    })
}

/// Rows of a kind that are worth their time: fewer for a large model.
fn most_rows(model: &Model) -> usize {
    let mut work: usize = 1;
    for predictor in model.members.iter().flat_map(|member| &member.predictors) {
        work += match &predictor.estimator {
            Estimator::Constant(_) => 1,
            // A walk passes some ten nodes.
            Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }) => 10 * forest.trees.len(),
            Estimator::Linear(linear) => linear.weights.len(),
            Estimator::Network(network) | Estimator::Smooth(network) => network.size(),
        };
    }
    (MOST_WORK / work).clamp(FEWEST_ROWS, MOST_ROWS)
}

struct Comparison {
    graph: Graph,
    loaded: Loaded,
    names: OutputNames,
    largest: f64,
}

impl Comparison {
    /// Compares rows until all are done or `go_on` says no; returns how many were.
    fn rows(&mut self, rows: &Rows, chunk: usize, go_on: &dyn Fn() -> bool) -> Result<usize, VerifyError> {
        let outputs = self.loaded.model().outputs();
        for start in (0..rows.count).step_by(chunk) {
            if !go_on() {
                return Ok(start);
            }
            let end = rows.count.min(start + chunk);
            let answers = self.ask(rows, start..end)?;
            let native = self.native(rows, start..end)?;
            let pairs = native
                .chunks_exact(outputs)
                .zip(answers.values.chunks_exact(outputs));
            for (place, (native, onnx)) in pairs.enumerate() {
                self.compare(native, onnx, answers.labels.get(place), || {
                    describe(rows, start + place)
                })?;
            }
        }
        Ok(rows.count)
    }

    /// The model's own answers, row-major: a row alone by the way of single rows, several by that of batches.
    fn native(&self, rows: &Rows, range: std::ops::Range<usize>) -> Result<Vec<f64>, EncodeError> {
        if range.len() == 1 {
            let mut out = vec![0.0; self.loaded.model().outputs()];
            let values = rows.values(range.start);
            self.loaded
                .predict_row(&values, &mut Scratch::default(), &mut out)?;
            return Ok(out);
        }
        let count = range.len();
        let values: Vec<_> = range.map(|row| rows.values(row)).collect();
        let features = self.loaded.encode_rows(&values)?;
        Ok(self.loaded.predict_features(&features, count, None))
    }

    fn ask(&mut self, rows: &Rows, range: std::ops::Range<usize>) -> Result<Answers, VerifyError> {
        let count = range.len();
        let inputs = &self.loaded.model().inputs;
        let columns: Vec<(&str, Cells)> = inputs
            .iter()
            .map(|input| input.name.as_str())
            .zip(rows.slice(range))
            .collect();
        let answers = self.graph.run(&columns, &self.names)?;
        let labels = if self.names.label.is_some() { count } else { 0 };
        for (expected, found) in [
            (count * self.loaded.model().outputs(), answers.values.len()),
            (labels, answers.labels.len()),
        ] {
            if expected != found {
                return Err(VerifyError::Shape { expected, found });
            }
        }
        Ok(answers)
    }

    fn compare(
        &mut self,
        native: &[f64],
        onnx: &[f64],
        label: Option<&String>,
        row: impl Fn() -> String,
    ) -> Result<(), VerifyError> {
        let regression = self.loaded.model().problem == ProblemType::Regression;
        for (native, onnx) in native.iter().zip(onnx) {
            let scale = if regression { native.abs().max(1.0) } else { 1.0 };
            let difference = (native - onnx).abs() / scale;
            // A NaN on either side is a difference: a valid model has none in its answers.
            if difference.is_nan() || difference > TOLERANCE {
                return Err(VerifyError::Value {
                    row: row(),
                    native: *native,
                    onnx: *onnx,
                });
            }
            self.largest = self.largest.max(difference);
        }
        let (Some(onnx_label), Some(native_label)) = (label, self.loaded.model().label(native)) else {
            return Ok(());
        };
        let place = self
            .loaded
            .model()
            .classes
            .iter()
            .position(|class| class == onnx_label);
        if place.is_some_and(|place| may_be(self.loaded.model(), native, place)) {
            return Ok(());
        }
        Err(VerifyError::Label {
            row: row(),
            native: native_label.to_owned(),
            onnx: onnx_label.clone(),
        })
    }
}

/// Whether a class may be the answer: it is the model's, or so near to it that rounding decides.
fn may_be(model: &Model, native: &[f64], place: usize) -> bool {
    let distance = match (model.refinements.threshold, native) {
        _ if place == model.class(native) => 0.0,
        (Some(threshold), [_, second]) => (second - threshold).abs(),
        _ => native.iter().copied().fold(f64::NEG_INFINITY, f64::max) - native[place],
    };
    distance <= 2.0 * TOLERANCE
}

fn describe(rows: &Rows, row: usize) -> String {
    format!("{:?}", rows.values(row)).chars().take(500).collect()
}
