//! `automl admin`: what somebody who can reach the database does without signing in. Every change is in the audit log, as one of
//! the command line.

mod audit;
mod backup;
mod default_data;
mod files;
mod import_v1;
mod people;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use migration::{Migrator, MigratorTrait};
use platform::audit::{Actor, By};
use platform::{Platform, clock};

use crate::failure::Failure;
use crate::server::{self, Home};

/// Longest reason, characters.
const LONGEST_REASON: usize = 500;

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The log of who did what.
    Audit(audit::Arguments),
    /// People: who they are, what they may do, whether they are let in.
    User(people::Arguments),
    /// What belonged to the user "default" of version 1.
    DefaultData(default_data::Arguments),
    ImportV1(import_v1::Arguments),
    Backup(backup::Arguments),
    /// The stored files.
    Files(files::Arguments),
}

/// Why something is done; it goes into the audit log.
#[derive(Args, Debug)]
struct Reason {
    /// Why, for the audit log: 1 to 500 characters
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    reason: String,
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=LONGEST_REASON).contains(&length) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "it has {length} characters; it must have 1 to {LONGEST_REASON}"
    ))
}

/// Does it.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    server::runtime()?.block_on(async {
        match &arguments.what {
            What::Audit(arguments) => audit::run(arguments).await,
            What::User(arguments) => people::run(arguments).await,
            What::DefaultData(arguments) => default_data::run(arguments).await,
            What::Backup(arguments) => backup::run(arguments).await,
            What::Files(arguments) => files::run(arguments).await,
            What::ImportV1(arguments) => import_v1::run(arguments).await,
        }
    })
}

/// The platform of a home folder as it is: unlike a server, a look at it does not change its tables.
async fn open(home: &Home) -> Result<Platform, Failure> {
    let platform = Platform::open(server::settings(home)?)
        .await
        .context("opening the platform")?;
    let connection = platform.database.connection();
    if let Some(change) = migration::newer(connection)
        .await
        .context("asking for the version")?
    {
        let message = format!("the database was changed by a newer version of this program ({change})");
        return Err(Failure::Failed(message));
    }
    let pending = Migrator::get_pending_migrations(connection)
        .await
        .context("asking for the version")?;
    if !pending.is_empty() {
        let message = "the database is not up to date: run `automl migrate`, or start the server once";
        return Err(Failure::Failed(message.to_owned()));
    }
    clock::set(&platform.database)
        .await
        .context("asking the database for the time")?;
    Ok(platform.asked(By::new(Actor::CommandLine)))
}

/// An error of the platform in one line.
fn failed(error: &platform::Error) -> Failure {
    Failure::Failed(error.to_string())
}
