//! The connection to the database, its transactions and its clock.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    FromQueryResult, PartialModelTrait, QuerySelect, QueryTrait, RuntimeErr, Select, SqliteTransactionMode,
    SqlxError, Statement, TransactionOptions,
};
use uuid::Uuid;

use crate::connection::{self, Connection};

pub use crate::clock::now;

/// How long a statement waits for another writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections at most. SQLite has one writer anyway; the others read.
const CONNECTIONS: u32 = 8;

/// Pauses before a read is tried again.
const READ_AGAIN: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(250)];
/// Namespace of the advisory locks of [`Alone`]: "auto" in ASCII.
const ALONE: i32 = 0x6175_746f;

/// A pool of connections, as the platform itself sees it or as one person does ([`Database::for_viewer`]). Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    connection: Connection,
}

impl Database {
    /// Connects to a URL such as `sqlite:///path/file.db?mode=rwc` or `postgres://user:password@host/name`. Migrations are
    /// the caller's: `migration::Migrator::up`.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        Self::connect_with(url, CONNECTIONS).await
    }

    /// As [`Self::connect`], with so many connections at most.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn connect_with(url: &str, connections: u32) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(true)
            .sqlx_logging(false)
            .map_sqlx_postgres_pool_opts(connection::told)
            .map_sqlx_postgres_opts(|postgres| {
                postgres
                    .application_name("automl")
                    // A statement that the server cannot end is given up there, not only here.
                    .options([
                        ("statement_timeout", "30s"),
                        ("lock_timeout", "10s"),
                        // A process that was stopped in the middle of a transaction frees its rows before its leases end.
                        ("idle_in_transaction_session_timeout", "10s"),
                    ])
            })
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "NORMAL")
                    .foreign_keys(true)
                    .create_if_missing(true)
                    .busy_timeout(BUSY_TIMEOUT)
            });
        Ok(Self {
            connection: Connection::new(sea_orm::Database::connect(options).await?),
        })
    }

    /// The same database as that person sees it: with Postgres, rows of others are neither read nor written through it, whatever
    /// the statement says. A file of SQLite has no such wall.
    #[must_use]
    pub fn for_viewer(&self, user_id: Uuid) -> Self {
        Self {
            connection: self.connection.on_behalf_of(Some(user_id)),
        }
    }

    /// The same database as the platform itself sees it: everybody's rows.
    #[must_use]
    pub fn for_everybody(&self) -> Self {
        Self {
            connection: self.connection.on_behalf_of(None),
        }
    }

    /// The same database, in which a statement is ended by the server after so long; a request that was given up leaves none
    /// behind. In a file of SQLite a statement ends with whoever waits for it.
    #[must_use]
    pub fn within(&self, statement: Duration) -> Self {
        Self {
            connection: self.connection.within(statement),
        }
    }

    /// The same database, with every statement reported, those of transactions included: for tests that count them.
    #[must_use]
    pub fn observed(&self, report: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let mut connection = self.connection.clone();
        connection.observe(report);
        Self { connection }
    }

    /// Whether the account that this program uses passes by the second wall: superusers of Postgres do, and accounts with
    /// BYPASSRLS.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_past_row_security(&self) -> Result<bool, DbErr> {
        if self.connection.get_database_backend() != DbBackend::Postgres {
            return Ok(false);
        }
        let question = Statement::from_string(
            DbBackend::Postgres,
            "SELECT rolsuper OR rolbypassrls AS past FROM pg_roles WHERE rolname = current_user",
        );
        let answer = self.connection.query_one_raw(question).await?;
        let past = answer.map(|row| row.try_get("", "past")).transpose()?;
        Ok(past.unwrap_or(false))
    }

    /// The URL of a SQLite file.
    pub fn sqlite_url(file: &Path) -> String {
        format!("sqlite://{}?mode=rwc", file.display())
    }

    /// For reads and for single statements.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Reads rows. A read that failed for a passing reason is tried again: reading twice does no harm.
    ///
    /// # Errors
    /// When the database stays away or refuses.
    pub async fn all<E: EntityTrait>(&self, query: Select<E>) -> Result<Vec<E::Model>, DbErr> {
        self.rows(query).await
    }

    /// As [`Database::all`], but only the columns of `M`.
    ///
    /// # Errors
    /// As there.
    pub async fn all_in_part<E: EntityTrait, M: PartialModelTrait>(
        &self,
        query: Select<E>,
    ) -> Result<Vec<M>, DbErr> {
        self.rows(M::select_cols(query.select_only())).await
    }

    async fn rows<M: FromQueryResult>(&self, query: impl QueryTrait) -> Result<Vec<M>, DbErr> {
        let statement = query.build(self.connection.get_database_backend());
        drop(query);
        // Boxed: resolvers of which each has such a read in it would be large.
        let read = || Box::pin(M::find_by_statement(statement.clone()).all(&self.connection));
        for pause in READ_AGAIN {
            match read().await {
                // What took too long takes too long again.
                Err(error) if is_passing(&error) && !is_out_of_time(&error) => {
                    tokio::time::sleep(pause).await;
                }
                ended => return ended,
            }
        }
        read().await
    }

    /// The condition that a column holds one of the keys. With Postgres they are one value: one statement to prepare however many
    /// they are, and no list that is made anew for each row that is looked at.
    pub fn among(&self, column: impl ColumnTrait, keys: impl IntoIterator<Item = Uuid>) -> SimpleExpr {
        match self.connection.get_database_backend() {
            DbBackend::Postgres => {
                let keys: Vec<Uuid> = keys.into_iter().collect();
                Expr::col(column.as_column_ref()).eq(PgFunc::any(keys))
            }
            _ => column.is_in(keys),
        }
    }

    /// Begins a transaction that will write. On SQLite it takes the write lock at once, so that what it reads stays true
    /// until it commits and it never fails for having read too early.
    ///
    /// # Errors
    /// When the lock is not free within the busy timeout, or the connection is lost.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.connection.begin(options).await
    }

    /// Begins a transaction that no other process runs beside its own of the same kind: the others wait until it ends.
    ///
    /// # Errors
    /// As [`Database::begin`].
    pub async fn begin_alone(&self, what: Alone) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self.begin().await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            // The one before may have much to do.
            let lock = format!(
                "SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = '10min'; SELECT pg_advisory_xact_lock({ALONE}, {})",
                what as i32
            );
            transaction.execute_unprepared(&lock).await?;
        }
        Ok(transaction)
    }
}

