//! The file of a batch prediction: an upload that becomes its own, or the file of a dataset.

use std::path::PathBuf;

use entities::upload::{self, Method};
use entities::{Viewer, artifact, batch_prediction, dataset};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::NewBatch;
use crate::artifacts::{self, Key, Stored};
use crate::{Error, Platform, datasets, uploads};

/// Where the rows come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// An upload that is open still.
    Upload(Box<upload::Model>),
    /// A dataset.
    Dataset(Uuid),
}

/// The file, stored.
#[derive(Debug)]
pub(super) struct Bytes {
    /// Id of the batch to be made.
    pub batch_id: Uuid,
    /// The dataset it belongs to, if it is not the batch's own.
    pub dataset_id: Option<Uuid>,
    /// Its key.
    pub key: Key,
    /// Its name.
    pub file_name: String,
    /// Its size.
    pub size_bytes: i64,
    /// What was stored for the batch alone.
    own: Option<Own>,
}

/// Bytes that go with the batch.
#[derive(Debug)]
struct Own {
    upload_id: Uuid,
    sha256: String,
    /// The copy that came through this server.
    local: Option<PathBuf>,
}

/// What was found.
#[derive(Debug)]
pub(super) enum Found {
    /// All of it is there.
    Bytes(Bytes),
    /// The upload has so many bytes, which is not what was announced.
    WrongSize(u64),
    /// The upload was completed meanwhile.
    NoUpload,
}

/// Makes sure that the bytes are in the store.
pub(super) async fn bytes(platform: &Platform, source: &Source) -> Result<Found, Error> {
    match source {
        Source::Upload(row) => of_upload(platform, row).await,
        Source::Dataset(id) => {
            let row = dataset::Entity::find_by_id(*id)
                .one(platform.database.connection())
                .await?
                .ok_or(Error::Gone)?;
            Ok(Found::Bytes(Bytes {
                batch_id: Uuid::now_v7(),
                dataset_id: Some(row.id),
                key: Key::parse(&row.source_key)?,
                file_name: row.file_name,
                size_bytes: row.size_bytes,
                own: None,
            }))
        }
    }
}

/// An upload straight to the bucket has its place there already, and the batch takes its id, as a dataset would.
async fn of_upload(platform: &Platform, row: &upload::Model) -> Result<Found, Error> {
    let (batch_id, stored, local) = match row.method {
        Method::Patch => {
            if row.received_bytes != row.size_bytes {
                return Ok(Found::WrongSize(row.received_bytes.unsigned_abs()));
            }
            let (id, file) = (Uuid::now_v7(), platform.upload_path(row.id));
            let stored = platform.artifacts.put_file(&Key::source(id), &file).await;
            let stored = match stored {
                Err(Error::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                    return Ok(Found::NoUpload);
                }
                stored => stored?,
            };
            (id, stored, Some(file))
        }
        Method::PostForm | Method::Parts => {
            let size_bytes = uploads::arrived(platform, row).await?;
            if size_bytes != row.size_bytes.unsigned_abs() {
                return Ok(Found::WrongSize(size_bytes));
            }
            let stored = Stored {
                key: Key::source(row.id),
                size_bytes,
                // Known when a worker first reads it.
                sha256: String::new(),
            };
            (row.id, stored, None)
        }
    };
    Ok(Found::Bytes(Bytes {
        batch_id,
        dataset_id: None,
        key: stored.key,
        file_name: row.file_name.clone(),
        size_bytes: row.size_bytes,
        own: Some(Own {
            upload_id: row.id,
            sha256: stored.sha256,
            local,
        }),
    }))
}

/// Takes the upload, or holds the dataset, in the transaction that makes the batch.
///
/// # Errors
/// `Lost` when the upload is not open any more; `Gone` for a dataset of somebody else; `Conflict` for one that is not READY.
pub(super) async fn claim(
    transaction: &DatabaseTransaction,
    new: &NewBatch,
    bytes: &Bytes,
) -> Result<(), Error> {
    if let Some(own) = &bytes.own {
        return match datasets::complete_upload(transaction, own.upload_id).await {
            Err(Error::Gone) => Err(Error::Lost),
            completed => completed,
        };
    }
    let Some(id) = bytes.dataset_id else { return Ok(()) };
    // Held until the batch is there: a dataset is not deleted under it.
    let row = dataset::Entity::find_for(Viewer::member(new.user_id))
        .filter(dataset::Column::Id.eq(id))
        .lock(LockType::NoKeyUpdate)
        .one(transaction)
        .await?
        .ok_or(Error::Gone)?;
    if row.state == dataset::State::Ready {
        return Ok(());
    }
    Err(Error::Conflict(
        "the dataset is not ready: wait until its profile is there".to_owned(),
    ))
}

impl Bytes {
    /// Inserts the row of a file that is the batch's own.
    pub async fn insert_file(
        &self,
        transaction: &impl ConnectionTrait,
        row: &batch_prediction::Model,
    ) -> Result<(), Error> {
        let Some(own) = &self.own else { return Ok(()) };
        let file = artifact::Model {
            id: Uuid::now_v7(),
            user_id: row.user_id,
            job_id: None,
            dataset_id: None,
            batch_prediction_id: Some(row.id),
            kind: artifact::Kind::Source,
            file_name: self.file_name.clone(),
            key: self.key.to_string(),
            size_bytes: self.size_bytes,
            sha256: own.sha256.clone(),
            created_at: row.created_at,
        };
        artifact::Entity::insert(file.into_active_model())
            .exec_without_returning(transaction)
            .await?;
        Ok(())
    }

    /// Removes the copy that nobody needs: the one that came in when the batch was made, else the stored one. What went
    /// straight to the bucket stays: its upload may be tried again.
    pub async fn settle(&self, platform: &Platform, is_made: bool) -> Result<(), Error> {
        let Some(local) = self.own.as_ref().and_then(|own| own.local.as_ref()) else {
            return Ok(());
        };
        if is_made {
            // A left-over costs space only, and the sweep looks for it once more.
            let _ = tokio::fs::remove_file(local).await;
            return Ok(());
        }
        let prefix = artifacts::dataset_prefix(self.batch_id);
        platform.artifacts.remove_prefix(&prefix).await
    }
}
