//! Sends what waits for webhooks. Any number of senders may run: rows are claimed.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entities::webhook;
use entities::webhook_delivery::Model;
use platform::database::now;
use platform::webhooks::{self, Client, Message, PostError, Signer, Target};
use platform::{Changes, Error, Platform, links};
use sea_orm::EntityTrait;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::outbox::{self, Outcome};
use super::trouble;
use crate::notify::pace::{Series, chance, surely};
use crate::pool::{PAUSE, stopped};

/// Messages that one sender has under way at a time: a slow receiver keeps only its own waiting.
const AT_A_TIME: usize = 8;

/// How long a sender waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Between two looks at an empty outbox.
    pub poll: Duration,
    /// Length of a claim; a call must be over well before.
    pub lease: Duration,
    /// After the first failure; it doubles with each further one.
    pub first: Duration,
    /// Longest such pause.
    pub cap: Duration,
    /// From the end of the job until its message is given up.
    pub life: TimeDelta,
    /// How long a webhook may fail without a success between before it is switched off.
    pub patience: TimeDelta,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(1),
            lease: Duration::from_secs(40),
            first: Duration::from_secs(5),
            cap: Duration::from_secs(3600),
            life: TimeDelta::hours(24),
            patience: TimeDelta::days(5),
        }
    }
}

impl Waits {
    /// After so many attempts.
    fn pause(&self, attempts: i32, chance: f64) -> Duration {
        let series = Series {
            first: self.first,
            cap: self.cap,
            loose: 0.25,
        };
        series.pause(u32::try_from(attempts.saturating_sub(1)).unwrap_or(0), chance)
    }
}

/// One sender. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sender {
    platform: Platform,
    worker: String,
    waits: Waits,
    client: Client,
}

