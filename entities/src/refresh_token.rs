//! Refresh tokens of sessions, stored as SHA-256 only. Of each session at most one is not spent: the database sees to it.

use sea_orm::entity::prelude::*;

/// A token that is exchanged once for the next.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// SHA-256 of the token, lower-case hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// Which session it keeps going.
    pub session_id: Uuid,
    /// Exchanges before it.
    pub number: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was exchanged or withdrawn; none: it may be used.
    pub spent_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
