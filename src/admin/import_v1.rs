//! `automl admin import-v1`: datasets and jobs of version 1, from its DynamoDB tables and its bucket.

use std::path::PathBuf;

use clap::Args;
use platform::import_v1::{self, Counts, Import, Report, Skip, Source};
use serde_json::{Value, json};

use super::{failed, open, reason};
use crate::failure::Failure;
use crate::profile::visible;
use crate::server::Home;

/// Import datasets and jobs of version 1; they belong to the user "default" until `admin default-data claim`
///
/// What is there already stays as it is: run it again to go on after an error. Datasets are read anew by a worker. Models are
/// not imported: they are pickles. Ends with 0 when everything was imported, with 1 when anything was skipped.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folder with both tables: exports to S3, or what `aws dynamodb scan` prints
    #[arg(long, value_name = "FOLDER")]
    tables: PathBuf,
    /// Where the files of the datasets are: a copy of the bucket, or the bucket itself
    #[arg(long, value_name = "FOLDER|s3://BUCKET/PREFIX")]
    files: Source,
    /// Region of that bucket, where it is not AUTOML_S3_REGION or the one of the AWS environment
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Only say what would be imported
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Why, for the audit log: 1 to 500 characters
    #[arg(long, value_name = "TEXT", value_parser = reason, default_value = "data of version 1")]
    reason: String,
    #[command(flatten)]
    home: Home,
}

/// Does it.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let platform = open(&arguments.home).await?;
    let import = Import {
        tables: arguments.tables.clone(),
        files: arguments.files.clone(),
        region: arguments.region.clone(),
        is_dry: arguments.dry_run,
        reason: arguments.reason.clone(),
    };
    let report = import_v1::import(&platform, &import)
        .await
        .map_err(|error| failed(&error))?;
    match arguments.json {
        true => println!("{}", object(&report, arguments.dry_run)),
        false => tell(&report, arguments.dry_run),
    }
    match report.skips.count {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 item was skipped".to_owned())),
        count => Err(Failure::Failed(format!("{count} items were skipped"))),
    }
}

fn object(report: &Report, is_dry: bool) -> Value {
    let counts = |counts: Counts| json!({ "read": counts.read, "imported": counts.imported, "alreadyThere": counts.there });
    let skip = |skip: &Skip| {
        json!({
            "file": skip.place.file,
            "line": skip.place.part.filter(|(what, _)| *what == "line").map(|(_, number)| number),
            "item": skip.place.part.filter(|(what, _)| *what == "item").map(|(_, number)| number),
            "kind": skip.kind,
            "id": skip.id,
            "reason": skip.reason,
        })
    };
    json!({
        "dryRun": is_dry,
        "datasets": counts(report.datasets),
        "jobs": counts(report.jobs),
        "bytes": report.bytes,
        "skipped": report.skips.count,
        "skips": report.skips.listed.iter().map(skip).collect::<Vec<Value>>(),
        "unknownAttributes": report.unknown,
        "filesWithoutItems": report.passed_over,
        "notices": report.notices,
    })
}

/// Names and reasons hold words of people: none of them may steer the terminal.
fn tell(report: &Report, is_dry: bool) {
    let verb = if is_dry { "would be imported" } else { "imported" };
    for (kind, counts) in [("datasets", report.datasets), ("jobs", report.jobs)] {
        let Counts {
            read,
            imported,
            there,
        } = counts;
        println!("{kind}: {read} read, {imported} {verb}, {there} already there");
    }
    println!("bytes of files: {}", report.bytes);
    for notice in &report.notices {
        println!("notice: {}", visible(notice));
    }
    for file in &report.passed_over {
        println!("no items in: {}", visible(file));
    }
    for (name, times) in &report.unknown {
        println!("unknown attribute: {} ({times})", visible(name));
    }
    for skip in &report.skips.listed {
        let kind = skip.kind.map(|kind| format!(" {kind}")).unwrap_or_default();
        let id = skip.id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
        let line = format!("skipped{kind}{id}: {} ({})", skip.reason, skip.place);
        println!("{}", visible(&line));
    }
    let unlisted = report.skips.count - report.skips.listed.len() as u64;
    if unlisted > 0 {
        println!("and {unlisted} more skipped");
    }
}
