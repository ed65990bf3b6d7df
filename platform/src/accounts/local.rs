//! Accounts with an address and a password: how they begin, how people come in, how both change.
//!
//! Nothing here tells whether an address has an account: what is asked with an address answers the same either way, and takes
//! as long. What the caller must do is count attempts ([`super::attempts`]) before it asks.

use chrono::TimeDelta;
use entities::{password, user};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect, Set, TryInsertResult,
};
use uuid::Uuid;

use super::addresses::{confirm, write_address};
use super::passwords::{self, Passwords, Weak};
use super::proofs::{self, Proofs, Purpose};
use super::sessions::{self, Opened};
use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::mail::Address;
use crate::settings::SignUp;
use crate::{Error, Platform, Secret};

/// An account that was asked for and not confirmed gives way to another one after so long.
const UNCONFIRMED: TimeDelta = TimeDelta::hours(24);

/// The form in which addresses are compared.
pub fn login(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Whether people may make accounts for themselves.
pub fn may_sign_up(platform: &Platform) -> bool {
    platform.settings.sign_up == SignUp::Open
}

/// An account that somebody asks for.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Where the mail goes that confirms it.
    pub address: Address,
    /// To come in with.
    pub password: Secret,
    /// Shown name.
    pub name: String,
}

/// Why a change was not made; the person can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The password is not let in.
    Weak(Weak),
    /// The present password is another one.
    WrongPassword,
    /// The person has a password already, or has none.
    HasPassword(bool),
    /// The address cannot be used to sign in.
    AddressTaken,
    /// The token is used up, too old, or none.
    Stale,
}

/// Makes an account that waits for its confirmation, and sends the mail for it. An address that has an account gets a mail that
/// says so instead. The caller sees no difference.
///
/// # Errors
/// `Busy`, or when the database refuses.
pub async fn sign_up(
    platform: &Platform,
    passwords: &Passwords,
    new: &NewAccount,
) -> Result<Result<(), Weak>, Error> {
    if let Err(weak) = passwords::check(new.password.expose(), new.address.expose(), &new.name) {
        return Ok(Err(weak));
    }
    let hash = passwords.hash(&new.password).await?;
    let proofs = Proofs::open(platform).await?;
    let now = now();
    let login = login(new.address.expose());
    // Of two that ask for one address at the same time, the second finds the first one's account.
    for _ in 0..2 {
        let transaction = platform.database.begin().await?;
        if let Some(there) = password::Entity::find_by_login(&login).one(&transaction).await? {
            let person = user::Entity::find_by_id(there.user_id).one(&transaction).await?;
            let person = person.ok_or(Error::Gone)?;
            let is_forgotten = !there.is_open && there.changed_at + UNCONFIRMED <= now;
            if !is_forgotten {
                proofs::tell_of_account(&transaction, &person, &login, now).await?;
                transaction.commit().await?;
                return Ok(Ok(()));
            }
            user::Entity::delete_by_id(person.id).exec(&transaction).await?;
        }
        let mut person = user::Model::new(Uuid::now_v7(), new.name.clone(), now);
        person.email = Some(new.address.expose().to_owned());
        person.email_asked_at = Some(now);
        let person = person.into_active_model().insert(&transaction).await?;
        let row = password::Model {
            user_id: person.id,
            login: login.clone(),
            hash: hash.clone(),
            is_open: false,
            changed_at: now,
        };
        if insert(&transaction, row).await? {
            proofs
                .ask(&transaction, &person, new.address.expose(), Purpose::Verify, now)
                .await?;
            let entry = Entry::new(platform.by.person(person.id), Action::SignedUp, now)
                .about(SubjectKind::User, person.id);
            audit::record(&transaction, entry).await?;
            transaction.commit().await?;
            tracing::info!(user.id = %person.id, "somebody signed up");
            return Ok(Ok(()));
        }
        transaction.rollback().await?;
    }
    Err(Error::Busy)
}

