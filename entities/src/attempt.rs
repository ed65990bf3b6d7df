//! Attempts that may be somebody guessing, counted over all processes.

use sea_orm::entity::prelude::*;

/// How often something was tried.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    /// What is counted, for example `account:` and a hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Attempts since it was quiet.
    pub count: i32,
    /// The last of them.
    pub counted_at: DateTimeUtc,
    /// No attempt is let through before; none: the next one is.
    pub blocked_until: Option<DateTimeUtc>,
}

/// No relations are declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