/// What one process at a time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// Changing the schema.
    Migrate = 1,
    /// Making the first account.
    Owner = 2,
    /// Making a key that signs access tokens.
    SigningKey = 4,
}

/// Classes of SQLSTATE after which the same may succeed: lost connections, deadlocks, too little of something, a server that is
/// being stopped, a lock that was not free in time, a transaction that was ended because this process stood still.
const PASSING: [&str; 6] = ["08", "40", "53", "57", "55P03", "25P03"];

/// True when the database was not reached, or gave up in a way that says nothing about what was asked. Whether a commit that
/// failed so has happened is not known.
pub fn is_passing(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return true;
    }
    let Some(cause) = cause_of(error) else {
        return false;
    };
    match cause {
        SqlxError::Database(refused) => refused
            .code()
            .is_some_and(|code| code.len() == 5 && PASSING.iter().any(|class| code.starts_with(class))),
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => true,
        _ => false,
    }
}

/// SQLSTATE of a statement that the server has ended.
const CANCELLED: &str = "57014";

/// True when the server has ended the statement, for it took too long.
pub fn is_out_of_time(error: &DbErr) -> bool {
    let code = match cause_of(error) {
        Some(SqlxError::Database(refused)) => refused.code(),
        _ => None,
    };
    code.is_some_and(|code| code == CANCELLED)
}

fn cause_of(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// The database's own clock: what is measured over several machines is measured on it. UTC, whole milliseconds.
///
/// # Errors
/// When the database does not answer.
pub async fn clock(database: &impl ConnectionTrait) -> Result<DateTime<Utc>, DbErr> {
    let backend = database.get_database_backend();
    let query = Query::select().expr_as(milliseconds(backend), "now").to_owned();
    let answer = database.query_one(&query).await?;
    let milliseconds: Option<i64> = answer.map(|row| row.try_get("", "now")).transpose()?;
    milliseconds
        .and_then(DateTime::from_timestamp_millis)
        .ok_or_else(|| DbErr::Custom("the database does not know the time".to_owned()))
}

/// The database's own clock in milliseconds since 1970, as an SQL expression: leases of all workers are compared on it.
pub fn milliseconds(backend: DbBackend) -> SimpleExpr {
    match backend {
        DbBackend::Sqlite => Expr::cust("CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)"),
        _ => Expr::cust("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"),
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn migrates_up_and_down_and_stores_microseconds() {
        let folder = tempfile::tempdir().unwrap();
        let url = crate::test_database::url(folder.path()).await;
        let database = Database::connect(&url).await.unwrap();
        migration::Migrator::up(database.connection(), None)
            .await
            .unwrap();
        migration::Migrator::down(database.connection(), None)
            .await
            .unwrap();
        migration::Migrator::up(database.connection(), None)
            .await
            .unwrap();
        let user = entities::user::Model::new(Uuid::now_v7(), "Ada", now());
        let transaction = database.begin().await.unwrap();
        user.clone()
            .into_active_model()
            .insert(&transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        let found = entities::user::Entity::find_by_id(user.id)
            .one(database.connection())
            .await
            .unwrap();
        assert_eq!(found, Some(user));
    }

    /// A process that was stopped in the middle of a transaction may begin it again.
    #[tokio::test]
    async fn a_transaction_that_stood_still_is_over_and_may_be_begun_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = crate::test_database::url(folder.path()).await;
        let database = Database::connect(&url).await.unwrap();
        if database.connection().get_database_backend() != DbBackend::Postgres {
            // A file of SQLite has no server that ends it.
            return;
        }
        let transaction = database.begin().await.unwrap();
        let limit = "SET LOCAL idle_in_transaction_session_timeout = '50ms'";
        transaction.execute_unprepared(limit).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let ended = transaction.execute_unprepared("SELECT 1").await.unwrap_err();
        assert!(is_passing(&ended), "{ended:?}");
    }
}
