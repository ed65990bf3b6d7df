//! Accounts over `test_database`: SQLite, or Postgres where a server is named.

mod keys;
mod local;
mod rotation;
mod standing;
mod tokens;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{session, user};
use migration::MigratorTrait;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use tempfile::TempDir;
use uuid::Uuid;

use super::sessions;
use crate::database::now;
use crate::{Platform, Secret, Settings, test_database};

struct Home {
    _folder: TempDir,
    platform: Platform,
}

async fn home() -> Home {
    home_with(|_| ()).await
}

async fn home_with(change: impl FnOnce(&mut Settings)) -> Home {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path(), 2, 4 << 30);
    let url = test_database::url(folder.path()).await;
    settings.database = url.starts_with("postgres").then(|| Secret::new(url));
    change(&mut settings);
    let platform = Platform::open(settings).await.unwrap();
    migration::Migrator::up(platform.database.connection(), None)
        .await
        .unwrap();
    Home {
        _folder: folder,
        platform,
    }
}

impl Home {
    async fn person(&self) -> user::Model {
        let row = user::Model::new(Uuid::now_v7(), "Ada", now());
        row.into_active_model()
            .insert(self.platform.database.connection())
            .await
            .unwrap()
    }

    async fn open(&self, user_id: Uuid, now: DateTime<Utc>) -> sessions::Opened {
        let transaction = self.platform.database.begin().await.unwrap();
        let opened = sessions::open(&transaction, user_id, Some("a test"), now)
            .await
            .unwrap();
        sea_orm::DatabaseTransaction::commit(transaction).await.unwrap();
        opened
    }

    async fn session(&self, id: Uuid) -> session::Model {
        let row = session::Entity::find_by_id(id)
            .one(self.platform.database.connection())
            .await;
        row.unwrap().unwrap()
    }
}

/// A time that the tests go on from.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn seconds(seconds: i64) -> TimeDelta {
    TimeDelta::seconds(seconds)
}
