//! What a person may do here, and whether they are let in: changes that only administrators and the command line make. Each
//! one is in the audit log with its reason.

use entities::{password, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::local::login;
use crate::audit::{self, Action, Actor, Entry, SubjectKind};
use crate::database::now;
use crate::{Error, Platform};

pub use entities::user::{Model as Person, Role};

/// A change of a person's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// What they may do.
    Role(Role),
    /// Keep them out. Their sessions and tokens let in nowhere within five seconds.
    Suspend,
    /// Let them in again.
    Restore,
}

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Whoever asks would change their own standing.
    #[error("Nobody changes their own role or keeps themselves out: another administrator has to.")]
    Own,
    /// Nobody would be left to look after the server.
    #[error("This is the last administrator who is let in; make somebody else one first.")]
    LastAdmin,
}

/// Changes a person's standing. What is so already stays, and is not recorded. It asks for a platform that sees everybody.
///
/// # Errors
/// `Gone` when there is no such person; when the database refuses.
pub async fn change(
    platform: &Platform,
    user_id: Uuid,
    change: Change,
    reason: &str,
) -> Result<Result<user::Model, Refused>, Error> {
    let now = now();
    let transaction = platform.database.begin().await?;
    // Administrators are locked first and in one order: of two who take each other's role, the second finds the first one gone.
    let admins = let_in(&transaction).await?;
    // Their token may be from before they were none, or were kept out.
    if let Actor::User(actor) = platform.by.actor
        && !admins.contains(&actor)
    {
        return Err(Error::NotAdministrator);
    }
    let person = user::Entity::find_by_id(user_id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let mut changed = person.clone().into_active_model();
    let action = match change {
        Change::Role(role) if role != person.role => {
            changed.role = Set(role);
            Action::RoleChanged
        }
        Change::Suspend if person.suspended_at.is_none() => {
            changed.suspended_at = Set(Some(now));
            Action::UserSuspended
        }
        Change::Restore if person.suspended_at.is_some() => {
            changed.suspended_at = Set(None);
            Action::UserRestored
        }
        _ => return Ok(Ok(person)),
    };
    if platform.by.actor == Actor::User(user_id) {
        return Ok(Err(Refused::Own));
    }
    let takes_admin = matches!(change, Change::Role(Role::Member) | Change::Suspend);
    if takes_admin && admins == [user_id] {
        return Ok(Err(Refused::LastAdmin));
    }
    let before = standing(&person);
    let person = changed.update(&transaction).await?;
    let entry = Entry::new(platform.by, action, now)
        .about(SubjectKind::User, user_id)
        .because(reason)
        .changed(before, standing(&person));
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(Ok(person))
}

/// Administrators who are let in, locked; rows that refer to them may be added meanwhile.
async fn let_in(transaction: &DatabaseTransaction) -> Result<Vec<Uuid>, Error> {
    let admins = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin))
        .filter(user::Column::SuspendedAt.is_null())
        .order_by_asc(user::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(transaction)
        .await?;
    Ok(admins.into_iter().map(|admin| admin.id).collect())
}

/// A role as the log has it.
pub(crate) fn role(role: Role) -> Value {
    json!({ "role": role_name(role) })
}

fn standing(person: &user::Model) -> Value {
    json!({ "role": role_name(person.role), "suspended": person.suspended_at.is_some() })
}

/// A role as people read it.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "MEMBER",
        Role::Admin => "ADMIN",
    }
}

/// The person with that id, or with that address to sign in with.
///
/// # Errors
/// When the database refuses.
pub async fn find(platform: &Platform, named: &str) -> Result<Option<Person>, Error> {
    let connection = platform.database.connection();
    let id = match named.parse::<Uuid>() {
        Ok(id) => Some(id),
        Err(_) => password::Entity::find_by_login(&login(named))
            .one(connection)
            .await?
            .map(|row| row.user_id),
    };
    match id {
        Some(id) => Ok(user::Entity::find_by_id(id).one(connection).await?),
        None => Ok(None),
    }
}

/// People in the order in which their accounts were made.
///
/// # Errors
/// When the database refuses.
pub async fn page(platform: &Platform, after: Option<Uuid>, count: u64) -> Result<Vec<Person>, Error> {
    let mut people = user::Entity::find().order_by_asc(user::Column::Id).limit(count);
    if let Some(after) = after {
        people = people.filter(user::Column::Id.gt(after));
    }
    Ok(platform.database.all(people).await?)
}
