//! A model made ready to answer: look-up tables and compact trees built once, rows answered without allocation.

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::attribution::{self, Attribution, ExplainError, Explainer};
use crate::batch::{CHUNK, Ready, gather, predict_members_batch};
use crate::estimator::Estimator;
use crate::estimator::compact::Compact;
use crate::estimator::flat::FlatForest;
use crate::estimator::widened::Widened;
use crate::predict::predict_members;
use crate::transform::WordIndex;
use crate::value::Value;
use crate::{EncodeError, Frame, InputKind, Model, Scratch};

mod warning;
pub use warning::Warning;

/// Numbers of a network that take about as long as a tree: a handful of nodes that are not in the cache.
const NUMBERS_PER_TREE: usize = 256;
/// What a node takes when a tree is explained, in walks through a tree.
const PATHS: usize = 8;

/// A model made ready to answer.
#[derive(Clone, Debug)]
pub struct Loaded {
    model: Model,
    index: Vec<WordIndex>,
    compacts: Vec<Vec<Option<Compact>>>,
    /// Made by the first batch.
    flats: OnceLock<Vec<Vec<Option<FlatForest>>>>,
    /// Made by the first explanation; `None` inside: the model does not know what to measure from.
    explainer: OnceLock<Option<Explainer>>,
}

