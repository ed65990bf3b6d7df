//! Changes that a client named by a key of its own, so that asking again does not do them again.

use sea_orm::entity::prelude::*;

/// A change that was made, and for which request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// Who asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The client's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of what was asked, lower-case hex.
    pub request_hash: String,
    /// Id of the object that answers.
    pub answer_id: Uuid,
    /// When the change was made.
    pub created_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
