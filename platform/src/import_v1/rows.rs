//! Rows for what is imported: the owner, the datasets with their task, the jobs as they ended.

use std::collections::{HashMap, HashSet};

use entities::{dataset, job, job_tag, step, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::items::{Dataset, Job};
use super::{Place, history};
use crate::artifacts::Stored;
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::{Alone, now};
use crate::{Changes, Database, Error, Platform, accounts, datasets, default_data};

/// A dataset whose file is stored.
pub struct NewDataset<'a> {
    /// Its id here.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Uuid,
    /// As it was.
    pub dataset: &'a Dataset,
    /// Its file.
    pub stored: &'a Stored,
}

/// A job whose dataset is there.
#[derive(Debug)]
pub struct NewJob {
    /// Where it was read.
    pub place: Place,
    /// Its id here.
    pub id: Uuid,
    /// The dataset's id here.
    pub dataset: Uuid,
    /// Rows of the dataset, as version 1 counted them.
    pub rows: Option<u64>,
    /// As it was.
    pub job: Job,
}

/// What became of some jobs.
#[derive(Debug, Default)]
pub struct Jobs {
    /// Made.
    pub imported: u64,
    /// Made by somebody else meanwhile.
    pub there: u64,
    /// Without a dataset.
    pub orphans: Vec<NewJob>,
}

/// The user "default", made where there is none.
///
/// # Errors
/// `Conflict` when there are several of that name; when the database refuses.
pub async fn holder(platform: &Platform) -> Result<Uuid, Error> {
    // The oldest account is the owner of the server: it must not be this one.
    accounts::owner(platform).await?;
    let transaction = platform.database.begin_alone(Alone::Owner).await?;
    match default_data::holder(&transaction).await? {
        Ok(user) => Ok(user.id),
        Err(default_data::Refused::Nothing) => {
            let user = user::Model::new(Uuid::now_v7(), default_data::NAME, now());
            let user = user.into_active_model().insert(&transaction).await?;
            transaction.commit().await?;
            Ok(user.id)
        }
        Err(refused) => Err(Error::Conflict(refused.to_string())),
    }
}

/// Whether a dataset of that id is there, whoever has it.
///
/// # Errors
/// When the database refuses.
pub async fn has_dataset(database: &Database, id: Uuid) -> Result<bool, Error> {
    let found = dataset::Entity::find_by_id(id).one(database.connection()).await?;
    Ok(found.is_some())
}

/// Those of some jobs that are there, whoever has them.
///
/// # Errors
/// When the database refuses.
pub async fn jobs_there(database: &Database, jobs: &[NewJob]) -> Result<HashSet<Uuid>, Error> {
    present(database.connection(), jobs).await
}

async fn present(connection: &impl ConnectionTrait, jobs: &[NewJob]) -> Result<HashSet<Uuid>, Error> {
    let ids: Vec<Uuid> = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::Id.is_in(jobs.iter().map(|new| new.id)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Inserts a dataset with the task that reads it anew; false: it is there already.
///
/// # Errors
/// When the database refuses.
pub async fn insert_dataset(platform: &Platform, new: &NewDataset<'_>, reason: &str) -> Result<bool, Error> {
    let transaction = platform.database.begin().await?;
    hold(&transaction, new.owner).await?;
    if dataset::Entity::find_by_id(new.id)
        .one(&transaction)
        .await?
        .is_some()
    {
        return Ok(false);
    }
    let mut changes = Changes::default();
    let described = datasets::NewDataset {
        user_id: new.owner,
        name: stem(&new.dataset.file_name).to_owned(),
        file_name: new.dataset.file_name.clone(),
        upload_id: None,
        format: None,
    };
    let made = datasets::Made {
        id: new.id,
        stored: new.stored,
        created_at: new.dataset.uploaded_at,
    };
    datasets::insert_rows(&transaction, described, made, &mut changes).await?;
    let entry = Entry::new(platform.by, Action::DataImported, now())
        .about(SubjectKind::Dataset, new.id)
        .because(reason)
        .after(json!({ "datasets": 1, "version1Id": new.dataset.id }));
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    platform.announce(changes);
    Ok(true)
}

/// Inserts jobs as they ended, in one transaction.
///
/// # Errors
/// When the database refuses.
pub async fn insert_jobs(
    platform: &Platform,
    owner: Uuid,
    jobs: Vec<NewJob>,
    reason: &str,
) -> Result<Jobs, Error> {
    let mut done = Jobs::default();
    if jobs.is_empty() {
        return Ok(done);
    }
    let transaction = platform.database.begin().await?;
    hold(&transaction, owner).await?;
    let there = present(&transaction, &jobs).await?;
    // Whoever has claimed a dataset since has its jobs too.
    let rows = dataset::Entity::find()
        .filter(dataset::Column::Id.is_in(jobs.iter().map(|new| new.dataset)))
        .lock(LockType::NoKeyUpdate)
        .all(&transaction)
        .await?;
    let owners: HashMap<Uuid, dataset::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut changes = Changes::default();
    for new in jobs {
        if there.contains(&new.id) {
            done.there += 1;
            continue;
        }
        let Some(dataset) = owners.get(&new.dataset) else {
            done.orphans.push(new);
            continue;
        };
        let row = insert_job(&transaction, dataset, &new).await?;
        changes.job(&row);
        done.imported += 1;
    }
    if done.imported > 0 {
        let entry = Entry::new(platform.by, Action::DataImported, now())
            .about(SubjectKind::User, owner)
            .because(reason)
            .after(json!({ "jobs": done.imported }));
        audit::record(&transaction, entry).await?;
    }
    transaction.commit().await?;
    platform.announce(changes);
    Ok(done)
}

/// Keeps the owner's row until the transaction ends: nothing of theirs is claimed meanwhile.
async fn hold(transaction: &impl ConnectionTrait, owner: Uuid) -> Result<(), Error> {
    let row = user::Entity::find_by_id(owner).lock(LockType::NoKeyUpdate);
    row.one(transaction).await?.map(|_| ()).ok_or(Error::Gone)
}

async fn insert_job(
    transaction: &impl ConnectionTrait,
    dataset: &dataset::Model,
    new: &NewJob,
) -> Result<job::Model, Error> {
    let row = history::row(dataset, new);
    job::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(transaction)
        .await?;
    for (position, name) in step::STEPS.into_iter().enumerate() {
        let step = step::Model {
            job_id: row.id,
            name,
            position: position as i32,
            state: step::State::Skipped,
            started_at: None,
            finished_at: None,
            error: None,
            attempts: 0,
            retry_at: None,
        };
        step::Entity::insert(step.into_active_model())
            .exec_without_returning(transaction)
            .await?;
    }
    for tag in &new.job.tags {
        let tag = job_tag::Model {
            job_id: row.id,
            tag: tag.clone(),
        };
        job_tag::Entity::insert(tag.into_active_model())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(row)
}

/// The name without its ending.
fn stem(file_name: &str) -> &str {
    match file_name.rsplit_once('.') {
        Some((stem, _)) if !stem.trim().is_empty() => stem.trim_end(),
        _ => file_name,
    }
}
