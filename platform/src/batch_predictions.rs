//! What a person may do with a batch prediction: create, cancel, delete. How it goes meanwhile is the worker's.
//!
//! Locks are taken in one order everywhere: the job of its model, then its owner where room is asked for, then its tasks, then the
//! batch.

mod remove;
mod source;

use entities::batch_prediction::{BatchOptions, Event, State, UNFINISHED};
use entities::{Viewer, batch_prediction, model, task};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Set,
};
use uuid::Uuid;

use crate::database::now;
use crate::idempotency::{self, Request};
use crate::tasks::{self, Payload};
use crate::{Changes, Error, Platform, Settings, jobs, quotas};

pub use remove::{Of, delete, retire};
pub use source::Source;

use source::{Bytes, Found};

/// A batch to create; everything in it is validated already.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// Owner.
    pub user_id: Uuid,
    /// Which model answers; deployed or not.
    pub model_id: Uuid,
    /// The file.
    pub source: Source,
    /// What the user wants of the answer.
    pub options: BatchOptions,
}

/// What became of a batch that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It waits for a worker.
    Batch(Box<batch_prediction::Model>),
    /// Bytes of the upload are missing, or there are too many; so many are there.
    WrongSize(u64),
    /// The upload is not open any more.
    NoUpload,
}

/// Inserts a batch and its task, unless the request was answered before: then it gives that answer. An upload becomes the
/// batch's file, a dataset's file is read where it is.
///
/// # Errors
/// `Gone` when the model, the dataset or the batch of the former answer is not the user's; `Conflict` when the dataset is not
/// READY; `QueueFull` when the user has as many unfinished batches as jobs are allowed;
/// `QuotaExceeded` when another quota is used up; `KeyReused`.
pub async fn create_once(
    platform: &Platform,
    new: NewBatch,
    request: Option<&Request>,
) -> Result<Outcome, Error> {
    let bytes = match source::bytes(platform, &new.source).await? {
        Found::Bytes(bytes) => bytes,
        Found::WrongSize(size) => return Ok(Outcome::WrongSize(size)),
        Found::NoUpload => return Ok(Outcome::NoUpload),
    };
    let inserted = insert(platform, &new, &bytes, request).await;
    let made = match &inserted {
        Ok(row) => row.id == bytes.batch_id,
        // The commit may have happened all the same. Files that no row names cost space only.
        Err(Error::Database(_)) => true,
        Err(_) => false,
    };
    bytes.settle(platform, made).await?;
    match inserted {
        Ok(row) => Ok(Outcome::Batch(Box::new(row))),
        Err(Error::Lost) => Ok(Outcome::NoUpload),
        Err(error) => Err(error),
    }
}

async fn insert(
    platform: &Platform,
    new: &NewBatch,
    bytes: &Bytes,
    request: Option<&Request>,
) -> Result<batch_prediction::Model, Error> {
    let transaction = platform.database.begin().await?;
    if let Some(answer) = idempotency::claim(&transaction, request, bytes.batch_id).await? {
        return lock(&transaction, answer).await?.ok_or(Error::Gone);
    }
    let viewer = Viewer::member(new.user_id);
    let model = model::Entity::find_for(viewer)
        .filter(model::Column::Id.eq(new.model_id))
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    // Held until the batch is there: the model is not deleted under it.
    jobs::lock(&transaction, model.job_id).await?.ok_or(Error::Gone)?;
    // The person after the job, as when a job goes on.
    admit(&transaction, &platform.settings, new.user_id).await?;
    source::claim(&transaction, new, bytes).await?;
    let row = batch_prediction::Model {
        id: bytes.batch_id,
        user_id: new.user_id,
        model_id: model.id,
        dataset_id: bytes.dataset_id,
        file_name: bytes.file_name.clone(),
        size_bytes: bytes.size_bytes,
        source_key: bytes.key.to_string(),
        options: new.options.clone(),
        state: State::Queued,
        error: None,
        version: 1,
        rows_done: 0,
        rows_in_error: 0,
        share: 0.0,
        report_key: None,
        created_at: now(),
        started_at: None,
        finished_at: None,
    };
    let row = row.into_active_model().insert(&transaction).await?;
    bytes.insert_file(&transaction, &row).await?;
    tasks::enqueue(&transaction, row.user_id, Payload::Predict { batch: row.id }).await?;
    let mut changes = Changes::default();
    changes.batch_prediction(&row);
    changes.task();
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// Stops a batch; nothing of it is kept. A worker that has it stops within two seconds, and what it still writes is refused.
/// Asking again, or too late, changes nothing.
///
/// # Errors
/// `Gone` when there is no such batch.
pub async fn cancel(platform: &Platform, id: Uuid) -> Result<batch_prediction::Model, Error> {
    let transaction = platform.database.begin().await?;
    tasks::lock_of_batch(&transaction, id).await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    let Some(state) = row.state.after(Event::Cancel) else {
        return Ok(row);
    };
    tasks::cancel_queued_of_batch(&transaction, id).await?;
    let mut change = changed(&row);
    change.state = Set(state);
    change.finished_at = Set(Some(now()));
    let row = change.update(&transaction).await?;
    let mut changes = Changes::default();
    changes.batch_prediction(&row);
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// Reads a batch and keeps its row as it is until the transaction ends.
///
/// # Errors
/// When the database refuses.
pub async fn lock(
    transaction: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<batch_prediction::Model>, Error> {
    let query = batch_prediction::Entity::find_by_id(id).lock(LockType::NoKeyUpdate);
    Ok(query.one(transaction).await?)
}

/// The batch of a task, held as by [`lock`]; none when it is gone or the task is of another kind.
///
/// # Errors
/// When the database refuses.
pub async fn of_task(
    transaction: &impl ConnectionTrait,
    task: &task::Model,
) -> Result<Option<batch_prediction::Model>, Error> {
    match task.batch_prediction_id {
        Some(id) => lock(transaction, id).await,
        None => Ok(None),
    }
}

/// The row as an update whose version is one higher.
pub fn changed(row: &batch_prediction::Model) -> batch_prediction::ActiveModel {
    let mut change = row.clone().into_active_model();
    change.version = Set(row.version + 1);
    change
}

/// Lets a user's batch into the queue.
async fn admit(transaction: &impl ConnectionTrait, settings: &Settings, user_id: Uuid) -> Result<(), Error> {
    let unfinished = batch_prediction::Entity::find()
        .filter(batch_prediction::Column::UserId.eq(user_id))
        .filter(batch_prediction::Column::State.is_in(UNFINISHED));
    quotas::admit_batch(transaction, settings, user_id, unfinished, now()).await
}
