//! Sessions: what began with a password and goes on by refresh tokens.

use sea_orm::entity::prelude::*;

use crate::Viewer;

/// A person who has signed in somewhere.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who.
    pub user_id: Uuid,
    /// What the client called itself, cut short; none: it said nothing.
    pub agent: Option<String>,
    /// When they signed in.
    pub created_at: DateTimeUtc,
    /// When the session was refreshed last.
    pub used_at: DateTimeUtc,
    /// Unless it is refreshed before.
    pub expires_at: DateTimeUtc,
    /// However often it is refreshed.
    pub ends_at: DateTimeUtc,
    /// When it was ended; none: nobody has.
    pub ended_at: Option<DateTimeUtc>,
}

impl Model {
    /// True as long as it lets in.
    pub fn is_alive(&self, now: DateTimeUtc) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.ends_at
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's sessions.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
