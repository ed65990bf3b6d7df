//! Batched reads: an edge of N rows costs one statement, not N. All of them go through the viewer.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use entities::{Viewer, artifact, dataset, job, mail, model, step, trial, user};
use platform::Database;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::failure::Failure;

/// Loaders of one request.
pub type Loaders = DataLoader<Rows>;

/// Makes the loaders of one request.
pub fn loaders(database: Database, viewer: Viewer) -> Loaders {
    DataLoader::new(Rows { database, viewer }, tokio::spawn)
}

/// Reads rows of one viewer.
pub struct Rows {
    database: Database,
    viewer: Viewer,
}

/// A failed read; several waiters share it.
#[derive(Clone, Debug)]
pub struct LoadError(Arc<sea_orm::DbErr>);

impl From<sea_orm::DbErr> for LoadError {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self(Arc::new(cause))
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Database(error.0)
    }
}

/// A dataset by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DatasetKey(pub Uuid);
/// A job by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobKey(pub Uuid);
/// A trial by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrialKey(pub Uuid);
/// A model by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModelKey(pub Uuid);
/// The viewer's own row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserKey(pub Uuid);
/// The model of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModelOfJob(pub Uuid);
/// The steps of a job, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepsOfJob(pub Uuid);
/// Who is told that a job has ended, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NotificationsOfJob(pub Uuid);
/// The trials of a job, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrialsOfJob(pub Uuid);
/// The stored files of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilesOfJob(pub Uuid);

impl Loader<DatasetKey> for Rows {
    type Value = dataset::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[DatasetKey]) -> Result<HashMap<DatasetKey, Self::Value>, LoadError> {
        let query = dataset::Entity::find_for(self.viewer)
            .filter(dataset::Column::Id.is_in(keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (DatasetKey(row.id), row)).collect())
    }
}

impl Loader<JobKey> for Rows {
    type Value = job::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[JobKey]) -> Result<HashMap<JobKey, Self::Value>, LoadError> {
        let query =
            job::Entity::find_for(self.viewer).filter(job::Column::Id.is_in(keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (JobKey(row.id), row)).collect())
    }
}

impl Loader<TrialKey> for Rows {
    type Value = trial::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[TrialKey]) -> Result<HashMap<TrialKey, Self::Value>, LoadError> {
        let query = trial::Entity::find_for(self.viewer)
            .filter(trial::Column::Id.is_in(keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (TrialKey(row.id), row)).collect())
    }
}

impl Loader<ModelKey> for Rows {
    type Value = model::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[ModelKey]) -> Result<HashMap<ModelKey, Self::Value>, LoadError> {
        let query = model::Entity::find_for(self.viewer)
            .filter(model::Column::Id.is_in(keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (ModelKey(row.id), row)).collect())
    }
}

impl Loader<UserKey> for Rows {
    type Value = user::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[UserKey]) -> Result<HashMap<UserKey, Self::Value>, LoadError> {
        let query = user::Entity::find_by_id(self.viewer.user_id)
            .filter(user::Column::Id.is_in(keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (UserKey(row.id), row)).collect())
    }
}

impl Loader<ModelOfJob> for Rows {
    type Value = model::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[ModelOfJob]) -> Result<HashMap<ModelOfJob, Self::Value>, LoadError> {
        let query = model::Entity::find_for(self.viewer)
            .filter(model::Column::JobId.is_in(keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (ModelOfJob(row.job_id), row))
            .collect())
    }
}

impl Loader<StepsOfJob> for Rows {
    type Value = Vec<step::Model>;
    type Error = LoadError;

    /// Steps have no owner of their own: their keys come from jobs that were read through the viewer.
    async fn load(&self, keys: &[StepsOfJob]) -> Result<HashMap<StepsOfJob, Self::Value>, LoadError> {
        let query = step::Entity::find()
            .filter(step::Column::JobId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(step::Column::Position);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| StepsOfJob(row.job_id)))
    }
}

impl Loader<NotificationsOfJob> for Rows {
    type Value = Vec<mail::Model>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[NotificationsOfJob],
    ) -> Result<HashMap<NotificationsOfJob, Self::Value>, LoadError> {
        let query = mail::Entity::find_for(self.viewer)
            .filter(mail::Column::JobId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(mail::Column::Id);
        let rows = self.database.all(query).await?;
        // Mail about an account has no job and is never asked for here.
        Ok(group(rows, |row| {
            NotificationsOfJob(row.job_id.unwrap_or_default())
        }))
    }
}

impl Loader<TrialsOfJob> for Rows {
    type Value = Vec<trial::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[TrialsOfJob]) -> Result<HashMap<TrialsOfJob, Self::Value>, LoadError> {
        let query = trial::Entity::find_for(self.viewer)
            .filter(trial::Column::JobId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(trial::Column::Number);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| TrialsOfJob(row.job_id)))
    }
}

impl Loader<FilesOfJob> for Rows {
    type Value = Vec<artifact::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[FilesOfJob]) -> Result<HashMap<FilesOfJob, Self::Value>, LoadError> {
        let query = artifact::Entity::find_for(self.viewer)
            .filter(artifact::Column::JobId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(artifact::Column::Id);
        let rows = self.database.all(query).await?;
        let owned = rows
            .into_iter()
            .filter_map(|row| row.job_id.map(|job_id| (job_id, row)));
        let mut groups: HashMap<FilesOfJob, Vec<artifact::Model>> = HashMap::new();
        for (job_id, row) in owned {
            groups.entry(FilesOfJob(job_id)).or_default().push(row);
        }
        Ok(groups)
    }
}

fn group<K: std::hash::Hash + Eq, R>(rows: Vec<R>, key: impl Fn(&R) -> K) -> HashMap<K, Vec<R>> {
    let mut groups: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
