//! The one error of this crate.

use std::io;
use std::path::{Path, PathBuf};

use sea_orm::DbErr;

/// What went wrong outside.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or is gone.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// Redis did not hear; nothing is lost by that.
    #[error("Redis: {0}")]
    Redis(String),
    /// Workers cannot be counted, started or let go.
    #[error("the pool cannot be scaled: {0}")]
    Fleet(String),
    /// A file or folder cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A stored file is not there, or its key is not one.
    #[error("no stored file {0}")]
    NoArtifact(String),
    /// The store of files cannot be reached or refused; trying again may help.
    #[error("the store of files: {0}")]
    Store(String),
    /// A stored file is not what was stored; trying again does not help.
    #[error("a stored file is damaged: {0}")]
    Corrupt(String),
    /// A setting cannot be used; the message says which, and what is allowed.
    #[error("{0}")]
    Settings(String),
    /// The caller's lease was lost to somebody else: stop, write nothing.
    #[error("the lease of this task was lost")]
    Lost,
    /// The change is not legal in the present state; the message is for people.
    #[error("{0}")]
    Conflict(String),
    /// The user has as many unfinished jobs as one may have.
    #[error(
        "the queue is full: this would be unfinished job number {position}, and {limit} are allowed; wait until one is over"
    )]
    QueueFull {
        /// The place that the job would have among the user's unfinished ones.
        position: u64,
        /// How many there may be.
        limit: u64,
    },
    /// A quota of the user is used up, or too small for this; the message says which one, and when there is room again.
    #[error("{0}")]
    QuotaExceeded(String),
    /// An administrator does not do this to their own account; the message is for people.
    #[error("{0}")]
    OwnAccount(String),
    /// Whoever asks is no administrator (any more).
    #[error("this is for administrators")]
    NotAdministrator,
    /// Too much of it goes on at the moment; nothing was done.
    #[error("too much of this goes on at the moment")]
    Busy,
    /// The client used an idempotency key again for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The row does not exist (any more).
    #[error("it does not exist any more")]
    Gone,
}

/// What a person is told of work that failed for want of disk space, whichever machine it was.
pub const DISK_FULL: &str = "DISK_FULL: the disk of a worker is full; make room there, then try again";

/// True for the ways in which a file system says that it is full, a quota included.
pub fn is_out_of_space(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// True when the database has no disk space left; neither driver has a type for it.
pub fn is_database_full(error: &DbErr) -> bool {
    let words = error.to_string();
    words.contains("No space left on device") || words.contains("database or disk is full")
}

impl Error {
    /// True when a disk is full: this machine's, or the database's.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::File { source, .. } => is_out_of_space(source),
            Self::Database(error) => is_database_full(error),
            _ => false,
        }
    }

    /// A file error with its path.
    pub fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }
}
