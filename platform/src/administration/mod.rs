//! What administrators do: with people, with the queue and its workers, with everybody's jobs. Each is one transaction that
//! knows its actor for an administrator, and records who did it and why before it commits.

mod people;
mod queue;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use entities::user;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::audit::{Action, Actor, Entry, Origin};
use crate::{Error, Platform};

pub use people::{Ended, OwnQuotas, restore, revoke_sessions, set_quotas, set_role, suspend};
pub use queue::{Paused, Purge, cancel_job, drain, pause, purge_dead, requeue, resume};

/// Who does something as an administrator, why, and from where.
#[derive(Clone, Debug)]
pub struct Warrant {
    /// The administrator.
    pub actor: Uuid,
    /// In their words.
    pub reason: String,
    /// Where it was asked for.
    pub origin: Origin,
    /// When.
    pub at: DateTime<Utc>,
}

impl Warrant {
    /// What is recorded of it.
    fn entry(&self, action: Action) -> Entry {
        Entry::new(Actor::User(self.actor), action, self.origin, self.at).because(&self.reason)
    }
}

/// Begins a transaction of somebody who is an administrator at this moment: their token may be from before they were none.
async fn begin(platform: &Platform, warrant: &Warrant) -> Result<DatabaseTransaction, Error> {
    let transaction = platform.database.begin().await?;
    let actor = user::Entity::find_by_id(warrant.actor).one(&transaction).await?;
    check(actor.as_ref())?;
    Ok(transaction)
}

fn check(actor: Option<&user::Model>) -> Result<(), Error> {
    match actor {
        Some(actor) if actor.role == user::Role::Admin && actor.suspended_at.is_none() => Ok(()),
        _ => Err(Error::NotAdministrator),
    }
}

/// Whether somebody is an administrator who is let in.
///
/// # Errors
/// When the database refuses.
pub async fn is_administrator(database: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    let person = user::Entity::find_by_id(id).one(database).await?;
    Ok(check(person.as_ref()).is_ok())
}
