//! From what an issuer says of somebody to their account: found, or made with their first token.

use chrono::{DateTime, TimeDelta, Utc};
use entities::user::Role;
use entities::{identity, user};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

use crate::accounts::sessions::{self, Opened};
use crate::accounts::standing;
use crate::audit::{self, Action, Actor, By, Entry, SubjectKind};
use crate::database::now;
use crate::mail::Address;
use crate::{Database, Error, Platform};

/// What a verified token says of its owner.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Who says it.
    pub issuer: String,
    /// The issuer's name for the person.
    pub subject: String,
    /// Name for a new account.
    pub name: String,
    /// Address for a new account; the issuer has verified it.
    pub email: Option<Address>,
    /// What they may do; none: the issuer says nothing about it.
    pub role: Option<Role>,
    /// When the token was issued.
    pub issued_at: DateTime<Utc>,
    /// Whether they get an account if they have none.
    pub may_sign_up: bool,
}

/// The account of that person, with the role that the newest token gives them; none: they have no account and may not have one.
/// Whether they are suspended is for the caller to look at.
///
/// An account is never found by its address: whoever controls an issuer, or an address there, controls no other account here.
///
/// # Errors
/// When the database refuses.
pub async fn admit(database: &Database, subject: &Subject) -> Result<Option<user::Model>, Error> {
    if let Some(known) = find(database, subject).await? {
        return follow(database, subject, known).await.map(Some);
    }
    if !subject.may_sign_up {
        return Ok(None);
    }
    create(database, subject).await?;
    // Of two tokens that come together, one makes the account and both find it.
    match find(database, subject).await? {
        Some(known) => follow(database, subject, known).await.map(Some),
        None => Err(Error::Gone),
    }
}

type Known = (identity::Model, user::Model);

async fn find(database: &Database, subject: &Subject) -> Result<Option<Known>, Error> {
    let connection = database.connection();
    let identity = identity::Entity::find_by_subject(&subject.issuer, &subject.subject)
        .one(connection)
        .await?;
    let Some(identity) = identity else { return Ok(None) };
    let user = user::Entity::find_by_id(identity.user_id).one(connection).await?;
    Ok(user.map(|user| (identity, user)))
}

async fn create(database: &Database, subject: &Subject) -> Result<(), Error> {
    let created_at = now();
    let mut user = user::Model::new(Uuid::now_v7(), subject.name.as_str(), created_at);
    user.email = subject.email.as_ref().map(|email| email.expose().to_owned());
    user.email_verified_at = user.email.as_ref().map(|_| created_at);
    user.role = subject.role.unwrap_or(Role::Member);
    let identity = identity::Model {
        id: Uuid::now_v7(),
        user_id: user.id,
        issuer: subject.issuer.clone(),
        subject: subject.subject.clone(),
        created_at,
        token_issued_at: subject.issued_at,
    };
    let user_id = user.id;
    let transaction = database.begin().await?;
    user.into_active_model().insert(&transaction).await?;
    let keep_first = OnConflict::columns([identity::Column::Issuer, identity::Column::Subject])
        .do_nothing()
        .to_owned();
    let inserted = identity::Entity::insert(identity.into_active_model())
        .on_conflict(keep_first)
        .exec_without_returning(&transaction)
        .await;
    match inserted {
        Ok(1) => {
            let entry = Entry::new(By::new(Actor::User(user_id)), Action::SignedUp, created_at)
                .about(SubjectKind::User, user_id)
                .after(json!({ "issuer": subject.issuer }));
            audit::record(&transaction, entry).await?;
            transaction.commit().await?;
        }
        Ok(_) | Err(DbErr::RecordNotInserted) => transaction.rollback().await?,
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Notes that a newer token was seen, and gives its owner the role that it says.
async fn follow(database: &Database, subject: &Subject, known: Known) -> Result<user::Model, Error> {
    let (identity, user) = known;
    let changes_role = subject.role.is_some_and(|role| role != user.role);
    let is_newer = subject.issued_at > identity.token_issued_at;
    let is_newest = subject.issued_at >= identity.token_issued_at;
    let has_news = is_newer || is_newest && changes_role;
    if !has_news {
        return Ok(user);
    }
    let transaction = database.begin().await?;
    // Tokens that come together take turns here; of those that lost, the older ones change nothing.
    let noted = identity::Entity::update_many()
        .col_expr(identity::Column::TokenIssuedAt, Expr::value(subject.issued_at))
        .filter(identity::Column::Id.eq(identity.id))
        .filter(identity::Column::TokenIssuedAt.lte(subject.issued_at))
        .exec(&transaction)
        .await?;
    if let (1, Some(role)) = (noted.rows_affected, subject.role) {
        let change = user::ActiveModel {
            role: Set(role),
            ..Default::default()
        };
        user::Entity::update_many()
            .set(change)
            .filter(user::Column::Id.eq(user.id))
            .exec(&transaction)
            .await?;
    }
    let before = user.role;
    let user = user::Entity::find_by_id(user.id).one(&transaction).await?;
    let user = user.ok_or(Error::Gone)?;
    if noted.rows_affected == 1 && user.role != before {
        let entry = Entry::new(By::new(Actor::Platform), Action::RoleChanged, now())
            .about(SubjectKind::User, user.id)
            .because(format!("the issuer {} says so", subject.issuer))
            .changed(standing::role(before), standing::role(user.role));
        audit::record(&transaction, entry).await?;
    }
    transaction.commit().await?;
    Ok(user)
}

/// Begins a session of this server's own for somebody whom an issuer has just vouched for. It ends after `life`: whoever is
/// removed at the issuer is out by then. None: they are kept out.
///
/// # Errors
/// When the database refuses.
pub async fn sign_in(
    platform: &Platform,
    user_id: Uuid,
    issuer: &str,
    agent: Option<&str>,
    life: TimeDelta,
) -> Result<Option<Opened>, Error> {
    let now = now();
    let transaction = platform.database.begin().await?;
    let person = user::Entity::find_by_id(user_id).one(&transaction).await?;
    if person.is_none_or(|person| person.suspended_at.is_some()) {
        return Ok(None);
    }
    let opened = sessions::open_for(&transaction, user_id, agent, life, now).await?;
    let entry = Entry::new(platform.by.person(user_id), Action::SignedIn, now)
        .about(SubjectKind::Session, opened.session.id)
        .after(json!({ "issuer": issuer }));
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    tracing::info!(user.id = %user_id, session.id = %opened.session.id, oidc.issuer = issuer, "signed in");
    Ok(Some(opened))
}

/// Records that somebody came back from an issuer and was not let in; with their account, if they have one.
///
/// # Errors
/// When the database refuses.
pub async fn sign_in_failed(platform: &Platform, user_id: Option<Uuid>, issuer: &str) -> Result<(), Error> {
    let transaction = platform.database.begin().await?;
    let mut entry = Entry::new(platform.by, Action::SignInFailed, now()).after(json!({ "issuer": issuer }));
    if let Some(user_id) = user_id {
        entry = entry.about(SubjectKind::User, user_id);
    }
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
