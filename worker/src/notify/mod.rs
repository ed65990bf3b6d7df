//! Tells people that their job has ended: at most once a job, kind, channel and recipient.
//!
//! The rows that say who is told are written in the transaction that ends the job ([`queue`]); each channel has a loop in
//! every pool that sends what waits. What a row tells is what was true at the job's end; later changes send nothing. Webhooks
//! have rows of their own: their owner may have several, and each end of a job is told to them.

mod facts;
pub mod mail;
mod pace;
mod step;
pub mod webhook;

use std::fmt;

use async_trait::async_trait;
use entities::mail::{Channel as Name, Column, Entity, Kind, Model, State};
use entities::{job, user};
use platform::database::now;
use platform::{Error, Platform};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use tokio::sync::watch;
use uuid::Uuid;

pub use facts::Facts;
pub use step::settled;

/// Every channel. A new one is a file and a line here.
pub const CHANNELS: &[&dyn Channel] = &[&mail::ByMail];

/// Whom a channel tells.
#[derive(Clone, PartialEq, Eq)]
pub enum Addressee {
    /// This recipient.
    Send(String),
    /// Nobody, for this reason.
    Skip(&'static str),
}

impl fmt::Debug for Addressee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(_) => formatter.write_str("Send(…)"),
            Self::Skip(reason) => write!(formatter, "Skip({reason})"),
        }
    }
}

/// A way to tell people something.
#[async_trait]
pub trait Channel: Sync {
    /// Which.
    fn name(&self) -> Name;

    /// Whom it tells of this kind of end, as the person's preferences are.
    fn addressee(&self, user: &user::Model, kind: Kind) -> Addressee;

    /// Sends what waits until `shutdown` turns true.
    async fn run(&self, platform: Platform, worker: String, shutdown: watch::Receiver<bool>);
}

/// Writes who is to be told that this job has ended, in the transaction that ends it. A job that did not end, or that ends so
/// again, adds nothing. The caller announces the job.
///
/// # Errors
/// When the database refuses.
pub async fn queue(transaction: &impl ConnectionTrait, job: &job::Model) -> Result<(), Error> {
    let Some(kind) = Kind::of(job.state) else {
        return Ok(());
    };
    let Some(user) = user::Entity::find_by_id(job.user_id).one(transaction).await? else {
        return Ok(());
    };
    let facts = Facts::gather(transaction, job, &user).await?;
    for channel in CHANNELS {
        let addressee = channel.addressee(&user, kind);
        insert(transaction, job, kind, channel.name(), addressee, &facts).await?;
    }
    webhook::queue(transaction, job, &facts).await?;
    step::show(transaction, job.id, kind).await
}

/// Writes a row of the outbox, unless the same is there already.
async fn insert(
    transaction: &impl ConnectionTrait,
    job: &job::Model,
    kind: Kind,
    channel: Name,
    addressee: Addressee,
    facts: &Facts,
) -> Result<(), Error> {
    let row = queued(job, kind, channel, addressee, facts)?;
    let unless_there = OnConflict::columns([Column::JobId, Column::Kind, Column::Channel, Column::Recipient])
        .do_nothing()
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(unless_there)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

fn queued(
    job: &job::Model,
    kind: Kind,
    channel: Name,
    addressee: Addressee,
    facts: &Facts,
) -> Result<Model, Error> {
    let (recipient, state, error) = match addressee {
        Addressee::Send(recipient) => (recipient, State::Queued, None),
        Addressee::Skip(reason) => (String::new(), State::Skipped, Some(reason.to_owned())),
    };
    Ok(Model {
        job_id: Some(job.id),
        channel,
        facts: serde_json::to_value(facts).map_err(|error| Error::Conflict(error.to_string()))?,
        state,
        error,
        ..Model::queued(Uuid::now_v7(), job.user_id, kind, recipient, now())
    })
}
