//! Mail that is not about a job: it hangs on a person alone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        set_nullable(manager, true).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared("DELETE FROM mail WHERE job_id IS NULL")
            .await?;
        set_nullable(manager, false).await
    }
}

/// Whether a mail may be without a job.
async fn set_nullable(manager: &SchemaManager<'_>, is_nullable: bool) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() != DbBackend::Sqlite {
        let verb = if is_nullable { "DROP" } else { "SET" };
        let change = format!("ALTER TABLE mail ALTER COLUMN job_id {verb} NOT NULL");
        connection.execute_unprepared(&change).await?;
        return Ok(());
    }
    // SQLite changes no column: the table is made anew as it is declared, but for that word. Nothing refers to it.
    let tables = rows(
        manager,
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'mail'",
    )
    .await?;
    let indexes = rows(
        manager,
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'mail' AND sql IS NOT NULL",
    )
    .await?;
    let declared = tables.first().map(String::as_str).unwrap_or_default();
    let changed = with_column(declared, is_nullable)
        .ok_or_else(|| DbErr::Custom("the table of mails is not as it was made".to_owned()))?;
    // In one go: a pool would spread single statements over connections, and each has its own idea of which tables there are.
    let script = format!(
        "SAVEPOINT mail_anew; {changed}; INSERT INTO mail_new SELECT * FROM mail; DROP TABLE mail; \
         ALTER TABLE mail_new RENAME TO mail; {}; RELEASE mail_anew",
        indexes.join("; ")
    );
    connection.execute_unprepared(&script).await?;
    Ok(())
}

/// The declaration of such a table under its new name; none when it is not understood.
fn with_column(declared: &str, is_nullable: bool) -> Option<String> {
    let start = declared.find("\"job_id\"")?;
    let length = declared[start..].find(',')?;
    let column = &declared[start..start + length];
    let mut changed = column.replace(" NOT NULL", "");
    if !is_nullable {
        changed.push_str(" NOT NULL");
    }
    let name = declared.find("\"mail\"").filter(|name| *name < start)?;
    let mut table = declared.replacen(column, &changed, 1);
    table.replace_range(name..name + "\"mail\"".len(), "\"mail_new\"");
    Some(table)
}

/// The first column of every row.
async fn rows(manager: &SchemaManager<'_>, query: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(DbBackend::Sqlite, query);
    let mut texts = Vec::new();
    for row in manager.get_connection().query_all_raw(statement).await? {
        texts.push(row.try_get_by_index(0)?);
    }
    Ok(texts)
}
