//! People.

use sea_orm::entity::prelude::*;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Role {
    /// Works with what is theirs.
    Member,
    /// Looks after the server and its people as well.
    Admin,
}

/// A person with an account.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Shown name.
    pub name: String,
    /// When the account was made.
    pub created_at: DateTimeUtc,
    /// Where mail goes; none: no mail is sent.
    pub email: Option<String>,
    /// When they showed that they read the mail of that address; none: they have not.
    pub email_verified_at: Option<DateTimeUtc>,
    /// Since when they are asked to show it; until they do, only mail about the account itself goes there.
    pub email_asked_at: Option<DateTimeUtc>,
    /// Mail at all.
    pub mail_enabled: bool,
    /// Mail about jobs that completed.
    pub mail_completed: bool,
    /// Mail about jobs that failed.
    pub mail_failed: bool,
    /// When a worker last took a task of theirs: milliseconds since 1970 by the database's clock; 0: never.
    pub served_at: i64,
    /// What they may do.
    pub role: Role,
    /// Since when an administrator keeps them out; none: they are let in.
    pub suspended_at: Option<DateTimeUtc>,
}

/// Without the address: it stays out of logs.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("User")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Model {
    /// A new account: without an address, and with every kind of mail wanted once there is one.
    pub fn new(id: Uuid, name: impl Into<String>, created_at: DateTimeUtc) -> Self {
        Self {
            id,
            name: name.into(),
            created_at,
            email: None,
            email_verified_at: None,
            email_asked_at: None,
            mail_enabled: true,
            mail_completed: true,
            mail_failed: true,
            served_at: 0,
            role: Role::Member,
            suspended_at: None,
        }
    }

    /// True while it is open whether the address is theirs.
    pub fn must_verify(&self) -> bool {
        self.email_asked_at.is_some() && self.email_verified_at.is_none()
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