/// Begins a session for whoever knows the password of that address. None: the address or the password is wrong, the account is
/// not confirmed yet, or its owner is kept out. Either way the log has it; of an address without an account, nothing but that.
///
/// # Errors
/// `Busy`, or when the database refuses.
pub async fn sign_in(
    platform: &Platform,
    passwords: &Passwords,
    address: &str,
    given: &Secret,
    agent: Option<&str>,
) -> Result<Option<Opened>, Error> {
    let row = password::Entity::find_by_login(&login(address))
        .one(platform.database.connection())
        .await?;
    let hash = row.as_ref().map(|row| row.hash.as_str());
    let is_right = passwords.verify(given, hash).await?;
    let now = now();
    let transaction = platform.database.begin().await?;
    let opened = match &row {
        Some(row) if is_right && row.is_open && is_let_in(&transaction, row).await? => {
            Some(sessions::open(&transaction, row.user_id, agent, now).await?)
        }
        _ => None,
    };
    let entry = match (&opened, row) {
        (Some(opened), _) => {
            let by = platform.by.person(opened.session.user_id);
            Entry::new(by, Action::SignedIn, now).about(SubjectKind::Session, opened.session.id)
        }
        (None, Some(row)) => {
            Entry::new(platform.by, Action::SignInFailed, now).about(SubjectKind::User, row.user_id)
        }
        (None, None) => Entry::new(platform.by, Action::SignInFailed, now),
    };
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    if let Some(Opened { session, .. }) = &opened {
        tracing::info!(user.id = %session.user_id, session.id = %session.id, "signed in");
    }
    Ok(opened)
}

/// The password may have been changed, and the person suspended, while it was checked.
async fn is_let_in(transaction: &impl ConnectionTrait, checked: &password::Model) -> Result<bool, Error> {
    let person = user::Entity::find_by_id(checked.user_id).one(transaction).await?;
    let still = password::Entity::find_by_id(checked.user_id)
        .one(transaction)
        .await?;
    Ok(person.is_some_and(|person| person.suspended_at.is_none())
        && still.is_some_and(|still| still.hash == checked.hash))
}

/// Gives a person who has none a password, and an address to sign in with. They are in already: no mail has to come first, but
/// one is sent, for the address is new.
///
/// # Errors
/// `Busy`, or when the database refuses.
pub async fn set_password(
    platform: &Platform,
    passwords: &Passwords,
    user_id: Uuid,
    address: &Address,
    new: &Secret,
) -> Result<Result<user::Model, Refused>, Error> {
    let proofs = Proofs::open(platform).await?;
    let person = person(platform.database.connection(), user_id).await?;
    if let Err(weak) = passwords::check(new.expose(), address.expose(), &person.name) {
        return Ok(Err(Refused::Weak(weak)));
    }
    let hash = passwords.hash(new).await?;
    let now = now();
    let transaction = platform.database.begin().await?;
    let person = self::person(&transaction, user_id).await?;
    if password::Entity::find_by_id(user_id)
        .one(&transaction)
        .await?
        .is_some()
    {
        return Ok(Err(Refused::HasPassword(true)));
    }
    let row = password::Model {
        user_id,
        login: login(address.expose()),
        hash,
        is_open: true,
        changed_at: now,
    };
    if !insert(&transaction, row).await? {
        return Ok(Err(Refused::AddressTaken));
    }
    let person = write_address(&transaction, person, address, &proofs, now).await?;
    record(platform, &transaction, Action::PasswordSet, user_id).await?;
    transaction.commit().await?;
    tracing::info!(user.id = %user_id, "a password was set");
    Ok(Ok(person))
}

/// Changes a person's password, and ends their other sessions.
///
/// # Errors
/// `Busy`, or when the database refuses.
pub async fn update_password(
    platform: &Platform,
    passwords: &Passwords,
    user_id: Uuid,
    (current, new): (&Secret, &Secret),
    session: Option<Uuid>,
) -> Result<Result<user::Model, Refused>, Error> {
    let connection = platform.database.connection();
    let Some(row) = password::Entity::find_by_id(user_id).one(connection).await? else {
        return Ok(Err(Refused::HasPassword(false)));
    };
    let person = person(connection, user_id).await?;
    if !passwords.verify(current, Some(&row.hash)).await? {
        return Ok(Err(Refused::WrongPassword));
    }
    if let Err(weak) = passwords::check(new.expose(), &row.login, &person.name) {
        return Ok(Err(Refused::Weak(weak)));
    }
    let hash = passwords.hash(new).await?;
    let now = now();
    let transaction = platform.database.begin().await?;
    let still = password::Entity::find_by_id(user_id)
        .lock_exclusive()
        .one(&transaction)
        .await?;
    if still.is_none_or(|still| still.hash != row.hash) {
        return Ok(Err(Refused::WrongPassword));
    }
    let mut change = row.into_active_model();
    change.hash = Set(hash);
    change.changed_at = Set(now);
    change.update(&transaction).await?;
    proofs::withdraw(&transaction, user_id, Purpose::Reset).await?;
    sessions::end_all(&transaction, user_id, session, now).await?;
    record(platform, &transaction, Action::PasswordChanged, user_id).await?;
    transaction.commit().await?;
    tracing::info!(user.id = %user_id, "a password was changed");
    Ok(Ok(person))
}

