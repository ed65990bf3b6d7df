//! Uploads that go straight to the bucket, and secrets that all processes share.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, string_len, text_null, timestamp_with_time_zone as time};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column a statement.
        for column in [
            string_len("method", 16).default("patch").to_owned(),
            text_null("transfer"),
        ] {
            let change = Table::alter().table("upload").add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        let index = Index::create()
            .name("upload_expiry")
            .table("upload")
            .col("expires_at")
            .to_owned();
        manager.create_index(index).await?;
        let secret = Table::create()
            .table("secret")
            .col(string_len("name", 64).primary_key())
            .col(string("value"))
            .col(time("created_at"))
            .to_owned();
        manager.create_table(secret).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("secret").to_owned())
            .await?;
        let index = Index::drop().name("upload_expiry").table("upload").to_owned();
        manager.drop_index(index).await?;
        for column in ["transfer", "method"] {
            let change = Table::alter().table("upload").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
