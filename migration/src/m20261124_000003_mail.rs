//! Mail: addresses and preferences of people, the outbox, keys that all processes share.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, json, pk_uuid, string, string_len, string_len_null,
    text_null, timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null, uuid,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in user_columns() {
            let change = Table::alter().table("user").add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        manager.create_table(mail()).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        // Jobs that have ended already tell nobody: their step is over. Jobs that run get it as a new one does.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO step (job_id, name, position, state) SELECT id, 'notify', 4, CASE WHEN finished_at IS NULL \
                 THEN 'pending' ELSE 'skipped' END FROM job",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared("DELETE FROM step WHERE name = 'notify'")
            .await?;
        manager.drop_table(Table::drop().table("mail").to_owned()).await?;
        for column in ["mail_failed", "mail_completed", "mail_enabled", "email"] {
            let change = Table::alter().table("user").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}

/// SQLite adds one column a statement.
fn user_columns() -> [ColumnDef; 4] {
    [
        string_len_null("email", 254),
        boolean("mail_enabled").default(true).take(),
        boolean("mail_completed").default(true).take(),
        boolean("mail_failed").default(true).take(),
    ]
}

fn mail() -> TableCreateStatement {
    let owned_by = |column: &'static str, parent: &'static str| {
        ForeignKey::create()
            .from_col(column)
            .to(parent, "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned()
    };
    Table::create()
        .table("mail")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(uuid("job_id"))
        .col(string_len("kind", 16))
        .col(string_len("channel", 16))
        .col(string("recipient"))
        .col(json("facts"))
        .col(string_len("state", 16))
        .col(big_integer("fence"))
        .col(string_len_null("worker", 64))
        .col(big_integer_null("lease_until"))
        .col(integer("attempts"))
        .col(integer("failures"))
        .col(integer("doubts"))
        .col(big_integer_null("attempted_at"))
        .col(big_integer("run_after"))
        .col(text_null("message_id"))
        .col(text_null("error"))
        .col(time("created_at"))
        .col(time_null("sent_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .foreign_key(&mut owned_by("job_id", "job"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, columns: &[&'static str]| {
        let mut statement = Index::create().name(name).table("mail").to_owned();
        for column in columns {
            statement.col(*column);
        }
        statement
    };
    vec![
        index("mail_once", &["job_id", "kind", "channel", "recipient"])
            .unique()
            .to_owned(),
        index("mail_queue", &["state", "run_after"]),
        index("mail_rate", &["attempted_at"]),
        index("mail_user", &["user_id"]),
    ]
}
