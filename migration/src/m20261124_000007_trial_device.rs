//! What computed a trial, and what is to be known of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{json_null, text_null};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [text_null("device"), json_null("notes")] {
            let trial = Table::alter().table("trial").add_column(column).to_owned();
            manager.alter_table(trial).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["notes", "device"] {
            let trial = Table::alter().table("trial").drop_column(column).to_owned();
            manager.alter_table(trial).await?;
        }
        Ok(())
    }
}
