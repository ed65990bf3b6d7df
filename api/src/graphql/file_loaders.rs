//! Batched reads of stored files.

use std::collections::HashMap;
use std::hash::Hash;

use async_graphql::dataloader::Loader;
use entities::artifact;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::loaders::{LoadError, Rows};

/// The stored files of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilesOfJob(pub Uuid);
/// The stored files of a batch prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FilesOfBatch(pub Uuid);
/// The newest report of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReportOfDataset(pub Uuid);

impl Loader<FilesOfJob> for Rows {
    type Value = Vec<artifact::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[FilesOfJob]) -> Result<HashMap<FilesOfJob, Self::Value>, LoadError> {
        let query = artifact::Entity::find_for(self.viewer)
            .filter(
                self.database
                    .among(artifact::Column::JobId, keys.iter().map(|key| key.0)),
            )
            .order_by_asc(artifact::Column::Id);
        Ok(group(self.database.all(query).await?, |row| {
            row.job_id.map(FilesOfJob)
        }))
    }
}

impl Loader<FilesOfBatch> for Rows {
    type Value = Vec<artifact::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[FilesOfBatch]) -> Result<HashMap<FilesOfBatch, Self::Value>, LoadError> {
        let query = artifact::Entity::find_for(self.viewer)
            .filter(
                self.database
                    .among(artifact::Column::BatchPredictionId, keys.iter().map(|key| key.0)),
            )
            .order_by_asc(artifact::Column::Id);
        Ok(group(self.database.all(query).await?, |row| {
            row.batch_prediction_id.map(FilesOfBatch)
        }))
    }
}

impl Loader<ReportOfDataset> for Rows {
    type Value = artifact::Model;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[ReportOfDataset],
    ) -> Result<HashMap<ReportOfDataset, Self::Value>, LoadError> {
        let query = artifact::Entity::find_for(self.viewer)
            .filter(
                self.database
                    .among(artifact::Column::DatasetId, keys.iter().map(|key| key.0)),
            )
            .filter(artifact::Column::Kind.eq(artifact::Kind::DataReport))
            .order_by_asc(artifact::Column::Id);
        let mut newest = HashMap::new();
        for row in self.database.all(query).await? {
            if let Some(id) = row.dataset_id {
                newest.insert(ReportOfDataset(id), row);
            }
        }
        Ok(newest)
    }
}

fn group<K: Hash + Eq>(
    rows: Vec<artifact::Model>,
    key: impl Fn(&artifact::Model) -> Option<K>,
) -> HashMap<K, Vec<artifact::Model>> {
    let mut groups: HashMap<K, Vec<artifact::Model>> = HashMap::new();
    for row in rows {
        if let Some(key) = key(&row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups
}
