//! What mutations about accounts share: names, passwords and addresses as they come in, and how fast they may come.

use std::net::IpAddr;
use std::time::Duration;

use async_graphql::Context;
use platform::Platform;
use platform::accounts::attempts::{self, Subject, Wait};
use platform::accounts::local::Refused;
use platform::accounts::passwords::Weak;
use platform::database::now;
use platform::mail::{Address, BadAddress};
use tokio::time::Instant;

use super::payload::UserError;
use crate::failure::Failure;
use crate::http::client::Client;
use crate::state::AppState;

/// Answers that must not tell whether an account exists take this long at least: longer than it takes to find out.
const LEAST: Duration = Duration::from_millis(400);
/// Longest shown name, characters.
const MAX_NAME: usize = 100;
/// Longer text is no password and no token: it is not looked at. Bytes.
const MAX_SECRET: usize = 1024;

/// State of the server with everybody's rows: who comes in is looked for among all people, whoever asks.
pub fn state(context: &Context<'_>) -> AppState {
    context.data_unchecked::<AppState>().as_admin()
}

/// Where the request comes from; none: not over a socket.
pub fn client_address(context: &Context<'_>) -> Option<IpAddr> {
    context.data_opt::<Client>().and_then(|client| client.address)
}

/// Counts an attempt before it is made.
///
/// # Errors
/// The inner error is what the user is told when it has to wait.
pub async fn begin(platform: &Platform, subjects: &[Subject]) -> Result<Result<(), UserError>, Failure> {
    let begun = attempts::begin(&platform.database, subjects, now()).await?;
    Ok(begun.map_err(|Wait(seconds)| {
        let message = format!("Too many attempts. Try again in {seconds} seconds.");
        UserError {
            code: "RATE_LIMITED".to_owned(),
            message,
            field: None,
        }
    }))
}

/// Counts a mail to an address that somebody at this client wants to be sent, before it is.
///
/// # Errors
/// As [`begin`].
pub async fn begin_mail(
    context: &Context<'_>,
    platform: &Platform,
    address: &Address,
) -> Result<Result<(), UserError>, Failure> {
    let mut subjects = vec![Subject::mails(address.expose())];
    subjects.extend(client_address(context).map(Subject::mails_of_client));
    begin(platform, &subjects).await
}

/// Rests until an answer that began then has taken its time.
pub async fn rest(began: Instant) {
    tokio::time::sleep_until(began + LEAST).await;
}

/// A mail address.
///
/// # Errors
/// What the user is told.
pub fn address(field: &str, text: &str) -> Result<Address, UserError> {
    Address::parse(text).map_err(|BadAddress| {
        let message = "This is not a mail address; one looks like ada@example.com.";
        UserError::of(field, "EMAIL_INVALID", message)
    })
}

/// A shown name: one line, without what bends a line.
///
/// # Errors
/// What the user is told.
pub fn name(field: &str, text: &str) -> Result<String, UserError> {
    let name = platform::mail::one_line(text, usize::MAX);
    let length = name.chars().count();
    if (1..=MAX_NAME).contains(&length) {
        return Ok(name);
    }
    let message = format!("The name has {length} characters; it must have 1 to {MAX_NAME}.");
    Err(UserError::of(field, "NAME_INVALID", message))
}

/// False for text that is too long to be a secret of anybody.
pub fn is_secret(text: &str) -> bool {
    text.len() <= MAX_SECRET
}

/// A password that is not let in.
pub fn weak(field: &str, weak: Weak) -> UserError {
    let code = match weak {
        Weak::Short => "PASSWORD_TOO_SHORT",
        Weak::Long => "PASSWORD_TOO_LONG",
        Weak::Common => "PASSWORD_TOO_COMMON",
        Weak::Personal => "PASSWORD_IS_YOUR_NAME",
    };
    UserError::of(field, code, weak.to_string())
}

/// A change that was not made.
pub fn refused(refused: Refused) -> UserError {
    match refused {
        Refused::Weak(why) => weak("password", why),
        Refused::WrongPassword => UserError::of(
            "currentPassword",
            "PASSWORD_WRONG",
            "This is not your present password.",
        ),
        Refused::HasPassword(true) => UserError::of(
            "password",
            "PASSWORD_SET_ALREADY",
            "You have a password already; change it with updatePassword.",
        ),
        Refused::HasPassword(false) => UserError::of(
            "currentPassword",
            "PASSWORD_NOT_SET",
            "You have no password yet; set one with setPassword.",
        ),
        Refused::AddressTaken => UserError::of(
            "email",
            "EMAIL_UNUSABLE",
            "This address cannot be used to sign in. Choose another one.",
        ),
        Refused::Stale => UserError::of(
            "token",
            "TOKEN_INVALID",
            "This link was used before, is too old, or is not complete. Ask for a new one.",
        ),
    }
}
