//! What a person may do with a dataset: make one of an upload or of bytes, rename it, delete it.

use std::path::Path;

use chrono::{DateTime, Utc};
use entities::{artifact, dataset, job, upload};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use crate::artifacts::{self, Key, Stored};
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::batch_predictions::Of;
use crate::database::now;
use crate::idempotency::{self, Request};
use crate::tasks::{self, Payload};
use crate::{Changes, Error, Platform, batch_predictions, quotas, registry};

/// A dataset to create.
#[derive(Clone, Debug)]
pub struct NewDataset {
    /// Owner.
    pub user_id: Uuid,
    /// Shown name.
    pub name: String,
    /// Name of the uploaded file; its ending helps to tell the format.
    pub file_name: String,
    /// The upload it came in; it is completed in the same transaction.
    pub upload_id: Option<Uuid>,
    /// What its owner says of the file's format.
    pub format: Option<dataset::Format>,
}

/// Stores a local file as the bytes of a new dataset, and inserts the dataset with the task that profiles it.
///
/// # Errors
/// As [`create_once`].
pub async fn create(platform: &Platform, new: NewDataset, source: &Path) -> Result<dataset::Model, Error> {
    create_once(platform, new, source, None).await
}

/// As [`create`], unless the request was answered before: then it gives that answer.
///
/// # Errors
/// `Gone` when the upload is not open any more; when the file cannot be stored or the database refuses; `KeyReused`.
pub async fn create_once(
    platform: &Platform,
    new: NewDataset,
    source: &Path,
    request: Option<&Request>,
) -> Result<dataset::Model, Error> {
    let id = Uuid::now_v7();
    let stored = platform.artifacts.put_file(&Key::source(id), source).await?;
    let inserted = insert(platform, new, id, &stored, request).await;
    let is_needed = match &inserted {
        Ok(row) => row.id == id,
        // The commit may have happened all the same. Files that no row names cost space only.
        Err(Error::Database(_)) => true,
        Err(_) => false,
    };
    if !is_needed {
        platform
            .artifacts
            .remove_prefix(&artifacts::dataset_prefix(id))
            .await?;
    }
    inserted
}

/// Inserts a dataset whose bytes a browser has put under its source key already. They stay when this fails.
///
/// # Errors
/// `Gone` when the upload is not open any more; when the database refuses; `KeyReused`.
pub async fn adopt(
    platform: &Platform,
    new: NewDataset,
    id: Uuid,
    stored: &Stored,
    request: Option<&Request>,
) -> Result<dataset::Model, Error> {
    insert(platform, new, id, stored, request).await
}

/// Fills in the SHA-256 of a source that went straight to the bucket, from the first copy of it.
///
/// # Errors
/// When the copy cannot be read or the database refuses.
pub async fn note_hash(platform: &Platform, key: &Key, copy: &Path) -> Result<(), Error> {
    let connection = platform.database.connection();
    let unknown = artifact::Entity::find()
        .filter(artifact::Column::Key.eq(key.as_str()))
        .filter(artifact::Column::Sha256.eq(""));
    let Some(row) = unknown.one(connection).await? else {
        return Ok(());
    };
    let mut change = row.into_active_model();
    change.sha256 = Set(artifacts::sha256_of(copy).await?);
    change.update(connection).await?;
    Ok(())
}

async fn insert(
    platform: &Platform,
    new: NewDataset,
    id: Uuid,
    stored: &Stored,
    request: Option<&Request>,
) -> Result<dataset::Model, Error> {
    let transaction = platform.database.begin().await?;
    if let Some(answer) = idempotency::claim(&transaction, request, id).await? {
        let answered = dataset::Entity::find_by_id(answer).one(&transaction).await?;
        return answered.ok_or(Error::Gone);
    }
    match new.upload_id {
        // What was announced was counted then.
        Some(upload_id) => complete_upload(&transaction, upload_id).await?,
        None => {
            let size = stored.size_bytes;
            quotas::admit_bytes(&transaction, &platform.settings, new.user_id, size, now()).await?;
        }
    }
    let mut changes = Changes::default();
    let made = Made {
        id,
        stored,
        created_at: now(),
    };
    let row = insert_rows(&transaction, new, made, &mut changes).await?;
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// What a dataset is made of.
pub(crate) struct Made<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its file.
    pub stored: &'a Stored,
    /// When its bytes came.
    pub created_at: DateTime<Utc>,
}

