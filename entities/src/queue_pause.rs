//! Pauses: what of the queue is not handed out for now.

use sea_orm::entity::prelude::*;

use crate::task::{Kind, Queue};

/// A pause, until an administrator ends it. What runs already goes on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "queue_pause")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Tasks of this kind only; none: of every kind.
    pub kind: Option<Kind>,
    /// Tasks for these workers only; none: for all.
    pub queue: Option<Queue>,
    /// Why, for people.
    pub reason: String,
    /// Since when.
    pub paused_at: DateTimeUtc,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it holds such tasks up.
    pub fn holds(&self, kind: Kind, queue: Queue) -> bool {
        self.kind.is_none_or(|own| own == kind) && self.queue.is_none_or(|own| own == queue)
    }
}
