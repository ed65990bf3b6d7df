//! The attributes that items of version 1 have, and a count of others.

use std::collections::BTreeMap;

/// Names of unknown attributes that are told apart; the others are counted together.
pub const MOST_UNKNOWN: usize = 100;
/// What those are counted as.
const OTHERS: &str = "(others)";

/// Attributes of a dataset, those of its first form included. What is not read is found anew in its file.
pub const OF_DATASET: [&str; 14] = [
    "dataset_id",
    "filename",
    "file_size",
    "uploaded_at",
    "row_count",
    "user_id",
    "columns",
    "column_types",
    "column_stats",
    "problem_type",
    "s3_path",
    "size_bytes",
    "num_rows",
    "num_columns",
];
/// Attributes of a job. Not read: where its files are, and what its model needs to be asked.
pub const OF_JOB: [&str; 25] = [
    "job_id",
    "dataset_id",
    "user_id",
    "created_at",
    "updated_at",
    "started_at",
    "completed_at",
    "status",
    "dataset_name",
    "target_column",
    "problem_type",
    "metrics",
    "error_message",
    "tags",
    "notes",
    "deployed",
    "deployed_at",
    "model_path",
    "onnx_model_path",
    "report_path",
    "eda_report_path",
    "training_report_path",
    "preprocessing_info",
    "feature_importance",
    "batch_job_id",
];
/// How often there was an attribute that this program does not know, by `dataset.NAME` or `job.NAME`.
pub type Unknown = BTreeMap<String, u64>;

/// Counts an attribute that is not known.
pub fn count(unknown: &mut Unknown, name: &str) {
    let is_full = unknown.len() >= MOST_UNKNOWN && !unknown.contains_key(name);
    let name = if is_full { OTHERS } else { name };
    *unknown.entry(name.to_owned()).or_default() += 1;
}
