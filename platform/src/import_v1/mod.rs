//! Data of version 1 (AWS AutoML Lite): its two DynamoDB tables and the files of its bucket become datasets and jobs of the user
//! "default", whom an administrator then gives to somebody ([`crate::default_data`]).
//!
//! Invariants: ids follow from those of version 1, so that a second run adds nothing and a run that broke off is gone on with; a
//! file is stored before its row, under a key of ours; of a model of version 1 nothing is opened, for it is a pickle: its job is
//! there without a model and says so.

mod bucket;
mod files;
mod history;
mod items;
mod known;
mod lines;
mod plain;
mod report;
mod rows;
mod tables;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::{Error, Platform};

pub use files::Source;
pub use report::{Counts, Place, Report, Skip, Skips};

use files::Files;
use items::{Dataset, Job};
use tables::Tables;

/// Jobs of one transaction.
const JOBS_AT_A_TIME: usize = 100;

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// Folder of both tables.
    pub tables: PathBuf,
    /// Where the files of the datasets are.
    pub files: Source,
    /// Region of a bucket, where it is not the one that the settings say.
    pub region: Option<String>,
    /// Only say what would happen.
    pub is_dry: bool,
    /// Why, for the audit log.
    pub reason: String,
}

/// What became of one item.
enum Outcome {
    Imported(u64),
    There,
    Skipped(String),
}

/// Imports both tables, the datasets first. What was imported before an error stays: ask again to go on.
///
/// # Errors
/// When the folder cannot be read, the bucket of version 1 or the own store cannot be reached, the database refuses, or several
/// accounts could be the user "default".
pub async fn import(platform: &Platform, import: &Import) -> Result<Report, Error> {
    let folder = import.tables.clone();
    let tables = tokio::task::spawn_blocking(move || tables::read(&folder)).await;
    let tables = tables.map_err(|error| Error::file(&import.tables, std::io::Error::other(error)))??;
    let files = Files::open(&platform.settings, import).await?;
    let owner = match import.is_dry {
        true => None,
        false => Some(rows::holder(platform).await?),
    };
    let mut run = Run {
        platform,
        import,
        files,
        owner,
        report: Report::default(),
        datasets: HashMap::new(),
    };
    let jobs = run.begin(tables).await?;
    run.jobs(jobs).await?;
    Ok(run.report)
}

struct Run<'a> {
    platform: &'a Platform,
    import: &'a Import,
    files: Files,
    /// None: nothing is written.
    owner: Option<Uuid>,
    report: Report,
    /// Datasets that are there by now, by their id in version 1: id here, and rows there.
    datasets: HashMap<String, (Uuid, Option<u64>)>,
}

impl Run<'_> {
    /// Imports the datasets; the jobs are left.
    async fn begin(&mut self, tables: Tables) -> Result<Vec<(Place, Job)>, Error> {
        self.report.datasets.read = tables.read.0;
        self.report.jobs.read = tables.read.1;
        self.report.skips = tables.skips;
        self.report.unknown = tables.unknown;
        self.report.passed_over = tables.passed_over;
        self.report.notices = tables.notices;
        for (place, dataset) in tables.datasets {
            let id = row_id("dataset", &dataset.id, dataset.uploaded_at);
            let outcome = match self.datasets.contains_key(&dataset.id) {
                true => Outcome::There,
                false => self.dataset(id, &dataset).await?,
            };
            match outcome {
                Outcome::Imported(bytes) => {
                    self.report.datasets.imported += 1;
                    self.report.bytes += bytes;
                }
                Outcome::There => self.report.datasets.there += 1,
                Outcome::Skipped(reason) => {
                    let skips = &mut self.report.skips;
                    skips.add(place, Some("dataset"), Some(dataset.id), reason);
                    continue;
                }
            }
            self.datasets.entry(dataset.id).or_insert((id, dataset.row_count));
        }
        Ok(tables.jobs)
    }

    async fn dataset(&self, id: Uuid, dataset: &Dataset) -> Result<Outcome, Error> {
        if rows::has_dataset(&self.platform.database, id).await? {
            return Ok(Outcome::There);
        }
        let found = match self.files.find(dataset).await? {
            Ok(found) => found,
            Err(reason) => return Ok(Outcome::Skipped(reason)),
        };
        let limit = self.platform.settings.upload_limit_bytes;
        let size = found.size_bytes;
        let refused = match dataset.file_size {
            _ if size == 0 => Some("its file has no bytes".to_owned()),
            _ if size > limit => Some(format!(
                "its file has {size} bytes; {limit} are allowed (AUTOML_UPLOAD_LIMIT)"
            )),
            Some(told) if told != size => Some(format!(
                "its file has {size} bytes, and {told} by the table: it is not whole, or another one"
            )),
            _ => None,
        };
        if let Some(reason) = refused {
            return Ok(Outcome::Skipped(reason));
        }
        let Some(owner) = self.owner else {
            return Ok(Outcome::Imported(size));
        };
        let stored = match self.files.store(self.platform, &found, id).await? {
            Ok(stored) => stored,
            Err(reason) => return Ok(Outcome::Skipped(reason)),
        };
        let new = rows::NewDataset {
            id,
            owner,
            dataset,
            stored: &stored,
        };
        match rows::insert_dataset(self.platform, &new, &self.import.reason).await? {
            true => Ok(Outcome::Imported(size)),
            false => Ok(Outcome::There),
        }
    }

    async fn jobs(&mut self, jobs: Vec<(Place, Job)>) -> Result<(), Error> {
        let mut group = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (place, job) in jobs {
            let Some(&(dataset, rows)) = self.datasets.get(&job.dataset_id) else {
                let reason = format!("its dataset {} is not there", job.dataset_id);
                self.report.skips.add(place, Some("job"), Some(job.id), reason);
                continue;
            };
            let id = row_id("job", &job.id, job.created_at);
            if !seen.insert(id) {
                self.report.jobs.there += 1;
                continue;
            }
            group.push(rows::NewJob {
                place,
                id,
                dataset,
                rows,
                job,
            });
            if group.len() == JOBS_AT_A_TIME {
                self.some_jobs(std::mem::take(&mut group)).await?;
            }
        }
        self.some_jobs(group).await
    }

    async fn some_jobs(&mut self, group: Vec<rows::NewJob>) -> Result<(), Error> {
        if group.is_empty() {
            return Ok(());
        }
        let there = rows::jobs_there(&self.platform.database, &group).await?;
        self.report.jobs.there += there.len() as u64;
        let fresh: Vec<rows::NewJob> = group.into_iter().filter(|new| !there.contains(&new.id)).collect();
        let Some(owner) = self.owner else {
            self.report.jobs.imported += fresh.len() as u64;
            return Ok(());
        };
        let done = rows::insert_jobs(self.platform, owner, fresh, &self.import.reason).await?;
        self.report.jobs.imported += done.imported;
        self.report.jobs.there += done.there;
        for new in done.orphans {
            let reason = "its dataset was deleted meanwhile".to_owned();
            self.report
                .skips
                .add(new.place, Some("job"), Some(new.job.id), reason);
        }
        Ok(())
    }
}

/// The id of a row: in the place in time where it was made, and the same each time for the same id of version 1.
fn row_id(kind: &str, id: &str, at: DateTime<Utc>) -> Uuid {
    let hash = Sha256::digest(format!("automl-lite import of version 1\n{kind}\n{id}"));
    let mut bits = [0; 10];
    bits.copy_from_slice(&hash[..10]);
    Builder::from_unix_timestamp_millis(at.timestamp_millis().unsigned_abs(), &bits).into_uuid()
}
