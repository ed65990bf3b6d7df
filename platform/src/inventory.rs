//! Whether what the database names is in the store: after a restore, and of a back-up before it counts as one.

use std::collections::BTreeMap;

use entities::{artifact, dataset, model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::artifacts::{Artifacts, Key};
use crate::{Error, Platform};

/// Rows that are read at a time.
const PAGE: u64 = 1_000;
/// Files that are listed; the others are counted.
const MOST_LISTED: usize = 1_000;

/// A file that is not as the database says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its key.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Files that the database names.
    pub files: u64,
    /// Their bytes, by the database.
    pub bytes: u64,
    /// Files that are not there, or not so long; the first ones.
    pub wrong: Vec<Wrong>,
    /// How many of them there are.
    pub wrong_count: u64,
}

/// Looks for every file that the database names, and at its size.
///
/// # Errors
/// When the database or the store cannot be asked.
pub async fn take(platform: &Platform) -> Result<Inventory, Error> {
    of(platform.database.connection(), platform.artifacts.as_ref()).await
}

/// As [`take`], for a database and a store.
pub(crate) async fn of(database: &impl ConnectionTrait, store: &dyn Artifacts) -> Result<Inventory, Error> {
    let mut found = Inventory::default();
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<(Uuid, String, i64)> = artifact::Entity::find()
            .select_only()
            .columns([
                artifact::Column::Id,
                artifact::Column::Key,
                artifact::Column::SizeBytes,
            ])
            .filter(artifact::Column::Id.gt(after))
            .order_by_asc(artifact::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(database)
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (_, key, size) in rows {
            found.look(store, key, Some(size.unsigned_abs())).await?;
        }
    }
    for key in unlisted(database).await? {
        found.look(store, key, None).await?;
    }
    Ok(found)
}

/// Keys that datasets and models name and no row of a file has: a row is missing then, or the file is.
async fn unlisted(database: &impl ConnectionTrait) -> Result<Vec<String>, Error> {
    let datasets: Vec<(String, Option<String>, Option<String>)> = dataset::Entity::find()
        .select_only()
        .columns([
            dataset::Column::SourceKey,
            dataset::Column::ProfileKey,
            dataset::Column::FrameKey,
        ])
        .into_tuple()
        .all(database)
        .await?;
    let models: Vec<String> = model::Entity::find()
        .select_only()
        .column(model::Column::ModelKey)
        .into_tuple()
        .all(database)
        .await?;
    let of_datasets = datasets
        .into_iter()
        .flat_map(|(source, profile, frame)| [Some(source), profile, frame]);
    // Sorted, so that what is told is the same each time.
    let mut keys: BTreeMap<String, ()> = of_datasets.flatten().chain(models).map(|key| (key, ())).collect();
    let mut names: Vec<String> = keys.keys().cloned().collect();
    while !names.is_empty() {
        let some = names.split_off(names.len().saturating_sub(PAGE as usize));
        let listed: Vec<String> = artifact::Entity::find()
            .select_only()
            .column(artifact::Column::Key)
            .filter(artifact::Column::Key.is_in(some))
            .into_tuple()
            .all(database)
            .await?;
        for key in listed {
            keys.remove(&key);
        }
    }
    Ok(keys.into_keys().collect())
}

impl Inventory {
    async fn look(&mut self, store: &dyn Artifacts, key: String, size: Option<u64>) -> Result<(), Error> {
        self.files += 1;
        self.bytes += size.unwrap_or_default();
        let there = match Key::parse(&key) {
            Ok(parsed) => store.open(&parsed).await.map(|reader| reader.size_bytes),
            Err(error) => Err(error),
        };
        let what = match (there, size) {
            (Ok(there), Some(size)) if there != size => format!("has {there} bytes instead of {size}"),
            (Ok(_), _) => return Ok(()),
            (Err(Error::NoArtifact(_)), _) => "is not there".to_owned(),
            (Err(error), _) => return Err(error),
        };
        self.wrong_count += 1;
        if self.wrong.len() < MOST_LISTED {
            self.wrong.push(Wrong { key, what });
        }
        Ok(())
    }
}
