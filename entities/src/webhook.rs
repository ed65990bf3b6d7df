//! Addresses of people's own servers that are told when a job has ended.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Viewer, job};

/// What a webhook can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(24))",
    rename_all = "snake_case"
)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A job has a model.
    JobCompleted,
    /// A job has none, and why.
    JobFailed,
    /// Its owner wants to see whether messages arrive.
    Test,
}

impl Event {
    /// What a job in that state tells, if anything.
    pub fn of(state: job::State) -> Option<Self> {
        match state {
            job::State::Completed => Some(Self::JobCompleted),
            job::State::Failed => Some(Self::JobFailed),
            _ => None,
        }
    }

    /// Its name in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::JobCompleted => "job.completed",
            Self::JobFailed => "job.failed",
            Self::Test => "test",
        }
    }
}

/// Which events are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Events(pub Vec<Event>);

/// An address that is told.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub user_id: Uuid,
    /// Where messages go. May hold a secret of its own: it stays out of logs.
    pub url: String,
    /// Which events are told.
    pub events: Events,
    /// `whsec_` and base64: what messages are signed with. It is stored as it is, since a hash of it could not sign.
    pub secret: String,
    /// When the first of the deliveries failed that all failed until now; none: the last one arrived.
    pub failing_since: Option<DateTimeUtc>,
    /// When it was switched off for failing too long; none: it is on.
    pub disabled_at: Option<DateTimeUtc>,
    /// Why, for people.
    pub disabled_reason: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Without the address and the secret.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Webhook")
            .field("id", &self.id)
            .field("events", &self.events)
            .field("failing_since", &self.failing_since)
            .field("disabled_at", &self.disabled_at)
            .finish_non_exhaustive()
    }
}

/// No relations are declared: finders name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The viewer's webhooks.
    pub fn find_for(viewer: Viewer) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(viewer.user_id))
    }
}
