//! What administrators decide: pauses of the queue, workers that are to leave, quotas of people; and what is counted against
//! these: the jobs and the computing of each day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer_null, pk_uuid, string_len, string_len_null, text,
    timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null, uuid, uuid_null,
};

use crate::row_security::{Owner, protect};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [queue_pause(), user_quota(), usage()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        for table in ["user_quota", "usage"] {
            protect(manager, table, &Owner::Column("user_id".to_owned())).await?;
        }
        for (table, column) in [
            ("worker", time_null("drain_requested_at")),
            ("task", big_integer_null("claimed_at")),
        ] {
            let alter = Table::alter().table(table).add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("task", "claimed_at"), ("worker", "drain_requested_at")] {
            let alter = Table::alter().table(table).drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        for table in ["usage", "user_quota", "queue_pause"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn queue_pause() -> TableCreateStatement {
    Table::create()
        .table("queue_pause")
        .col(pk_uuid("id"))
        .col(string_len_null("kind", 16))
        .col(string_len_null("queue", 8))
        .col(text("reason"))
        .col(time("paused_at"))
        .to_owned()
}

fn user_quota() -> TableCreateStatement {
    Table::create()
        .table("user_quota")
        .col(pk_uuid("user_id"))
        .col(integer_null("unfinished_jobs"))
        .col(integer_null("jobs_per_day"))
        .col(big_integer_null("compute_seconds_per_day"))
        .col(big_integer_null("stored_bytes"))
        .col(integer_null("job_budget_seconds"))
        .col(time("changed_at"))
        .foreign_key(&mut of("user_id", "user", ForeignKeyAction::Cascade))
        .to_owned()
}

fn usage() -> TableCreateStatement {
    Table::create()
        .table("usage")
        .col(uuid("source_id"))
        .col(big_integer("number"))
        .col(uuid("user_id"))
        .col(uuid_null("job_id"))
        .col(string_len("kind", 16))
        .col(big_integer("amount"))
        .col(time("used_at"))
        .primary_key(Index::create().col("source_id").col("number"))
        .foreign_key(&mut of("user_id", "user", ForeignKeyAction::Cascade))
        // What was used stays used when the job is deleted.
        .foreign_key(&mut of("job_id", "job", ForeignKeyAction::SetNull))
        .to_owned()
}

fn of(column: &'static str, parent: &'static str, on_delete: ForeignKeyAction) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(on_delete)
        .to_owned()
}

fn indexes() -> [IndexCreateStatement; 2] {
    [
        Index::create()
            .name("usage_user")
            .table("usage")
            .col("user_id")
            .col("used_at")
            .to_owned(),
        Index::create()
            .name("usage_job")
            .table("usage")
            .col("job_id")
            .to_owned(),
    ]
}
