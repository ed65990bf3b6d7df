//! A pool of connections as somebody sees it: with Postgres, the second wall between people.
//!
//! Every connection that is taken out of the pool is told on whose behalf, and how long a statement may take, before anything else
//! is sent on it; the policies of the tables read it (`migration::row_security`). Nothing is undone when a connection goes back: whatever became of the request
//! that had it, finished, failed or dropped in the middle, the next one is told anew. That word takes the place of the question
//! whether the connection is still alive. Single statements of one person that follow each other closely share a word ([`told`]).

mod told;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::sea_query::Values;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgConnection, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    IntoDatabaseExecutor, QueryResult, RuntimeErr, Statement, TransactionOptions, TransactionTrait,
};
use sea_query_sqlx::SqlxValues;
use uuid::Uuid;

use told::{Told, ToldPool};

tokio::task_local! {
    /// What the connection is told that is being taken at this moment.
    static WORD: Word;
}

/// What a connection is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Word {
    /// On whose behalf it works; none: on the platform's own.
    viewer: Option<Uuid>,
    /// How long a statement may take; none: as long as the pool lets it.
    statement: Option<Duration>,
}

/// A pool of connections as somebody sees it. Cheap to clone.
#[derive(Clone)]
pub struct Connection {
    pool: DatabaseConnection,
    /// Over the same pool, with Postgres only.
    told: Option<Arc<ToldPool>>,
    word: Word,
    report: Option<Report>,
}

/// Is told every statement.
type Report = Arc<dyn Fn(&str) + Send + Sync>;

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("pool", &self.pool)
            .field("word", &self.word)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// The pool as the platform itself sees it: everything.
    pub(crate) fn new(pool: DatabaseConnection) -> Self {
        let is_postgres = pool.get_database_backend() == DbBackend::Postgres;
        Self {
            told: is_postgres.then(|| ToldPool::new(pool.get_postgres_connection_pool().clone())),
            pool,
            word: Word::default(),
            report: None,
        }
    }

    /// The same pool as that person sees it; none: as the platform does.
    pub(crate) fn on_behalf_of(&self, viewer: Option<Uuid>) -> Self {
        let word = Word { viewer, ..self.word };
        Self { word, ..self.clone() }
    }

    /// The same pool, with an end to every statement.
    pub(crate) fn within(&self, statement: Duration) -> Self {
        let word = Word {
            statement: Some(statement),
            ..self.word
        };
        Self { word, ..self.clone() }
    }

    /// Which kind of database it is.
    pub fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    /// Asks whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.by_the_pool(self.pool.ping()).await
    }

    /// Ends all connections.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn close(self) -> Result<(), DbErr> {
        if let Some(told) = &self.told {
            told.close();
        }
        self.pool.close().await
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When there is no connection, or the database refuses.
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        self.by_the_pool(self.pool.begin_with_options(options)).await
    }

    /// Reports every statement from now on, those of transactions included: for tests that count them.
    pub(crate) fn observe(&mut self, report: impl Fn(&str) + Send + Sync + 'static) {
        let report: Report = Arc::new(report);
        self.report = Some(report.clone());
        self.pool
            .set_metric_callback(move |info| report(&info.statement.sql));
    }

    /// Does something that takes a connection of the pool, on this one's behalf.
    async fn by_the_pool<T>(&self, work: impl Future<Output = T>) -> T {
        let work = WORD.scope(self.word, work);
        match &self.told {
            Some(told) => told.let_in(work).await,
            None => work.await,
        }
    }

    /// The rows of a single statement over Postgres. One that reads may find that its connection has died since it was told; then it
    /// is made again on another, which is alive.
    async fn rows(&self, told: &Arc<ToldPool>, statement: Statement) -> Result<Vec<PgRow>, DbErr> {
        let (sql, values) = self.parts(statement);
        let is_read = sql.starts_with("SELECT");
        if is_read {
            let mut connection = told.take(self.word, Told::Before).await?;
            let query = sqlx::query_with(AssertSqlSafe(sql.as_str()), SqlxValues(values.clone()));
            match query.fetch_all(&mut *connection).await {
                Ok(rows) => {
                    connection.set_aside();
                    return Ok(rows);
                }
                Err(error) if connection.told == Told::Before && is_lost(&error) => told.doubt(),
                Err(error) => return Err(failed(error)),
            }
        }
        let mut connection = told.take(self.word, Told::Now).await?;
        let query = sqlx::query_with(AssertSqlSafe(sql.as_str()), SqlxValues(values));
        let rows = query.fetch_all(&mut *connection).await.map_err(failed)?;
        connection.set_aside();
        Ok(rows)
    }

    fn parts(&self, statement: Statement) -> (String, Values) {
        if let Some(report) = &self.report {
            report(&statement.sql);
        }
        (
            statement.sql,
            statement.values.unwrap_or_else(|| Values(Vec::new())),
        )
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let Some(told) = &self.told else {
            return self.by_the_pool(self.pool.execute_raw(statement)).await;
        };
        let (sql, values) = self.parts(statement);
        let mut connection = told.take(self.word, Told::Now).await?;
        let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values));
        let done = query.execute(&mut *connection).await;
        let done = done.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))?;
        connection.set_aside();
        Ok(done.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.by_the_pool(self.pool.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(told) = &self.told else {
            return self.by_the_pool(self.pool.query_one_raw(statement)).await;
        };
        let rows = self.rows(told, statement).await?;
        Ok(rows.into_iter().next().map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(told) = &self.told else {
            return self.by_the_pool(self.pool.query_all_raw(statement)).await;
        };
        let rows = self.rows(told, statement).await?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// Classes of SQLSTATE of a connection that the server has ended, or is about to.
const LOST: [&str; 2] = ["08", "57P"];

/// Whether the connection is gone.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(refused) => refused
            .code()
            .is_some_and(|code| LOST.iter().any(|class| code.starts_with(class))),
        _ => false,
    }
}

/// For migrations, which are the platform's own business: they see everything whoever holds the connection.
impl<'c> IntoDatabaseExecutor<'c> for &'c Connection {
    fn into_database_executor(self) -> DatabaseExecutor<'c> {
        DatabaseExecutor::Connection(&self.pool)
    }
}

/// A pool over Postgres whose connections are told on whose behalf they are taken.
pub(crate) fn told(options: sqlx::pool::PoolOptions<Postgres>) -> sqlx::pool::PoolOptions<Postgres> {
    options
        // The word itself shows whether the connection is alive.
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            Box::pin(async move { tell(connection, word()).await.map(|()| true) })
        })
        // A new connection is made in the task that waits for it, and goes to it without the other question.
        .after_connect(|connection, _| Box::pin(tell(connection, word())))
}

/// The word of the moment.
fn word() -> Word {
    WORD.try_with(|word| *word).unwrap_or_default()
}

/// Tells a connection on whose behalf it works from now on, and how long. Two statements in one message: one round trip.
async fn tell(connection: &mut PgConnection, word: Word) -> Result<(), sqlx::Error> {
    // Digits and dashes only: nothing to quote.
    let viewer = word.viewer.map(|viewer| viewer.to_string()).unwrap_or_default();
    let statement = match word.statement {
        Some(limit) => format!("SET statement_timeout = {}", limit.as_millis()),
        None => "RESET statement_timeout".to_owned(),
    };
    let words = format!("SET app.user_id = '{viewer}'; {statement}");
    connection.execute(AssertSqlSafe(words)).await?;
    Ok(())
}
