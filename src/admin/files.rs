//! `automl admin files`: whether every stored file that the database names is there.

use clap::{Args, Subcommand};
use platform::inventory;
use serde_json::{Value, json};

use super::{failed, open};
use crate::failure::Failure;
use crate::profile::visible;
use crate::server::Home;

/// Arguments.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Look for every file that the database names, and at its size: 0 when all are there, 1 when not
    Verify {
        #[command(flatten)]
        home: Home,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let What::Verify { home, json } = &arguments.what;
    let platform = open(home).await?;
    let found = inventory::take(&platform).await.map_err(|error| failed(&error))?;
    if *json {
        let wrong = found
            .wrong
            .iter()
            .map(|file| json!({ "key": file.key, "what": file.what }));
        let wrong: Vec<Value> = wrong.collect();
        println!(
            "{}",
            json!({ "files": found.files, "bytes": found.bytes, "wrong": wrong, "wrongCount": found.wrong_count })
        );
    } else {
        println!("{} files with {} bytes", found.files, found.bytes);
        for file in &found.wrong {
            println!("{}", visible(&format!("{} {}", file.key, file.what)));
        }
    }
    match found.wrong_count {
        0 => Ok(()),
        count => Err(Failure::Failed(format!(
            "{count} of {} files are not as the database says",
            found.files
        ))),
    }
}
