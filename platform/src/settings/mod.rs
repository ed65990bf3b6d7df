//! Settings of a server: typed, with defaults, overridden by `AUTOML_*`, checked before anything starts.

mod doors;
mod metrics;
mod oidc;
mod parse;
mod quotas;
mod scaling;
mod secret;
mod services;
mod sign_up;
mod traffic;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Database, Error};
use parse::{bytes, number};

pub use doors::{Documents, Doors, Statuses, document_hash};
pub use oidc::{Issuer, IssuerKind, IssuerSignUp};
pub use quotas::{Price, Quotas};
pub use scaling::{Place, Scaled, Scaling, Spot};
pub use secret::Secret;
pub use services::{S3, Ses};
pub use sign_up::SignUp;
pub use traffic::Traffic;

/// Looks a variable up.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Bytes of one GiB.
const GIB: u64 = 1 << 30;

/// Settings of a server. Defaults come from the machine; [`Settings::override_from`] reads the environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Folder of the database, the files and the scratch space. `AUTOML_HOME`.
    pub home: PathBuf,
    /// Address to listen on. `AUTOML_HOST`.
    pub host: String,
    /// Port to listen on; 0 takes a free one. `AUTOML_PORT`.
    pub port: u16,
    /// Largest upload in bytes. `AUTOML_UPLOAD_LIMIT`.
    pub upload_limit_bytes: u64,
    /// Tasks that run at the same time. `AUTOML_SLOTS`.
    pub slots: usize,
    /// Threads that all slots together compute on. `AUTOML_THREADS`.
    pub threads: usize,
    /// Bound of the resident memory of one trainer child. `AUTOML_MEMORY`.
    pub memory_bytes: u64,
    /// The onnxruntime library that checks exported models; none: models keep their ONNX file withheld. `AUTOML_ONNXRUNTIME`.
    pub onnxruntime: Option<PathBuf>,
    /// Disk for stored files that a worker keeps at hand, in bytes; used when they come from a bucket. `AUTOML_CACHE`.
    pub cache_bytes: u64,
    /// Disk that the files of one trainer child may take. `AUTOML_SCRATCH`.
    pub scratch_bytes: u64,
    /// How long a claim lasts without renewal. `AUTOML_LEASE_SECONDS`.
    pub lease: Duration,
    /// How often an idle worker looks for tasks that no doorbell announced. `AUTOML_POLL_SECONDS`.
    pub poll: Duration,
    /// Unfinished jobs that one user may have. `AUTOML_JOBS_PER_USER`.
    pub jobs_per_user: u32,
    /// Where people reach this server, for links in mails and for browsers; none: the address it listens on. `AUTOML_PUBLIC_URL`.
    pub public_url: Option<String>,
    /// Name of this platform in the tokens that it signs: what `AUTOML_PUBLIC_URL` says, else `automl`.
    pub issuer: String,
    /// Who may make an account. `AUTOML_SIGN_UP`.
    pub sign_up: SignUp,
    /// Proxies in front of this server that add to `X-Forwarded-For`; without any, the header is not read. `AUTOML_PROXIES`.
    pub proxies: usize,
    /// A Postgres server instead of a SQLite file. `AUTOML_DATABASE_URL`.
    pub database: Option<Secret>,
    /// Carries doorbell and events between processes; none: they stay inside one. `AUTOML_REDIS_URL`.
    pub redis: Option<Secret>,
    /// What every name in Redis begins with. `AUTOML_REDIS_PREFIX`.
    pub redis_prefix: String,
    /// Stored files in a bucket instead of a folder.
    pub s3: Option<S3>,
    /// Mail through SES instead of a folder.
    pub ses: Option<Ses>,
    /// Workers that come and go with the queue; none: they are started by hand.
    pub scaling: Option<Scaling>,
    /// Workers heed the notices of their EC2 instance.
    pub spot: Option<Spot>,
    /// Webhooks may lead to this machine and into private networks. `AUTOML_WEBHOOK_PRIVATE`.
    pub webhook_private: bool,
    /// What links are signed with, the same for all processes; none: a random one in the database. `AUTOML_SECRET`.
    pub secret: Option<Secret>,
    /// Lets the program in that collects the figures of `/metrics`; none: the machine itself may. `AUTOML_METRICS_TOKEN`.
    pub metrics_token: Option<Secret>,
    /// Issuers whose tokens are taken besides our own. `AUTOML_OIDC_…`.
    pub issuers: Vec<Issuer>,
    /// What one person may ask for in a while.
    pub traffic: Traffic,
    /// The doors of the GraphQL API.
    pub doors: Doors,
    /// What everybody may use, and what it costs. `AUTOML_QUOTA_…`, `AUTOML_PRICE_…`.
    pub quotas: Quotas,
}

