//! Files to fetch, by links that are signed when they are asked for.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use entities::artifact;

use super::long::Long;
use crate::sign::LinkKey;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DownloadKind {
    /// The whole pipeline, raw row to answer, for any onnxruntime.
    Onnx,
    /// The native model.
    Model,
    /// All candidates.
    Leaderboard,
    /// A report for people.
    Report,
    /// What the model is, what it was made from and where it is weak: Markdown.
    ModelCard,
    /// Predictions on the holdout.
    HoldoutPredictions,
    /// Settings, decisions, versions, timings.
    RunLog,
    /// What the other files can be held against: hashes, split, seed, decisions, certificate, answers on the holdout; for
    /// `automl verify`.
    Provenance,
    /// What is in a dataset, as a page for people.
    DataReport,
}

impl DownloadKind {
    fn of(kind: artifact::Kind) -> Option<Self> {
        match kind {
            artifact::Kind::Onnx => Some(Self::Onnx),
            artifact::Kind::Model => Some(Self::Model),
            artifact::Kind::Leaderboard => Some(Self::Leaderboard),
            artifact::Kind::Report => Some(Self::Report),
            artifact::Kind::ModelCard => Some(Self::ModelCard),
            artifact::Kind::HoldoutPredictions => Some(Self::HoldoutPredictions),
            artifact::Kind::RunLog => Some(Self::RunLog),
            artifact::Kind::Provenance => Some(Self::Provenance),
            artifact::Kind::DataReport => Some(Self::DataReport),
            artifact::Kind::Source
            | artifact::Kind::Profile
            | artifact::Kind::Frame
            | artifact::Kind::Prepared
            | artifact::Kind::Trial
            | artifact::Kind::Predictions
            | artifact::Kind::PredictionsParquet
            | artifact::Kind::BatchReport
            | artifact::Kind::Evaluation => None,
        }
    }
}

/// A file to fetch.
#[derive(SimpleObject)]
pub struct Download {
    /// What it is.
    pub kind: DownloadKind,
    /// Under which name it is saved.
    pub file_name: String,
    /// Its size.
    pub size_bytes: Long,
    /// Where it is, relative to this server; needs no header.
    pub url: String,
}

impl Download {
    /// A stored file with a link to it; none for files that nobody fetches.
    pub fn of(file: artifact::Model, key: &LinkKey, now: DateTime<Utc>) -> Option<Self> {
        Some(Self {
            kind: DownloadKind::of(file.kind)?,
            url: key.download_path(file.id, now),
            file_name: file.file_name,
            size_bytes: Long(file.size_bytes),
        })
    }
}
