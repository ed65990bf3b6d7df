//! `automl admin backup`: the home folder as it is at one moment, while its server runs.

use std::path::PathBuf;

use clap::Args;
use platform::{Error, backup};
use serde_json::json;

use super::{failed, open};
use crate::failure::Failure;
use crate::server::Home;

/// Back up a home folder into a new one, while its server runs
///
/// A server over SQLite and files: the new folder is a home folder, and starting with it is the restore. It holds the keys that
/// sign links and tokens: keep it as safe as the home folder itself.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder to make, best on another disk; it must not be there yet
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    home: Home,
}

/// Does it.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let platform = open(&arguments.home).await?;
    let backup = backup::take(&platform, &arguments.to)
        .await
        .map_err(|error| match error {
            Error::Conflict(message) => Failure::Input(message),
            error => failed(&error),
        })?;
    let at = backup.at.to_rfc3339();
    match arguments.json {
        true => println!(
            "{}",
            json!({ "files": backup.files, "bytes": backup.bytes, "at": at })
        ),
        false => println!(
            "{} files with {} bytes, and the database of {at}",
            backup.files, backup.bytes
        ),
    }
    Ok(())
}