/// Inserts a dataset, its file and the task that profiles it.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn insert_rows(
    transaction: &DatabaseTransaction,
    new: NewDataset,
    made: Made<'_>,
    changes: &mut Changes,
) -> Result<dataset::Model, Error> {
    let Made {
        id,
        stored,
        created_at,
    } = made;
    let row = dataset::Model {
        id,
        user_id: new.user_id,
        name: new.name,
        file_name: new.file_name.clone(),
        size_bytes: stored.size_bytes as i64,
        state: dataset::State::Profiling,
        error: None,
        version: 1,
        source_key: stored.key.to_string(),
        profile_key: None,
        frame_key: None,
        row_count: None,
        column_count: None,
        created_at,
        format: new.format,
    };
    let row = row.into_active_model().insert(transaction).await?;
    let file = artifact::Model {
        id: Uuid::now_v7(),
        user_id: new.user_id,
        job_id: None,
        dataset_id: Some(id),
        batch_prediction_id: None,
        kind: artifact::Kind::Source,
        file_name: new.file_name,
        key: stored.key.to_string(),
        size_bytes: stored.size_bytes as i64,
        sha256: stored.sha256.clone(),
        created_at: row.created_at,
    };
    artifact::Entity::insert(file.into_active_model())
        .exec_without_returning(transaction)
        .await?;
    tasks::enqueue(transaction, row.user_id, Payload::Profile { dataset: id }).await?;
    changes.dataset(&row);
    changes.task();
    Ok(row)
}

/// Gives a dataset another name.
///
/// # Errors
/// `Gone` when there is no such dataset.
pub async fn rename(platform: &Platform, id: Uuid, name: String) -> Result<dataset::Model, Error> {
    let transaction = platform.database.begin().await?;
    let row = dataset::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let version = row.version + 1;
    let mut change = row.into_active_model();
    change.name = Set(name);
    change.version = Set(version);
    let row = change.update(&transaction).await?;
    let mut changes = Changes::default();
    changes.dataset(&row);
    transaction.commit().await?;
    platform.announce(changes);
    Ok(row)
}

/// Of two that complete the same upload, one finds it open.
pub(crate) async fn complete_upload(transaction: &DatabaseTransaction, id: Uuid) -> Result<(), Error> {
    let update = upload::Entity::update_many()
        .col_expr(
            upload::Column::State,
            upload::Column::State.save_as(Expr::val(upload::State::Completed)),
        )
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::State.eq(upload::State::Open));
    if update.exec(transaction).await?.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Gone)
    }
}

/// Deletes a dataset with its jobs, their models with their batch predictions, and all files.
///
/// # Errors
/// `Conflict` while a job of it is not terminal, the model of one is registered, or a batch prediction of their models or over
/// this dataset is not terminal; `Gone` when there is no such dataset.
pub async fn delete(platform: &Platform, id: Uuid) -> Result<(), Error> {
    let transaction = platform.database.begin().await?;
    let row = dataset::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let jobs = job::Entity::find()
        .filter(job::Column::DatasetId.eq(id))
        .all(&transaction)
        .await?;
    if jobs.iter().any(|job| !job.state.is_terminal()) {
        return Err(Error::Conflict(
            "a job of this dataset is not over: cancel it first".to_owned(),
        ));
    }
    let ids: Vec<Uuid> = jobs.iter().map(|job| job.id).collect();
    registry::check_free(&transaction, &ids).await?;
    batch_predictions::retire(&transaction, Of::Dataset(id)).await?;
    for job in &jobs {
        batch_predictions::retire(&transaction, Of::Job(job.id)).await?;
    }
    row.delete(&transaction).await?;
    let entry = Entry::new(platform.by, Action::DatasetDeleted, now())
        .about(SubjectKind::Dataset, id)
        .before(json!({ "jobs": jobs.len() }));
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    // A crash before these lines leaves files that no row names; nobody can reach them.
    for job in jobs {
        platform
            .artifacts
            .remove_prefix(&artifacts::job_prefix(job.id))
            .await?;
    }
    platform
        .artifacts
        .remove_prefix(&artifacts::dataset_prefix(id))
        .await
}
