//! Webhooks: addresses that are told of the end of jobs, and what was or is to be sent there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, integer_null, json, pk_uuid, string_len, string_len_null, text,
    text_null, timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null, uuid, uuid_null,
};

use crate::row_security::{Owner, protect};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [webhook(), delivery()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        let owner = Owner::Column("user_id".to_owned());
        for table in ["webhook", "webhook_delivery"] {
            protect(manager, table, &owner).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["webhook_delivery", "webhook"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// A foreign key that removes the rows of a removed parent.
fn owned_by(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn webhook() -> TableCreateStatement {
    Table::create()
        .table("webhook")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("url"))
        .col(json("events"))
        .col(string_len("secret", 128))
        .col(time_null("failing_since"))
        .col(time_null("disabled_at"))
        .col(text_null("disabled_reason"))
        .col(time("created_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn delivery() -> TableCreateStatement {
    Table::create()
        .table("webhook_delivery")
        .col(pk_uuid("id"))
        .col(uuid("webhook_id"))
        .col(uuid("user_id"))
        .col(uuid_null("job_id"))
        .col(big_integer_null("job_version"))
        .col(string_len("event", 24))
        .col(text("body"))
        .col(string_len("state", 16))
        .col(big_integer("fence"))
        .col(string_len_null("worker", 64))
        .col(big_integer_null("lease_until"))
        .col(integer("attempts"))
        .col(big_integer("run_after"))
        .col(integer_null("status"))
        .col(text_null("error"))
        .col(time("created_at"))
        .col(time_null("sent_at"))
        .foreign_key(&mut owned_by("webhook_id", "webhook"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, table: &'static str, columns: &[&'static str]| {
        let mut statement = Index::create().name(name).table(table).to_owned();
        for column in columns {
            statement.col(*column);
        }
        statement
    };
    vec![
        index("webhook_user", "webhook", &["user_id", "id"]),
        // One end of a job tells each webhook once.
        index(
            "webhook_delivery_once",
            "webhook_delivery",
            &["webhook_id", "job_id", "job_version"],
        )
        .unique()
        .to_owned(),
        index(
            "webhook_delivery_queue",
            "webhook_delivery",
            &["state", "run_after"],
        ),
        index("webhook_delivery_job", "webhook_delivery", &["job_id"]),
        index("webhook_delivery_user", "webhook_delivery", &["user_id"]),
        index(
            "webhook_delivery_latest",
            "webhook_delivery",
            &["webhook_id", "id"],
        ),
    ]
}
