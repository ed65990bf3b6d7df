//! Batched reads: an edge of N rows costs one statement, not N. All of them go through the viewer.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, Loader};
use entities::progress::{self, Progress};
use entities::{
    Viewer, batch_prediction, dataset, job, job_tag, mail, model_alias, model_version, registered_model,
    step, trial, user, webhook, webhook_delivery,
};
use platform::Database;
use sea_orm::{EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use super::batches;
use crate::failure::Failure;

/// Messages to one webhook that are shown.
const DELIVERIES: i32 = 20;

/// Loaders of one request.
pub type Loaders = DataLoader<Rows>;

/// Makes the loaders of one request, which is run by [`batches::drive`].
pub fn loaders(database: Database, viewer: Viewer) -> Loaders {
    let rows = Rows {
        database,
        viewer,
        sees_everybody: false,
    };
    DataLoader::new(rows, batches::ask).delay(Duration::ZERO)
}

/// Loaders of an administrator's request, which find what hangs on anybody's rows.
pub fn of_everybody(database: Database, viewer: Viewer) -> Loaders {
    let rows = Rows {
        database,
        viewer,
        sees_everybody: true,
    };
    DataLoader::new(rows, batches::ask).delay(Duration::ZERO)
}

/// Reads rows of one viewer, or of everybody where it says so.
pub struct Rows {
    pub(super) database: Database,
    pub(super) viewer: Viewer,
    sees_everybody: bool,
}

impl Rows {
    /// The viewer's rows, or everybody's. Only what an administrator sees of others asks for it.
    pub(super) fn of<E: EntityTrait>(&self, own: impl FnOnce(Viewer) -> Select<E>) -> Select<E> {
        match self.sees_everybody {
            true => E::find(),
            false => own(self.viewer),
        }
    }

    /// On whose behalf; none: on an administrator's, who sees everybody's.
    pub(super) fn viewer(&self) -> Option<Viewer> {
        (!self.sees_everybody).then_some(self.viewer)
    }
}

/// A failed read; several waiters share it.
#[derive(Clone, Debug)]
pub struct LoadError(Arc<sea_orm::DbErr>);

impl LoadError {
    /// A read of the platform's that failed.
    pub(super) fn of(error: platform::Error) -> Self {
        match error {
            platform::Error::Database(cause) => cause.into(),
            other => sea_orm::DbErr::Custom(other.to_string()).into(),
        }
    }
}

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
/// A batch prediction by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchPredictionKey(pub Uuid);
/// A person: the viewer, or for administrators anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserKey(pub Uuid);
/// The steps of a job, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepsOfJob(pub Uuid);
/// Who is told that a job has ended, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NotificationsOfJob(pub Uuid);
/// The trials of a job, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrialsOfJob(pub Uuid);
/// Counts of a job's trials, and the best of them; nothing for a job without trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProgressOfJob(pub Uuid);
/// Messages to webhooks about a job, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveriesOfJob(pub Uuid);
/// A webhook by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WebhookKey(pub Uuid);
/// The newest messages to a webhook, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveriesOfWebhook(pub Uuid);
/// The tags of a job, in alphabetical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TagsOfJob(pub Uuid);
/// A registered model by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegisteredModelKey(pub Uuid);
/// The versions of a registered model, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionsOf(pub Uuid);
/// The aliases of a registered model, in alphabetical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AliasesOf(pub Uuid);

impl Loader<DatasetKey> for Rows {
    type Value = dataset::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[DatasetKey]) -> Result<HashMap<DatasetKey, Self::Value>, LoadError> {
        let query = dataset::Entity::find_for(self.viewer).filter(
            self.database
                .among(dataset::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (DatasetKey(row.id), row)).collect())
    }
}

impl Loader<JobKey> for Rows {
    type Value = job::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[JobKey]) -> Result<HashMap<JobKey, Self::Value>, LoadError> {
        let query = self
            .of(job::Entity::find_for)
            .filter(self.database.among(job::Column::Id, keys.iter().map(|key| key.0)));
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (JobKey(row.id), row)).collect())
    }
}

impl Loader<TrialKey> for Rows {
    type Value = trial::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[TrialKey]) -> Result<HashMap<TrialKey, Self::Value>, LoadError> {
        let query = trial::Entity::find_for(self.viewer).filter(
            self.database
                .among(trial::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (TrialKey(row.id), row)).collect())
    }
}

impl Loader<BatchPredictionKey> for Rows {
    type Value = batch_prediction::Model;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[BatchPredictionKey],
    ) -> Result<HashMap<BatchPredictionKey, Self::Value>, LoadError> {
        let query = batch_prediction::Entity::find_for(self.viewer).filter(
            self.database
                .among(batch_prediction::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (BatchPredictionKey(row.id), row))
            .collect())
    }
}

impl Loader<UserKey> for Rows {
    type Value = user::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[UserKey]) -> Result<HashMap<UserKey, Self::Value>, LoadError> {
        let query = self.of(|viewer| user::Entity::find_by_id(viewer.user_id)).filter(
            self.database
                .among(user::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (UserKey(row.id), row)).collect())
    }
}

impl Loader<StepsOfJob> for Rows {
    type Value = Vec<step::Model>;
    type Error = LoadError;

