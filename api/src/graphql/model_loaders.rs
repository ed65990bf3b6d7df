//! Batched reads of models: without their large columns for lists, and with them for whoever asks for what is in there.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::model;
use sea_orm::QueryFilter;
use uuid::Uuid;

use super::loaders::{LoadError, Rows};

/// A model by id, without its large columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModelKey(pub Uuid);
/// A model by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WholeModel(pub Uuid);
/// The model of a job, without its large columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModelOfJob(pub Uuid);
/// The model of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WholeModelOfJob(pub Uuid);

impl Loader<ModelKey> for Rows {
    type Value = model::Summary;
    type Error = LoadError;

    async fn load(&self, keys: &[ModelKey]) -> Result<HashMap<ModelKey, Self::Value>, LoadError> {
        let query = model::Entity::find_for(self.viewer).filter(
            self.database
                .among(model::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows: Vec<model::Summary> = self.database.all_in_part(query).await?;
        Ok(rows.into_iter().map(|row| (ModelKey(row.id), row)).collect())
    }
}

impl Loader<WholeModel> for Rows {
    type Value = model::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[WholeModel]) -> Result<HashMap<WholeModel, Self::Value>, LoadError> {
        let query = model::Entity::find_for(self.viewer).filter(
            self.database
                .among(model::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (WholeModel(row.id), row)).collect())
    }
}

impl Loader<ModelOfJob> for Rows {
    type Value = model::Summary;
    type Error = LoadError;

    async fn load(&self, keys: &[ModelOfJob]) -> Result<HashMap<ModelOfJob, Self::Value>, LoadError> {
        let query = model::Entity::find_for(self.viewer).filter(
            self.database
                .among(model::Column::JobId, keys.iter().map(|key| key.0)),
        );
        let rows: Vec<model::Summary> = self.database.all_in_part(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (ModelOfJob(row.job_id), row))
            .collect())
    }
}

impl Loader<WholeModelOfJob> for Rows {
    type Value = model::Model;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[WholeModelOfJob],
    ) -> Result<HashMap<WholeModelOfJob, Self::Value>, LoadError> {
        let query = model::Entity::find_for(self.viewer).filter(
            self.database
                .among(model::Column::JobId, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (WholeModelOfJob(row.job_id), row))
            .collect())
    }
}
