//! Words by which the owner of jobs finds them again.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;

use crate::{Viewer, job};

/// Tags of one job at most.
pub const MAX_TAGS: usize = 10;
/// Characters of a tag at most.
pub const MAX_TAG_LENGTH: usize = 50;

/// A tag of a job.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_tag")]
pub struct Model {
    /// `job.id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: Uuid,
    /// The word, as it was written.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Tags of the viewer's jobs.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        let jobs = Query::select()
            .column(job::Column::Id)
            .from(job::Entity)
            .and_where(job::Column::UserId.eq(viewer.user_id))
            .to_owned();
        Self::find().filter(Column::JobId.in_subquery(jobs))
    }
}