impl Loaded {
    /// Builds the look-up tables of a valid model.
    pub fn new(model: Model) -> Self {
        let index = model.encoder.index();
        let mut compacts = Vec::with_capacity(model.members.len());
        for member in &model.members {
            compacts.push(member.predictors.iter().map(crate::Predictor::compact).collect());
        }
        Self {
            model,
            index,
            compacts,
            flats: OnceLock::new(),
            explainer: OnceLock::new(),
        }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model, without what was made ready.
    pub fn into_model(self) -> Model {
        self.model
    }

    /// What a row costs, in trees: each tree is one, and so is every [`NUMBERS_PER_TREE`] numbers of a network.
    pub fn cost_of_row(&self) -> usize {
        let predictors = self.model.members.iter().flat_map(|member| &member.predictors);
        predictors
            .map(|predictor| match &predictor.estimator {
                Estimator::Constant(_) | Estimator::Linear(_) => 1,
                Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }) => forest.trees.len(),
                Estimator::Network(network) | Estimator::Smooth(network) => {
                    network.size().div_ceil(NUMBERS_PER_TREE)
                }
            })
            .sum()
    }

    /// What explaining a row costs (`explain_row`), in the same unit, about: every node of a tree is met on several paths, and what is
    /// sampled answers once a column and order.
    pub fn cost_of_explanation(&self) -> usize {
        let orders = attribution::PERMUTATIONS * (self.model.inputs.len() + 1);
        let predictors = self.model.members.iter().flat_map(|member| &member.predictors);
        predictors
            .map(|predictor| match &predictor.estimator {
                Estimator::Constant(_) | Estimator::Linear(_) => 1,
                Estimator::Forest(forest) | Estimator::Widened(Widened { forest, .. }) => {
                    PATHS * forest.trees.iter().map(|tree| tree.nodes.len()).sum::<usize>()
                }
                Estimator::Network(network) | Estimator::Smooth(network) => {
                    orders.saturating_mul(network.size().div_ceil(NUMBERS_PER_TREE))
                }
            })
            .fold(0, usize::saturating_add)
    }

    /// Writes the outputs of one row: `values` has one value an input of the model, in their order; `out` has
    /// `Model::outputs()` places.
    ///
    /// # Errors
    /// `NotANumber` for a text in a number input; `Width` for a row of the wrong length.
    pub fn predict_row(
        &self,
        values: &[Value<'_>],
        scratch: &mut Scratch,
        out: &mut [f64],
    ) -> Result<(), EncodeError> {
        self.check(values)?;
        let mut features = std::mem::take(&mut scratch.features);
        features.resize(self.model.encoder.features.len(), 0.0);
        let encoded = self.model.encoder.encode_row(&self.index, values, &mut features);
        if encoded.is_ok() {
            predict_members(&self.model.members, &self.compacts, &features, scratch, out);
            self.model.calibrate(out);
        }
        scratch.features = features;
        encoded
    }

    /// The features of some rows, one vector a feature; a row has one value an input of the model, in their order.
    ///
    /// # Errors
    /// As `predict_row`.
    pub(crate) fn encode_rows(&self, rows: &[Vec<Value<'_>>]) -> Result<Vec<Vec<f64>>, EncodeError> {
        let width = self.model.encoder.features.len();
        let mut features = vec![Vec::with_capacity(rows.len()); width];
        let mut encoded = vec![0.0; width];
        for values in rows {
            self.check(values)?;
            self.model.encoder.encode_row(&self.index, values, &mut encoded)?;
            for (feature, value) in features.iter_mut().zip(&encoded) {
                feature.push(*value);
            }
        }
        Ok(features)
    }

    /// Outputs of every row of a table (columns found by name, others ignored): row-major, `Model::outputs()` a row.
    /// With a pool, chunks of rows are predicted on its threads.
    ///
    /// # Errors
    /// `MissingColumns` when the table lacks inputs; `NotANumber` for a text in a number input.
    pub fn predict_batch(
        &self,
        frame: &Frame,
        pool: Option<&rayon::ThreadPool>,
    ) -> Result<Vec<f64>, EncodeError> {
        let features = self.model.encoder.encode(&self.model.inputs, frame)?;
        Ok(self.predict_features(&features, frame.rows, pool))
    }

    /// Outputs of `rows` rows of encoded features (one vector a feature): row-major, `Model::outputs()` a row.
    pub fn predict_features(
        &self,
        features: &[Vec<f64>],
        rows: usize,
        pool: Option<&rayon::ThreadPool>,
    ) -> Vec<f64> {
        let mut out = self.predict_uncalibrated(features, rows, pool);
        self.model.calibrate(&mut out);
        out
    }

    /// As [`Loaded::predict_features`], without the calibration.
    pub fn predict_uncalibrated(
        &self,
        features: &[Vec<f64>],
        rows: usize,
        pool: Option<&rayon::ThreadPool>,
    ) -> Vec<f64> {
        let outputs = self.model.outputs();
        let mut out = vec![0.0; rows * outputs];
        let ready = self.ready();
        let chunk = |(position, out): (usize, &mut [f64])| {
            let first = position * CHUNK;
            let mut matrix = Vec::new();
            gather(features, &(first..first + out.len() / outputs), &mut matrix);
            predict_members_batch(&self.model.members, &ready, &matrix, features.len(), out);
        };
        match pool {
            Some(pool) => pool.install(|| out.par_chunks_mut(CHUNK * outputs).enumerate().for_each(chunk)),
            None => out.chunks_mut(CHUNK * outputs).enumerate().for_each(chunk),
        }
        out
    }

    /// What each raw column adds to the answer to one row, given as to [`Loaded::predict_row`].
    ///
    /// # Errors
    /// As `predict_row`; `NoBackground` for a model of an older program.
    pub fn explain_row(
        &self,
        values: &[Value<'_>],
        scratch: &mut Scratch,
    ) -> Result<Attribution, ExplainError> {
        self.check(values)?;
        let mut features = vec![0.0; self.model.encoder.features.len()];
        self.model
            .encoder
            .encode_row(&self.index, values, &mut features)?;
        self.explain_features(&features, scratch)
            .ok_or(ExplainError::NoBackground)
    }

    /// What each raw column adds to the answer to one row of encoded features; `None` for a model of an older program.
    pub fn explain_features(&self, features: &[f64], scratch: &mut Scratch) -> Option<Attribution> {
        let explainer = self.explainer.get_or_init(|| Explainer::new(&self.model));
        let explainer = explainer.as_ref()?;
        Some(explainer.explain(&self.model, features, scratch))
    }

    /// The predictors made ready for batches, member by member.
    fn ready(&self) -> Vec<Vec<Ready<'_>>> {
        let flats = self.flats.get_or_init(|| {
            let members = self.model.members.iter();
            members
                .map(|member| member.predictors.iter().map(crate::Predictor::flat).collect())
                .collect()
        });
        let mut ready = Vec::with_capacity(flats.len());
        for ((member, compacts), flats) in self.model.members.iter().zip(&self.compacts).zip(flats) {
            let parts = member.predictors.iter().zip(compacts).zip(flats);
            ready.push(
                parts
                    .map(|((predictor, compact), flat)| Ready {
                        predictor,
                        compact: compact.as_ref(),
                        flat: flat.as_ref(),
                    })
                    .collect(),
            );
        }
        ready
    }

    fn check(&self, values: &[Value<'_>]) -> Result<(), EncodeError> {
        let inputs = &self.model.inputs;
        if values.len() != inputs.len() {
            return Err(EncodeError::Width {
                expected: inputs.len(),
                found: values.len(),
            });
        }
        for (input, value) in inputs.iter().zip(values) {
            if let (InputKind::Number, Value::Text(text), false) = (input.kind, value, value.is_missing()) {
                return Err(EncodeError::NotANumber {
                    input: input.name.clone(),
                    text: (*text).to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl Model {
    /// Number of outputs a row: one probability a class, or one value.
    pub fn outputs(&self) -> usize {
        self.classes.len().max(1)
    }

    /// The label of the predicted class ([`Model::class`]); `None` for regression.
    pub fn label(&self, outputs: &[f64]) -> Option<&str> {
        self.classes.get(self.class(outputs)).map(String::as_str)
    }
}

/// Position of the largest value, the first one of equals.
pub fn argmax(values: &[f64]) -> usize {
    let mut best = 0;
    for (position, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = position;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn rows_batches_and_plain_trees_agree() {
        for seed in 0..200 {
            let model = sample::model(seed);
            model.validate().expect("samples are valid");
            let frame = sample::frame(&model, 70, seed);
            let loaded = Loaded::new(model);
            let batch = loaded.predict_batch(&frame, None).expect("predicts");
            let features = loaded
                .model
                .encoder
                .encode(&loaded.model.inputs, &frame)
                .expect("encodes");
            let mut scratch = Scratch::default();
            let mut out = vec![0.0; loaded.model.outputs()];
            let plain: Vec<Vec<Option<Compact>>> = loaded
                .compacts
                .iter()
                .map(|predictors| vec![None; predictors.len()])
                .collect();
            for (row, expected) in batch.chunks_exact(out.len()).enumerate() {
                loaded
                    .predict_row(&values(&frame, row), &mut scratch, &mut out)
                    .expect("predicts");
                assert_eq!(out, expected, "model {seed}, row {row}");
                let row_features: Vec<f64> = features.iter().map(|column| column[row]).collect();
                predict_members(
                    &loaded.model.members,
                    &plain,
                    &row_features,
                    &mut scratch,
                    &mut out,
                );
                loaded.model.calibrate(&mut out);
                assert_eq!(out, expected, "model {seed}, row {row}");
            }
        }
    }

    fn values(frame: &Frame, row: usize) -> Vec<Value<'_>> {
        let mut values = Vec::new();
        for column in &frame.columns {
            values.push(match column {
                crate::Column::Number(numbers) => Value::Number(numbers[row]),
                _ if column.is_missing(row) => Value::Missing,
                crate::Column::Text { codes, dictionary } => Value::Text(&dictionary[codes[row] as usize]),
            });
        }
        values
    }

    #[test]
    fn a_pool_changes_nothing() {
        let model = sample::model(5);
        let frame = sample::frame(&model, 3000, 5);
        let loaded = Loaded::new(model);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(2)
            .build()
            .expect("a pool");
        let alone = loaded.predict_batch(&frame, None).expect("predicts");
        assert_eq!(
            loaded.predict_batch(&frame, Some(&pool)).expect("predicts"),
            alone
        );
    }

    #[test]
    fn probabilities_sum_to_one() {
        for seed in 0..50 {
            let model = sample::model(seed);
            let frame = sample::frame(&model, 20, seed);
            let loaded = Loaded::new(model);
            if !loaded.model.problem.is_classification() {
                continue;
            }
            for row in loaded
                .predict_batch(&frame, None)
                .expect("predicts")
                .chunks(loaded.model.outputs())
            {
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{row:?}");
            }
        }
    }

    #[test]
    fn a_doubtful_row_is_answered_with_warnings() {
        let model = (0..)
            .map(sample::model)
            .find(|model| model.inputs.len() > 8)
            .expect("some sample is wide");
        let number = model
            .inputs
            .iter()
            .position(|input| input.kind == InputKind::Number)
            .expect("a number");
        let name = model.inputs[number].name.clone();
        let loaded = Loaded::new(model);
        let (values, unknown) =
            loaded.arrange([(name.as_str(), Value::Number(9.0)), ("nobody", Value::Missing)]);
        assert_eq!(
            unknown,
            [Warning::UnknownColumn {
                name: "nobody".into()
            }]
        );
        let warnings = loaded.warnings(&values);
        let far = Warning::OutOfRange {
            input: name.clone(),
            value: 9.0,
            low: -2.0,
            high: 2.0,
        };
        assert!(warnings.contains(&far), "{warnings:?}");
        assert_eq!(
            warnings
                .iter()
                .filter(|warning| matches!(warning, Warning::Missing { .. }))
                .count(),
            values.len() - 1
        );
        assert_eq!(argmax(&[0.25, 0.5, 0.5]), 1);
    }

    /// `cargo test -p model --lib --release measure -- --ignored --nocapture`: microseconds a row, one thread.
    #[test]
    #[ignore = "measures"]
    fn measure_a_single_row_of_a_large_forest() {
        let model = sample::large_forest(50, 500, 63);
        let frame = sample::frame(&model, 1000, 1);
        let loaded = Loaded::new(model);
        let rows: Vec<Vec<Value<'_>>> = (0..frame.rows).map(|row| values(&frame, row)).collect();
        let mut scratch = Scratch::default();
        let mut out = vec![0.0; loaded.model.outputs()];
        let (mut single, mut batch) = (f64::INFINITY, f64::INFINITY);
        // The fastest of several passes: what the code takes when nothing else runs.
        for _ in 0..20 {
            let start = std::time::Instant::now();
            for row in &rows {
                loaded.predict_row(row, &mut scratch, &mut out).expect("predicts");
            }
            single = single.min(start.elapsed().as_secs_f64() * 1e6 / rows.len() as f64);
            let start = std::time::Instant::now();
            loaded.predict_batch(&frame, None).expect("predicts");
            batch = batch.min(start.elapsed().as_secs_f64() * 1e6 / rows.len() as f64);
        }
        eprintln!(
            "50 features, 500 trees of 64 leaves: {single:.1} us a single row, {batch:.1} us a row of a batch"
        );
    }
}
