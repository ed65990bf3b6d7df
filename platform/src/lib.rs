//! The outside world that api and worker share, each part behind one small trait, and the task queue on the database.
//!
//! Invariants: the database is the truth, the doorbell only says "look"; events are published after their commit; no key of an
//! artifact is made outside [`artifacts`]; nothing here knows what a model is.

pub mod accounts;
pub mod artifacts;
pub mod changes;
pub mod database;
pub mod datasets;
pub mod doorbell;
pub mod events;
pub mod home;
pub mod jobs;
pub mod secrets;
pub mod settings;
pub mod tasks;
pub mod uploads;

mod error;
#[cfg(test)]
mod jobs_tests;
#[cfg(test)]
mod uploads_tests;

use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

pub use artifacts::Artifacts;
pub use changes::Changes;
pub use database::Database;
pub use doorbell::Doorbell;
pub use error::Error;
pub use events::Events;
pub use settings::{Secret, Settings};

/// Everything outside this process and this request, built once in main. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Platform {
    /// Validated settings.
    pub settings: Arc<Settings>,
    /// The truth.
    pub database: Database,
    /// Stored files.
    pub artifacts: Arc<dyn Artifacts>,
    /// Wakes workers.
    pub doorbell: Arc<dyn Doorbell>,
    /// Tells subscribers that a row changed.
    pub events: Arc<dyn Events>,
}

impl Platform {
    /// Opens the embedded form: SQLite, files, in-process doorbell and events, all under `settings.home`.
    /// The schema is the caller's: run `migration::Migrator::up` on `database.connection()` next.
    ///
    /// # Errors
    /// When the folder or the database cannot be opened.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        settings.validate()?;
        for folder in [settings.uploads(), settings.artifacts(), settings.scratch()] {
            tokio::fs::create_dir_all(&folder)
                .await
                .map_err(|error| Error::file(&folder, error))?;
        }
        home::make_private(&settings.home).await?;
        let database = Database::connect(settings.database_url().expose()).await?;
        let artifacts = artifacts::open(&settings).await?;
        Ok(Self {
            settings: Arc::new(settings),
            database,
            artifacts,
            doorbell: Arc::new(doorbell::InProcess::default()),
            events: Arc::new(events::InProcess::default()),
        })
    }

    /// Where the bytes of an unfinished upload are kept.
    pub fn upload_path(&self, upload: Uuid) -> PathBuf {
        self.settings.uploads().join(upload.simple().to_string())
    }

    /// Publishes what a committed transaction changed, and wakes workers when it made tasks.
    pub fn announce(&self, changes: Changes) {
        changes.announce(self.events.as_ref(), self.doorbell.as_ref());
    }
}
