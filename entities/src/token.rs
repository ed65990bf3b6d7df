//! Bearer tokens, stored as SHA-256 only.

use sea_orm::entity::prelude::*;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Kind {
    /// Exchanged once for a session.
    OneTime,
    /// A browser session.
    Session,
    /// A script.
    Api,
}

/// A token of a person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// What it is good for.
    pub kind: Kind,
    /// SHA-256 of the token, lower-case hex; unique.
    pub hash: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// From then on it is refused; none: never.
    pub expires_at: Option<DateTimeUtc>,
    /// When a one-time token was exchanged.
    pub used_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The token with that hash, whoever owns it: this is how an owner is found.
    pub fn find_by_hash(hash: &str) -> Select<Self> {
        Self::find().filter(Column::Hash.eq(hash))
    }
}
