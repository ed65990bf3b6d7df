//! `automl admin audit`: checks the log, and shows it.

use clap::{Args, Subcommand};
use platform::audit::verify::{self, Break, Whole};
use platform::audit::{self, Recorded, chain};
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
    /// Check that no entry was changed or taken out: 0 when the log is whole, 1 when it is not
    ///
    /// Entries that were cut off the end are missed only if you say which hash the log had earlier: note what this prints
    /// somewhere else, and give it with --head the next time.
    Verify {
        #[command(flatten)]
        home: Home,
        /// A hash that this printed earlier: an entry must have it still
        #[arg(long, value_name = "HASH", value_parser = head)]
        head: Option<String>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show the newest entries, the newest last
    List {
        #[command(flatten)]
        home: Home,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=100_000))]
        last: u64,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
}

fn head(text: &str) -> Result<String, String> {
    match chain::is_hash(text) {
        true => Ok(text.to_owned()),
        false => Err("a hash has 64 digits, 0 to 9 and a to f".to_owned()),
    }
}

/// Does it.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Verify { home, head, json } => check(home, head.as_deref(), *json).await,
        What::List { home, last, json } => list(home, *last, *json).await,
    }
}

async fn check(home: &Home, head: Option<&str>, json: bool) -> Result<(), Failure> {
    let platform = open(home).await?;
    let found = verify::verify(&platform.database, head)
        .await
        .map_err(|error| failed(&error))?;
    match found {
        Ok(Whole { entries, head }) if json => println!("{}", json!({ "entries": entries, "head": head })),
        Ok(Whole { entries, head }) => println!("{entries} entries, head {head}"),
        Err(found) => {
            if json {
                println!("{}", broken(&found));
            }
            return Err(Failure::Failed(format!("the audit log is broken: {found}")));
        }
    }
    Ok(())
}

fn broken(found: &Break) -> Value {
    let (code, entry) = match found {
        Break::Missing(number) => ("MISSING", Some(number)),
        Break::Changed(number) => ("CHANGED", Some(number)),
        Break::OutOfOrder(number) => ("OUT_OF_ORDER", Some(number)),
        Break::Unreadable(number) => ("UNREADABLE", Some(number)),
        Break::Head(number) => ("HEAD", Some(number)),
        Break::Unknown => ("HASH_UNKNOWN", None),
    };
    json!({ "broken": code, "entry": entry, "message": found.to_string() })
}

async fn list(home: &Home, last: u64, json: bool) -> Result<(), Failure> {
    let platform = open(home).await?;
    let newest = audit::newest(&platform.database, last)
        .await
        .map_err(|error| failed(&error))?;
    for entry in newest.iter().rev() {
        match json {
            true => println!("{}", object(entry)),
            false => println!("{}", line(entry)),
        }
    }
    Ok(())
}

fn object(entry: &Recorded) -> Value {
    json!({
        "number": entry.number,
        "at": entry.moment().map(|at| at.to_rfc3339()),
        "actor": entry.actor,
        "actorId": entry.actor_id,
        "action": entry.action,
        "subjectKind": entry.subject_kind,
        "subjectId": entry.subject_id,
        "reason": entry.reason,
        "before": entry.before,
        "after": entry.after,
        "address": entry.address,
        "requestId": entry.request_id,
        "hash": entry.hash,
    })
}

/// Words of people are among it: none of them may steer the terminal.
fn line(entry: &Recorded) -> String {
    let at = entry.moment().map_or_else(String::new, |at| at.to_rfc3339());
    let mut line = format!("{} {at} {}", entry.number, entry.actor);
    if let Some(id) = entry.actor_id {
        line.push_str(&format!(":{id}"));
    }
    line.push_str(&format!(" {}", entry.action));
    if let (Some(kind), Some(id)) = (&entry.subject_kind, &entry.subject_id) {
        line.push_str(&format!(" {kind}:{id}"));
    }
    for (name, text) in [
        ("from", &entry.address),
        ("reason", &entry.reason),
        ("before", &entry.before),
        ("after", &entry.after),
    ] {
        if let Some(text) = text {
            line.push_str(&format!(" {name}={text}"));
        }
    }
    visible(&line)
}
