//! A pool of connections as somebody sees it: with Postgres, the second wall between people.
//!
//! Every connection that is taken out of the pool is told on whose behalf, and how long a statement may take, before anything else
//! is sent on it; the policies of the tables read it (`migration::row_security`). Nothing is undone when a connection goes back: whatever became of the request
//! that had it, finished, failed or dropped in the middle, the next one is told anew. That word takes the place of the question
//! whether the connection is still alive, so it costs no round trip.

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgConnection, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    IntoDatabaseExecutor, QueryResult, Statement, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

tokio::task_local! {
    /// What the connection is told that is being taken at this moment.
    static WORD: Word;
}

/// What a connection is told.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// On whose behalf it works; none: on the platform's own.
    viewer: Option<Uuid>,
    /// How long a statement may take; none: as long as the pool lets it.
    statement: Option<Duration>,
}

/// A pool of connections as somebody sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connection {
    pool: DatabaseConnection,
    word: Word,
}

impl Connection {
    /// The pool as the platform itself sees it: everything.
    pub(crate) fn new(pool: DatabaseConnection) -> Self {
        Self {
            pool,
            word: Word::default(),
        }
    }

    /// The same pool as that person sees it; none: as the platform does.
    pub(crate) fn on_behalf_of(&self, viewer: Option<Uuid>) -> Self {
        Self {
            pool: self.pool.clone(),
            word: Word { viewer, ..self.word },
        }
    }

    /// The same pool, with an end to every statement.
    pub(crate) fn within(&self, statement: Duration) -> Self {
        Self {
            pool: self.pool.clone(),
            word: Word {
                statement: Some(statement),
                ..self.word
            },
        }
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
        self.told(self.pool.ping()).await
    }

    /// Ends all connections.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn close(self) -> Result<(), DbErr> {
        self.pool.close().await
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When there is no connection, or the database refuses.
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        self.told(self.pool.begin_with_options(options)).await
    }

    /// Reports every statement from now on, those of transactions included: for tests that count them.
    pub(crate) fn observe(&mut self, report: impl Fn(&str) + Send + Sync + 'static) {
        self.pool
            .set_metric_callback(move |info| report(&info.statement.sql));
    }

    /// Does something that takes connections, on this one's behalf.
    async fn told<T>(&self, work: impl Future<Output = T>) -> T {
        WORD.scope(self.word, work).await
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.told(self.pool.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.told(self.pool.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.told(self.pool.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.told(self.pool.query_all_raw(statement)).await
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
        .before_acquire(|connection, _| Box::pin(async move { tell(connection).await.map(|()| true) }))
        // A new connection is made in the task that waits for it, and goes to it without the other question.
        .after_connect(|connection, _| Box::pin(tell(connection)))
}

/// Tells a connection on whose behalf it works from now on, and how long. Two statements in one message: one round trip.
async fn tell(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let word = WORD.try_with(|word| *word).unwrap_or_default();
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
