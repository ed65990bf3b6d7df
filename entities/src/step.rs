//! What a person sees of a job's progress.

use sea_orm::entity::prelude::*;

/// The steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Name {
    /// Settings fit the dataset.
    Validate,
    /// Split, features.
    Prepare,
    /// Trials.
    Train,
    /// Ensemble, holdout, export, report.
    Assemble,
    /// Word to the owner that the job has ended.
    Notify,
}

/// Every step of a job, in order.
pub const STEPS: [Name; 5] = [
    Name::Validate,
    Name::Prepare,
    Name::Train,
    Name::Assemble,
    Name::Notify,
];

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Not begun.
    Pending,
    /// Going on.
    Running,
    /// Done.
    Completed,
    /// Ended the job.
    Failed,
    /// Not reached.
    Skipped,
}

/// One step of one job.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "step")]
pub struct Model {
    /// `job.id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: Uuid,
    /// Which step.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: Name,
    /// Place in the order, from 0.
    pub position: i32,
    /// How far it is.
    pub state: State,
    /// When it began.
    pub started_at: Option<DateTimeUtc>,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
    /// Why it failed, or why its work was last tried again, for people.
    pub error: Option<String>,
    /// Times that work of it failed or was lost and was tried again.
    pub attempts: i32,
    /// When the next try of such work may begin; none when nothing waits.
    pub retry_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
