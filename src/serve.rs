//! `automl serve`: the whole platform in one process, over one folder.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use platform::Platform;
use platform::accounts::{self, api_tokens};
use platform::home::{self, Use};
use platform::settings::Scaling;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use worker::Pool;
use worker::estimate::EngineEstimator;

use crate::failure::Failure;
use crate::logs::Logs;
use crate::server::{self, Device, Home};

/// How long the printed link may be used.
const LINK_LIFE: Duration = Duration::from_secs(3600);

/// How long open requests may take after the process was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Where to listen and how to say so.
#[derive(Args, Clone, Debug)]
pub struct Listen {
    /// Port [default: $AUTOML_PORT, else 8080]; 0 takes a free one
    #[arg(long)]
    port: Option<u16>,
    /// Print {"url": …, "token": …} with a bearer token for scripts, good for 30 days or until the next start, as the first line
    #[arg(long)]
    json: bool,
}

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

/// Serves until it is told to stop.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    server::run("automl", &arguments.logs, async {
        let settings = server::settings(&arguments.home)?;
        // Others may work on a database server's tasks.
        let is_alone = settings.database.is_none();
        if is_alone && settings.scaling.is_some() {
            bail!(
                "`serve` works alone over a database in a file: AUTOML_SCALING needs AUTOML_DATABASE_URL, or `automl api`"
            );
        }
        // The workers of a local fleet share the folder.
        let shares = settings.scaling.as_ref().is_some_and(Scaling::is_local);
        let usage = if shares { Use::Shared } else { Use::Alone };
        let _lock = home::lock(&settings.home, usage)?;
        let mut platform = server::open(&arguments.home).await?;
        let listener = listen(&mut platform, &arguments.listen).await?;
        let shutdown = server::shutdown()?;
        let mut options = server::pool_options(is_alone, Device::Cpu)?;
        // The server goes on when its slots are drained, and so do its mails.
        options.outlives_slots = true;
        let pool = Pool::new(platform.clone(), options);
        let pool = tokio::spawn(pool.run(shutdown.clone()));
        let scaling = server::scale(&platform, &arguments.logs, shutdown.clone()).await?;
        let answered = answer(platform, listener, &arguments.listen, is_alone, shutdown).await;
        match answered {
            Ok(()) => {
                pool.await.context("the pool ended badly")??;
                if let Some(scaling) = scaling {
                    scaling.await.context("the scaling ended badly")?;
                }
                Ok(())
            }
            Err(error) => {
                pool.abort();
                Err(error)
            }
        }
    })
}

/// Takes the port. Where the settings name no address for links, they are to this one.
pub async fn listen(platform: &mut Platform, listen: &Listen) -> Result<TcpListener> {
    let port = listen.port.unwrap_or(platform.settings.port);
    let address = format!("{}:{port}", platform.settings.host);
    let listener = TcpListener::bind(&address)
        .await
        .with_context(|| format!("listening on {address}"))?;
    if platform.settings.public_url.is_none() {
        let mut settings = (*platform.settings).clone();
        settings.public_url = Some(format!("http://{}", listener.local_addr()?));
        platform.settings = Arc::new(settings);
    }
    Ok(listener)
}

/// Answers HTTP until `shutdown` turns true. `is_alone`: nobody else answers over this database.
pub async fn answer(
    platform: Platform,
    listener: TcpListener,
    listen: &Listen,
    is_alone: bool,
    mut shutdown: watch::Receiver<bool>,
) -> Result<()> {
    let url = format!("http://{}", listener.local_addr()?);
    let user_id = accounts::owner(&platform).await?.id;
    let secret = if listen.json {
        // Of several processes over one database each has a token of its own.
        let name = (!is_alone).then(|| {
            let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
            let name = format!("--json of {} at {url}", host.trim());
            name.chars().take(100).collect::<String>()
        });
        api_tokens::printed(&platform, user_id, name.as_deref()).await?
    } else {
        accounts::one_time_token(&platform, user_id, LINK_LIFE).await?
    };
    // People come by the address that they know the server by; programs are on this machine.
    let public = platform.settings.public_url.as_deref().unwrap_or(&url);
    announce(
        if listen.json { &url } else { public },
        secret.expose(),
        listen.json,
    )?;
    let stop = CancellationToken::new();
    let bounds = api::Bounds::new(platform.settings.doors.connections);
    let state = api::AppState::new(platform, stop.clone()).with_estimator(Arc::new(EngineEstimator));
    let router = api::router(state);
    let mut stopped = shutdown.clone();
    let told = stop.clone();
    let stopping = async move {
        // An error says that the sender is gone: the process is stopping.
        let _ = stopped.wait_for(|stop| *stop).await;
        told.cancel();
    };
    // Slow clients do not keep the process from ending.
    let too_late = async move {
        let _ = shutdown.wait_for(|stop| *stop).await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::spawn(stopping);
    tokio::select! {
        () = api::serve(listener, router, bounds, stop) => {}
        () = too_late => {}
    }
    Ok(())
}

fn announce(url: &str, secret: &str, json: bool) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    if json {
        writeln!(stdout, "{}", serde_json::json!({ "url": url, "token": secret }))?;
    } else {
        writeln!(
            stdout,
            "AutoML Lite is ready. Open this link once, within an hour:"
        )?;
        writeln!(stdout, "  {url}/welcome#token={secret}")?;
        writeln!(stdout, "Stop with ctrl-c. Another start prints another link.")?;
    }
    stdout.flush().context("writing to stdout")
}
