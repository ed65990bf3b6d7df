//! Models under names: versions, and words that point to one of them. A version is what it was when it was registered: its job
//! is neither extended nor deleted while it is one.

use entities::{Viewer, job, model, model_alias, model_version, registered_model};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    ModelTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::{Error, Platform};

/// Versions under one name at most.
pub const MAX_VERSIONS: usize = 100;
/// Words of one name at most.
pub const MAX_ALIASES: usize = 20;

/// Makes a model the next version under a name, which is made when there is none. A model that is a version of it already stays
/// that version.
///
/// # Errors
/// `Gone` when the viewer has no such model; `Conflict` while its job runs, or when there are too many versions.
pub async fn register(
    platform: &Platform,
    viewer: Viewer,
    model_id: Uuid,
    name: &str,
) -> Result<registered_model::Model, Error> {
    let transaction = platform.database.begin().await?;
    let found = model::Entity::find_for(viewer).filter(model::Column::Id.eq(model_id));
    let model = found.one(&transaction).await?.ok_or(Error::Gone)?;
    let job = crate::jobs::lock(&transaction, model.job_id)
        .await?
        .ok_or(Error::Gone)?;
    if job.state != job::State::Completed {
        return Err(Error::Conflict(
            "the job of this model goes on and may renew it: wait until it is over".to_owned(),
        ));
    }
    let registered = named_or_new(&transaction, viewer, name).await?;
    let versions = model_version::Entity::find()
        .filter(model_version::Column::RegisteredModelId.eq(registered.id))
        .all(&transaction)
        .await?;
    if versions.iter().any(|version| version.model_id == model_id) {
        return Ok(registered);
    }
    if versions.len() >= MAX_VERSIONS {
        return Err(Error::Conflict(format!(
            "there are {MAX_VERSIONS} versions under this name already: take some away first"
        )));
    }
    let number = registered.last_number + 1;
    let mut change = registered.into_active_model();
    change.last_number = Set(number);
    let registered = change.update(&transaction).await?;
    let version = model_version::Model {
        registered_model_id: registered.id,
        number,
        model_id,
        created_at: now(),
    };
    model_version::Entity::insert(version.into_active_model())
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(registered)
}

/// Lets a word point to a version.
///
/// # Errors
/// `Gone` when the viewer has no such version; `Conflict` when there are too many words.
pub async fn promote(
    platform: &Platform,
    viewer: Viewer,
    name: &str,
    number: i32,
    alias: &str,
) -> Result<registered_model::Model, Error> {
    let transaction = platform.database.begin().await?;
    let registered = named(&transaction, viewer, name).await?.ok_or(Error::Gone)?;
    model_version::Entity::find_by_id((registered.id, number))
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let there = alias_of(&transaction, registered.id, alias).await?;
    let before = there.as_ref().map(|row| row.number);
    match there {
        Some(row) if row.number == number => return Ok(registered),
        Some(row) => move_to(&transaction, row, number).await?,
        None => {
            let words = model_alias::Entity::find()
                .filter(model_alias::Column::RegisteredModelId.eq(registered.id))
                .count(&transaction)
                .await?;
            if words >= MAX_ALIASES as u64 {
                return Err(Error::Conflict(format!(
                    "this name has {MAX_ALIASES} aliases already: use one of them"
                )));
            }
            let row = model_alias::Model {
                registered_model_id: registered.id,
                alias: alias.to_owned(),
                number,
                previous: None,
                changed_at: now(),
            };
            model_alias::Entity::insert(row.into_active_model())
                .exec_without_returning(&transaction)
                .await?;
        }
    }
    record_move(platform, &transaction, registered.id, alias, (before, number)).await?;
    transaction.commit().await?;
    Ok(registered)
}

/// Lets a word point to the version that it pointed to before. Doing so twice is where it began.
///
/// # Errors
/// `Gone` when the viewer has no such word; `Conflict` when it pointed to nothing before, or that version is gone.
pub async fn roll_back(
    platform: &Platform,
    viewer: Viewer,
    name: &str,
    alias: &str,
) -> Result<registered_model::Model, Error> {
    let transaction = platform.database.begin().await?;
    let registered = named(&transaction, viewer, name).await?.ok_or(Error::Gone)?;
    let row = alias_of(&transaction, registered.id, alias)
        .await?
        .ok_or(Error::Gone)?;
    let before = match row.previous {
        Some(number) => {
            let id = (registered.id, number);
            model_version::Entity::find_by_id(id).one(&transaction).await?
        }
        None => None,
    };
    let Some(before) = before else {
        return Err(Error::Conflict(
            "there is no earlier version to go back to: promote the one you want".to_owned(),
        ));
    };
    let from = Some(row.number);
    move_to(&transaction, row, before.number).await?;
    record_move(
        platform,
        &transaction,
        registered.id,
        alias,
        (from, before.number),
    )
    .await?;
    transaction.commit().await?;
    Ok(registered)
}

