//! Accounts of people whom an issuer of tokens vouches for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, string_len, timestamp_with_time_zone as time, uuid};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut owner = ForeignKey::create()
            .from_col("user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let identity = Table::create()
            .table("identity")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(string_len("issuer", 512))
            .col(string_len("subject", 255))
            .col(time("created_at"))
            .col(time("token_issued_at"))
            .foreign_key(&mut owner)
            .to_owned();
        manager.create_table(identity).await?;
        let once = Index::create()
            .name("identity_once")
            .table("identity")
            .col("issuer")
            .col("subject")
            .unique()
            .to_owned();
        manager.create_index(once).await?;
        let by_user = Index::create()
            .name("identity_user")
            .table("identity")
            .col("user_id")
            .to_owned();
        manager.create_index(by_user).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("identity").to_owned())
            .await
    }
}
