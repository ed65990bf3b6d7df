//! Fitted models.

use sea_orm::entity::prelude::*;

use crate::Viewer;

/// A fitted model of a completed job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// The job that made it; one model a job: when the job is extended, the row is overwritten with the newer model.
    pub job_id: Uuid,
    /// Shown name.
    pub name: String,
    /// `binary`, `multiclass` or `regression`.
    pub problem: String,
    /// Column it predicts.
    pub target: String,
    /// Class labels in output order (array of strings; empty for regression).
    pub classes: Json,
    /// Raw inputs (array of `model::Input`).
    pub inputs: Json,
    /// What it is worth on the holdout (engine's `Evaluation`).
    pub evaluation: Json,
    /// Members of the ensemble: array of `{name, learner, weight}`.
    pub members: Json,
    /// Proof of the ONNX file (`model::onnx::Certificate`); none when withheld.
    pub certificate: Option<Json>,
    /// Why no ONNX file is offered; none when it is.
    pub onnx_withheld: Option<String>,
    /// Whether it answers.
    pub deployed: bool,
    /// Artifact key of `model.automl`; the other files are `artifact` rows of the job.
    pub model_key: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What lists show of a model: all but the columns that may be large.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Summary {
    /// As in [`Model`], like all that follow.
    pub id: Uuid,
    /// The job that made it.
    pub job_id: Uuid,
    /// Shown name.
    pub name: String,
    /// Kind of question.
    pub problem: String,
    /// Column it predicts.
    pub target: String,
    /// Why no ONNX file is offered.
    pub onnx_withheld: Option<String>,
    /// Whether it answers.
    pub deployed: bool,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What has to be known of a model to let it answer.
#[derive(Clone, Debug, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Service {
    /// As in [`Model`], like all that follow.
    pub id: Uuid,
    /// Whether it answers.
    pub deployed: bool,
    /// Artifact key of the file that answers.
    pub model_key: String,
}

impl From<Model> for Summary {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            job_id: row.job_id,
            name: row.name,
            problem: row.problem,
            target: row.target,
            onnx_withheld: row.onnx_withheld,
            deployed: row.deployed,
            created_at: row.created_at,
        }
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's models.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
