//! A pool of connections as somebody sees it: with Postgres, the second wall between people.
//!
//! Every connection that is taken out of the pool is told on whose behalf, before anything else is sent on it; the policies of
//! the tables read it (`migration::row_security`). Nothing is undone when a connection goes back: whatever became of the request
//! that had it, finished, failed or dropped in the middle, the next one is told anew. That word takes the place of the question
//! whether the connection is still alive, so it costs no round trip.

use std::future::Future;

use async_trait::async_trait;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, PgConnection, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    IntoDatabaseExecutor, QueryResult, Statement, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

tokio::task_local! {
    /// On whose behalf the connection is taken that is being taken at this moment; none: on the platform's own.
    static ON_BEHALF: Option<Uuid>;
}

/// A pool of connections as somebody sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connection {
    pool: DatabaseConnection,
    viewer: Option<Uuid>,
}

impl Connection {
    /// The pool as the platform itself sees it: everything.
    pub(crate) fn new(pool: DatabaseConnection) -> Self {
        Self { pool, viewer: None }
    }

    /// The same pool as that person sees it; none: as the platform does.
    pub(crate) fn on_behalf_of(&self, viewer: Option<Uuid>) -> Self {
        Self {
            pool: self.pool.clone(),
            viewer,
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
        ON_BEHALF.scope(self.viewer, work).await
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

/// Tells a connection on whose behalf it works from now on.
async fn tell(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let viewer = ON_BEHALF.try_with(|viewer| *viewer).ok().flatten();
    let word = match viewer {
        // Digits and dashes only: nothing to quote.
        Some(viewer) => format!("SET app.user_id = '{viewer}'"),
        None => "SET app.user_id = ''".to_owned(),
    };
    connection.execute(AssertSqlSafe(word)).await?;
    Ok(())
}
