//! Webhooks: addresses of a person's own that are told when a job has ended.

use async_graphql::{ComplexObject, Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entities::{Viewer, webhook, webhook_delivery};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::id::{self, Noun};
use super::job::Job;
use super::loaders::{DeliveriesOfWebhook, JobKey, Loaders};
use super::notification::NotificationState;
use super::object::object;
use crate::failure::Failure;
use crate::state::AppState;

/// What a webhook can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "webhook::Event")]
pub enum WebhookEvent {
    /// A job has a model.
    JobCompleted,
    /// A job has none, and why.
    JobFailed,
    /// A message that `testWebhook` sends; it cannot be chosen.
    Test,
}

/// An address that is told when a job has ended.
#[derive(Clone)]
pub struct Webhook(pub webhook::Model);

object! {
    /// An address that is told when a job has ended.
    Webhook
}

#[ComplexObject]
impl Webhook {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id::encode(Noun::Webhook, self.0.id)
    }

    /// Where messages go.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// Which events are told.
    async fn events(&self) -> Vec<WebhookEvent> {
        self.0.events.0.iter().copied().map(WebhookEvent::from).collect()
    }

    /// Whether anything is told.
    async fn enabled(&self) -> bool {
        self.0.disabled_at.is_none()
    }

    /// When the first of the deliveries failed that all failed until now; null when the last one arrived.
    async fn failing_since(&self) -> Option<DateTime<Utc>> {
        self.0.failing_since
    }

    /// When it was switched off: by its owner, or by itself after five days of nothing but failures.
    async fn disabled_at(&self) -> Option<DateTime<Utc>> {
        self.0.disabled_at
    }

    /// Why it was switched off.
    async fn disabled_reason(&self) -> Option<&str> {
        self.0.disabled_reason.as_deref()
    }

    /// The last 20 messages, the newest first.
    async fn deliveries(&self, context: &Context<'_>) -> Result<Vec<WebhookDelivery>, Failure> {
        let rows = context
            .data_unchecked::<Loaders>()
            .load_one(DeliveriesOfWebhook(self.0.id))
            .await?;
        Ok(rows
            .unwrap_or_default()
            .into_iter()
            .map(WebhookDelivery)
            .collect())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// A message to a webhook.
#[derive(Clone)]
pub struct WebhookDelivery(pub webhook_delivery::Model);

object! {
    /// A message to a webhook.
    WebhookDelivery
}

#[ComplexObject]
impl WebhookDelivery {
    /// Value of the header `Webhook-Id`: the same each time the message is sent.
    async fn message_id(&self) -> String {
        platform::webhooks::message_id(self.0.id)
    }

    /// What it tells.
    async fn event(&self) -> WebhookEvent {
        self.0.event.into()
    }

    /// The job it tells of; null for a test.
    async fn job(&self, context: &Context<'_>) -> Result<Option<Job>, Failure> {
        let Some(job_id) = self.0.job_id else {
            return Ok(None);
        };
        let row = context
            .data_unchecked::<Loaders>()
            .load_one(JobKey(job_id))
            .await?;
        Ok(row.map(Job))
    }

    /// How far it is.
    async fn state(&self) -> NotificationState {
        self.0.state.into()
    }

    /// Times it was sent or tried to.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// Status of the receiver's last answer; null when there was none.
    async fn status(&self) -> Option<i32> {
        self.0.status
    }

    /// Why it has not arrived (yet).
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it is tried again; null when it waits for no other time.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        let is_waiting = self.0.state == webhook_delivery::State::Queued && self.0.run_after > 0;
        is_waiting
            .then(|| DateTime::from_timestamp_millis(self.0.run_after))
            .flatten()
    }

    /// When the receiver took it.
    async fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent_at
    }
}

/// The viewer's webhook with that key.
pub async fn find(state: &AppState, viewer: Viewer, key: Uuid) -> Result<Option<webhook::Model>, Failure> {
    let query = webhook::Entity::find_for(viewer).filter(webhook::Column::Id.eq(key));
    Ok(query.one(state.platform.database.connection()).await?)
}

/// Lists of webhooks.
#[derive(Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// The viewer's webhooks, the oldest first; there are 10 at most.
    async fn webhooks(&self, context: &Context<'_>) -> Result<Option<Vec<Webhook>>, Failure> {
        let database = &context.data_unchecked::<AppState>().platform.database;
        let query = webhook::Entity::find_for(*context.data_unchecked::<Viewer>());
        let rows = database.all(query.order_by_asc(webhook::Column::Id)).await?;
        Ok(Some(rows.into_iter().map(Webhook).collect()))
    }
}
