//! What a person may use, where that differs from what everybody may.

use sea_orm::entity::prelude::*;

/// A person's own limits; none of them: what the settings say.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_quota")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Jobs that are not over.
    pub unfinished_jobs: Option<i32>,
    /// Jobs that begin on one day.
    pub jobs_per_day: Option<i32>,
    /// Seconds of slots on one day.
    pub compute_seconds_per_day: Option<i64>,
    /// Bytes of all stored files.
    pub stored_bytes: Option<i64>,
    /// Budget of one job in seconds.
    pub job_budget_seconds: Option<i32>,
    /// When an administrator last changed it.
    pub changed_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
