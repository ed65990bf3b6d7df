//! What people may do, and whether they still may.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_len, timestamp_with_time_zone_null};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// So far there was one account a server, of the person who runs it: the oldest one.
const FIRST_IS_ADMIN: &str =
    r#"UPDATE "user" SET "role" = 'admin' WHERE "id" = (SELECT "id" FROM "user" ORDER BY "id" LIMIT 1)"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let role = string_len("role", 16).default("member").take();
        // SQLite adds one column a statement.
        for column in [role, timestamp_with_time_zone_null("suspended_at")] {
            let alter = Table::alter().table("user").add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(FIRST_IS_ADMIN)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["role", "suspended_at"] {
            let alter = Table::alter().table("user").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
