//! Batch predictions go with their files: alone, with their model, or with the dataset of it.
//!
//! A batch that is not over is never removed under its owner's hands: whoever removes what it needs is told to cancel it first.

use std::time::Duration;

use entities::{artifact, batch_prediction, model, obsolete_file};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::lock;
use crate::database::now;
use crate::{Error, Platform, artifacts, tasks};

/// How long files are looked for once more: a worker that had the batch may store some in its last seconds.
const GRACE: Duration = Duration::from_secs(600);

/// Which batches.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Of the model of that job.
    Job(Uuid),
    /// That read the file of that dataset.
    Dataset(Uuid),
}

/// Deletes a batch that is over, with its files.
///
/// # Errors
/// `Conflict` while it is not over, `Gone` when there is no such batch.
pub async fn delete(platform: &Platform, id: Uuid) -> Result<(), Error> {
    let transaction = platform.database.begin().await?;
    tasks::lock_of_batch(&transaction, id).await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    if !row.state.is_terminal() {
        return Err(Error::Conflict(
            "the batch prediction is not over: cancel it first".to_owned(),
        ));
    }
    let prefixes = remove(&transaction, &row).await?;
    transaction.commit().await?;
    for prefix in prefixes {
        // What cannot be removed now is tried again: the transaction has noted it.
        if let Err(error) = platform.artifacts.remove_prefix(&prefix).await {
            tracing::warn!(%error, prefix, "files of a batch prediction stay for now");
        }
    }
    Ok(())
}

/// Removes in the caller's transaction what its deletion takes along: the batches of a job's model. Those that read a dataset's
/// file stay, for what they answered is theirs. Files go within minutes of the commit.
///
/// # Errors
/// `Conflict`, for people, while one of them is not over.
pub async fn retire(transaction: &impl ConnectionTrait, of: Of) -> Result<(), Error> {
    let mut query = batch_prediction::Entity::find();
    match of {
        Of::Job(job) => {
            let models: Vec<Uuid> = model::Entity::find()
                .select_only()
                .column(model::Column::Id)
                .filter(model::Column::JobId.eq(job))
                .into_tuple()
                .all(transaction)
                .await?;
            query = query.filter(batch_prediction::Column::ModelId.is_in(models));
        }
        Of::Dataset(dataset) => query = query.filter(batch_prediction::Column::DatasetId.eq(dataset)),
    }
    let rows = query
        .order_by_asc(batch_prediction::Column::Id)
        .all(transaction)
        .await?;
    if rows.iter().any(|row| !row.state.is_terminal()) {
        let what = match of {
            Of::Job(_) => "a batch prediction of its model is not over: cancel it first",
            Of::Dataset(_) => "a batch prediction reads this dataset: cancel it first",
        };
        return Err(Error::Conflict(what.to_owned()));
    }
    if matches!(of, Of::Job(_)) {
        for row in &rows {
            tasks::lock_of_batch(transaction, row.id).await?;
            remove(transaction, row).await?;
        }
    }
    Ok(())
}

/// Deletes the row, and with it those of its files and tasks; notes its files as obsolete.
async fn remove(
    transaction: &impl ConnectionTrait,
    row: &batch_prediction::Model,
) -> Result<Vec<String>, Error> {
    let mut prefixes = vec![artifacts::batch_prefix(row.id)];
    let own = artifact::Entity::find()
        .filter(artifact::Column::BatchPredictionId.eq(row.id))
        .filter(artifact::Column::Kind.eq(artifact::Kind::Source));
    if own.one(transaction).await?.is_some() {
        prefixes.push(artifacts::dataset_prefix(row.id));
    }
    batch_prediction::Entity::delete_by_id(row.id)
        .exec(transaction)
        .await?;
    for prefix in &prefixes {
        let obsolete = obsolete_file::Model {
            prefix: prefix.clone(),
            remove_after: now() + GRACE,
        };
        obsolete_file::Entity::insert(obsolete.into_active_model())
            .on_conflict_do_nothing_on([obsolete_file::Column::Prefix])
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(prefixes)
}
