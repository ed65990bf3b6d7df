//! Local accounts: passwords, sessions, refresh tokens, tokens with names and scopes, counted attempts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer, pk_uuid, string_len, string_len_null, string_len_uniq, text,
    timestamp_with_time_zone as time, timestamp_with_time_zone_null as time_null, uuid,
};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables in the order in which they depend on each other.
const TABLES: [&str; 4] = ["password", "session", "refresh_token", "attempt"];
const USER_COLUMNS: [&str; 2] = ["email_verified_at", "email_asked_at"];
const TOKEN_COLUMNS: [&str; 4] = ["name", "scopes", "last_used_at", "address"];

/// Of a session's refresh tokens, one may be used at a time.
const ONE_LIVES: &str =
    "CREATE UNIQUE INDEX refresh_lives ON refresh_token (session_id) WHERE spent_at IS NULL";

/// The version before knows no scopes and fewer kinds: a token that may do everything stays one, and no other becomes one.
const UNDO_TOKENS: [&str; 2] = [
    "UPDATE token SET kind = 'api', scopes = NULL WHERE kind IN ('api', 'printed') AND scopes = 'READ WRITE PREDICT ADMIN'",
    "DELETE FROM token WHERE kind NOT IN ('one_time', 'session', 'api') OR scopes IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in USER_COLUMNS {
            add(manager, "user", time_null(column)).await?;
        }
        for column in [
            string_len_null("name", 100),
            string_len_null("scopes", 64),
            time_null("last_used_at"),
            string_len_null("address", 254),
        ] {
            add(manager, "token", column).await?;
        }
        for table in [password(), session(), refresh_token(), attempt()] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("session_user", "session", "user_id"),
            ("refresh_session", "refresh_token", "session_id"),
            ("attempt_time", "attempt", "counted_at"),
        ] {
            let index = Index::create().name(name).table(table).col(column).to_owned();
            manager.create_index(index).await?;
        }
        manager.get_connection().execute_unprepared(ONE_LIVES).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            manager.drop_table(Table::drop().table(*table).to_owned()).await?;
        }
        for change in UNDO_TOKENS {
            manager.get_connection().execute_unprepared(change).await?;
        }
        for (table, columns) in [("token", &TOKEN_COLUMNS[..]), ("user", &USER_COLUMNS[..])] {
            for column in columns {
                let change = Table::alter().table(table).drop_column(*column).to_owned();
                manager.alter_table(change).await?;
            }
        }
        Ok(())
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager
        .alter_table(Table::alter().table(table).add_column(column).to_owned())
        .await
}

fn owned_by(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(parent, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn password() -> TableCreateStatement {
    Table::create()
        .table("password")
        .col(pk_uuid("user_id"))
        .col(string_len_uniq("login", 254))
        .col(text("hash"))
        .col(boolean("is_open"))
        .col(time("changed_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(string_len_null("agent", 200))
        .col(time("created_at"))
        .col(time("used_at"))
        .col(time("expires_at"))
        .col(time("ends_at"))
        .col(time_null("ended_at"))
        .foreign_key(&mut owned_by("user_id", "user"))
        .to_owned()
}

fn refresh_token() -> TableCreateStatement {
    Table::create()
        .table("refresh_token")
        .col(string_len("hash", 64).primary_key().take())
        .col(uuid("session_id"))
        .col(integer("number"))
        .col(time("created_at"))
        .col(time_null("spent_at"))
        .foreign_key(&mut owned_by("session_id", "session"))
        .to_owned()
}

fn attempt() -> TableCreateStatement {
    Table::create()
        .table("attempt")
        .col(string_len("subject", 100).primary_key().take())
        .col(integer("count"))
        .col(time("counted_at"))
        .col(time_null("blocked_until"))
        .to_owned()
}
