//! `automl admin user`: who has an account, and changes of what they may do. This is how the first administrator of a server is
//! made whose accounts are open or come from another issuer.

use clap::{Args, Subcommand};
use platform::Platform;
use platform::accounts::standing::{self, Change, Person, Role};
use serde_json::json;

use super::{Reason, failed, open};
use crate::failure::Failure;
use crate::profile::visible;
use crate::server::Home;

/// People that are in memory at a time.
const PAGE: u64 = 500;

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show everybody who has an account, the oldest first
    List {
        #[command(flatten)]
        home: Home,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Make a person an administrator
    Promote(Named),
    /// Make an administrator a member again
    Demote(Named),
    /// Keep a person out
    Suspend(Named),
    /// Let a person in again
    Restore(Named),
}

/// Whom, and why.
#[derive(Args, Debug)]
struct Named {
    /// The person: the id that `automl admin user list` shows, or the address to sign in with
    user: String,
    #[command(flatten)]
    reason: Reason,
    #[command(flatten)]
    home: Home,
}

/// Does it.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::List { home, json } => list(home, *json).await,
        What::Promote(named) => change(named, Change::Role(Role::Admin)).await,
        What::Demote(named) => change(named, Change::Role(Role::Member)).await,
        What::Suspend(named) => change(named, Change::Suspend).await,
        What::Restore(named) => change(named, Change::Restore).await,
    }
}

async fn list(home: &Home, json: bool) -> Result<(), Failure> {
    let platform = open(home).await?;
    let mut after = None;
    loop {
        let page = standing::page(&platform, after, PAGE)
            .await
            .map_err(|error| failed(&error))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for person in &page {
            println!("{}", line(person, json));
        }
    }
}

fn line(person: &Person, json: bool) -> String {
    let role = standing::role_name(person.role);
    let is_suspended = person.suspended_at.is_some();
    if json {
        let object = json!({
            "id": person.id,
            "role": role,
            "suspended": is_suspended,
            "name": person.name,
            "email": person.email,
            "createdAt": person.created_at.to_rfc3339(),
        });
        return object.to_string();
    }
    let state = if is_suspended { "suspended" } else { "let in" };
    let email = person.email.as_deref().unwrap_or("-");
    visible(&format!("{} {role} {state} {email} {}", person.id, person.name))
}

async fn change(named: &Named, change: Change) -> Result<(), Failure> {
    let platform = open(&named.home).await?;
    let person = find(&platform, &named.user).await?;
    let changed = standing::change(&platform, person.id, change, &named.reason.reason)
        .await
        .map_err(|error| failed(&error))?;
    match changed {
        Ok(person) => {
            println!("{}", line(&person, false));
            Ok(())
        }
        Err(refused) => Err(Failure::Input(refused.to_string())),
    }
}

/// The person that is named so.
pub async fn find(platform: &Platform, named: &str) -> Result<Person, Failure> {
    let found = standing::find(platform, named)
        .await
        .map_err(|error| failed(&error))?;
    found.ok_or_else(|| {
        Failure::Input(format!(
            "nobody has the id or the address {named:?}: `automl admin user list` shows everybody"
        ))
    })
}
