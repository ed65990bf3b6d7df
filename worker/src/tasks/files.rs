//! The files that a child made, on their way into the store and into rows.

use std::path::Path;

use entities::artifact;
use platform::artifacts::cache::Cache;
use platform::artifacts::{Key, Stored};
use platform::database::now;
use platform::{Error, Platform};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::Held;

/// A file that a kind of work makes.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// What it is.
    pub kind: artifact::Kind,
    /// Its name in the child's output folder and at download.
    pub name: &'static str,
    /// Whether it may be missing.
    pub is_optional: bool,
}

/// Stored files of one piece of work. Nobody sees them before [`Files::insert`] is committed.
#[derive(Debug, Default)]
pub struct Files {
    stored: Vec<(Output, Stored)>,
}

impl Files {
    /// Stores what the child made under keys that carry the claim's fence.
    ///
    /// # Errors
    /// `Conflict` when a needed file is missing or is no plain file.
    pub async fn store(held: Held<'_>, outputs: &[Output], folder: &Path) -> Result<Self, Error> {
        let mut stored = Vec::new();
        for output in outputs {
            let path = folder.join(output.name);
            // The child may not make us read another file through a link.
            let is_file = tokio::fs::symlink_metadata(&path)
                .await
                .is_ok_and(|data| data.is_file());
            if is_file {
                let key = key(held, output.name)?;
                stored.push((*output, held.platform.artifacts.put_file(&key, &path).await?));
            } else if !output.is_optional {
                return Err(Error::Conflict(format!(
                    "the training process did not make {}",
                    output.name
                )));
            }
        }
        Ok(Self { stored })
    }

    /// The key of a kind of file.
    ///
    /// # Errors
    /// `Conflict` when there is none.
    pub fn key(&self, kind: artifact::Kind) -> Result<String, Error> {
        let found = self.stored.iter().find(|(output, _)| output.kind == kind);
        let (_, stored) = found.ok_or_else(|| Error::Conflict(format!("there is no {kind:?} file")))?;
        Ok(stored.key.to_string())
    }

    /// Inserts their rows: they exist when the transaction commits.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn insert(&self, held: Held<'_>, transaction: &impl ConnectionTrait) -> Result<(), Error> {
        let task = &held.claim.task;
        for (output, stored) in &self.stored {
            let row = artifact::Model {
                id: Uuid::now_v7(),
                user_id: task.user_id,
                job_id: task.job_id,
                dataset_id: task.dataset_id,
                batch_prediction_id: task.batch_prediction_id,
                kind: output.kind,
                file_name: output.name.to_owned(),
                key: stored.key.to_string(),
                size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
                sha256: stored.sha256.clone(),
                created_at: now(),
            };
            artifact::Entity::insert(row.into_active_model())
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(())
    }
}

fn key(held: Held<'_>, name: &str) -> Result<Key, Error> {
    let task = &held.claim.task;
    match (task.job_id, task.dataset_id, task.batch_prediction_id) {
        (Some(job_id), _, _) => Ok(Key::of_job(job_id, task.id, task.fence, name)),
        (None, Some(dataset_id), _) => Ok(Key::of_dataset(dataset_id, task.fence, name)),
        (None, None, Some(batch_id)) => Ok(Key::of_batch(batch_id, task.fence, name)),
        (None, None, None) => Err(Error::Conflict(
            "a task without a job, dataset or batch prediction makes no files".to_owned(),
        )),
    }
}

/// Copies stored files into the child's folder; those that are there already are kept.
///
/// # Errors
/// `NoArtifact` when one is not in the store.
pub async fn fetch(platform: &Platform, inputs: &[(Key, String)], folder: &Path) -> Result<(), Error> {
    for (key, name) in inputs {
        let target = folder.join(name);
        if !tokio::fs::try_exists(&target)
            .await
            .map_err(|error| Error::file(&target, error))?
        {
            copy(platform, key, &target).await?;
            if key.is_source() {
                platform::datasets::note_hash(platform, key, &target).await?;
            }
        }
    }
    Ok(())
}

/// From the bucket through this machine's cache; a store that is a folder is as near as the cache would be.
async fn copy(platform: &Platform, key: &Key, target: &Path) -> Result<(), Error> {
    let store = platform.artifacts.as_ref();
    if platform.settings.s3.is_none() {
        return store.copy_to(key, target).await;
    }
    let row = artifact::Entity::find()
        .filter(artifact::Column::Key.eq(key.as_str()))
        .one(platform.database.connection())
        .await?;
    let settings = &platform.settings;
    // Of an uploaded file, which is read once, no hash is known yet.
    let sha256 = row.map(|row| row.sha256).unwrap_or_default();
    let cache = Cache::new(settings.cache(), settings.cache_bytes);
    cache.copy_to(store, key, &sha256, target).await
}
