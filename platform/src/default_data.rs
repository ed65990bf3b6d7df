//! What belonged to the user "default": version 1 had no accounts, and what was imported from it belongs to an account of that
//! name which nobody can come in as. An administrator gives it to somebody, once and as a whole.
//!
//! Names are for everybody to choose. So the account is only taken for that one when it has no password and no other issuer
//! knows it: whoever signs up as "default" keeps what is theirs.

use entities::{identity, password, registered_model, task, usage, user};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::administration::is_administrator;
use crate::audit::{self, Action, Actor, Entry, SubjectKind};
use crate::database::now;
use crate::{Error, Platform};

/// Name of the account.
pub const NAME: &str = "default";
/// Characters of a name for models.
const LONGEST_NAME: usize = 100;
/// Tables whose rows go to the new owner. With [`KEPT`] these are all that have a `user_id`: a test compares.
pub const CLAIMED: [&str; 11] = [
    "artifact",
    "batch_prediction",
    "dataset",
    "job",
    "mail",
    "model",
    "registered_model",
    "task",
    "upload",
    "webhook",
    "webhook_delivery",
];
/// Tables whose rows stay: they are how somebody comes in, what they asked for under a key of their own, or what an account may
/// use and has used. Only what was used for a job goes with the job, whose cost it is.
pub const KEPT: [&str; 7] = [
    "idempotency",
    "identity",
    "password",
    "session",
    "token",
    "usage",
    "user_quota",
];

/// What went over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The account that had it.
    pub from: Uuid,
    /// Rows by table; tables without one are absent.
    pub rows: Vec<(&'static str, u64)>,
}

/// Why nothing went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such account, or it has nothing.
    #[error("There is no data of a user \"default\" that nobody can sign in as.")]
    Nothing,
    /// There are several accounts of that name.
    #[error("Several accounts are named \"default\"; rename those whose data stays.")]
    Several,
    /// It would go to whom it belongs.
    #[error("The data belongs to this account already.")]
    Same,
    /// A worker may write for the old owner at any moment.
    #[error("Work on this data is not over: wait until it is, or cancel it.")]
    Unfinished,
    /// The new owner is kept out.
    #[error("This account is suspended.")]
    Suspended,
}

/// Gives the data of the user "default" to that person. It asks for a platform that sees everybody.
///
/// # Errors
/// `NotAdministrator` when a person asks who is none; `Gone` when there is no such person; when the database refuses.
pub async fn claim(platform: &Platform, to: Uuid, reason: &str) -> Result<Result<Claimed, Refused>, Error> {
    let transaction = platform.database.begin().await?;
    // Their token may be from before they were none, or were kept out.
    if let Actor::User(actor) = platform.by.actor
        && !is_administrator(&transaction, actor).await?
    {
        return Err(Error::NotAdministrator);
    }
    let person = user::Entity::find_by_id(to)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let from = match holder(&transaction).await? {
        Ok(from) => from,
        Err(refused) => return Ok(Err(refused)),
    };
    if from.id == to {
        return Ok(Err(Refused::Same));
    }
    if person.suspended_at.is_some() {
        return Ok(Err(Refused::Suspended));
    }
    let open = task::Entity::find()
        .filter(task::Column::UserId.eq(from.id))
        .filter(task::Column::State.is_in([task::State::Queued, task::State::Running]));
    if open.count(&transaction).await? > 0 {
        return Ok(Err(Refused::Unfinished));
    }
    free_names(&transaction, from.id, to).await?;
    let mut rows = Vec::new();
    for table in CLAIMED {
        let moved = give(&transaction, table, from.id, to).await?;
        if moved > 0 {
            rows.push((table, moved));
        }
    }
    if rows.is_empty() {
        return Ok(Err(Refused::Nothing));
    }
    let moved = give_cost(&transaction, from.id, to).await?;
    if moved > 0 {
        rows.push(("usage", moved));
    }
    let counts: Map<String, Value> = rows
        .iter()
        .map(|(table, moved)| ((*table).to_owned(), json!(moved)))
        .collect();
    let entry = Entry::new(platform.by, Action::DefaultDataClaimed, now())
        .about(SubjectKind::User, to)
        .because(reason)
        .changed(
            json!({ "owner": from.id }),
            json!({ "owner": to, "rows": counts }),
        );
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    tracing::info!(user.id = %to, from.id = %from.id, "data of the user \"default\" was claimed");
    Ok(Ok(Claimed { from: from.id, rows }))
}

/// The account of that name that nobody can come in as, locked.
pub(crate) async fn holder(transaction: &DatabaseTransaction) -> Result<Result<user::Model, Refused>, Error> {
    let with_password = Query::select()
        .column(password::Column::UserId)
        .from(password::Entity)
        .to_owned();
    let known_elsewhere = Query::select()
        .column(identity::Column::UserId)
        .from(identity::Entity)
        .to_owned();
    let mut found = user::Entity::find()
        .filter(user::Column::Name.eq(NAME))
        .filter(user::Column::Id.not_in_subquery(with_password))
        .filter(user::Column::Id.not_in_subquery(known_elsewhere))
        .lock_exclusive()
        .all(transaction)
        .await?;
    Ok(match (found.pop(), found.is_empty()) {
        (Some(user), true) => Ok(user),
        (Some(_), false) => Err(Refused::Several),
        (None, _) => Err(Refused::Nothing),
    })
}

/// A name for models is its owner's only once: one that both have gets a word behind it.
async fn free_names(transaction: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), Error> {
    let of =
        |owner: Uuid| registered_model::Entity::find().filter(registered_model::Column::UserId.eq(owner));
    let mut taken: Vec<String> = Vec::new();
    for row in of(to).all(transaction).await? {
        taken.push(row.name);
    }
    let coming = of(from).all(transaction).await?;
    for row in &coming {
        if !taken.contains(&row.name) {
            continue;
        }
        let mut number = 1;
        let name = loop {
            let name: String = format!("default {number} {}", row.name)
                .chars()
                .take(LONGEST_NAME)
                .collect();
            if !taken.contains(&name) && coming.iter().all(|other| other.name != name) {
                break name;
            }
            number += 1;
        };
        taken.push(name.clone());
        let mut change = row.clone().into_active_model();
        change.name = Set(name);
        change.update(transaction).await?;
    }
    Ok(())
}

async fn give(
    transaction: &DatabaseTransaction,
    table: &'static str,
    from: Uuid,
    to: Uuid,
) -> Result<u64, Error> {
    let update = Query::update()
        .table(Alias::new(table))
        .value(Alias::new("user_id"), to)
        .and_where(Expr::col(Alias::new("user_id")).eq(from))
        .to_owned();
    Ok(transaction.execute(&update).await?.rows_affected())
}

/// What was used for jobs, which are the new owner's by now.
async fn give_cost(transaction: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<u64, Error> {
    let moved = usage::Entity::update_many()
        .col_expr(usage::Column::UserId, Expr::value(to))
        .filter(usage::Column::UserId.eq(from))
        .filter(usage::Column::JobId.is_not_null())
        .exec(transaction)
        .await?;
    Ok(moved.rows_affected)
}

#[cfg(test)]
mod tests;
