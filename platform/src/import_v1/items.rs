//! What version 1 keeps of its datasets and jobs, as far as it is carried over. Every text in it is somebody's: it is cut and
//! cleaned here, and none of it ever becomes part of a path or a statement.

use chrono::{DateTime, Utc};
use entities::job_tag::{MAX_TAG_LENGTH, MAX_TAGS};
use serde_json::{Map, Value};

use super::known::{OF_DATASET, OF_JOB, Unknown, count};
use super::words::{self, LONGEST_NAME, file_name, line, lines};

/// Characters of a column's name.
const LONGEST_COLUMN: usize = 1_000;
/// Characters of what somebody wrote about a job.
const LONGEST_NOTES: usize = 1_000;
/// Characters of an error.
const LONGEST_ERROR: usize = 500;
/// Figures of a job in the order in which they are told.
const FIGURES: [&str; 7] = [
    "accuracy",
    "f1_score",
    "precision",
    "recall",
    "r2_score",
    "rmse",
    "mae",
];

/// A dataset of version 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its id there: letters, digits, `-` and `_`.
    pub id: String,
    /// Name of its file.
    pub file_name: String,
    /// Bytes of its file, where that is kept.
    pub file_size: Option<u64>,
    /// Rows that it had there.
    pub row_count: Option<u64>,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
}

/// How far a job was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It has a model, as a pickle.
    Completed,
    /// It has none.
    Failed,
    /// It waited or ran.
    Open,
}

/// A job of version 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id there.
    pub id: String,
    /// The dataset's id there.
    pub dataset_id: String,
    /// Name of the dataset's file.
    pub dataset_name: String,
    /// Column to predict.
    pub target: String,
    /// How far it was.
    pub status: Status,
    /// What it was taken for.
    pub problem: Option<String>,
    /// What was measured, for people.
    pub figures: Vec<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// Its owner's words to find it by.
    pub tags: Vec<String>,
    /// What its owner says of it.
    pub notes: Option<String>,
    /// Whether its model answered.
    pub is_deployed: bool,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, or was last touched.
    pub ended_at: Option<DateTime<Utc>>,
}

/// An item of one of the two tables.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Of the datasets.
    Dataset(Dataset),
    /// Of the training jobs.
    Job(Job),
}

/// An item that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// `dataset` or `job`; none: it is neither.
    pub kind: Option<&'static str>,
    /// Its id, as far as there is one.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
}

/// Reads an item; which table it is of is told by the ids that it has.
///
/// # Errors
/// When something is missing without which it cannot be carried over.
pub fn read(attributes: &Map<String, Value>, unknown: &mut Unknown) -> Result<Item, Unusable> {
    let (kind, key, known): (_, _, &[&str]) = if attributes.contains_key("job_id") {
        ("job", "job_id", &OF_JOB)
    } else if attributes.contains_key("dataset_id") {
        ("dataset", "dataset_id", &OF_DATASET)
    } else {
        return Err(Unusable {
            kind: None,
            id: None,
            reason: "it has neither a dataset_id nor a job_id: it is not of version 1".to_owned(),
        });
    };
    for name in attributes.keys().filter(|name| !known.contains(&name.as_str())) {
        count(unknown, &format!("{kind}.{}", line(name, LONGEST_NAME)));
    }
    let item = match kind {
        "job" => job(attributes).map(Item::Job),
        _ => dataset(attributes).map(Item::Dataset),
    };
    item.map_err(|reason| Unusable {
        kind: Some(kind),
        id: text(attributes, key).map(|id| line(id, LONGEST_NAME)),
        reason,
    })
}

fn dataset(attributes: &Map<String, Value>) -> Result<Dataset, String> {
    let id = id(attributes, "dataset_id")?;
    let file_name = text(attributes, "filename").map(file_name).unwrap_or_default();
    if file_name.is_empty() {
        return Err("it has no filename".to_owned());
    }
    Ok(Dataset {
        id,
        file_name,
        file_size: whole(attributes, "file_size").or_else(|| whole(attributes, "size_bytes")),
        row_count: whole(attributes, "row_count").or_else(|| whole(attributes, "num_rows")),
        uploaded_at: time(attributes, "uploaded_at")?,
    })
}

fn job(attributes: &Map<String, Value>) -> Result<Job, String> {
    let target = text(attributes, "target_column").unwrap_or_default();
    // It has to be the column's own name, to the letter: it is not cleaned.
    if target.is_empty() || target.contains('\0') || target.chars().count() > LONGEST_COLUMN {
        return Err("its target_column is no name of a column".to_owned());
    }
    let status = match text(attributes, "status") {
        Some("completed") => Status::Completed,
        Some("failed") => Status::Failed,
        Some("pending" | "running") => Status::Open,
        _ => return Err("its status is none of version 1".to_owned()),
    };
    let moment = |name: &str| time(attributes, name).ok();
    let said = |name: &str, longest| {
        let text = text(attributes, name).map(|text| lines(text, longest));
        text.filter(|text| !text.is_empty())
    };
    Ok(Job {
        id: id(attributes, "job_id")?,
        dataset_id: id(attributes, "dataset_id")?,
        dataset_name: text(attributes, "dataset_name")
            .map(file_name)
            .unwrap_or_default(),
        target: target.to_owned(),
        status,
        problem: text(attributes, "problem_type")
            .filter(|problem| ["classification", "regression"].contains(problem))
            .map(ToOwned::to_owned),
        figures: figures(attributes),
        error: said("error_message", LONGEST_ERROR),
        tags: tags(attributes),
        notes: said("notes", LONGEST_NOTES),
        is_deployed: attributes.get("deployed").and_then(Value::as_bool) == Some(true),
        created_at: time(attributes, "created_at")?,
        started_at: moment("started_at"),
        ended_at: moment("completed_at").or_else(|| moment("updated_at")),
    })
}

fn figures(attributes: &Map<String, Value>) -> Vec<String> {
    let Some(metrics) = attributes.get("metrics").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut told = Vec::new();
    for name in FIGURES {
        if let Some(value) = metrics.get(name).and_then(Value::as_f64) {
            told.push(format!("{name} {value:.4}"));
        }
    }
    if let Some(best) = metrics.get("best_estimator").and_then(Value::as_str) {
        told.push(format!("best_estimator {}", line(best, 50)));
    }
    if let Some(seconds) = metrics.get("training_time").and_then(Value::as_f64) {
        told.push(format!("training_time {seconds:.0} s"));
    }
    told
}

fn tags(attributes: &Map<String, Value>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let given = attributes.get("tags").and_then(Value::as_array);
    for tag in given.into_iter().flatten().filter_map(Value::as_str) {
        let tag = line(tag, MAX_TAG_LENGTH);
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < MAX_TAGS {
            tags.push(tag);
        }
    }
    tags
}

fn text<'a>(attributes: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    attributes.get(name)?.as_str()
}

fn whole(attributes: &Map<String, Value>, name: &str) -> Option<u64> {
    attributes.get(name)?.as_u64()
}

/// An id is looked up below a folder: nothing in it leads out of there.
fn id(attributes: &Map<String, Value>, name: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match text(attributes, name) {
        Some(id) if (1..=128).contains(&id.len()) && id.bytes().all(plain) => Ok(id.to_owned()),
        _ => Err(format!("its {name} is none of version 1")),
    }
}

fn time(attributes: &Map<String, Value>, name: &str) -> Result<DateTime<Utc>, String> {
    let time = text(attributes, name).and_then(words::time);
    time.ok_or_else(|| format!("its {name} is no time"))
}

#[cfg(test)]
mod tests;
