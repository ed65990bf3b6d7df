//! The audit log: its entries, its end, and the triggers by which the database refuses to change what was written.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, string_len, string_len_null, text_null, uuid_null};
use sea_orm_migration::sea_orm::DbBackend;

use crate::row_security::VIEWER;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// A replacing INSERT removes rows of SQLite without asking the triggers of DELETE: what is added must be the next entry.
const REFUSE_ON_SQLITE: &str = r#"
CREATE TRIGGER audit_entry_kept BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never changed'); END;
CREATE TRIGGER audit_entry_not_removed BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never removed'); END;
CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry
WHEN NEW.number IS NOT (SELECT number + 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'an entry of the audit log follows the newest one'); END;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
WHEN NEW.id IS NOT OLD.id OR NEW.number IS NOT OLD.number + 1
BEGIN SELECT RAISE(ABORT, 'the end of the audit log goes forward only'); END;
CREATE TRIGGER audit_head_not_removed BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the end of the audit log is never removed'); END;
CREATE TRIGGER audit_head_alone BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log has one end'); END;
"#;

/// Triggers of statements, not of rows: they refuse where row-level security would find nothing to change, too.
const REFUSE_ON_POSTGRES: &str = r#"
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries of the audit log are never changed or removed'; END $$;
CREATE FUNCTION audit_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.number <> OLD.number + 1 THEN
        RAISE EXCEPTION 'the end of the audit log goes forward only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_head_kept BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_goes_forward();
"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(entry()).await?;
        manager.create_table(head()).await?;
        for (name, column) in [
            ("audit_entry_actor", "actor_id"),
            ("audit_entry_subject", "subject_id"),
        ] {
            let index = Index::create()
                .name(name)
                .table("audit_entry")
                .col(column)
                .col("number")
                .to_owned();
            manager.create_index(index).await?;
        }
        let connection = manager.get_connection();
        let first = format!(
            "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '{}')",
            "0".repeat(64)
        );
        connection.execute_unprepared(&first).await?;
        if connection.get_database_backend() != DbBackend::Postgres {
            connection.execute_unprepared(REFUSE_ON_SQLITE).await?;
            return Ok(());
        }
        connection.execute_unprepared(REFUSE_ON_POSTGRES).await?;
        connection.execute_unprepared(&walls()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_entry", "audit_head"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            let functions = "DROP FUNCTION audit_is_kept(); DROP FUNCTION audit_goes_forward();";
            connection.execute_unprepared(functions).await?;
        }
        Ok(())
    }
}

/// A person reads what they did themselves and what others tried with their account, and adds in their own name only. No
/// policy lets anybody change anything.
fn walls() -> String {
    let is_tried = format!(
        "subject_kind = 'USER' AND subject_id = {VIEWER}::text AND action IN ('SIGN_IN_FAILED', 'SESSION_REUSED')"
    );
    format!(
        r#"ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
        ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
        CREATE POLICY of_the_viewer ON audit_entry FOR SELECT USING ({VIEWER} IS NULL OR actor_id = {VIEWER} OR {is_tried});
        CREATE POLICY by_the_viewer ON audit_entry FOR INSERT WITH CHECK ({VIEWER} IS NULL OR actor_id = {VIEWER});"#
    )
}

fn entry() -> TableCreateStatement {
    Table::create()
        .table("audit_entry")
        .col(big_integer("number").primary_key())
        .col(big_integer("at"))
        .col(string_len("actor", 16))
        .col(uuid_null("actor_id"))
        .col(string_len("action", 40))
        .col(string_len_null("subject_kind", 24))
        .col(string_len_null("subject_id", 128))
        .col(text_null("reason"))
        .col(text_null("before"))
        .col(text_null("after"))
        .col(string_len_null("address", 45))
        .col(uuid_null("request_id"))
        .col(string_len("hash", 64))
        .to_owned()
}

fn head() -> TableCreateStatement {
    Table::create()
        .table("audit_head")
        .col(integer("id").primary_key())
        .col(big_integer("number"))
        .col(string_len("hash", 64))
        .to_owned()
}
