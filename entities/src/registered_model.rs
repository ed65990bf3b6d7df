//! Names under which models are kept.

use sea_orm::entity::prelude::*;

use crate::Viewer;

/// A name; its versions are models.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registered_model")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// The name; the owner has it once.
    pub name: String,
    /// The highest number that a version was ever given.
    pub last_number: i32,
    /// When its first version was registered.
    pub created_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's names.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
