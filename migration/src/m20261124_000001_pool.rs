//! Tasks that are routed and rung for, and the workers that take them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, pk_uuid, string, string_len, string_uniq,
    timestamp_with_time_zone as time,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in task_columns() {
            // One column a statement: SQLite knows no more.
            let alter = Table::alter().table("task").add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        manager.create_table(worker()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in [
            ("task_user", "task"),
            ("task_rung", "task"),
            ("artifact_key", "artifact"),
        ] {
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        manager
            .drop_table(Table::drop().table("worker").to_owned())
            .await?;
        for column in ["queue", "memory_bytes", "rung_at"] {
            let alter = Table::alter().table("task").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}

fn task_columns() -> [ColumnDef; 3] {
    [
        string_len("queue", 8).default("cpu").take(),
        big_integer("memory_bytes").default(0).take(),
        big_integer_null("rung_at").take(),
    ]
}

fn worker() -> TableCreateStatement {
    Table::create()
        .table("worker")
        .col(pk_uuid("id"))
        .col(string_uniq("name"))
        .col(string("host"))
        .col(string_len("version", 32))
        .col(string_len("queue", 8))
        .col(integer("slots"))
        .col(integer("threads"))
        .col(big_integer("memory_bytes"))
        .col(string("device"))
        .col(boolean("draining"))
        .col(big_integer("seen_at"))
        .col(time("started_at"))
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 3] {
    [
        Index::create()
            .name("artifact_key")
            .table("artifact")
            .col("key")
            .to_owned(),
        Index::create()
            .name("task_user")
            .table("task")
            .col("user_id")
            .col("state")
            .to_owned(),
        Index::create()
            .name("task_rung")
            .table("task")
            .col("state")
            .col("rung_at")
            .to_owned(),
    ]
}
