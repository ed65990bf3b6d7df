//! What people have used: a row for each job that began and for each time that a slot worked for them. Rows are added and never
//! changed, but for their owner when a job gets another one; those of a deleted job stay for as long as they count against a quota.

use sea_orm::entity::prelude::*;

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Kind {
    /// A job began, or was begun again; the amount is 1.
    Job,
    /// A slot worked; the amount is milliseconds.
    Compute,
}

/// Something that was used.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage")]
pub struct Model {
    /// Of a job: the job; of computing: the task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    /// Of a job: microseconds since 1970; of computing: the fence of the claim.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// By whom.
    pub user_id: Uuid,
    /// For which job; none: for none, or it is gone.
    pub job_id: Option<Uuid>,
    /// What.
    pub kind: Kind,
    /// How much.
    pub amount: i64,
    /// When.
    pub used_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
