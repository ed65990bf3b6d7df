//! What the owner of a job says of it: its name, a word about it, its tags. None of it changes what the job does.

use std::collections::BTreeSet;

use entities::job_tag::MAX_TAGS;
use entities::{job, job_tag};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
};
use uuid::Uuid;

use super::{changed, lock};
use crate::{Changes, Error, Platform};

/// Gives a job another name. Its model keeps the one it was made under.
///
/// # Errors
/// `Gone` when there is no such job.
pub async fn rename(platform: &Platform, id: Uuid, name: String) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    let mut change = changed(&row);
    change.name = Set(name);
    let row = change.update(&transaction).await?;
    transaction.commit().await?;
    announce(platform, &row);
    Ok(row)
}

/// Writes a word about a job, or takes it away.
///
/// # Errors
/// `Gone` when there is no such job.
pub async fn annotate(
    platform: &Platform,
    id: Uuid,
    annotation: Option<String>,
) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    let mut change = changed(&row);
    change.annotation = Set(annotation);
    let row = change.update(&transaction).await?;
    transaction.commit().await?;
    announce(platform, &row);
    Ok(row)
}

/// Takes tags from a job and gives it others. What it has already, or never had, is passed over.
///
/// # Errors
/// `Gone` when there is no such job, `Conflict` when it would have more than [`MAX_TAGS`].
pub async fn tag(
    platform: &Platform,
    id: Uuid,
    add: &[String],
    remove: &[String],
) -> Result<job::Model, Error> {
    let transaction = platform.database.begin().await?;
    let row = lock(&transaction, id).await?.ok_or(Error::Gone)?;
    let before = tags(&transaction, id).await?;
    let mut after: BTreeSet<&String> = before.iter().filter(|tag| !remove.contains(tag)).collect();
    after.extend(add);
    if after.len() > MAX_TAGS {
        return Err(Error::Conflict(format!(
            "a job has {MAX_TAGS} tags at most, and this one would have {}",
            after.len()
        )));
    }
    let gone: Vec<&String> = before.iter().filter(|tag| !after.contains(tag)).collect();
    job_tag::Entity::delete_many()
        .filter(job_tag::Column::JobId.eq(id))
        .filter(job_tag::Column::Tag.is_in(gone))
        .exec(&transaction)
        .await?;
    for tag in after {
        if !before.contains(tag) {
            let row = job_tag::Model {
                job_id: id,
                tag: tag.clone(),
            };
            job_tag::Entity::insert(row.into_active_model())
                .exec_without_returning(&transaction)
                .await?;
        }
    }
    let row = changed(&row).update(&transaction).await?;
    transaction.commit().await?;
    announce(platform, &row);
    Ok(row)
}

async fn tags(transaction: &impl ConnectionTrait, id: Uuid) -> Result<BTreeSet<String>, Error> {
    let rows = job_tag::Entity::find()
        .filter(job_tag::Column::JobId.eq(id))
        .all(transaction)
        .await?;
    Ok(rows.into_iter().map(|row| row.tag).collect())
}

fn announce(platform: &Platform, row: &job::Model) {
    let mut changes = Changes::default();
    changes.job(row);
    platform.announce(changes);
}
