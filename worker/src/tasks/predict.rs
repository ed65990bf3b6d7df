//! Predict: all rows of a file get the answer of a model.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use engine::train::MetricValue;
use entities::batch_prediction::{BatchOptions, Event};
use entities::{artifact, batch_prediction, dataset, job, model, task};
use platform::artifacts::Key;
use platform::batch_predictions::{changed, of_task};
use platform::database::now;
use platform::{Changes, Error, tasks};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, Set};
use serde::Deserialize;
use serde_json::Value;

use super::{Files, Held, Order, Output, Task, out, parse};
use crate::protocol::Rows;
use crate::work::{MODEL, PREDICTIONS, PREDICTIONS_PARQUET, PROFILE, Predicted, REPORT, Work};

/// Time that any file may take; a large one gets a second more a mebibyte.
const WALL_LIMIT: Duration = Duration::from_secs(1800);

const OUTPUTS: &[Output] = &[
    Output {
        kind: artifact::Kind::Predictions,
        name: PREDICTIONS,
        is_optional: false,
    },
    Output {
        kind: artifact::Kind::PredictionsParquet,
        name: PREDICTIONS_PARQUET,
        is_optional: true,
    },
    Output {
        kind: artifact::Kind::BatchReport,
        name: REPORT,
        is_optional: false,
    },
];

/// The kind.
#[derive(Debug)]
pub struct Predict;

#[async_trait]
impl Task for Predict {
    fn kind(&self) -> task::Kind {
        task::Kind::Predict
    }

    async fn begin(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        changes: &mut Changes,
    ) -> Result<Option<Order>, Error> {
        let Some(row) = of_task(transaction, &held.claim.task).await? else {
            return Ok(None);
        };
        let Some(state) = row.state.after(Event::Start) else {
            return Ok(None);
        };
        let Some(model) = model::Entity::find_by_id(row.model_id).one(transaction).await? else {
            return Ok(None);
        };
        let mut change = changed(&row);
        change.state = Set(state);
        change.started_at = Set(Some(row.started_at.unwrap_or_else(now)));
        start_over(&mut change);
        let row = change.update(transaction).await?;
        changes.batch_prediction(&row);
        let profile = training_profile(transaction, &model).await?;
        order(held, row, &model, profile).map(Some)
    }

    async fn commit(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        answer: Value,
        files: &Files,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let predicted: Predicted = parse(answer)?;
        let Some(row) = of_task(transaction, &held.claim.task).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Complete) else {
            return Ok(());
        };
        files.insert(held, transaction).await?;
        let mut change = changed(&row);
        change.state = Set(state);
        change.rows_done = Set(signed(predicted.rows));
        change.rows_in_error = Set(signed(predicted.rows_in_error));
        change.share = Set(1.0);
        change.report_key = Set(Some(files.key(artifact::Kind::BatchReport)?));
        change.finished_at = Set(Some(now()));
        changes.batch_prediction(&change.update(transaction).await?);
        Ok(())
    }

    async fn retried(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some(row) = of_task(transaction, &held.claim.task).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Requeue) else {
            return Ok(());
        };
        let mut change = changed(&row);
        change.state = Set(state);
        start_over(&mut change);
        changes.batch_prediction(&change.update(transaction).await?);
        Ok(())
    }

    async fn dead(
        &self,
        held: Held<'_>,
        transaction: &DatabaseTransaction,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some(row) = of_task(transaction, &held.claim.task).await? else {
            return Ok(());
        };
        let Some(state) = row.state.after(Event::Fail) else {
            return Ok(());
        };
        let mut change = changed(&row);
        change.state = Set(state);
        change.error = Set(Some(reason.to_owned()));
        change.finished_at = Set(Some(now()));
        changes.batch_prediction(&change.update(transaction).await?);
        Ok(())
    }

    async fn rows(&self, held: Held<'_>, rows: Rows) -> Result<(), Error> {
        let transaction = held.platform.database.begin().await?;
        tasks::hold(&transaction, held.claim).await?;
        let Some(row) = of_task(&transaction, &held.claim.task).await? else {
            return Ok(());
        };
        if row.state != batch_prediction::State::Running {
            return Ok(());
        }
        let mut change = changed(&row);
        change.rows_done = Set(signed(rows.done));
        change.rows_in_error = Set(signed(rows.in_error));
        // The end is when the files are stored.
        change.share = Set(rows.share.clamp(0.0, 0.99));
        let mut changes = Changes::default();
        changes.batch_prediction(&change.update(&transaction).await?);
        transaction.commit().await?;
        held.platform.announce(changes);
        Ok(())
    }

    async fn wanted(&self, held: Held<'_>) -> Result<bool, Error> {
        let Some(id) = held.claim.task.batch_prediction_id else {
            return Ok(false);
        };
        let connection = held.platform.database.connection();
        let row = batch_prediction::Entity::find_by_id(id).one(connection).await?;
        Ok(row.is_some_and(|row| row.state == batch_prediction::State::Running))
    }
}

/// From the first row on: what a lost worker had done is gone with it.
fn start_over(change: &mut batch_prediction::ActiveModel) {
    change.rows_done = Set(0);
    change.rows_in_error = Set(0);
    change.share = Set(0.0);
}

fn order(
    held: Held<'_>,
    row: batch_prediction::Model,
    model: &model::Model,
    profile: Option<Key>,
) -> Result<Order, Error> {
    let source = "source".to_owned();
    let mut inputs = vec![
        (Key::parse(&row.source_key)?, source.clone()),
        (Key::parse(&model.model_key)?, MODEL.to_owned()),
    ];
    let has_profile = profile.is_some();
    inputs.extend(profile.map(|key| (key, PROFILE.to_owned())));
    let BatchOptions {
        id_column,
        parquet,
        raw,
    } = row.options;
    let settings = &held.platform.settings;
    Ok(Order {
        inputs,
        work: Work::Predict {
            source: PathBuf::from(source),
            file_name: row.file_name,
            model: PathBuf::from(MODEL),
            profile: has_profile.then(|| PathBuf::from(PROFILE)),
            holdout: holdout(model),
            options: engine::batch::Options { id_column, raw },
            parquet,
            threads: settings.threads_per_slot(),
            memory_bytes: settings.memory_bytes,
            out: out(),
        },
        outputs: OUTPUTS,
        wall_limit: WALL_LIMIT + Duration::from_secs(row.size_bytes.unsigned_abs() >> 20),
    })
}

/// The metrics of the model's evaluation; what cannot be read is not compared with.
fn holdout(model: &model::Model) -> Vec<MetricValue> {
    let metrics = model.evaluation.get("metrics").cloned().unwrap_or_default();
    let mut known = Vec::new();
    for value in metrics.as_array().into_iter().flatten() {
        known.extend(MetricValue::deserialize(value));
    }
    known
}

/// Where the profile of the data that the model was trained on is.
async fn training_profile(
    transaction: &impl ConnectionTrait,
    model: &model::Model,
) -> Result<Option<Key>, Error> {
    let Some(job) = job::Entity::find_by_id(model.job_id).one(transaction).await? else {
        return Ok(None);
    };
    let dataset = dataset::Entity::find_by_id(job.dataset_id)
        .one(transaction)
        .await?;
    let key = dataset.and_then(|row| row.profile_key);
    key.map(|key| Key::parse(&key)).transpose()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
