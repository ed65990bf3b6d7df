//! Connections that were told a moment ago on whose behalf they work, for single statements of the same person.
//!
//! Over the pool of sqlx alone a statement costs three round trips: the word, the statement, and a question on the way back whether
//! the connection is still alive. Who reads a page sends several statements at once, and then the next page: a connection that
//! has just been told the same word, and has answered since, needs neither. It is set aside here instead of going back.
//!
//! - A word holds for [`HOLDS`]. After that it is told again, which shows as well whether the connection is alive. A connection that
//!   dies meanwhile is found out by a read, which is then made again; what writes has the word told in any case.
//! - A connection is set aside only after an answer that was read to its end. Where a statement failed, or nobody waited for its
//!   answer, it goes back to the pool of sqlx, which puts it in order.
//! - What lies here is out of the pool. Transactions, which have connections of the pool, are let in first: while one waits, nothing
//!   is set aside. What nobody takes goes back by itself.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, PgConnection, PgPool, Postgres};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{WORD, Word, tell};

/// How long a connection is taken to be alive, and to know what it was told.
const HOLDS: Duration = Duration::from_millis(200);

/// A pool whose connections stay told for a moment.
#[derive(Debug)]
pub(super) struct ToldPool {
    pool: PgPool,
    shelf: Mutex<Shelf>,
    /// As many statements at once as the pool has connections, in the order in which they come.
    turns: Semaphore,
    /// Transactions that wait for a connection.
    waiting: AtomicUsize,
}

#[derive(Debug, Default)]
struct Shelf {
    all: Vec<Aside>,
    /// Whether somebody sends back what nobody takes.
    is_swept: bool,
}

#[derive(Debug)]
struct Aside {
    connection: PoolConnection<Postgres>,
    word: Word,
    since: Instant,
}

/// When a connection was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// For a statement before, a moment ago.
    Before,
    /// For this one.
    Now,
}

/// A connection for one statement.
pub(super) struct ToldConnection<'p> {
    pub(super) told: Told,
    /// Always there until it is set aside.
    aside: Option<Aside>,
    of: &'p Arc<ToldPool>,
    _turn: SemaphorePermit<'p>,
}

impl ToldPool {
    pub(super) fn new(pool: PgPool) -> Arc<Self> {
        let connections = pool.options().get_max_connections();
        Arc::new(Self {
            pool,
            shelf: Mutex::default(),
            turns: Semaphore::new(usize::try_from(connections).unwrap_or(usize::MAX >> 4)),
            waiting: AtomicUsize::new(0),
        })
    }

    /// A connection that was told the word: a moment ago, or, where it has to be alive, now.
    ///
    /// # Errors
    /// When none is free in time, or none can be made.
    pub(super) async fn take(self: &Arc<Self>, word: Word, told: Told) -> Result<ToldConnection<'_>, DbErr> {
        let patience = self.pool.options().get_acquire_timeout();
        let taken = tokio::time::timeout(patience, self.take_in_turn(word, told)).await;
        taken.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
    }

    async fn take_in_turn(self: &Arc<Self>, word: Word, told: Told) -> Result<ToldConnection<'_>, DbErr> {
        let turn = self.turns.acquire().await;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let ready = match told {
            Told::Before => self.ready(word),
            Told::Now => None,
        };
        let (aside, told) = match ready {
            Some(aside) => (aside, Told::Before),
            None => (self.tell_one(word).await?, Told::Now),
        };
        Ok(ToldConnection {
            told,
            aside: Some(aside),
            of: self,
            _turn: turn,
        })
    }

    /// One that was told the same word a moment ago.
    fn ready(&self, word: Word) -> Option<Aside> {
        let all = &mut self.shelf().all;
        let found = all.iter().position(|aside| aside.is_ready(word))?;
        Some(all.swap_remove(found))
    }

    /// The one that was told longest ago.
    fn oldest(&self) -> Option<Aside> {
        let all = &mut self.shelf().all;
        let (oldest, _) = all.iter().enumerate().min_by_key(|(_, aside)| aside.since)?;
        Some(all.swap_remove(oldest))
    }

    /// Another of those aside where the pool has none to give, or else one of the pool's, which tells it.
    async fn tell_one(&self, word: Word) -> Result<Aside, DbErr> {
        if let Some(mut aside) = self.is_exhausted().then(|| self.oldest()).flatten() {
            // What is dead is left to the pool, which makes another.
            if tell(&mut aside.connection, word).await.is_ok() {
                return Ok(Aside::new(aside.connection, word));
            }
            aside.connection.close_on_drop();
        }
        let taken = WORD.scope(word, self.pool.acquire()).await;
        Ok(Aside::new(taken.map_err(not_acquired)?, word))
    }

    /// Does something that takes a connection out of the pool itself, which is made to have one.
    pub(super) async fn let_in<T>(&self, work: impl Future<Output = T>) -> T {
        let _waiting = Waiting::new(&self.waiting);
        if self.is_exhausted() {
            drop(self.oldest());
        }
        work.await
    }

    /// One was found dead: the others are likely to be.
    pub(super) fn doubt(&self) {
        self.shelf().all.clear();
    }

    /// Nothing is set aside from now on.
    pub(super) fn close(&self) {
        self.turns.close();
        self.shelf().all.clear();
    }

    fn is_exhausted(&self) -> bool {
        self.pool.num_idle() == 0 && self.pool.size() >= self.pool.options().get_max_connections()
    }

    fn set_aside(self: &Arc<Self>, aside: Aside) {
        if self.waiting.load(Ordering::Acquire) > 0 || self.turns.is_closed() {
            return;
        }
        let mut shelf = self.shelf();
        shelf.all.push(aside);
        if !shelf.is_swept {
            shelf.is_swept = true;
            tokio::spawn(send_back(Arc::downgrade(self)));
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ToldPool {
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_err() {
            // The pool takes nothing back where no runtime is: the sockets are closed.
            for aside in self.shelf().all.drain(..) {
                drop(aside.connection.leak());
            }
        }
    }
}

/// Sends back what nobody has taken for a while, until nothing lies aside.
async fn send_back(pool: Weak<ToldPool>) {
    loop {
        tokio::time::sleep(HOLDS).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut shelf = pool.shelf();
        shelf.all.retain(|aside| aside.since.elapsed() <= HOLDS);
        shelf.is_swept = !shelf.all.is_empty();
        if !shelf.is_swept {
            return;
        }
    }
}

impl Aside {
    fn new(connection: PoolConnection<Postgres>, word: Word) -> Self {
        Self {
            connection,
            word,
            since: Instant::now(),
        }
    }

    fn is_ready(&self, word: Word) -> bool {
        self.word == word && self.since.elapsed() < HOLDS
    }
}

impl ToldConnection<'_> {
    /// The answer was read to its end: the connection is ready for the next statement.
    pub(super) fn set_aside(mut self) {
        if let Some(aside) = self.aside.take() {
            self.of.set_aside(aside);
        }
    }
}

impl Deref for ToldConnection<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        let aside = self.aside.as_ref();
        &aside.expect("it is there until it is set aside").connection
    }
}

impl DerefMut for ToldConnection<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        let aside = self.aside.as_mut();
        &mut aside.expect("it is there until it is set aside").connection
    }
}

/// Counts one that waits, until it is dropped.
struct Waiting<'c>(&'c AtomicUsize);

impl<'c> Waiting<'c> {
    fn new(count: &'c AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// As SeaORM has it.
fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
    }
}
