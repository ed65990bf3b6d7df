//! Stored files. A file exists for people only through its row.

use sea_orm::Iterable;
use sea_orm::entity::prelude::*;

use crate::Viewer;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(24))",
    rename_all = "snake_case"
)]
pub enum Kind {
    /// The uploaded bytes.
    Source,
    /// Profile of a dataset, JSON.
    Profile,
    /// A table in the cache format.
    Frame,
    /// Prepared data of a job.
    Prepared,
    /// Predictors and out-of-fold outputs of a trial.
    Trial,
    /// `model.automl`.
    Model,
    /// `model.onnx`.
    Onnx,
    /// `report.html`.
    Report,
    /// `model-card.md`.
    ModelCard,
    /// `leaderboard.csv`.
    Leaderboard,
    /// `holdout_predictions.csv`.
    HoldoutPredictions,
    /// `evaluation.json`.
    Evaluation,
    /// `run.json`: the decision log.
    RunLog,
    /// `provenance.zip`: what the files of a job can be held against.
    Provenance,
    /// `data-report.html`: the profile of a dataset as a page.
    DataReport,
    /// Predictions of a batch, CSV.
    Predictions,
    /// The same as Parquet.
    PredictionsParquet,
    /// What is to be known of a batch: row errors, metrics, drift; JSON.
    BatchReport,
}

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "artifact")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// The job it belongs to.
    pub job_id: Option<Uuid>,
    /// The dataset it belongs to.
    pub dataset_id: Option<Uuid>,
    /// The batch prediction it belongs to.
    pub batch_prediction_id: Option<Uuid>,
    /// What it is.
    pub kind: Kind,
    /// Name to offer at download.
    pub file_name: String,
    /// Key in the artifact store.
    pub key: String,
    /// Size.
    pub size_bytes: i64,
    /// SHA-256 of the bytes, lower-case hex; empty until bytes that went straight to the bucket are first read.
    pub sha256: String,
    /// When it was stored.
    pub created_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's files, of kinds that this version knows: a newer one beside it may store others.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find()
            .filter(Column::UserId.eq(viewer.user_id))
            .filter(Column::Kind.is_in(Kind::iter()))
    }
}
