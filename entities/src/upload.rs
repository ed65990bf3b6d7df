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
    /// Its time is over; its bytes are being removed, then the row is.
    Expired,
}

/// How the bytes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Method {
    /// To this server, by offset.
    Patch,
    /// To the bucket, in one form.
    PostForm,
    /// To the bucket, in parts.
    Parts,
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
    /// Bytes stored so far, where they come to this server; the bucket knows the rest.
    pub received_bytes: i64,
    /// How far it is.
    pub state: State,
    /// When it was announced.
    pub created_at: DateTimeUtc,
    /// From then on it is refused and may be removed.
    pub expires_at: DateTimeUtc,
    /// How the bytes come.
    pub method: Method,
    /// The bucket's name for a transfer in parts, once it has begun.
    pub transfer: Option<String>,
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
