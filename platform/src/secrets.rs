//! Secrets that all processes of one platform share: from the settings, else made once and kept in the database.

use entities::secret;
use hmac::{Hmac, Mac};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbErr, EntityTrait, IntoActiveModel};
use sha2::Sha256;
use uuid::Uuid;

use crate::database::now;
use crate::{Error, Platform};

/// Row of the secret that keys are made from.
const ROOT: &str = "root";

/// The key for one purpose: the same in every process over the same database or with the same `AUTOML_SECRET`.
///
/// # Errors
/// When the database refuses.
pub async fn key(platform: &Platform, purpose: &str) -> Result<[u8; 32], Error> {
    let root = match &platform.settings.secret {
        Some(secret) => secret.expose().to_owned(),
        None => stored(platform).await?,
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(root.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

/// Of processes that start together, one inserts and all read the same.
async fn stored(platform: &Platform) -> Result<String, Error> {
    let connection = platform.database.connection();
    if let Some(row) = secret::Entity::find_by_id(ROOT).one(connection).await? {
        return Ok(row.value);
    }
    let row = secret::Model {
        name: ROOT.to_owned(),
        // Two version-4 UUIDs hold 244 random bits of the operating system.
        value: format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()),
        created_at: now(),
    };
    let keep_first = OnConflict::column(secret::Column::Name).do_nothing().to_owned();
    let inserted = secret::Entity::insert(row.into_active_model())
        .on_conflict(keep_first)
        .exec_without_returning(connection)
        .await;
    match inserted {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error.into()),
    }
    let row = secret::Entity::find_by_id(ROOT).one(connection).await?;
    Ok(row.ok_or(Error::Gone)?.value)
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;

    use super::*;
    use crate::{Secret, Settings};

    #[tokio::test]
    async fn processes_share_a_key_and_purposes_do_not() {
        let home = tempfile::tempdir().unwrap();
        let settings = Settings::new(home.path(), 1, 1 << 30);
        let one = Platform::open(settings.clone()).await.unwrap();
        migration::Migrator::up(one.database.connection(), None)
            .await
            .unwrap();
        let two = Platform::open(settings.clone()).await.unwrap();
        let (first, second) = tokio::join!(key(&one, "links"), key(&two, "links"));
        assert_eq!(first.unwrap(), second.unwrap());
        assert_ne!(
            key(&one, "links").await.unwrap(),
            key(&one, "other").await.unwrap()
        );
        let secret = Some(Secret::new("x".repeat(32)));
        let named = Platform::open(Settings { secret, ..settings }).await.unwrap();
        assert_ne!(
            key(&one, "links").await.unwrap(),
            key(&named, "links").await.unwrap()
        );
    }
}