/// Takes a version away; the model stays. The name goes with its last version.
///
/// # Errors
/// `Gone` when the viewer has no such version; `Conflict` while a word points to it.
pub async fn deregister(platform: &Platform, viewer: Viewer, name: &str, number: i32) -> Result<(), Error> {
    let transaction = platform.database.begin().await?;
    let registered = named(&transaction, viewer, name).await?.ok_or(Error::Gone)?;
    let version = model_version::Entity::find_by_id((registered.id, number))
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let versions = model_version::Entity::find()
        .filter(model_version::Column::RegisteredModelId.eq(registered.id))
        .count(&transaction)
        .await?;
    if versions == 1 {
        // Its words go with it.
        let id = registered.id;
        registered.delete(&transaction).await?;
        record_end(platform, &transaction, id, number).await?;
        transaction.commit().await?;
        return Ok(());
    }
    let pointing = model_alias::Entity::find()
        .filter(model_alias::Column::RegisteredModelId.eq(registered.id))
        .filter(model_alias::Column::Number.eq(number))
        .one(&transaction)
        .await?;
    if let Some(alias) = pointing {
        return Err(Error::Conflict(format!(
            "\"{}\" points to this version: promote another one first",
            alias.alias
        )));
    }
    version.delete(&transaction).await?;
    record_end(platform, &transaction, registered.id, number).await?;
    transaction.commit().await?;
    Ok(())
}

/// The model of the version that a word of the viewer's points to.
///
/// # Errors
/// When the database refuses.
pub async fn resolve(
    platform: &Platform,
    viewer: Viewer,
    name: &str,
    alias: &str,
) -> Result<Option<Uuid>, Error> {
    let connection = platform.database.connection();
    let own = registered_model::Entity::find_for(viewer).filter(registered_model::Column::Name.eq(name));
    let Some(registered) = own.one(connection).await? else {
        return Ok(None);
    };
    let Some(row) = alias_of(connection, registered.id, alias).await? else {
        return Ok(None);
    };
    let version = model_version::Entity::find_by_id((registered.id, row.number))
        .one(connection)
        .await?;
    Ok(version.map(|version| version.model_id))
}

/// Refuses to change or delete jobs whose models are versions of something. The caller holds the jobs' rows.
///
/// # Errors
/// `Conflict` when one of them is.
pub async fn check_free(transaction: &impl ConnectionTrait, jobs: &[Uuid]) -> Result<(), Error> {
    let models = Query::select()
        .column(model::Column::Id)
        .from(model::Entity)
        .and_where(model::Column::JobId.is_in(jobs.iter().copied()))
        .to_owned();
    let registered = model_version::Entity::find()
        .filter(model_version::Column::ModelId.in_subquery(models))
        .count(transaction)
        .await?;
    if registered == 0 {
        return Ok(());
    }
    Err(Error::Conflict(
        "the model is registered under a name, and a version does not change: deregister it first, or clone the job"
            .to_owned(),
    ))
}

async fn named(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    name: &str,
) -> Result<Option<registered_model::Model>, Error> {
    let own = registered_model::Entity::find_for(viewer)
        .filter(registered_model::Column::Name.eq(name))
        .lock(LockType::NoKeyUpdate);
    Ok(own.one(transaction).await?)
}

/// Of two that make the same name at the same time, the second waits at the index and takes the first one's.
async fn named_or_new(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    name: &str,
) -> Result<registered_model::Model, Error> {
    if let Some(row) = named(transaction, viewer, name).await? {
        return Ok(row);
    }
    let row = registered_model::Model {
        id: Uuid::now_v7(),
        user_id: viewer.user_id,
        name: name.to_owned(),
        last_number: 0,
        created_at: now(),
    };
    registered_model::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing_on([registered_model::Column::UserId, registered_model::Column::Name])
        .exec_without_returning(transaction)
        .await?;
    named(transaction, viewer, name).await?.ok_or(Error::Gone)
}

async fn record_move(
    platform: &Platform,
    transaction: &DatabaseTransaction,
    id: Uuid,
    alias: &str,
    (before, after): (Option<i32>, i32),
) -> Result<(), Error> {
    let points = |version: Option<i32>| json!({ "alias": alias, "version": version });
    let entry = Entry::new(platform.by, Action::AliasMoved, now())
        .about(SubjectKind::RegisteredModel, id)
        .changed(points(before), points(Some(after)));
    audit::record(transaction, entry).await
}

async fn record_end(
    platform: &Platform,
    transaction: &DatabaseTransaction,
    id: Uuid,
    number: i32,
) -> Result<(), Error> {
    let entry = Entry::new(platform.by, Action::ModelDeregistered, now())
        .about(SubjectKind::RegisteredModel, id)
        .before(json!({ "version": number }));
    audit::record(transaction, entry).await
}

async fn alias_of(
    database: &impl ConnectionTrait,
    registered_model_id: Uuid,
    alias: &str,
) -> Result<Option<model_alias::Model>, Error> {
    let id = (registered_model_id, alias.to_owned());
    Ok(model_alias::Entity::find_by_id(id).one(database).await?)
}

async fn move_to(
    transaction: &DatabaseTransaction,
    row: model_alias::Model,
    number: i32,
) -> Result<(), Error> {
    let previous = row.number;
    let mut change = row.into_active_model();
    change.number = Set(number);
    change.previous = Set(Some(previous));
    change.changed_at = Set(now());
    change.update(transaction).await?;
    Ok(())
}
