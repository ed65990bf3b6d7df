//! Keys that all processes over one database share: what one signs, another can check.

use entities::secret;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Database, Error};

/// The key of that name, 32 bytes: made by whoever asks first, the same for everybody ever after.
///
/// # Errors
/// When the database refuses.
pub async fn shared(database: &Database, name: &str) -> Result<Vec<u8>, Error> {
    if let Some(found) = find(database, name).await? {
        return Ok(found);
    }
    let row = secret::Model {
        name: name.to_owned(),
        value: random_key(),
    };
    let unless_there = OnConflict::column(secret::Column::Name).do_nothing().to_owned();
    secret::Entity::insert(row.into_active_model())
        .on_conflict(unless_there)
        .exec_without_returning(database.connection())
        .await?;
    // Of two that are made at the same time one is kept, and both read that one.
    find(database, name).await?.ok_or(Error::Gone)
}

async fn find(database: &Database, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let row = secret::Entity::find_by_id(name.to_owned())
        .one(database.connection())
        .await?;
    Ok(row.map(|row| row.value))
}

/// Two version-4 UUIDs hold 244 random bits of the operating system.
fn random_key() -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(Uuid::new_v4().as_bytes());
    hash.update(Uuid::new_v4().as_bytes());
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use migration::MigratorTrait;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn everybody_gets_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::connect(&Database::sqlite_url(&folder.path().join("a.db")))
            .await
            .unwrap();
        migration::Migrator::up(database.connection(), None)
            .await
            .unwrap();
        let asking: Vec<_> = (0..20)
            .map(|_| {
                let database = database.clone();
                tokio::spawn(async move { shared(&database, "unsubscribe").await.unwrap() })
            })
            .collect();
        let mut keys = BTreeSet::new();
        for one in asking {
            keys.insert(one.await.unwrap());
        }
        assert_eq!(keys.len(), 1);
        assert_eq!(keys.first().unwrap().len(), 32);
        let other = shared(&database, "downloads").await.unwrap();
        assert!(!keys.contains(&other), "another name, another key");
    }
}
