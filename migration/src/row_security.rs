//! Postgres' row-level security as a second wall between people: whatever a statement asks for, it finds only rows of the person
//! on whose behalf the connection works (`app.user_id`, set by `platform::connection`). Without such a person, as for workers
//! and migrations, everything is visible. SQLite has nothing of the kind.
//!
//! It is forced: it holds for the account that owns the tables as well, but never for a superuser.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// Name of the policy on every table.
const POLICY: &str = "of_the_viewer";
/// The person on whose behalf the connection works, or null. As a subquery it is computed once a statement, not once a row.
pub(crate) const VIEWER: &str = "(SELECT NULLIF(current_setting('app.user_id', true), '')::uuid)";

/// How a row is known to be somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// By a column with the person's id.
    Column(String),
    /// By another table's row with an owner: this table's column names the row of that table.
    Through {
        /// Column of this table.
        column: String,
        /// The other table.
        table: String,
    },
}

/// Puts the wall around a table that has just been made. Nothing on SQLite.
///
/// # Errors
/// When the database refuses.
pub async fn protect(manager: &SchemaManager<'_>, table: &str, owner: &Owner) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let is_own = match owner {
        Owner::Column(column) => format!(r#""{column}" = {VIEWER}"#),
        Owner::Through { column, table: other } => format!(
            r#"EXISTS (SELECT 1 FROM "{other}" WHERE "{other}"."id" = "{table}"."{column}" AND "{other}"."user_id" = {VIEWER})"#
        ),
    };
    let statements = format!(
        r#"ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS {POLICY} ON "{table}";
        CREATE POLICY {POLICY} ON "{table}" USING ({VIEWER} IS NULL OR {is_own}) WITH CHECK ({VIEWER} IS NULL OR {is_own});"#
    );
    manager
        .get_connection()
        .execute_unprepared(&statements)
        .await
        .map(|_| ())
}

/// Takes the wall down again. Nothing on SQLite.
///
/// # Errors
/// When the database refuses.
pub async fn unprotect(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let statements = format!(
        r#"DROP POLICY IF EXISTS {POLICY} ON "{table}";
        ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY;"#
    );
    manager
        .get_connection()
        .execute_unprepared(&statements)
        .await
        .map(|_| ())
}

/// Every table whose rows are somebody's, by what its columns are called; none on SQLite.
///
/// # Errors
/// When the database does not answer.
pub async fn owned_tables(manager: &SchemaManager<'_>) -> Result<Vec<(String, Owner)>, DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let question = "SELECT relname::text AS name, string_agg(attname::text, ',') AS columns FROM pg_class \
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped \
        WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace \
        AND attname IN ('id', 'user_id', 'job_id', 'dataset_id', 'registered_model_id', 'session_id') GROUP BY relname ORDER BY relname";
    let connection = manager.get_connection();
    let rows = connection
        .query_all_raw(Statement::from_string(DbBackend::Postgres, question))
        .await?;
    let mut owned = Vec::new();
    for row in rows {
        let name: String = row.try_get("", "name")?;
        let columns: String = row.try_get("", "columns")?;
        let columns: Vec<&str> = columns.split(',').collect();
        if let Some(owner) = owner_of(&name, &columns) {
            owned.push((name, owner));
        }
    }
    Ok(owned)
}

/// The person's own column where there is one: it needs no look at another table.
fn owner_of(table: &str, columns: &[&str]) -> Option<Owner> {
    let has = |column: &str| columns.contains(&column);
    if table == "user" {
        return Some(Owner::Column("id".to_owned()));
    }
    if has("user_id") {
        return Some(Owner::Column("user_id".to_owned()));
    }
    for (column, other) in [
        ("job_id", "job"),
        ("dataset_id", "dataset"),
        ("registered_model_id", "registered_model"),
        ("session_id", "session"),
    ] {
        if has(column) {
            let (column, table) = (column.to_owned(), other.to_owned());
            return Some(Owner::Through { column, table });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_found_by_columns() {
        let column = |name: &str| Some(Owner::Column(name.to_owned()));
        assert_eq!(owner_of("user", &["id"]), column("id"));
        assert_eq!(owner_of("model", &["id", "job_id", "user_id"]), column("user_id"));
        let through = Owner::Through {
            column: "job_id".to_owned(),
            table: "job".to_owned(),
        };
        assert_eq!(owner_of("trial", &["id", "job_id"]), Some(through));
        assert_eq!(owner_of("worker", &["id"]), None);
    }
}
