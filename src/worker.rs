//! `automl worker`: a pool over a home folder, beside `automl api`.

use anyhow::Result;
use clap::Args;
use platform::home::{self, Use};
use worker::{Pool, Queue};

use crate::failure::Failure;
use crate::server::{self, Home};

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    home: Home,
}

/// Works until it is told to stop.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    server::start_logs();
    let ended: Result<()> = server::runtime()?.block_on(async {
        let platform = server::open(&arguments.home).await?;
        let _lock = home::lock(&platform.settings.home, Use::Shared)?;
        let shutdown = server::shutdown()?;
        tracing::info!(slots = platform.settings.slots, "working");
        Pool::new(platform, server::pool_options(false, Queue::Cpu)?)
            .run(shutdown)
            .await?;
        Ok(())
    });
    Ok(ended?)
}
