//! Stored files that no row names any more, until they are removed.

use sea_orm::entity::prelude::*;

/// Files to remove.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "obsolete_file")]
pub struct Model {
    /// What their keys begin with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub prefix: String,
    /// Not before: somebody may be reading them still.
    pub remove_after: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
