//! Postgres, Redis and an S3 server for the production form on one machine: prints the variables that use them, and runs until
//! ctrl-c. Its files stay in its folder, so that the next start goes on with them.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use harness::{Postgres, Redis, S3, postgres, redis, s3};

/// Name of the database.
const DATABASE: &str = "automl";

/// Starts Postgres, Redis and an S3 server on the loopback interface.
#[derive(Parser, Debug)]
#[command(name = "dev-services")]
struct Arguments {
    /// Folder of their files
    #[arg(long, value_name = "DIR", default_value = ".run/services")]
    folder: PathBuf,
    /// Port of Postgres; 0 takes a free one
    #[arg(long, default_value_t = 5433)]
    postgres_port: u16,
    /// Port of Redis; 0 takes a free one
    #[arg(long, default_value_t = 6380)]
    redis_port: u16,
    /// Port of the S3 server; 0 takes a free one
    #[arg(long, default_value_t = 9100)]
    s3_port: u16,
    /// Lose everything at a crash of the machine: faster, for tests
    #[arg(long)]
    volatile: bool,
    /// Also write the variables into this file, to be read with `source`
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Run a command with the variables set instead of waiting for ctrl-c, and end with its exit code
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let port = |port: u16| (port != 0).then_some(port);
    std::fs::create_dir_all(&arguments.folder)?;
    let folder = arguments.folder.canonicalize()?;
    let postgres = Postgres::start(&postgres::Options {
        is_durable: !arguments.volatile,
        folder: Some(folder.join("postgres")),
        port: port(arguments.postgres_port),
    })?;
    let redis = Redis::start(redis::Options {
        is_persistent: true,
        max_memory_bytes: None,
        folder: Some(folder.join("redis")),
        port: port(arguments.redis_port),
    })?;
    let s3 = S3::start(&s3::Options {
        folder: Some(folder.join("s3")),
        port: port(arguments.s3_port),
    })?;
    let names = postgres.query("postgres", "SELECT datname FROM pg_database")?;
    if !names.iter().any(|row| row[0] == DATABASE) {
        postgres.create_named(DATABASE, None)?;
    }
    let variables = variables(&postgres, &redis, &s3);
    if !arguments.command.is_empty() {
        let code = run(&arguments.command, &variables)?;
        drop((postgres, redis, s3));
        std::process::exit(code);
    }
    announce(&variables, arguments.env_file.as_deref())?;
    wait_for_the_end()
}

fn variables(postgres: &Postgres, redis: &Redis, s3: &S3) -> Vec<(&'static str, String)> {
    vec![
        ("AUTOML_DATABASE_URL", postgres.url(DATABASE)),
        ("AUTOML_REDIS_URL", redis.url(0)),
        ("AUTOML_S3_BUCKET", s3::BUCKET.to_owned()),
        ("AUTOML_S3_ENDPOINT", s3.endpoint()),
        ("AUTOML_S3_REGION", s3::REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", s3::ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", s3::SECRET_KEY.to_owned()),
    ]
}

fn announce(variables: &[(&str, String)], file: Option<&Path>) -> Result<()> {
    let mut lines = String::new();
    for (name, value) in variables {
        lines.push_str(&format!("export {name}='{value}'\n"));
    }
    if let Some(file) = file {
        std::fs::write(file, &lines).with_context(|| format!("writing {}", file.display()))?;
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(lines.as_bytes())?;
    stdout.flush().context("writing to stdout")
}

/// Runs a command and returns its exit code.
fn run(command: &[String], variables: &[(&str, String)]) -> Result<i32> {
    let status = std::process::Command::new(&command[0])
        .args(&command[1..])
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .status()
        .with_context(|| format!("running {}", command[0]))?;
    Ok(status.code().unwrap_or(1))
}

/// Returns at ctrl-c or SIGTERM.
fn wait_for_the_end() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => {}
            ended = tokio::signal::ctrl_c() => ended?,
        }
        Ok(())
    })
}