/// Sends the mail with which the account of that address gets a new password. Without one, nothing.
///
/// # Errors
/// When the database refuses.
pub async fn request_reset(platform: &Platform, address: &Address) -> Result<(), Error> {
    let proofs = Proofs::open(platform).await?;
    let transaction = platform.database.begin().await?;
    let row = password::Entity::find_by_login(&login(address.expose()))
        .one(&transaction)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let person = person(&transaction, row.user_id).await?;
    if person.suspended_at.is_none() {
        proofs
            .ask(&transaction, &person, &row.login, Purpose::Reset, now())
            .await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Sets a new password with the token of a mail, and ends every session. The token proves the address as well.
///
/// # Errors
/// `Busy`, or when the database refuses.
pub async fn reset_password(
    platform: &Platform,
    passwords: &Passwords,
    token: &str,
    new: &Secret,
) -> Result<Result<Uuid, Refused>, Error> {
    let connection = platform.database.connection();
    let Some(proof) = proofs::find(connection, token, Purpose::Reset, now()).await? else {
        return Ok(Err(Refused::Stale));
    };
    let address = proof.address.clone().unwrap_or_default();
    let person = person(connection, proof.user_id).await?;
    if let Err(weak) = passwords::check(new.expose(), &address, &person.name) {
        return Ok(Err(Refused::Weak(weak)));
    }
    let hash = passwords.hash(new).await?;
    let now = now();
    let transaction = platform.database.begin().await?;
    let row = password::Entity::find_by_id(proof.user_id)
        .lock_exclusive()
        .one(&transaction)
        .await?;
    // The mail went to the address that counted then.
    let Some(row) = row.filter(|row| row.login == login(&address)) else {
        return Ok(Err(Refused::Stale));
    };
    if !proofs::redeem(&transaction, &proof, now).await? {
        return Ok(Err(Refused::Stale));
    }
    let mut change = row.into_active_model();
    change.hash = Set(hash);
    change.is_open = Set(true);
    change.changed_at = Set(now);
    change.update(&transaction).await?;
    confirm(&transaction, person, &address, now).await?;
    sessions::end_all(&transaction, proof.user_id, None, now).await?;
    record(platform, &transaction, Action::PasswordReset, proof.user_id).await?;
    transaction.commit().await?;
    tracing::info!(user.id = %proof.user_id, "a password was reset");
    Ok(Ok(proof.user_id))
}

/// A person's row.
///
/// # Errors
/// `Gone`, or when the database refuses.
pub async fn find(platform: &Platform, id: Uuid) -> Result<user::Model, Error> {
    person(platform.database.connection(), id).await
}

/// The address that a person signs in with; none: they have no password.
///
/// # Errors
/// When the database refuses.
pub async fn login_of(platform: &Platform, user_id: Uuid) -> Result<Option<String>, Error> {
    let row = password::Entity::find_by_id(user_id)
        .one(platform.database.connection())
        .await?;
    Ok(row.map(|row| row.login))
}

/// What a person did with their password.
async fn record(
    platform: &Platform,
    transaction: &impl ConnectionTrait,
    action: Action,
    user_id: Uuid,
) -> Result<(), Error> {
    let entry = Entry::new(platform.by.person(user_id), action, now()).about(SubjectKind::User, user_id);
    audit::record(transaction, entry).await
}

/// A person's row.
///
/// # Errors
/// `Gone`, or when the database refuses.
pub(super) async fn person(database: &impl ConnectionTrait, id: Uuid) -> Result<user::Model, Error> {
    let row = user::Entity::find_by_id(id).one(database).await?;
    row.ok_or(Error::Gone)
}

/// False when the address is somebody else's.
async fn insert(transaction: &impl ConnectionTrait, row: password::Model) -> Result<bool, Error> {
    let inserted = password::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing_on([password::Column::Login])
        .exec_without_returning(transaction)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}
