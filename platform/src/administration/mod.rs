//! What administrators do: with people, with the queue and its workers, with everybody's jobs. Each is one transaction that
//! knows its actor for an administrator, and records who did it and why before it commits.

mod pause;
mod people;
mod queue;

#[cfg(test)]
mod tests;

use entities::user;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::audit::{Action, Actor, Entry};
use crate::database::now;
use crate::{Error, Platform};

pub use pause::{Paused, pause, resume};
pub use people::{Ended, OwnQuotas, restore, revoke_sessions, set_quotas, set_role, suspend};
pub use queue::{Purge, cancel_job, drain, purge_dead, requeue};

/// What is recorded of it: who asks, and why.
fn entry(platform: &Platform, action: Action, reason: &str) -> Entry {
    Entry::new(platform.by, action, now()).because(reason)
}

/// Begins a transaction of somebody who is an administrator at this moment: their token may be from before they were none.
async fn begin(platform: &Platform) -> Result<DatabaseTransaction, Error> {
    let transaction = platform.database.begin().await?;
    let Actor::User(actor) = platform.by.actor else {
        return Err(Error::NotAdministrator);
    };
    match is_administrator(&transaction, actor).await? {
        true => Ok(transaction),
        false => Err(Error::NotAdministrator),
    }
}

/// Whether somebody is an administrator who is let in.
///
/// # Errors
/// When the database refuses.
pub async fn is_administrator(database: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    let person = user::Entity::find_by_id(id).one(database).await?;
    Ok(person.is_some_and(|person| person.role == user::Role::Admin && person.suspended_at.is_none()))
}
