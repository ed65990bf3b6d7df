//! What a person does with a job that is there already: tries of steps, keys of clients, files that a newer model replaced.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, string_len, text, timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null,
    uuid,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        let step = || Table::alter().table("step").to_owned();
        manager
            .alter_table(step().add_column(integer("attempts").default(0)).to_owned())
            .await?;
        manager
            .alter_table(step().add_column(time_null("retry_at")).to_owned())
            .await?;
        manager.create_table(idempotency()).await?;
        let by_age = Index::create()
            .name("idempotency_age")
            .table("idempotency")
            .col("created_at")
            .to_owned();
        manager.create_index(by_age).await?;
        manager.create_table(obsolete_file()).await?;
        // The cap of unfinished jobs a user counts these on every new job.
        let by_state = Index::create()
            .name("job_user_state")
            .table("job")
            .col("user_id")
            .col("state")
            .to_owned();
        manager.create_index(by_state).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("job_user_state").table("job").to_owned())
            .await?;
        for table in ["obsolete_file", "idempotency"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for column in ["retry_at", "attempts"] {
            let step = Table::alter().table("step").drop_column(column).to_owned();
            manager.alter_table(step).await?;
        }
        Ok(())
    }
}

fn idempotency() -> TableCreateStatement {
    let mut owner = ForeignKey::create()
        .from_col("user_id")
        .to("user", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned();
    Table::create()
        .table("idempotency")
        .col(uuid("user_id"))
        .col(string_len("key", 100))
        .col(string_len("request_hash", 64))
        .col(uuid("answer_id"))
        .col(time("created_at"))
        .primary_key(Index::create().col("user_id").col("key"))
        .foreign_key(&mut owner)
        .to_owned()
}

fn obsolete_file() -> TableCreateStatement {
    Table::create()
        .table("obsolete_file")
        .col(text("prefix").primary_key())
        .col(time("remove_after"))
        .to_owned()
}
