//! Processes that take tasks.

use sea_orm::entity::prelude::*;

use crate::task::Queue;

/// A worker process from its start to its end. A row that was not seen for long belongs to a dead one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "worker")]
pub struct Model {
    /// UUID v7, new with every start.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As in `task.worker`.
    #[sea_orm(unique)]
    pub name: String,
    /// Name of its machine.
    pub host: String,
    /// Version of the program.
    pub version: String,
    /// What it takes.
    pub queue: Queue,
    /// Tasks at the same time.
    pub slots: i32,
    /// Threads that the slots share.
    pub threads: i32,
    /// Memory of one slot in bytes.
    pub memory_bytes: i64,
    /// What it computes on, for people: `CPU`, or the name of its GPU.
    pub device: String,
    /// It takes nothing more and ends soon.
    pub draining: bool,
    /// Last sign of life: milliseconds since 1970 by the database's clock.
    pub seen_at: i64,
    /// When it started.
    pub started_at: DateTimeUtc,
    /// Since when an administrator wants it to take nothing more and to end; none: nobody does.
    pub drain_requested_at: Option<DateTimeUtc>,
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
