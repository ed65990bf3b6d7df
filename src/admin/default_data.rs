//! `automl admin default-data`: gives what belonged to the user "default" to somebody.

use clap::{Args, Subcommand};
use platform::default_data;

use super::people::find;
use super::{Reason, failed, open};
use crate::failure::Failure;
use crate::server::Home;

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Give all of it to one person
    Claim {
        /// The person: the id that `automl admin user list` shows, or the address to sign in with
        #[arg(long)]
        user: String,
        #[command(flatten)]
        reason: Reason,
        #[command(flatten)]
        home: Home,
    },
}

/// Does it.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let What::Claim { user, reason, home } = &arguments.what;
    let platform = open(home).await?;
    let person = find(&platform, user).await?;
    let claimed = default_data::claim(&platform, person.id, &reason.reason)
        .await
        .map_err(|error| failed(&error))?;
    match claimed {
        Ok(claimed) => {
            for (table, rows) in claimed.rows {
                println!("{table} {rows}");
            }
            Ok(())
        }
        Err(refused) => Err(Failure::Input(refused.to_string())),
    }
}
