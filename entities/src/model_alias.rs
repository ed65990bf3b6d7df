//! Words that point to one version of a registered model, for example `production`.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;

use crate::{Viewer, registered_model};

/// Which version a word points to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_alias")]
pub struct Model {
    /// `registered_model.id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub registered_model_id: Uuid,
    /// The word.
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
    /// The version.
    pub number: i32,
    /// The version before, to go back to.
    pub previous: Option<i32>,
    /// When it was last moved.
    pub changed_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Words of the viewer's names.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        let names = Query::select()
            .column(registered_model::Column::Id)
            .from(registered_model::Entity)
            .and_where(registered_model::Column::UserId.eq(viewer.user_id))
            .to_owned();
        Self::find().filter(Column::RegisteredModelId.in_subquery(names))
    }
}
