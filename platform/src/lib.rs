//! The outside world that api and worker share, each part behind one small trait, and the task queue on the database.
//!
//! Invariants: the database is the truth, the doorbell only says "look"; events are published after their commit; no key of an
//! artifact is made outside [`artifacts`]; nothing here knows what a model is.

pub mod accounts;
pub mod administration;
pub mod allowance;
pub mod artifacts;
pub mod audit;
pub mod backup;
pub mod batch_predictions;
pub mod census;
pub mod changes;
pub mod clock;
pub mod connection;
pub mod database;
pub mod datasets;
pub mod default_data;
pub mod deployment;
pub mod doorbell;
pub mod estimate;
pub mod events;
pub mod home;
pub mod idempotency;
pub mod identities;
pub mod import_v1;
pub mod inventory;
pub mod jobs;
pub mod leadership;
pub mod lifeline;
pub mod links;
pub mod mail;
pub mod pages;
pub mod quotas;
pub mod registry;
pub mod scaling;
pub mod secrets;
pub mod settings;
pub mod spot;
pub mod tasks;
pub mod trace;
pub mod uploads;
pub mod webhooks;
pub mod workers;

pub mod error;
#[cfg(test)]
mod jobs_tests;
mod link;
mod notices;
#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod test_database;
mod tls;
#[cfg(test)]
mod uploads_tests;

use std::path::PathBuf;
use std::sync::Arc;

use entities::Viewer;
use uuid::Uuid;

pub use allowance::Allowances;
use audit::{Actor, By};

pub use artifacts::Artifacts;
pub use changes::Changes;
pub use database::Database;
pub use doorbell::Doorbell;
pub use error::Error;
pub use events::Events;
pub use leadership::Leadership;
pub use lifeline::Lifeline;
pub use mail::Mail;
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
    /// Sends mail.
    pub mail: Arc<dyn Mail>,
    /// How much everybody may still ask for.
    pub allowances: Arc<Allowances>,
    /// Who asks for what is done with it: the audit log says so.
    pub by: By,
}

impl Platform {
    /// Opens what the settings name: Postgres or a SQLite file, Redis or not, everything else under
    /// `settings.home`. Redis may be away; the database may not. The schema is the caller's: run `migration::Migrator::up` on `database.connection()` next.
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
        let link = match &settings.redis {
            Some(url) => Some(link::Link::new(url, &settings.redis_prefix)?),
            None => None,
        };
        let allowances = match &link {
            Some(link) => Allowances::over(link.clone(), &settings.traffic),
            None => Allowances::in_process(&settings.traffic),
        };
        let (doorbell, events) = signals(&settings, &database, link)?;
        let mail = mail::open(&settings).await?;
        Ok(Self {
            settings: Arc::new(settings),
            database,
            artifacts,
            doorbell,
            events,
            mail,
            allowances: Arc::new(allowances),
            by: By::new(Actor::Platform),
        })
    }

    /// The same platform, for a change that is asked for so.
    #[must_use]
    pub fn asked(&self, by: By) -> Self {
        Self { by, ..self.clone() }
    }

    /// The same platform with the database as that person sees it: what is done for somebody is done through it.
    #[must_use]
    pub fn for_viewer(&self, viewer: Viewer) -> Self {
        Self {
            database: self.database.for_viewer(viewer.user_id),
            by: self.by.person(viewer.user_id),
            ..self.clone()
        }
    }

    /// The same platform with everybody's rows, whoever asks. For what administrators do, after it is known that they are
    /// administrators; and for nothing else that answers a person. Who asks for it is the same.
    #[must_use]
    pub fn as_admin(&self) -> Self {
        Self {
            database: self.database.for_everybody(),
            ..self.clone()
        }
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

/// What carries rings, and what carries events.
type Signals = (Arc<dyn Doorbell>, Arc<dyn Events>);

/// Between processes: over Redis, over Postgres where Redis is away or not there; a file of a database has one process.
fn signals(settings: &Settings, database: &Database, link: Option<link::Link>) -> Result<Signals, Error> {
    let notices = match &settings.database {
        Some(url) => Some(Arc::new(notices::Notices::listen(url)?)),
        None => None,
    };
    let carriers = events::Carriers {
        redis: link.clone(),
        postgres: notices.clone().map(|notices| (database.clone(), notices)),
    };
    let local = Arc::new(doorbell::InProcess::default());
    let redis = link.map(|link| doorbell::Redis::new(database.clone(), link, Arc::clone(&local)));
    let doorbell: Arc<dyn Doorbell> = match (redis, notices) {
        (None, None) => local,
        (Some(first), None) => Arc::new(first),
        (None, Some(notices)) => Arc::new(doorbell::Second::alone(notices)),
        (Some(first), Some(notices)) => Arc::new(doorbell::Second::behind(Arc::new(first), local, notices)),
    };
    Ok((doorbell, Arc::new(events::Carried::new(carriers))))
}