impl Settings {
    /// The defaults for a machine with that many cores and that much memory.
    pub fn new(home: &Path, cores: usize, machine_memory_bytes: u64) -> Self {
        let threads = cores.max(1);
        // Two slots overlap one trial's sequential parts with another's work; many cores get one slot a four.
        let slots = (threads / 4).max(2).min(threads);
        Self {
            home: home.to_owned(),
            host: "127.0.0.1".to_owned(),
            port: 8080,
            upload_limit_bytes: 5 * GIB,
            slots,
            threads,
            memory_bytes: (machine_memory_bytes / 4 * 3 / slots as u64).clamp(GIB, 64 * GIB),
            onnxruntime: None,
            cache_bytes: 10 * GIB,
            scratch_bytes: 64 * GIB,
            // With one look of the reconciler, a vanished machine is missed within 15 s.
            lease: Duration::from_secs(14),
            poll: Duration::from_secs(1),
            jobs_per_user: 100,
            public_url: None,
            issuer: "automl".to_owned(),
            sign_up: SignUp::Closed,
            proxies: 0,
            database: None,
            redis: None,
            redis_prefix: "automl".to_owned(),
            s3: None,
            ses: None,
            scaling: None,
            spot: None,
            webhook_private: false,
            secret: None,
            metrics_token: None,
            issuers: Vec::new(),
            traffic: Traffic::default(),
            doors: Doors::default(),
            quotas: Quotas::default(),
        }
    }

