//! What people may use, and what they have used.

use std::collections::HashMap;

use async_graphql::SimpleObject;
use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use entities::user_quota;
use platform::database::now;
use platform::{Settings, quotas};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::loaders::{LoadError, Rows};
use super::long::Long;
use crate::failure::Failure;

/// What a person may use and has used.
#[derive(Debug, SimpleObject)]
pub struct Quotas {
    /// Jobs that are not over.
    pub unfinished_jobs: Quota,
    /// Jobs that begin, or begin again, on one day (UTC).
    pub jobs_per_day: Quota,
    /// Seconds that slots work for the person on one day (UTC); what still runs is counted when it ends.
    pub compute_seconds_per_day: Quota,
    /// Bytes of all stored files, of datasets, of jobs and on their way in.
    pub stored_bytes: Quota,
    /// Budget of one job in seconds; of this nothing is used up.
    pub job_budget_seconds: Quota,
}

/// One limit.
#[derive(Debug, SimpleObject)]
pub struct Quota {
    /// How much one may use; null: there is no limit.
    pub limit: Option<Long>,
    /// How much is used; null where nothing is used up.
    pub used: Option<Long>,
    /// When what is used is forgotten; null: it is not, but one can make room.
    pub resets_at: Option<DateTime<Utc>>,
}

impl From<quotas::Quotas> for Quotas {
    fn from(read: quotas::Quotas) -> Self {
        let quotas::Quotas {
            limits,
            used,
            resets_at,
        } = read;
        let quota = |limit: Option<i64>, used: Option<i64>, resets_at| Quota {
            limit: limit.map(Long),
            used: used.map(Long),
            resets_at,
        };
        let day = Some(resets_at);
        Self {
            unfinished_jobs: quota(Some(limits.unfinished_jobs), Some(used.unfinished_jobs), None),
            jobs_per_day: quota(limits.jobs_per_day, Some(used.jobs_today), day),
            compute_seconds_per_day: quota(
                limits.compute_seconds_per_day,
                Some(used.compute_ms_today / 1000),
                day,
            ),
            stored_bytes: quota(limits.stored_bytes, Some(used.stored_bytes), None),
            job_budget_seconds: quota(limits.job_budget_seconds, None, None),
        }
    }
}

/// The limits of whoever has none of their own, and what computing costs.
#[derive(Debug, SimpleObject)]
pub struct ServerLimits {
    /// Jobs of one person that are not over.
    pub unfinished_jobs: Long,
    /// Jobs of one person that begin on one day (UTC); null: any number.
    pub jobs_per_day: Option<Long>,
    /// Seconds that slots work for one person on one day (UTC); null: any number.
    pub compute_seconds_per_day: Option<Long>,
    /// Bytes of all stored files of one person; null: any number.
    pub stored_bytes: Option<Long>,
    /// Budget of one job in seconds; null: a day, as everywhere.
    pub job_budget_seconds: Option<Long>,
    /// Bytes of one uploaded file.
    pub upload_bytes: Long,
    /// What an hour of one slot costs; null: it is not known.
    pub price_per_hour: Option<f64>,
    /// What the price is in.
    pub currency: Option<String>,
}

impl ServerLimits {
    /// What the settings say.
    pub fn of(settings: &Settings) -> Self {
        let limits = quotas::Limits::new(settings, None);
        let price = settings.quotas.price.as_ref();
        Self {
            unfinished_jobs: Long(limits.unfinished_jobs),
            jobs_per_day: limits.jobs_per_day.map(Long),
            compute_seconds_per_day: limits.compute_seconds_per_day.map(Long),
            stored_bytes: limits.stored_bytes.map(Long),
            job_budget_seconds: limits.job_budget_seconds.map(Long),
            upload_bytes: Long(i64::try_from(settings.upload_limit_bytes).unwrap_or(i64::MAX)),
            price_per_hour: price.map(|price| price.per_hour),
            currency: price.and_then(|price| price.currency.clone()),
        }
    }
}

/// What a person has used and has limits of their own for; what the settings say is added by [`quotas_of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UseOf(pub Uuid);

/// Use of a person, and their own limits.
#[derive(Clone, Debug)]
pub struct PersonalUse {
    used: quotas::Used,
    own: Option<user_quota::Model>,
}

impl Loader<UseOf> for Rows {
    type Value = PersonalUse;
    type Error = LoadError;

    async fn load(&self, keys: &[UseOf]) -> Result<HashMap<UseOf, PersonalUse>, LoadError> {
        let mut people: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        if let Some(viewer) = self.viewer() {
            people.retain(|id| *id == viewer.user_id);
        }
        let connection = self.database.connection();
        let mut own: HashMap<Uuid, user_quota::Model> = HashMap::new();
        let rows =
            user_quota::Entity::find().filter(user_quota::Column::UserId.is_in(people.iter().copied()));
        for row in rows.all(connection).await? {
            own.insert(row.user_id, row);
        }
        let used = quotas::used(connection, &people, now())
            .await
            .map_err(LoadError::of)?;
        let mut found = HashMap::new();
        for id in people {
            let one = PersonalUse {
                used: used.get(&id).copied().unwrap_or_default(),
                own: own.remove(&id),
            };
            found.insert(UseOf(id), one);
        }
        Ok(found)
    }
}

/// Limits and use of a person, by loaders that find them.
///
/// # Errors
/// When the database refuses.
pub async fn quotas_of(
    loaders: &super::loaders::Loaders,
    settings: &Settings,
    person: Uuid,
) -> Result<Option<Quotas>, Failure> {
    let found = loaders.load_one(UseOf(person)).await?;
    Ok(found.map(|found| {
        quotas::Quotas {
            limits: quotas::Limits::new(settings, found.own.as_ref()),
            used: found.used,
            resets_at: quotas::resets_at(now()),
        }
        .into()
    }))
}
