//! Bearer tokens, stored as SHA-256 only.

use sea_orm::entity::prelude::*;

use crate::Viewer;
use crate::scope::Scopes;

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
    /// A script too: printed by `serve --json`, and replaced by the next start.
    Printed,
    /// Mailed to an address: whoever has it reads its mail.
    VerifyEmail,
    /// Mailed to an address: whoever has it may set a new password once.
    ResetPassword,
}

impl Kind {
    /// True for those that are sent with requests; the others are exchanged for something, once.
    pub fn is_bearer(self) -> bool {
        matches!(self, Self::Session | Self::Api | Self::Printed)
    }
}

/// A token of a person.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
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
    /// What its owner calls it.
    pub name: Option<String>,
    /// What it may be used for, as [`Scopes`] are stored; none: for everything.
    pub scopes: Option<String>,
    /// When it was sent with a request, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// The address that it was mailed to.
    pub address: Option<String>,
}

/// Without hash and address.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Token")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Model {
    /// A token that may be used for everything.
    pub fn new(id: Uuid, user_id: Uuid, kind: Kind, hash: String, created_at: DateTimeUtc) -> Self {
        Self {
            id,
            user_id,
            kind,
            hash,
            created_at,
            expires_at: None,
            used_at: None,
            name: None,
            scopes: None,
            last_used_at: None,
            address: None,
        }
    }

    /// True until it was exchanged or has expired.
    pub fn is_alive(&self, now: DateTimeUtc) -> bool {
        self.used_at.is_none() && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    /// What it may be used for.
    pub fn scopes(&self) -> Scopes {
        self.scopes.as_deref().map_or_else(Scopes::all, Scopes::parse)
    }
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

    /// The viewer's tokens.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
