//! Models under a name, numbered.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;

use crate::{Viewer, registered_model};

/// A model under a name. It is not renewed and not deleted while it is a version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_version")]
pub struct Model {
    /// `registered_model.id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub registered_model_id: Uuid,
    /// From 1; a number is never given twice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// `model.id`.
    pub model_id: Uuid,
    /// When it was registered.
    pub created_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Versions of the viewer's names.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        let names = Query::select()
            .column(registered_model::Column::Id)
            .from(registered_model::Entity)
            .and_where(registered_model::Column::UserId.eq(viewer.user_id))
            .to_owned();
        Self::find().filter(Column::RegisteredModelId.in_subquery(names))
    }
}
