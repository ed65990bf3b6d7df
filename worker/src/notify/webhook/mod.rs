//! Notifications by webhook: a message to each address of the owner's that wants to know, written with the end of the job.

mod outbox;
mod sender;
mod trouble;

use entities::job;
use entities::webhook::{self, Event};
use platform::{Error, Platform, links, webhooks};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Facts;

pub use sender::{Sender, Waits};

/// Writes the messages that tell this end of a job, in the transaction that ends it. The version of the job's row tells one end
/// from another: a job that is extended and completes again tells that as well.
///
/// # Errors
/// When the database refuses.
pub async fn queue(transaction: &impl ConnectionTrait, job: &job::Model, facts: &Facts) -> Result<(), Error> {
    let Some(event) = Event::of(job.state) else {
        return Ok(());
    };
    let enabled = webhook::Entity::find()
        .filter(webhook::Column::UserId.eq(job.user_id))
        .filter(webhook::Column::DisabledAt.is_null())
        .order_by_asc(webhook::Column::Id)
        .all(transaction)
        .await?;
    for row in enabled {
        if row.events.0.contains(&event) {
            let end = Some((job.id, job.version));
            webhooks::queue(transaction, &row, event, end, &data(job, facts)).await?;
        }
    }
    Ok(())
}

/// What is told of a job. Fields are added, never changed or removed, under the same version.
fn data(job: &job::Model, facts: &Facts) -> Value {
    let interval = facts
        .interval
        .map(|(low, high)| json!({ "low": low, "high": high }));
    json!({
        "job": {
            "id": links::public_id("job", job.id),
            "name": job.name,
            "state": format!("{:?}", job.state).to_uppercase(),
            "target": job.target,
            "failedStep": facts.failed_step.as_deref().map(str::to_uppercase),
            "error": facts.reason,
            "trials": facts.trials,
            "seconds": facts.seconds,
            "finishedAt": job.finished_at,
        },
        "dataset": {
            "id": links::public_id("dataset", job.dataset_id),
            "name": facts.dataset_name,
        },
        "metric": facts.metric.as_deref().map(str::to_uppercase),
        "score": facts.score,
        "interval": interval,
        "baseline": facts.baseline,
        // Where people see it; without the server's address, which whoever sends it knows.
        "path": links::job("", job.id),
    })
}

/// Sends what waits until `shutdown` turns true.
pub async fn run(platform: Platform, worker: String, shutdown: watch::Receiver<bool>) {
    let poll = platform.settings.poll;
    let waits = Waits {
        poll,
        ..Waits::default()
    };
    match Sender::new(platform, worker, waits) {
        Ok(sender) => sender.run(shutdown).await,
        Err(error) => tracing::error!(%error, "webhooks are not told: there is no TLS"),
    }
}
