//! Tasks that say which version of their meaning a worker must know.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::integer;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The default is for programs that do not know the column yet and work beside this one.
        let version = integer("version").default(1).take();
        let alter = Table::alter().table("task").add_column(version).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("task").drop_column("version").to_owned();
        manager.alter_table(alter).await
    }
}
