//! One among several processes does what only one should do.
//!
//! On Postgres it is the one whose session holds an advisory lock; the server frees it the moment the process is gone. On
//! SQLite it is the one that holds the lock of a file in the home folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::workers::lock_key;
use crate::{Database, Error, Secret, Settings};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A claim to lead in one subject, to be renewed again and again.
#[derive(Debug)]
pub struct Leadership {
    subject: &'static str,
    seat: Seat,
}

#[derive(Debug)]
enum Seat {
    /// A connection of its own, for the lock lives as long as it does.
    Session {
        url: Secret,
        database: Option<Database>,
    },
    File {
        path: PathBuf,
        held: Option<File>,
    },
}

impl Leadership {
    /// Nobody leads yet. A subject is a plain word such as `scaling`.
    pub fn new(settings: &Settings, subject: &'static str) -> Self {
        let seat = match &settings.database {
            Some(url) => Seat::Session {
                url: url.clone(),
                database: None,
            },
            None => Seat::File {
                path: settings.home.join(format!("{subject}.lock")),
                held: None,
            },
        };
        Self { subject, seat }
    }

    /// True when this process leads, now. Ask before each thing that only a leader may do.
    ///
    /// # Errors
    /// When the database or the file cannot be asked: then it does not lead.
    pub async fn holds(&mut self) -> Result<bool, Error> {
        match &mut self.seat {
            Seat::Session { url, database } => {
                let key = lock_key(&format!("leader in {}", self.subject));
                // A session that is in doubt is given up, and the lock with it.
                let session = database.take();
                let asked = tokio::time::timeout(PATIENCE, ask(url, session, key)).await;
                let (session, is_held) =
                    asked.map_err(|_| Error::Conflict("the database does not answer".to_owned()))??;
                *database = Some(session);
                Ok(is_held)
            }
            Seat::File { held: Some(_), .. } => Ok(true),
            Seat::File { path, held } => {
                let file = OpenOptions::new()
                    .create(true)
                    .truncate(false)
                    .write(true)
                    .open(&*path);
                let file = file.map_err(|error| Error::file(path, error))?;
                match file.try_lock() {
                    Ok(()) => *held = Some(file),
                    Err(TryLockError::WouldBlock) => {}
                    Err(TryLockError::Error(error)) => return Err(Error::file(path, error)),
                }
                Ok(held.is_some())
            }
        }
    }
}

/// Takes the lock, or finds that this session has it already: a session may take it any number of times.
async fn ask(url: &Secret, session: Option<Database>, key: i64) -> Result<(Database, bool), Error> {
    let session = match session {
        Some(session) => session,
        None => Database::connect_with(url.expose(), 1).await?,
    };
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pg_try_advisory_lock($1) AS is_held",
        [key.into()],
    );
    let answer = session.connection().query_one_raw(statement).await?;
    let is_held = answer.map(|row| row.try_get("", "is_held")).transpose()?;
    Ok((session, is_held.unwrap_or(false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_of_two_leads_until_it_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let settings = Settings::new(home.path(), 1, 1 << 30);
        let mut first = Leadership::new(&settings, "scaling");
        let mut second = Leadership::new(&settings, "scaling");
        let mut other = Leadership::new(&settings, "something");
        assert!(first.holds().await.unwrap());
        assert!(!second.holds().await.unwrap());
        assert!(other.holds().await.unwrap());
        assert!(first.holds().await.unwrap());
        drop(first);
        assert!(second.holds().await.unwrap());
    }

    /// Runs where `AUTOML_TEST_POSTGRES` names a server.
    #[tokio::test]
    async fn one_of_two_sessions_leads() {
        let Ok(url) = std::env::var("AUTOML_TEST_POSTGRES") else {
            return;
        };
        let home = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(home.path(), 1, 1 << 30);
        settings.database = Some(Secret::new(url));
        let mut first = Leadership::new(&settings, "a test of leading");
        let mut second = Leadership::new(&settings, "a test of leading");
        for _ in 0..3 {
            assert!(first.holds().await.unwrap());
            assert!(!second.holds().await.unwrap());
        }
        drop(first);
        let mut tries = 0;
        while !second.holds().await.unwrap() {
            tries += 1;
            assert!(tries < 50, "nobody leads any more");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
