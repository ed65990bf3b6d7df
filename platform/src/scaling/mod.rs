//! Where workers come from when the queue grows: children of this process, jobs of AWS Batch, instances of an EC2 Auto Scaling
//! group. How many there should be is decided elsewhere; a fleet only counts, starts and lets go.
//!
//! Invariant: no fleet ends a worker that has a task. Children and Batch jobs end by themselves when they had nothing to do for
//! long enough; of a group only instances that are known to be idle are ended.

mod batch;
mod group;
mod local;

#[cfg(test)]
pub(crate) mod double;

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_batch::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, tls};
use entities::task::Queue;

use crate::clock::SetClock;
use crate::settings::{Place, Scaling};
use crate::{Error, Settings};

pub use batch::Batch;
pub use group::Group;
pub use local::Local;

/// How long a connection to AWS may take to open.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one try of a call may take.
const TRY: Duration = Duration::from_secs(10);
/// How long a whole call may take, with its retries.
const CALL: Duration = Duration::from_secs(25);

/// Workers that can be started and let go.
#[async_trait]
pub trait Fleet: Debug + Send + Sync {
    /// Workers of a queue that run or were started and are not there yet.
    ///
    /// # Errors
    /// `Fleet` when they cannot be counted.
    async fn size(&self, queue: Queue) -> Result<usize, Error>;

    /// Starts so many more. It does not wait for them.
    ///
    /// # Errors
    /// `Fleet` when not all could be started; some may have been.
    async fn grow(&self, queue: Queue, by: usize) -> Result<(), Error>;

    /// Lets go what is too much and has no task; what works stays.
    ///
    /// # Errors
    /// `Fleet` when it cannot be let go.
    async fn shrink(&self, queue: Queue, surplus: &Surplus) -> Result<(), Error>;

    /// Ends what cannot live without this process.
    async fn close(&self) {}
}

/// What is too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surplus {
    /// Workers that should remain.
    pub to: usize,
    /// Hosts of workers that have no task.
    pub idle_hosts: Vec<String>,
    /// True when no task waits or runs in the whole queue.
    pub is_quiet: bool,
}

/// How a worker process is started here.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub file: PathBuf,
    /// What precedes the arguments of the worker: its subcommand, its home folder.
    pub arguments: Vec<String>,
}

/// The fleet that the settings name, or none. `program` is what a local one starts. AWS is not asked yet.
pub async fn open(settings: &Settings, program: Program) -> Option<Arc<dyn Fleet>> {
    let scaling = settings.scaling.as_ref()?;
    let place = scaling
        .cpu
        .as_ref()
        .or(scaling.gpu.as_ref())
        .map(|scaled| &scaled.place);
    let defaults = aws_config::defaults(BehaviorVersion::latest());
    Some(match place? {
        Place::Local => Arc::new(Local::new(scaling.clone(), program)),
        Place::Batch { .. } => Arc::new(Batch::new(scaling.clone(), &configure(scaling, defaults).await)),
        Place::Group { .. } => Arc::new(Group::new(scaling.clone(), &configure(scaling, defaults).await)),
    })
}

/// The AWS chain with our HTTPS client and bounds of time: a server that does not know a call may never answer it.
async fn configure(scaling: &Scaling, loader: ConfigLoader) -> SdkConfig {
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(TRY)
        .operation_timeout(CALL)
        .build();
    let mut loader = loader
        .http_client(http)
        .timeout_config(timeouts)
        .time_source(SetClock);
    if let Some(region) = &scaling.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = &scaling.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}

/// An error of AWS in words: its code and message, or what kept the call from being answered.
fn refused<E, R>(call: &str, error: &SdkError<E, R>) -> Error
where
    SdkError<E, R>: ProvideErrorMetadata + std::error::Error,
{
    let words = match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => chain(error),
    };
    Error::Fleet(format!("{call}: {words}"))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}

/// The queue's name as the command line has it.
fn word(queue: Queue) -> &'static str {
    match queue {
        Queue::Cpu => "cpu",
        Queue::Gpu => "gpu",
    }
}

/// What tells a worker program to be one of a fleet. One that is `kept` does not end when it is idle.
fn worker_arguments(scaling: &Scaling, queue: Queue, kept: bool) -> Vec<String> {
    let mut arguments = vec!["--queue".to_owned(), word(queue).to_owned()];
    if let Some(scaled) = scaling.of(queue) {
        arguments.extend(["--slots".to_owned(), scaled.slots.to_string()]);
    }
    if !kept {
        let idle = scaling.idle.as_secs().to_string();
        arguments.extend(["--exit-when-idle".to_owned(), idle]);
    }
    arguments
}
