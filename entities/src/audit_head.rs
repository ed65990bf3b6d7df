//! The end of the audit log: one row, which whoever adds an entry holds until they commit.

use sea_orm::entity::prelude::*;

/// Key of the one row.
pub const ID: i32 = 1;

/// Number and hash of the newest entry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always [`ID`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Number of the newest entry; 0: there is none.
    pub number: i64,
    /// Its hash; 64 zeros: there is none.
    pub hash: String,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
