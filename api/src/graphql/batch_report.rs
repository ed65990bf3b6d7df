//! What a worker found in a file besides its predictions, as the engine's report says it.

use async_graphql::{Enum, SimpleObject};
use entities::batch_prediction;
use platform::artifacts::Key;
use serde::Deserialize;

use super::long::Long;
use super::problem::Metric;
use crate::failure::Failure;
use crate::state::AppState;

/// What is to be known of a batch prediction besides the predictions.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct BatchReport {
    /// Rows of the file.
    pub rows: Long,
    /// Rows that could not be predicted: all of them stand in the predictions, with the reason.
    pub rows_in_error: Long,
    /// What was found and did no harm: columns without a use, changed names.
    pub warnings: Vec<String>,
    /// The first 1000 cells for which rows were not predicted.
    pub row_errors: Vec<BatchRowError>,
    /// The model on the rows whose target is in the file; null when it is in none.
    pub evaluation: Option<BatchEvaluation>,
    /// Why there is no evaluation; null when there is one.
    pub evaluation_absent: Option<String>,
    /// How the file differs from the training data.
    pub drift: Drift,
}

/// A cell for which a row was not predicted.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct BatchRowError {
    /// Row of the table, from 1; the header is none.
    pub row: Long,
    /// Column.
    pub column: String,
    /// What is wrong with the cell.
    pub message: String,
}

/// What a model is worth on a file whose target is known.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct BatchEvaluation {
    /// Rows with a target that the model can be compared with.
    pub rows: Long,
    /// Rows that the metrics were computed on: all, or a random sample of a large file.
    pub rows_used: Long,
    /// Rows whose target is none of the classes, or no number.
    pub rows_unusable: Long,
    /// Every metric that is defined on these rows.
    pub metrics: Vec<BatchMetric>,
}

/// A metric on a file and on the holdout.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct BatchMetric {
    /// Which one.
    pub metric: Metric,
    /// On these rows.
    pub value: f64,
    /// On the holdout; null where it is not known.
    pub holdout: Option<f64>,
}

/// How a file differs from the training data.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct Drift {
    /// Why nothing can be compared; null when columns are.
    pub absent: Option<String>,
    /// One an input of the model, the one that differs most first.
    pub columns: Vec<ColumnDrift>,
}

/// How a column differs from the training data.
#[derive(Clone, Debug, Deserialize, SimpleObject)]
pub struct ColumnDrift {
    /// Which one.
    pub column: String,
    /// Population stability index: 0 for the same distribution, more for a different one.
    pub psi: Option<f64>,
    /// What that means.
    pub level: Option<DriftLevel>,
    /// Why there is no index; null when there is one.
    pub absent: Option<String>,
    /// Share of cells without a value in this file.
    pub missing_share: f64,
    /// Share of cells without a value in the training data.
    pub training_missing_share: Option<f64>,
}

/// How far a column is from its training data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
pub enum DriftLevel {
    /// Nothing beyond chance (index below 0.1).
    None,
    /// Worth a look (index from 0.1).
    Moderate,
    /// The model may not hold for this file (index from 0.25).
    Large,
}

/// The stored report of a batch prediction; none before it is COMPLETED.
pub async fn read(state: &AppState, row: &batch_prediction::Model) -> Result<Option<BatchReport>, Failure> {
    let Some(key) = &row.report_key else {
        return Ok(None);
    };
    let key = Key::parse(key).map_err(Failure::internal)?;
    let bytes = Box::pin(state.platform.artifacts.get(&key)).await?;
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|cause| Failure::internal(format!("report of {}: {cause}", row.id)))
}