    /// Steps have no owner of their own: their keys come from jobs that were read through the viewer.
    async fn load(&self, keys: &[StepsOfJob]) -> Result<HashMap<StepsOfJob, Self::Value>, LoadError> {
        let query = step::Entity::find()
            .filter(
                self.database
                    .among(step::Column::JobId, keys.iter().map(|key| key.0)),
            )
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
            .filter(
                self.database
                    .among(mail::Column::JobId, keys.iter().map(|key| key.0)),
            )
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
        let query = self
            .of(trial::Entity::find_for)
            .filter(
                self.database
                    .among(trial::Column::JobId, keys.iter().map(|key| key.0)),
            )
            .order_by_asc(trial::Column::Number);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| TrialsOfJob(row.job_id)))
    }
}

impl Loader<ProgressOfJob> for Rows {
    type Value = Progress;
    type Error = LoadError;

    async fn load(&self, keys: &[ProgressOfJob]) -> Result<HashMap<ProgressOfJob, Progress>, LoadError> {
        let query = progress::find_for(self.viewer(), keys.iter().map(|key| key.0));
        let connection = self.database.connection();
        let statement = connection.get_database_backend().build(&query);
        let rows = Progress::find_by_statement(statement).all(connection).await?;
        Ok(rows
            .into_iter()
            .map(|row| (ProgressOfJob(row.job_id), row))
            .collect())
    }
}

impl Loader<TagsOfJob> for Rows {
    type Value = Vec<String>;
    type Error = LoadError;

    async fn load(&self, keys: &[TagsOfJob]) -> Result<HashMap<TagsOfJob, Self::Value>, LoadError> {
        let query = self.of(job_tag::Entity::find_for).filter(
            self.database
                .among(job_tag::Column::JobId, keys.iter().map(|key| key.0)),
        );
        let mut groups: HashMap<TagsOfJob, Vec<String>> = HashMap::new();
        for row in self.database.all(query).await? {
            groups.entry(TagsOfJob(row.job_id)).or_default().push(row.tag);
        }
        for tags in groups.values_mut() {
            tags.sort_unstable();
        }
        Ok(groups)
    }
}

impl Loader<RegisteredModelKey> for Rows {
    type Value = registered_model::Model;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[RegisteredModelKey],
    ) -> Result<HashMap<RegisteredModelKey, Self::Value>, LoadError> {
        let query = registered_model::Entity::find_for(self.viewer).filter(
            self.database
                .among(registered_model::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (RegisteredModelKey(row.id), row))
            .collect())
    }
}

impl Loader<DeliveriesOfJob> for Rows {
    type Value = Vec<webhook_delivery::Model>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[DeliveriesOfJob],
    ) -> Result<HashMap<DeliveriesOfJob, Self::Value>, LoadError> {
        let query = webhook_delivery::Entity::find_for(self.viewer)
            .filter(
                self.database
                    .among(webhook_delivery::Column::JobId, keys.iter().map(|key| key.0)),
            )
            .order_by_asc(webhook_delivery::Column::Id);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| DeliveriesOfJob(row.job_id.unwrap_or_default())))
    }
}

impl Loader<WebhookKey> for Rows {
    type Value = webhook::Model;
    type Error = LoadError;

    async fn load(&self, keys: &[WebhookKey]) -> Result<HashMap<WebhookKey, Self::Value>, LoadError> {
        let query = webhook::Entity::find_for(self.viewer).filter(
            self.database
                .among(webhook::Column::Id, keys.iter().map(|key| key.0)),
        );
        let rows = self.database.all(query).await?;
        Ok(rows.into_iter().map(|row| (WebhookKey(row.id), row)).collect())
    }
}

impl Loader<DeliveriesOfWebhook> for Rows {
    type Value = Vec<webhook_delivery::Model>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[DeliveriesOfWebhook],
    ) -> Result<HashMap<DeliveriesOfWebhook, Self::Value>, LoadError> {
        let webhooks = keys.iter().map(|key| key.0);
        let query = webhook_delivery::Entity::latest_for(self.viewer, webhooks, DELIVERIES);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| DeliveriesOfWebhook(row.webhook_id)))
    }
}

impl Loader<VersionsOf> for Rows {
    type Value = Vec<model_version::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[VersionsOf]) -> Result<HashMap<VersionsOf, Self::Value>, LoadError> {
        let query = model_version::Entity::find_for(self.viewer)
            .filter(self.database.among(
                model_version::Column::RegisteredModelId,
                keys.iter().map(|key| key.0),
            ))
            .order_by_desc(model_version::Column::Number);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| VersionsOf(row.registered_model_id)))
    }
}

impl Loader<AliasesOf> for Rows {
    type Value = Vec<model_alias::Model>;
    type Error = LoadError;

    async fn load(&self, keys: &[AliasesOf]) -> Result<HashMap<AliasesOf, Self::Value>, LoadError> {
        let query = model_alias::Entity::find_for(self.viewer)
            .filter(self.database.among(
                model_alias::Column::RegisteredModelId,
                keys.iter().map(|key| key.0),
            ))
            .order_by_asc(model_alias::Column::Alias);
        let rows = self.database.all(query).await?;
        Ok(group(rows, |row| AliasesOf(row.registered_model_id)))
    }
}

fn group<K: std::hash::Hash + Eq, R>(rows: Vec<R>, key: impl Fn(&R) -> K) -> HashMap<K, Vec<R>> {
    let mut groups: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
