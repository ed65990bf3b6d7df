//! `automl worker`: a pool over a home folder, beside `automl api`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use platform::home::{self, Use};
use platform::spot::Metadata;
use tokio::sync::watch;
use worker::Pool;
use worker::device::{self, Places};

use crate::failure::Failure;
use crate::logs::Logs;
use crate::server::{self, Device, Home};

/// What a worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Queue {
    /// Tasks that need nothing special.
    Cpu,
    /// Tasks that a GPU is for, and no others.
    Gpu,
}

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    home: Home,
    /// What to take; `gpu` needs a GPU and the program automl-trainer-cuda
    #[arg(long, value_enum, default_value_t = Queue::Cpu)]
    queue: Queue,
    /// Tasks at the same time [default: $AUTOML_SLOTS, else what the processors allow; one on a GPU]
    #[arg(long)]
    slots: Option<usize>,
    /// End when there was nothing to do for so long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    exit_when_idle: Option<u64>,
    /// Stop when stdin ends: its writer is gone
    #[arg(long, hide = true)]
    until_stdin_ends: bool,
    #[command(flatten)]
    logs: Logs,
}

/// Works until it is told to stop, has nothing to do, or loses its machine.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    server::run("automl-worker", &arguments.logs, async {
        let mut settings = server::settings(&arguments.home)?;
        if let Some(slots) = arguments.slots {
            settings.slots = slots;
        } else if arguments.queue == Queue::Gpu && std::env::var_os("AUTOML_SLOTS").is_none() {
            // They would share the memory of one GPU.
            settings.slots = 1;
        }
        let device = match arguments.queue {
            Queue::Cpu => Device::Cpu,
            Queue::Gpu => Device::Gpu(find_gpu().await?),
        };
        let platform = server::open_with(settings).await?;
        let _lock = home::lock(&platform.settings.home, Use::Shared)?;
        let stop = server::stop()?;
        if arguments.until_stdin_ends {
            stop_with_stdin(stop.clone())?;
        }
        let mut options = server::pool_options(false, device)?;
        options.exit_when_idle = arguments.exit_when_idle.map(Duration::from_secs);
        if let Some(spot) = &platform.settings.spot {
            options.host = heed_notices(Metadata::new(spot)?, stop.clone()).await;
        }
        tracing::info!(
            slots = platform.settings.slots,
            queue = ?options.queue,
            device = options.device,
            "working"
        );
        Pool::new(platform, options).run(stop.subscribe()).await?;
        Ok(())
    })
}

async fn find_gpu() -> Result<device::Gpu> {
    let program = std::env::current_exe().context("finding this program's file")?;
    let folder = program.parent().map(PathBuf::from).unwrap_or_default();
    let set = device::PASSED_ON.map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
    let environment = set.into_iter().flatten().collect();
    let found = device::gpu(&Places::here(&folder, environment)).await;
    found.map_err(|missing| anyhow!("{missing}"))
}

/// Drains when the machine is about to be taken away. Returns which machine this is, where that can be known.
async fn heed_notices(metadata: Metadata, stop: watch::Sender<bool>) -> Option<String> {
    let instance = match metadata.instance().await {
        Ok(instance) => Some(instance),
        Err(error) => {
            tracing::warn!(%error, "AUTOML_SPOT is set, but this machine does not say which instance it is");
            None
        }
    };
    tokio::spawn(async move {
        let notice = metadata.noticed().await;
        tracing::warn!(%notice, "stopping");
        stop.send_replace(true);
    });
    instance
}

/// On a thread of its own: a read that never ends must not keep the process.
fn stop_with_stdin(stop: watch::Sender<bool>) -> Result<()> {
    let wait = move || {
        // Whatever is written there is of no interest, and an error is an end as well.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        stop.send_replace(true);
    };
    let named = std::thread::Builder::new().name("stdin".to_owned());
    named.spawn(wait).map(drop).context("starting a thread")
}
