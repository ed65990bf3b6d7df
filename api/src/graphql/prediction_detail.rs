//! What an answer to a row says beside the answer, when it is asked for: an interval or a set, and what each column adds.

use async_graphql::SimpleObject;
use model::serve::Loaded;
use model::value::Value;
use model::{Quantile, Scratch};
use serde::Serialize;

use super::payload::UserError;
use super::prediction::Prediction;

/// Rows of a request that are explained: one takes as long as hundreds that are only answered.
pub const MAX_EXPLAINED_ROWS: usize = 100;
/// What explaining all rows of a request may take, in walks through a tree (`Loaded::cost_of_explanation`): some seconds.
const MOST_WORK: usize = 100_000_000;

/// An interval around a predicted number.
#[derive(Clone, Debug, Serialize, SimpleObject)]
pub struct PredictionInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What the columns add to an answer: `base` and all values sum to it.
#[derive(Clone, Debug, Serialize, SimpleObject)]
pub struct PredictionContributions {
    /// The class whose probability is told, the predicted one; null for regression.
    pub label: Option<String>,
    /// The answer without knowing any column.
    pub base: f64,
    /// One a column of the model, the largest first.
    pub columns: Vec<ColumnContribution>,
}

/// What one column adds to an answer.
#[derive(Clone, Debug, Serialize, SimpleObject)]
pub struct ColumnContribution {
    /// Raw column.
    pub column: String,
    /// Its Shapley value, in units of the target or of the probability.
    pub value: f64,
}

/// What is asked for beside answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Level of intervals or sets.
    pub interval: Option<f64>,
    /// Whether columns' contributions are told.
    pub contributions: bool,
}

/// What a model can give beside answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Details {
    quantile: Option<Quantile>,
    contributions: bool,
}

impl Details {
    /// Whether the model can give what is wanted, for so many rows.
    ///
    /// # Errors
    /// `INTERVAL_UNAVAILABLE`, `CONTRIBUTIONS_UNAVAILABLE`, `ROW_COUNT`.
    pub fn new(loaded: &Loaded, wanted: Wanted, rows: usize) -> Result<Self, UserError> {
        let model = loaded.model();
        let quantile = wanted.interval.map(|level| model.quantile(level)).transpose();
        let quantile = quantile.map_err(|error| {
            let message = format!("There is no such interval: {error}.");
            UserError::of("interval", "INTERVAL_UNAVAILABLE", message)
        })?;
        if wanted.contributions && model.refinements.background.is_none() {
            let message = "The model was made by an older version, which did not keep what contributions are measured from; train it again.";
            return Err(UserError::of(
                "contributions",
                "CONTRIBUTIONS_UNAVAILABLE",
                message,
            ));
        }
        if wanted.contributions && rows > MAX_EXPLAINED_ROWS {
            let message = format!(
                "Contributions are told for at most {MAX_EXPLAINED_ROWS} rows at a time; there are {rows}."
            );
            return Err(UserError::of("rows", "ROW_COUNT", message));
        }
        if wanted.contributions {
            let affordable = MOST_WORK / loaded.cost_of_explanation().max(1);
            if affordable == 0 {
                let message =
                    "The model is too large to be explained while you wait; `automl explain` does it.";
                return Err(UserError::of(
                    "contributions",
                    "CONTRIBUTIONS_UNAVAILABLE",
                    message,
                ));
            }
            if rows > affordable {
                let message = format!(
                    "Contributions of this model are told for at most {affordable} rows at a time; there are {rows}."
                );
                return Err(UserError::of("rows", "ROW_COUNT", message));
            }
        }
        Ok(Self {
            quantile,
            contributions: wanted.contributions,
        })
    }

    /// Adds them to the answer to a row.
    pub fn add(
        self,
        prediction: &mut Prediction,
        loaded: &Loaded,
        values: &[Value<'_>],
        outputs: &[f64],
        scratch: &mut Scratch,
    ) {
        let model = loaded.model();
        if let Some(quantile) = self.quantile {
            if model.classes.is_empty() {
                let (low, high) = quantile.interval(outputs[0]);
                prediction.interval = Some(PredictionInterval { low, high });
            } else {
                let set = model.classes.iter().zip(quantile.set(outputs));
                let set = set.filter(|(_, is_in)| *is_in).map(|(label, _)| label.clone());
                prediction.label_set = Some(set.collect());
            }
        }
        if self.contributions
            && let Ok(attribution) = loaded.explain_row(values, scratch)
        {
            let output = model.class(outputs);
            let of_input = |(place, input): (usize, &model::Input)| ColumnContribution {
                column: input.name.clone(),
                value: attribution.of(place)[output],
            };
            let mut columns: Vec<ColumnContribution> =
                model.inputs.iter().enumerate().map(of_input).collect();
            columns.sort_by(|left, right| right.value.abs().total_cmp(&left.value.abs()));
            prediction.contributions = Some(PredictionContributions {
                label: prediction.label.clone(),
                base: attribution.base[output],
                columns,
            });
        }
    }
}