    /// Overrides from variables: `AUTOML_PORT=9000`, `AUTOML_MEMORY=4GiB` and so on.
    ///
    /// # Errors
    /// `Settings` naming the variable whose value cannot be read.
    pub fn override_from(&mut self, variable: Variables<'_>) -> Result<(), Error> {
        if let Some(value) = variable("AUTOML_HOME") {
            self.home = PathBuf::from(value);
        }
        if let Some(value) = variable("AUTOML_HOST") {
            self.host = value;
        }
        if let Some(value) = variable("AUTOML_PORT") {
            self.port = number("AUTOML_PORT", &value)?;
        }
        if let Some(value) = variable("AUTOML_UPLOAD_LIMIT") {
            self.upload_limit_bytes = bytes("AUTOML_UPLOAD_LIMIT", &value)?;
        }
        if let Some(value) = variable("AUTOML_SLOTS") {
            self.slots = number("AUTOML_SLOTS", &value)?;
        }
        if let Some(value) = variable("AUTOML_THREADS") {
            self.threads = number("AUTOML_THREADS", &value)?;
        }
        if let Some(value) = variable("AUTOML_MEMORY") {
            self.memory_bytes = bytes("AUTOML_MEMORY", &value)?;
        }
        if let Some(value) = variable("AUTOML_ONNXRUNTIME") {
            self.onnxruntime = Some(PathBuf::from(value));
        }
        if let Some(value) = variable("AUTOML_CACHE") {
            self.cache_bytes = bytes("AUTOML_CACHE", &value)?;
        }
        if let Some(value) = variable("AUTOML_SCRATCH") {
            self.scratch_bytes = bytes("AUTOML_SCRATCH", &value)?;
        }
        if let Some(value) = variable("AUTOML_LEASE_SECONDS") {
            self.lease = Duration::from_secs(number("AUTOML_LEASE_SECONDS", &value)?);
        }
        if let Some(value) = variable("AUTOML_POLL_SECONDS") {
            self.poll = Duration::from_secs(number("AUTOML_POLL_SECONDS", &value)?);
        }
        if let Some(value) = variable("AUTOML_JOBS_PER_USER") {
            self.jobs_per_user = number("AUTOML_JOBS_PER_USER", &value)?;
        }
        if let Some(value) = variable("AUTOML_PUBLIC_URL") {
            self.issuer = value.trim_end_matches('/').to_owned();
            self.public_url = Some(self.issuer.clone());
        }
        if let Some(value) = variable("AUTOML_SIGN_UP") {
            self.sign_up = SignUp::parse("AUTOML_SIGN_UP", &value)?;
        }
        if let Some(value) = variable("AUTOML_PROXIES") {
            self.proxies = number("AUTOML_PROXIES", &value)?;
        }
        self.database = services::database_url(variable)?;
        self.redis = services::redis_url(variable)?;
        if let Some(value) = variable("AUTOML_REDIS_PREFIX") {
            self.redis_prefix = value;
        }
        self.s3 = S3::read(variable)?;
        self.ses = Ses::read(variable)?;
        self.scaling = Scaling::read(variable)?;
        self.spot = Spot::read(variable)?;
        self.webhook_private = services::webhook_private(variable)?;
        self.secret = services::secret(variable)?;
        self.metrics_token = metrics::token(variable)?;
        self.issuers = oidc::read(variable)?;
        self.traffic.override_from(variable)?;
        self.doors = Doors::read(variable)?;
        self.quotas = Quotas::read(variable)?;
        Ok(())
    }

    /// Checks that the values can be used together.
    ///
    /// # Errors
    /// `Settings` saying which one cannot, and what is allowed.
    pub fn validate(&self) -> Result<(), Error> {
        self.traffic.validate()?;
        let refuse = |message: String| Err(Error::Settings(message));
        if self.slots == 0 || self.slots > 256 {
            return refuse(format!("slots is {}; it must be 1 to 256", self.slots));
        }
        if self.threads == 0 || self.threads > 1024 {
            return refuse(format!("threads is {}; it must be 1 to 1024", self.threads));
        }
        if self.memory_bytes < 256 << 20 {
            return refuse(format!(
                "memory is {} bytes; it must be 256 MiB at least",
                self.memory_bytes
            ));
        }
        if self.scratch_bytes < 16 << 20 {
            return refuse(format!(
                "the scratch space is {} bytes; it must be 16 MiB at least",
                self.scratch_bytes
            ));
        }
        if self.upload_limit_bytes == 0 {
            return refuse("the upload limit is 0; it must be 1 byte at least".to_owned());
        }
        if self.jobs_per_user == 0 {
            return refuse("the jobs per user are 0; they must be 1 at least".to_owned());
        }
        if self.lease < Duration::from_secs(3) || self.lease > Duration::from_secs(600) {
            return refuse(format!(
                "the lease is {:?}; it must be 3 to 600 seconds",
                self.lease
            ));
        }
        if self.poll.is_zero() || self.poll > Duration::from_secs(60) {
            return refuse(format!(
                "the poll interval is {:?}; it must be 1 to 60 seconds",
                self.poll
            ));
        }
        if self.proxies > 8 {
            return refuse(format!("the proxies are {}; they must be 0 to 8", self.proxies));
        }
        let is_remote = self.scaling.as_ref().is_some_and(|scaling| !scaling.is_local());
        if is_remote && self.database.is_none() {
            return refuse(
                "AUTOML_SCALING is batch or group, but workers elsewhere cannot reach a database in a file: set AUTOML_DATABASE_URL"
                    .to_owned(),
            );
        }
        let public_url = self.public_url.as_deref().unwrap_or_default();
        if self.issuers.iter().any(|issuer| issuer.issuer == public_url) {
            return refuse(
                "AUTOML_OIDC_ISSUER is AUTOML_PUBLIC_URL: this server is its own issuer already".to_owned(),
            );
        }
        Ok(())
    }

