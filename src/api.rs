//! `automl api`: the face without workers, over a home folder, beside `automl worker`.

use anyhow::{Context, Result};
use clap::Args;
use platform::home::{self, Use};

use crate::failure::Failure;
use crate::logs::Logs;
use crate::serve::{self, Listen};
use crate::server::{self, Home};

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    home: Home,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    logs: Logs,
}

/// Answers until it is told to stop.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    server::run("automl-api", &arguments.logs, async {
        let mut platform = server::open(&arguments.home).await?;
        let _lock = home::lock(&platform.settings.home, Use::Shared)?;
        let listener = serve::listen(&mut platform, &arguments.listen).await?;
        let shutdown = server::shutdown()?;
        let scaling = server::scale(&platform, &arguments.logs, shutdown.clone()).await?;
        serve::answer(platform, listener, &arguments.listen, false, shutdown).await?;
        if let Some(scaling) = scaling {
            scaling.await.context("the scaling ended badly")?;
        }
        Ok(())
    })
}
