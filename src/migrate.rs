//! `automl migrate`: brings the database of a home folder up to date. `serve`, `api` and `worker` do it themselves.

use anyhow::{Context, Result};
use clap::Args;
use migration::{Migrator, MigratorTrait};
use platform::Platform;

use crate::failure::Failure;
use crate::server::{self, Home};

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    home: Home,
    /// Go back by that many changes instead.
    #[arg(long, value_name = "CHANGES")]
    down: Option<u32>,
}

/// Runs the changes that the database does not have yet.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ended: Result<()> = server::runtime()?.block_on(async {
        let platform = Platform::open(server::settings(&arguments.home)?).await?;
        let connection = platform.database.connection();
        match arguments.down {
            Some(changes) => Migrator::down(connection, Some(changes))
                .await
                .context("going back"),
            None => Migrator::up(connection, None)
                .await
                .context("bringing the database up to date"),
        }
    });
    Ok(ended?)
}
