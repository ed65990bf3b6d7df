//! `automl migrate`: brings the database of a home folder up to date. `serve`, `api` and `worker` do it themselves.

use anyhow::Result;
use clap::Args;
use platform::Platform;

use crate::failure::Failure;
use crate::server::{self, Home};
use crate::upgrade;

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
        match arguments.down {
            Some(changes) => upgrade::go_back(&platform.database, changes).await,
            None => upgrade::bring_up_to_date(&platform.database).await,
        }
    });
    Ok(ended?)
}