    /// Threads of one trial.
    pub fn threads_per_slot(&self) -> usize {
        (self.threads / self.slots).max(1)
    }

    /// URL of the database.
    pub fn database_url(&self) -> Secret {
        let file = || Secret::new(Database::sqlite_url(&self.home.join("automl.db")));
        self.database.clone().unwrap_or_else(file)
    }

    /// Folder of unfinished uploads.
    pub fn uploads(&self) -> PathBuf {
        self.home.join("uploads")
    }

    /// Folder of stored files.
    pub fn artifacts(&self) -> PathBuf {
        self.home.join("artifacts")
    }

    /// Folder of the stored files that a worker keeps at hand.
    pub fn cache(&self) -> PathBuf {
        self.home.join("cache")
    }

    /// Folder of the trainer children's working files.
    pub fn scratch(&self) -> PathBuf {
        self.home.join("scratch")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &'static str) -> Result<Settings, Error> {
        let mut settings = Settings::new(Path::new("/h"), 8, 32 * GIB);
        settings.override_from(&|asked| (asked == name).then(|| value.to_owned()))?;
        settings.validate()?;
        Ok(settings)
    }

    #[test]
    fn defaults_follow_the_machine() {
        let settings = Settings::new(Path::new("/h"), 8, 32 * GIB);
        assert_eq!((settings.slots, settings.threads_per_slot()), (2, 4));
        assert_eq!(settings.memory_bytes, 12 * GIB);
        let small = Settings::new(Path::new("/h"), 1, GIB);
        assert_eq!(
            (small.slots, small.threads_per_slot(), small.memory_bytes),
            (1, 1, GIB)
        );
        small.validate().unwrap();
    }

    #[test]
    fn variables_override_and_are_checked() {
        assert_eq!(with("AUTOML_PORT", "9000").unwrap().port, 9000);
        assert_eq!(with("AUTOML_MEMORY", "4GiB").unwrap().memory_bytes, 4 * GIB);
        assert_eq!(
            with("AUTOML_UPLOAD_LIMIT", "10 MB").unwrap().upload_limit_bytes,
            10_000_000
        );
        for (name, value) in [
            ("AUTOML_PORT", "70000"),
            ("AUTOML_PORT", "x"),
            ("AUTOML_SLOTS", "0"),
            ("AUTOML_MEMORY", "4 apples"),
            ("AUTOML_MEMORY", "GiB"),
            ("AUTOML_MEMORY", "99999999999999999999"),
            ("AUTOML_MEMORY", "1MiB"),
            ("AUTOML_LEASE_SECONDS", "1"),
            ("AUTOML_JOBS_PER_USER", "0"),
            ("AUTOML_SIGN_UP", "everybody"),
            ("AUTOML_PROXIES", "-1"),
            ("AUTOML_PROXIES", "9"),
            ("AUTOML_DATABASE_URL", "mysql://ada:hunter2@db/automl"),
            ("AUTOML_REDIS_URL", "127.0.0.1:6379"),
            ("AUTOML_SES_FROM", "nobody"),
            ("AUTOML_WEBHOOK_PRIVATE", "true"),
            ("AUTOML_SECRET", "hunter2"),
            ("AUTOML_METRICS_TOKEN", "hunter2"),
            ("AUTOML_METRICS_TOKEN", "hunter2 hunter2 hunter2"),
        ] {
            let refused = with(name, value);
            let Err(Error::Settings(message)) = refused else {
                panic!("{name}={value} gives {refused:?}");
            };
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