impl Sender {
    /// A sender of that name.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(platform: Platform, worker: String, waits: Waits) -> Result<Self, Error> {
        Ok(Self {
            platform,
            worker,
            waits,
            client: Client::new()?,
        })
    }

    /// Sends until `shutdown` turns true; calls that are under way are finished.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let mut calls = JoinSet::new();
        while !*shutdown.borrow() {
            while calls.try_join_next().is_some() {}
            if calls.len() >= AT_A_TIME {
                calls.join_next().await;
                continue;
            }
            let rest = match outbox::claim(&self.platform.database, &self.worker, self.waits.lease).await {
                Ok(Some(row)) => {
                    let sender = self.clone();
                    calls.spawn(async move { sender.deliver(&row).await });
                    continue;
                }
                Ok(None) => self.waits.poll,
                // Another sender was faster.
                Err(Error::Lost) => continue,
                Err(error) => {
                    tracing::warn!(%error, "the messages to webhooks could not be worked on");
                    PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = stopped(&mut shutdown) => {}
            }
        }
        while calls.join_next().await.is_some() {}
    }

    /// Sends a claimed row and stores what came of it.
    async fn deliver(&self, row: &Model) {
        let began = Instant::now();
        let outcome = match self.message(row).await {
            Ok(Ok((target, message))) => {
                // A process that was held up here might meet the next holder of the claim.
                if began.elapsed() > self.waits.lease / 2 {
                    return;
                }
                let answer = self.client.post(&target, &message).await;
                self.judge(row, answer)
            }
            Ok(Err(outcome)) => outcome,
            Err(error) => {
                // A fault of ours is for the log; the claim ends by itself.
                tracing::warn!(%error, delivery.id = %row.id, "a message to a webhook could not be made yet");
                return;
            }
        };
        let duration_ms = began.elapsed().as_millis() as u64;
        if let Err(error) = surely(row.id, || self.store(row, &outcome)).await {
            tracing::warn!(%error, delivery.id = %row.id, "what became of a message to a webhook is not stored");
        }
        tracing::info!(delivery.id = %row.id, webhook.id = %row.webhook_id, job.id = row.job_id.map(tracing::field::display), outcome = word(&outcome), duration_ms, "webhook told");
    }

    /// Where a row goes and with what, or what becomes of it without being sent.
    async fn message(&self, row: &Model) -> Result<Result<(Target, Message), Outcome>, Error> {
        let found = webhook::Entity::find_by_id(row.webhook_id)
            .one(self.platform.database.connection())
            .await?;
        let Some(webhook) = found else {
            return Ok(Err(Outcome::Skipped("the webhook was deleted".to_owned())));
        };
        if webhook.disabled_at.is_some() {
            return Ok(Err(Outcome::Skipped("the webhook is switched off".to_owned())));
        }
        let target = match Target::parse(&webhook.url, self.platform.settings.webhook_private) {
            Ok(target) => target,
            Err(bad) => return Ok(Err(Outcome::Failed(None, bad.to_string()))),
        };
        let Ok(signer) = Signer::of(&webhook.secret) else {
            let why = "the webhook's secret cannot be used".to_owned();
            return Ok(Err(Outcome::Failed(None, why)));
        };
        let id = webhooks::message_id(row.id);
        let timestamp = now().timestamp();
        let body = with_link(&row.body, &links::base(&self.platform.settings));
        let message = Message {
            signature: signer.sign(&id, timestamp, &body),
            id,
            timestamp,
            body,
        };
        Ok(Ok((target, message)))
    }

    /// What an answer, or none, means for the row.
    fn judge(&self, row: &Model, answer: Result<u16, PostError>) -> Outcome {
        let (status, why) = match answer {
            Ok(status) if (200..300).contains(&status) => return Outcome::Sent(status),
            Ok(status) if (300..400).contains(&status) => {
                let why = format!("the receiver answered {status}; redirects are not followed");
                (Some(status), why)
            }
            Ok(status) => (Some(status), format!("the receiver answered {status}")),
            // It leads where it must not: that does not mend itself.
            Err(error @ PostError::Refused(_)) => return Outcome::Failed(None, error.to_string()),
            Err(error) => (None, error.to_string()),
        };
        let pause = self.waits.pause(row.attempts, chance());
        let next = now() + TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX);
        if next - row.created_at > self.waits.life {
            return Outcome::Failed(status, why);
        }
        Outcome::Retry(pause, status, why)
    }

    async fn store(&self, row: &Model, outcome: &Outcome) -> Result<(), Error> {
        let mut changes = Changes::default();
        let transaction = self.platform.database.begin().await?;
        outbox::settle(&transaction, row, outcome).await?;
        trouble::note(&transaction, row, outcome, self.waits.patience).await?;
        trouble::show(&transaction, row, &mut changes).await?;
        transaction.commit().await?;
        self.platform.announce(changes);
        Ok(())
    }
}

/// The stored message with the whole address of its page instead of the path: only whoever sends it knows where people reach the
/// server.
fn with_link(body: &str, base: &str) -> String {
    let Ok(mut message) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    let data = message.get_mut("data").and_then(Value::as_object_mut);
    if let Some(data) = data
        && let Some(Value::String(path)) = data.remove("path")
    {
        data.insert("url".to_owned(), format!("{base}{path}").into());
    }
    message.to_string()
}

/// For the log.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent(_) => "sent",
        Outcome::Retry(..) => "again later",
        Outcome::Failed(..) => "failed",
        Outcome::Skipped(_) => "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_fit_into_a_day() {
        let waits = Waits::default();
        let pause = |attempts| waits.pause(attempts, 0.0).as_secs();
        assert_eq!([pause(0), pause(1), pause(2), pause(3)], [5, 5, 10, 20]);
        assert_eq!([pause(11), pause(i32::MAX)], [3600, 3600]);
        assert_eq!(waits.pause(1, 1.0), Duration::from_millis(3750));
        let mut passed = 0;
        let attempts = (1..).take_while(|attempt| {
            passed += pause(*attempt);
            passed < 86_400
        });
        assert_eq!(attempts.count(), 32);
    }
}
