//! People whose tasks take turns.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let served_at = big_integer("served_at").default(0).take();
        let alter = Table::alter().table("user").add_column(served_at).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("user").drop_column("served_at").to_owned();
        manager.alter_table(alter).await
    }
}
