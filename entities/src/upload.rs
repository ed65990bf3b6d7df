//! Files on their way in.

use sea_orm::entity::prelude::*;

use crate::Viewer;

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    /// Bytes are awaited.
    Open,
    /// Became a dataset.
    Completed,
}

/// A resumable upload.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// Name the user gave the file.
    pub file_name: String,
    /// Announced size.
    pub size_bytes: i64,
    /// Bytes stored so far.
    pub received_bytes: i64,
    /// How far it is.
    pub state: State,
    /// When it was announced.
    pub created_at: DateTimeUtc,
    /// From then on it is refused and may be removed.
    pub expires_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's uploads.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
