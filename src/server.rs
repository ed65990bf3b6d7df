//! What `serve`, `api`, `worker` and `migrate` share: the home folder, settings, signals.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use platform::{Platform, Settings, clock};
use tokio::sync::watch;
use worker::Queue;

use crate::failure::Failure;
use crate::logs::{Format, Logs};
use crate::traces::Traces;
use crate::upgrade;

/// Where a server keeps everything.
#[derive(Args, Clone, Debug)]
pub struct Home {
    /// Folder of the database, the files and the scratch space [default: $AUTOML_HOME, else .automl]
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
    /// The onnxruntime library that checks exported models [default: $AUTOML_ONNXRUNTIME, $ORT_DYLIB_PATH, or beside this program]
    #[arg(long, value_name = "FILE")]
    onnxruntime: Option<PathBuf>,
}

/// Settings of this machine, this environment and these options, the later ones first.
pub fn settings(home: &Home) -> Result<Settings> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let folder = home
        .home
        .clone()
        .or_else(|| std::env::var_os("AUTOML_HOME").map(PathBuf::from));
    let folder = folder.unwrap_or_else(|| PathBuf::from(".automl"));
    std::fs::create_dir_all(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    // The trainer child has another working folder.
    let folder = folder
        .canonicalize()
        .with_context(|| format!("finding the folder {}", folder.display()))?;
    let mut settings = Settings::new(&folder, cores, machine_memory_bytes());
    settings.override_from(&|name| std::env::var(name).ok())?;
    settings.home = folder;
    if home.onnxruntime.is_some() {
        settings.onnxruntime.clone_from(&home.onnxruntime);
    }
    settings.onnxruntime =
        crate::onnxruntime::find(settings.onnxruntime.as_deref()).map_err(|failure| anyhow!("{failure}"))?;
    settings.validate()?;
    Ok(settings)
}

/// Opens a home folder's platform and brings its database up to date.
pub async fn open(home: &Home) -> Result<Platform> {
    open_with(settings(home)?).await
}

/// Opens what the settings name and brings its database up to date.
pub async fn open_with(settings: Settings) -> Result<Platform> {
    let platform = Platform::open(settings).await?;
    upgrade::bring_up_to_date(&platform.database).await?;
    if platform.database.is_past_row_security().await? {
        tracing::warn!(
            "the database account is a superuser or has BYPASSRLS: the database's own wall between people does not hold for it; \
             use an ordinary account (docs/operations.md)"
        );
    }
    clock::set(&platform.database)
        .await
        .context("asking the database for the time")?;
    tokio::spawn(clock::keep(platform.database.clone()));
    Ok(platform)
}

/// Runs a serving command to its end, with its log and its traces. In JSON the log has the last word as well.
pub fn run(
    service: &'static str,
    logs: &Logs,
    work: impl Future<Output = Result<()>>,
) -> Result<(), Failure> {
    let runtime = runtime()?;
    let inside = runtime.enter();
    let traces = Traces::start(service)?;
    let format = logs.start(traces.as_ref())?;
    drop(inside);
    let ended = runtime.block_on(work);
    if let Some(traces) = traces {
        traces.stop();
    }
    ended.map_err(|error| {
        let failure = Failure::from(error);
        if format == Format::Json {
            tracing::error!(error = %failure, "ended");
            return Failure::Logged;
        }
        failure
    })
}

/// The async runtime of a server.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the async runtime")
}

/// Turns true at ctrl-c or SIGTERM.
pub fn shutdown() -> Result<watch::Receiver<bool>> {
    Ok(stop()?.subscribe())
}

/// Turns true at ctrl-c or SIGTERM, or when its holder says so.
pub fn stop() -> Result<watch::Sender<bool>> {
    let stop = watch::Sender::new(false);
    let sender = stop.clone();
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("stopping");
        sender.send_replace(true);
    });
    Ok(stop)
}

/// Where a pool's trainer computes.
pub enum Device {
    /// On the processor: this program is its own trainer.
    Cpu,
    /// On a GPU that was found.
    Gpu(worker::device::Gpu),
}

/// The pool options of this program.
pub fn pool_options(is_alone: bool, device: Device) -> Result<worker::Options> {
    let (program, queue, device, environment) = match device {
        Device::Cpu => (itself()?, Queue::Cpu, worker::device::CPU.to_owned(), Vec::new()),
        Device::Gpu(gpu) => (gpu.trainer, Queue::Gpu, gpu.name, gpu.environment),
    };
    Ok(worker::Options {
        program,
        arguments: vec!["trainer".to_owned()],
        environment,
        is_alone,
        queue,
        device,
        host: None,
        exit_when_idle: None,
        outlives_slots: false,
    })
}

/// The running program itself, even when its file was replaced since or lies in a folder that the child may not enter.
fn itself() -> Result<PathBuf> {
    let itself = PathBuf::from("/proc/self/exe");
    if itself.exists() {
        return Ok(itself);
    }
    std::env::current_exe().context("finding this program's file")
}

/// Has the pool follow its queue, as the settings say, until `shutdown` turns true. Nothing is started when they say nothing.
pub async fn scale(
    platform: &Platform,
    logs: &Logs,
    shutdown: watch::Receiver<bool>,
) -> Result<Option<tokio::task::JoinHandle<()>>> {
    let home = platform.settings.home.display().to_string();
    let mut arguments = vec!["worker".to_owned(), "--home".to_owned(), home];
    if let Some(library) = &platform.settings.onnxruntime {
        arguments.extend(["--onnxruntime".to_owned(), library.display().to_string()]);
    }
    arguments.extend(logs.arguments());
    let program = platform::scaling::Program {
        file: itself()?,
        arguments,
    };
    let fleet = platform::scaling::open(&platform.settings, program).await;
    let scaling = fleet.map(|fleet| worker::scaling::run(platform.clone(), fleet, shutdown));
    Ok(scaling.map(tokio::spawn))
}

/// Physical memory, or 4 GiB where it cannot be found.
fn machine_memory_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.map_or(4 << 30, |kibibytes| kibibytes << 10)
}
