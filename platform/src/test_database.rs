//! A fresh database for each test: a SQLite file, or a new database of the Postgres server whose URL is in
//! `AUTOML_TEST_POSTGRES`. `tests/with-postgres.sh` starts one.

use std::path::Path;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::Database;

/// Its URL; a file lies in `folder`. Migrations are the caller's.
pub async fn url(folder: &Path) -> String {
    let Ok(server) = std::env::var("AUTOML_TEST_POSTGRES") else {
        return Database::sqlite_url(&folder.join("test.db"));
    };
    let name = format!("test_{}", Uuid::new_v4().simple());
    let admin = Database::connect(&server).await.unwrap();
    let create = format!(r#"CREATE DATABASE "{name}" TEMPLATE template0"#);
    admin.connection().execute_unprepared(&create).await.unwrap();
    let (origin, _) = server.rsplit_once('/').unwrap();
    format!("{origin}/{name}")
}
