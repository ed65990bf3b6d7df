//! Postgres' row-level security on every table whose rows are somebody's. A later table is protected where it is made.

use sea_orm_migration::prelude::*;

use crate::row_security::{owned_tables, protect, unprotect};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, owner) in owned_tables(manager).await? {
            protect(manager, &table, &owner).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _) in owned_tables(manager).await? {
            unprotect(manager, &table).await?;
        }
        Ok(())
    }
}
