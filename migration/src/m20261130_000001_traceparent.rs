//! Which trace a task belongs to, as the header `traceparent` of W3C says it; empty where nothing is traced. A program of an older
//! version does not know the column: its tasks begin traces of their own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string_len_null;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let task = Table::alter()
            .table("task")
            .add_column(string_len_null("traceparent", 55))
            .to_owned();
        manager.alter_table(task).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let task = Table::alter().table("task").drop_column("traceparent").to_owned();
        manager.alter_table(task).await
    }
}
