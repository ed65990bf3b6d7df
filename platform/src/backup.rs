//! A back-up of the embedded form while its server runs: a folder to start another server with.
//!
//! Files are stored before a row names them, and removed after the last row that did is gone; none is ever changed. So most of
//! them are copied first, then the database is as it is at one moment, then what has come in between. What a row of that moment
//! names was there at that moment: it has one of the two copies, unless it came and went meanwhile. That is looked for in the
//! end, and if it has happened, the database is taken once more.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use entities::upload;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter, Statement,
};
use uuid::Uuid;

use crate::artifacts::folder::Folder;
use crate::database::now;
use crate::inventory::{self, Inventory};
use crate::{Database, Error, Platform, home};

/// Tries to find the database and the files at one moment.
const TRIES: u32 = 5;
/// Folders in folders of stored files.
const DEEPEST: usize = 16;

/// What was backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Files that the database names.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The moment of the database.
    pub at: DateTime<Utc>,
}

/// Copies the database and the stored files into a new folder, which appears when it is whole. Uploads that are not complete
/// stay behind: there, they have expired.
///
/// # Errors
/// `Conflict`, for people, when the database or the files are elsewhere, when the folder is there already or lies inside the
/// home, or when files come and go too fast; `File` when something cannot be copied.
pub async fn take(platform: &Platform, to: &Path) -> Result<Backup, Error> {
    let settings = &platform.settings;
    if settings.database.is_some() || settings.s3.is_some() {
        return Err(Error::Conflict(
            "this is for a server with all in its home folder; for Postgres and a bucket see docs/operations.md, \"Backing up\""
                .to_owned(),
        ));
    }
    let target = Target::new(&settings.home, to)?;
    fs::create_dir(&target.beside).map_err(|error| Error::file(&target.beside, error))?;
    let taken = fill(platform, &target.beside).await;
    let moved = match taken {
        Ok(backup) => target.show().map(|()| backup),
        Err(error) => Err(error),
    };
    if moved.is_err() {
        // A left-over costs space only.
        let _ = fs::remove_dir_all(&target.beside);
    }
    moved
}

/// Where the back-up will be, and the folder beside it in which it is made.
struct Target {
    to: PathBuf,
    beside: PathBuf,
}

impl Target {
    fn new(home: &Path, to: &Path) -> Result<Self, Error> {
        let name = to
            .file_name()
            .ok_or_else(|| Error::Conflict(format!("{} is no name for a new folder", to.display())))?;
        let parent = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let parent = parent
            .canonicalize()
            .map_err(|error| Error::file(parent, error))?;
        let to = parent.join(name);
        if fs::symlink_metadata(&to).is_ok() {
            return Err(Error::Conflict(format!(
                "{} is there already: name a new folder",
                to.display()
            )));
        }
        if to.starts_with(home) {
            return Err(Error::Conflict(format!(
                "{} lies in the home folder itself: name a folder elsewhere, best on another disk",
                to.display()
            )));
        }
        let beside = parent.join(format!(".automl-backup-{}", Uuid::new_v4().simple()));
        Ok(Self { to, beside })
    }

    /// Gives the whole its name.
    fn show(&self) -> Result<(), Error> {
        let failed = |error| Error::file(&self.to, error);
        if fs::symlink_metadata(&self.to).is_ok() {
            return Err(failed(io::ErrorKind::AlreadyExists.into()));
        }
        fs::rename(&self.beside, &self.to).map_err(failed)?;
        let parent = self.to.parent().unwrap_or(Path::new("/"));
        File::open(parent)
            .and_then(|parent| parent.sync_all())
            .map_err(failed)
    }
}

async fn fill(platform: &Platform, folder: &Path) -> Result<Backup, Error> {
    home::make_private(folder).await?;
    let (from, to) = (platform.settings.artifacts(), folder.join("artifacts"));
    let database = folder.join("automl.db");
    copy_new(&from, &to).await?;
    let mut wrong = Inventory::default();
    for _ in 0..TRIES {
        remove_if_there(&database)?;
        let at = now();
        snapshot(&platform.database, &database).await?;
        copy_new(&from, &to).await?;
        let copied = open(&database).await?;
        let looked = look(&copied, &to).await;
        copied.close().await?;
        wrong = looked?;
        if wrong.wrong_count == 0 {
            File::open(&database)
                .and_then(|file| file.sync_all())
                .map_err(|error| Error::file(&database, error))?;
            return Ok(Backup {
                files: wrong.files,
                bytes: wrong.bytes,
                at,
            });
        }
    }
    let first = wrong
        .wrong
        .first()
        .map(|file| format!("{} {}", file.key, file.what));
    Err(Error::Conflict(format!(
        "{} of {} files are not as the database says: {}, for example. Either they go faster than they are copied, then try again, or \
         they are gone: `automl admin files verify`",
        wrong.wrong_count,
        wrong.files,
        first.unwrap_or_default()
    )))
}

/// The whole database as it is at this moment, in a new file. Nobody waits for it.
async fn snapshot(database: &Database, to: &Path) -> Result<(), Error> {
    let path = to
        .to_str()
        .ok_or_else(|| Error::Conflict(format!("{} is not UTF-8", to.display())))?;
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()]);
    database.connection().execute_raw(statement).await?;
    Ok(())
}

/// The copied database, in one file and not in three.
async fn open(file: &Path) -> Result<DatabaseConnection, Error> {
    let mut options = sea_orm::ConnectOptions::new(Database::sqlite_url(file));
    options.max_connections(1).sqlx_logging(false);
    Ok(sea_orm::Database::connect(options).await?)
}

async fn look(copied: &DatabaseConnection, files: &Path) -> Result<Inventory, Error> {
    upload::Entity::update_many()
        .col_expr(upload::Column::ExpiresAt, Expr::value(now()))
        .filter(upload::Column::State.eq(upload::State::Open))
        .exec(copied)
        .await?;
    inventory::of(copied, &Folder::new(files.to_owned())).await
}

fn remove_if_there(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(file, error)),
        _ => Ok(()),
    }
}

/// Copies the files that are not there yet.
async fn copy_new(from: &Path, to: &Path) -> Result<(), Error> {
    let (source, target) = (from.to_owned(), to.to_owned());
    let copied = tokio::task::spawn_blocking(move || copy_below(&source, &target, DEEPEST)).await;
    copied.unwrap_or_else(|error| Err(Error::file(to, io::Error::other(error))))
}

fn copy_below(from: &Path, to: &Path, depth: usize) -> Result<(), Error> {
    let there = |error: &io::Error| error.kind() != io::ErrorKind::NotFound;
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        // It was removed since it was listed.
        Err(error) if !there(&error) => return Ok(()),
        Err(error) => return Err(Error::file(from, error)),
    };
    fs::create_dir_all(to).map_err(|error| Error::file(to, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::file(from, error))?;
        let name = entry.file_name();
        // What is being written: it gets another name when it is whole.
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let (source, target) = (entry.path(), to.join(&name));
        let kind = entry.file_type().map_err(|error| Error::file(&source, error))?;
        if kind.is_dir() && depth > 0 {
            copy_below(&source, &target, depth - 1)?;
        } else if kind.is_file() && !target.exists() {
            match copy_file(&source, &target) {
                Err(error) if there(&error) || source.exists() => return Err(Error::file(&source, error)),
                _ => {}
            }
        }
    }
    Ok(())
}

fn copy_file(source: &Path, target: &Path) -> io::Result<()> {
    fs::copy(source, target)?;
    File::open(target)?.sync_all()
}

#[cfg(test)]
mod tests;
