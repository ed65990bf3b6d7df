//! What a delivery means for its webhook and its job: one that has only failed for days is switched off, with word to its owner.

use chrono::TimeDelta;
use entities::mail::{self, Kind};
use entities::webhook::{self, Event};
use entities::webhook_delivery::{Column, Entity, Model};
use entities::{job, user};
use platform::database::now;
use platform::webhooks::Target;
use platform::{Changes, Error};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use super::outbox::Outcome;
use crate::notify::mail::ByMail;
use crate::notify::{Channel, Facts, insert};

/// Keeps count of failures: the first one is remembered, a success forgets it, and one that is too long ago ends the webhook.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    transaction: &impl ConnectionTrait,
    row: &Model,
    outcome: &Outcome,
    patience: TimeDelta,
) -> Result<(), Error> {
    let why = match outcome {
        Outcome::Skipped(_) => return Ok(()),
        Outcome::Sent(_) => None,
        Outcome::Retry(_, _, why) | Outcome::Failed(_, why) => Some(why),
    };
    let found = webhook::Entity::find_by_id(row.webhook_id)
        .lock(LockType::NoKeyUpdate)
        .one(transaction)
        .await?;
    let Some(webhook) = found else { return Ok(()) };
    let (since, is_on) = (webhook.failing_since, webhook.disabled_at.is_none());
    match (why, since) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            let mut change = webhook.into_active_model();
            change.failing_since = Set(None);
            change.update(transaction).await?;
            Ok(())
        }
        (Some(_), None) => {
            let mut change = webhook.into_active_model();
            change.failing_since = Set(Some(now()));
            change.update(transaction).await?;
            Ok(())
        }
        (Some(why), Some(since)) if is_on && now() - since >= patience => {
            switch_off(transaction, webhook, row, why, patience).await
        }
        (Some(_), Some(_)) => Ok(()),
    }
}

async fn switch_off(
    transaction: &impl ConnectionTrait,
    webhook: webhook::Model,
    row: &Model,
    why: &str,
    patience: TimeDelta,
) -> Result<(), Error> {
    tracing::warn!(webhook.id = %webhook.id, "a webhook that only failed is switched off");
    let reason = format!("nothing has arrived for {} days: {why}", patience.num_days());
    tell(transaction, &webhook, row, &reason).await?;
    let mut change = webhook.into_active_model();
    change.disabled_at = Set(Some(now()));
    change.disabled_reason = Set(Some(reason));
    change.update(transaction).await?;
    Ok(())
}

/// A mail to the owner. Mails belong to jobs: it is the newest job that could not be told.
async fn tell(
    transaction: &impl ConnectionTrait,
    webhook: &webhook::Model,
    row: &Model,
    reason: &str,
) -> Result<(), Error> {
    let untold = Entity::find()
        .filter(Column::WebhookId.eq(row.webhook_id))
        .filter(Column::JobId.is_not_null())
        .order_by_desc(Column::Id)
        .one(transaction)
        .await?;
    let Some(job_id) = untold.and_then(|row| row.job_id) else {
        return Ok(());
    };
    let job = job::Entity::find_by_id(job_id).one(transaction).await?;
    let user = user::Entity::find_by_id(webhook.user_id).one(transaction).await?;
    let (Some(job), Some(user)) = (job, user) else {
        return Ok(());
    };
    let mut facts = Facts::gather(transaction, &job, &user).await?;
    let target = Target::parse(&webhook.url, true);
    // The host only: the rest of an address may be a secret.
    facts.webhook = Some(target.map(|target| target.authority()).unwrap_or_default());
    facts.reason = Some(reason.to_owned());
    let kind = Kind::WebhookDisabled;
    insert(
        transaction,
        &job,
        kind,
        mail::Channel::Mail,
        ByMail.addressee(&user, kind),
        &facts,
    )
    .await
}

/// The job that the message tells of shows what became of it.
///
/// # Errors
/// When the database refuses.
pub async fn show(
    transaction: &impl ConnectionTrait,
    row: &Model,
    changes: &mut Changes,
) -> Result<(), Error> {
    let (Some(job_id), true) = (row.job_id, row.event != Event::Test) else {
        return Ok(());
    };
    // The version rises in one statement: somebody else may change the job at this moment.
    job::Entity::update_many()
        .col_expr(job::Column::Version, Expr::col(job::Column::Version).add(1))
        .filter(job::Column::Id.eq(job_id))
        .exec(transaction)
        .await?;
    if let Some(job) = job::Entity::find_by_id(job_id).one(transaction).await? {
        changes.job(&job);
    }
    Ok(())
}
