//! Webhooks: addresses of people's own servers that are told when a job has ended. Messages are written by `worker::notify` with
//! the end of the job, and sent from there through [`Client`].

mod post;
mod signature;
mod target;

use chrono::{DateTime, TimeDelta, Utc};
use entities::webhook::{self, Event, Events};
use entities::{user, webhook_delivery};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Action, Entry, SubjectKind};
use crate::database::now;
use crate::{Error, Platform};

pub use post::{Client, Message, PostError, TIME_LIMIT};
pub use signature::{BadSecret, Signer, new_secret};
pub use target::{BadTarget, Target};

/// Webhooks that one person may have.
pub const MAX_WEBHOOKS: u64 = 10;
/// How long a settled message is shown.
const REMEMBERED: TimeDelta = TimeDelta::days(30);
/// Version of the messages' form.
pub const MESSAGE_VERSION: u32 = 1;

/// A webhook to make; everything in it is checked already.
pub struct NewWebhook {
    /// Owner.
    pub user_id: Uuid,
    /// Where messages go.
    pub target: Target,
    /// Which events are told.
    pub events: Vec<Event>,
    /// What messages are signed with.
    pub secret: String,
}

/// What is to be changed; what is absent stays.
#[derive(Default)]
pub struct Change {
    /// Where messages go.
    pub target: Option<Target>,
    /// Which events are told.
    pub events: Option<Vec<Event>>,
    /// Whether anything is told.
    pub enabled: Option<bool>,
}

/// Makes a webhook.
///
/// # Errors
/// `Conflict`, in words for people, when the person has as many as one may have.
pub async fn create(platform: &Platform, new: NewWebhook) -> Result<webhook::Model, Error> {
    let transaction = platform.database.begin().await?;
    // Of two that are made at the same time the second counts the first one.
    user::Entity::find_by_id(new.user_id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?;
    let own = webhook::Entity::find().filter(webhook::Column::UserId.eq(new.user_id));
    if own.count(&transaction).await? >= MAX_WEBHOOKS {
        return Err(Error::Conflict(format!(
            "You have {MAX_WEBHOOKS} webhooks, and that is how many one may have; delete one first."
        )));
    }
    let row = webhook::Model {
        id: Uuid::now_v7(),
        user_id: new.user_id,
        url: new.target.url().to_string(),
        events: Events(new.events),
        secret: new.secret,
        failing_since: None,
        disabled_at: None,
        disabled_reason: None,
        created_at: now(),
    };
    let row = row.into_active_model().insert(&transaction).await?;
    let entry =
        Entry::new(platform.by, Action::WebhookCreated, row.created_at).about(SubjectKind::Webhook, row.id);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(row)
}

/// Deletes a webhook with its deliveries. False when there is none any more.
///
/// # Errors
/// When the database refuses.
pub async fn delete(platform: &Platform, row: &webhook::Model) -> Result<bool, Error> {
    let transaction = platform.database.begin().await?;
    let deleted = webhook::Entity::delete_many()
        .filter(webhook::Column::Id.eq(row.id))
        .filter(webhook::Column::UserId.eq(row.user_id))
        .exec(&transaction)
        .await?;
    if deleted.rows_affected == 0 {
        return Ok(false);
    }
    let entry = Entry::new(platform.by, Action::WebhookDeleted, now()).about(SubjectKind::Webhook, row.id);
    audit::record(&transaction, entry).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Changes a webhook. One that is switched on again starts without its past failures.
///
/// # Errors
/// When the database refuses.
pub async fn update(
    platform: &Platform,
    row: webhook::Model,
    change: Change,
) -> Result<webhook::Model, Error> {
    let was_enabled = row.disabled_at.is_none();
    let before = row.clone();
    let mut row = row.into_active_model();
    if let Some(target) = change.target {
        row.url = Set(target.url().to_string());
    }
    if let Some(events) = change.events {
        row.events = Set(Events(events));
    }
    match change.enabled {
        Some(true) if !was_enabled => {
            row.failing_since = Set(None);
            row.disabled_at = Set(None);
            row.disabled_reason = Set(None);
        }
        Some(false) if was_enabled => {
            row.disabled_at = Set(Some(now()));
            row.disabled_reason = Set(Some("its owner has switched it off".to_owned()));
        }
        _ => {}
    }
    if !row.is_changed() {
        return Ok(before);
    }
    Ok(row.update(platform.database.connection()).await?)
}

/// Writes a message that only shows whether messages arrive. It is sent within seconds.
///
/// # Errors
/// `Conflict`, in words for people, while such a message waits already, or when the webhook is switched off.
pub async fn test(platform: &Platform, row: &webhook::Model) -> Result<webhook_delivery::Model, Error> {
    use webhook_delivery::{Column, Entity, State};
    if row.disabled_at.is_some() {
        let message = "The webhook is switched off; switch it on first.".to_owned();
        return Err(Error::Conflict(message));
    }
    let transaction = platform.database.begin().await?;
    webhook::Entity::find_by_id(row.id)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(Error::Gone)?;
    let waiting = Entity::find()
        .filter(Column::WebhookId.eq(row.id))
        .filter(Column::Event.eq(Event::Test))
        .filter(Column::State.is_in([State::Queued, State::Sending]));
    if waiting.count(&transaction).await? > 0 {
        let message = "A test message is on its way already; look at the deliveries.".to_owned();
        return Err(Error::Conflict(message));
    }
    let delivery = queue(&transaction, row, Event::Test, None, &json!({})).await?;
    transaction.commit().await?;
    Ok(delivery)
}

/// Writes a message to a webhook; of a job and its version at its end, or of nothing. What was written already is not written
/// again.
///
/// # Errors
/// When the database refuses.
pub async fn queue(
    transaction: &impl ConnectionTrait,
    to: &webhook::Model,
    event: Event,
    job: Option<(Uuid, i64)>,
    data: &serde_json::Value,
) -> Result<webhook_delivery::Model, Error> {
    let created_at = now();
    let body = json!({
        "type": event.name(),
        "version": MESSAGE_VERSION,
        "timestamp": created_at,
        "data": data,
    });
    let row = webhook_delivery::Model {
        id: Uuid::now_v7(),
        webhook_id: to.id,
        user_id: to.user_id,
        job_id: job.map(|(id, _)| id),
        job_version: job.map(|(_, version)| version),
        event,
        body: body.to_string(),
        state: webhook_delivery::State::Queued,
        fence: 0,
        worker: None,
        lease_until: None,
        attempts: 0,
        run_after: 0,
        status: None,
        error: None,
        created_at,
        sent_at: None,
    };
    use webhook_delivery::Column;
    webhook_delivery::Entity::insert(row.clone().into_active_model())
        .on_conflict_do_nothing_on([Column::WebhookId, Column::JobId, Column::JobVersion])
        .exec_without_returning(transaction)
        .await?;
    Ok(row)
}

/// Forgets messages that were settled a month ago.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old(database: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, Error> {
    use webhook_delivery::{Column, Entity, State};
    let old = Entity::delete_many()
        .filter(Column::CreatedAt.lt(now - REMEMBERED))
        .filter(Column::State.is_in([State::Sent, State::Failed, State::Skipped]));
    Ok(old.exec(database).await?.rows_affected)
}

/// The value of `Webhook-Id` of a message.
pub fn message_id(delivery: Uuid) -> String {
    format!("msg_{}", delivery.simple())
}
