//! Sends what waits in the outbox. Any number of senders may run: rows are claimed, and the rate is kept for all together.
//!
//! The one thing that cannot be known is what became of a call whose answer was not stored: the process died, or the answer
//! did not come. Such a mail is left alone for ten minutes and then sent once more, never a third time.

use std::time::{Duration, Instant};

use entities::mail::Model;
use entities::user;
use platform::mail::{Address, Message, Quota, SendError, Unsubscribe};
use platform::{Changes, Error, Platform, links};
use sea_orm::EntityTrait;
use tokio::sync::watch;

use super::account;
use super::outbox::{self, Next, Outcome, Rate};
use super::template::{self, Links};
use super::{Addressee, ByMail, Channel};
use crate::notify::pace::{Series, chance, surely};
use crate::notify::{Facts, settled};
use crate::pool::{PAUSE, stopped};

/// Orderly failures after which a mail is given up: most of a day at the longest pause.
const FAILURE_BUDGET: i32 = 100;
/// What is told of a mail whose sender died.
const LOST: &str = "its sender was lost while it sent";
/// What is told of a mail that may have been sent twice already.
const UNKNOWN: &str = "it is not known whether it arrived, and it is not sent a third time";

/// How long a sender waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Between two looks at an empty outbox.
    pub poll: Duration,
    /// Length of a claim; a call must be over well before.
    pub lease: Duration,
    /// After the first refusal for haste, or the first failure that may pass.
    pub first: Duration,
    /// Longest such pause.
    pub cap: Duration,
    /// After the daily quota was used up.
    pub daily: Duration,
    /// Before a mail that may have been sent is sent again.
    pub doubt: Duration,
    /// Between two questions for the quota.
    pub quota: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(1),
            lease: Duration::from_secs(60),
            first: Duration::from_secs(2),
            cap: Duration::from_secs(600),
            daily: Duration::from_secs(900),
            doubt: Duration::from_secs(600),
            quota: Duration::from_secs(300),
        }
    }
}

/// One sender.
#[derive(Debug)]
pub struct Sender {
    platform: Platform,
    worker: String,
    waits: Waits,
    quota: Option<(Quota, Instant)>,
    /// Refusals and failures without a success between them.
    streak: u32,
}

impl Sender {
    /// A sender of that name.
    pub fn new(platform: Platform, worker: String, waits: Waits) -> Self {
        Self {
            platform,
            worker,
            waits,
            quota: None,
            streak: 0,
        }
    }

    /// Sends until `shutdown` turns true; a call that is under way is finished.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            let rest = match self.turn().await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::warn!(%error, "the mail outbox could not be worked on");
                    PAUSE
                }
            };
            if rest.is_zero() {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = stopped(&mut shutdown) => {}
            }
        }
    }

    /// Sends one mail, if one may be sent, and says how long to rest then.
    async fn turn(&mut self) -> Result<Duration, Error> {
        for row in outbox::expired(self.platform.database.connection()).await? {
            let outcome = self.in_doubt(&row, LOST);
            match self.store(&row, &outcome).await {
                // It was stored after all, or somebody else was faster.
                Err(Error::Lost) => {}
                stored => stored?,
            }
        }
        if !outbox::is_waiting(&self.platform.database).await? {
            return Ok(self.waits.poll);
        }
        let quota = self.quota().await;
        if quota.left_today == Some(0) {
            self.quota = None;
            return Ok(self.waits.daily);
        }
        let rate = Rate::per_second(quota.per_second);
        match outbox::claim(&self.platform.database, &self.worker, self.waits.lease, rate).await? {
            Next::Claimed(row) => self.deliver(&row).await,
            Next::TooFast => Ok(rate.window / rate.count.max(1) as u32),
            Next::Nothing => Ok(self.waits.poll),
        }
    }

    /// Sends a claimed row and stores what came of it.
    async fn deliver(&mut self, row: &Model) -> Result<Duration, Error> {
        let claimed = Instant::now();
        let outcome = match self.message(row).await {
            Ok(Ok(message)) => {
                // A process that was held up here might meet the next holder of the claim.
                if claimed.elapsed() > self.waits.lease / 2 {
                    return Ok(Duration::ZERO);
                }
                let answer = self.platform.mail.send(&message).await;
                self.judge(row, answer)
            }
            Ok(Err(outcome)) => outcome,
            Err(error) => {
                // A fault of ours is for the log, not for the row that people see.
                tracing::warn!(%error, mail.id = %row.id, "a mail could not be made yet");
                Outcome::Later(self.pause())
            }
        };
        let duration_ms = claimed.elapsed().as_millis() as u64;
        surely(row.id, || self.store(row, &outcome)).await?;
        tracing::info!(mail.id = %row.id, job.id = row.job_id.map(tracing::field::display), outcome = word(&outcome), duration_ms, "mail settled");
        Ok(match outcome {
            // What holds for this mail holds for the next one: the service is busy, or gone.
            Outcome::Later(pause) | Outcome::Retry(pause, _) => pause,
            _ => Duration::ZERO,
        })
    }

    /// What an answer of the mail service means for the row.
    fn judge(&mut self, row: &Model, answer: Result<platform::mail::MessageId, SendError>) -> Outcome {
        match answer {
            Ok(id) => {
                self.streak = 0;
                if let Some((quota, _)) = &mut self.quota {
                    quota.left_today = quota.left_today.map(|left| left.saturating_sub(1));
                }
                Outcome::Sent(id)
            }
            Err(SendError::Throttled) => {
                // It may have changed since it was asked for.
                self.quota = None;
                Outcome::Later(self.pause())
            }
            Err(SendError::DailyQuota) => {
                self.quota = None;
                Outcome::Later(self.waits.daily)
            }
            Err(error @ SendError::Refused(_)) => Outcome::Failed(error.to_string()),
            Err(error @ SendError::Ambiguous(_)) => self.in_doubt(row, &error.to_string()),
            Err(error @ SendError::Temporary(_)) if row.failures + 1 >= FAILURE_BUDGET => {
                Outcome::Failed(error.to_string())
            }
            Err(error @ SendError::Temporary(_)) => Outcome::Retry(self.pause(), error.to_string()),
        }
    }

    fn in_doubt(&self, row: &Model, why: &str) -> Outcome {
        if self.platform.mail.is_idempotent() {
            return Outcome::Retry(Duration::ZERO, why.to_owned());
        }
        match row.doubts {
            0 => Outcome::Doubt(self.waits.doubt, why.to_owned()),
            _ => Outcome::Failed(UNKNOWN.to_owned()),
        }
    }

    /// The message of a row, or what becomes of it without one.
    async fn message(&self, row: &Model) -> Result<Result<Message, Outcome>, Error> {
        let user = user::Entity::find_by_id(row.user_id)
            .one(self.platform.database.connection())
            .await?
            .ok_or(Error::Gone)?;
        if row.kind.is_about_account() {
            return account::message(&self.platform, row).await;
        }
        match ByMail.addressee(&user, row.kind) {
            Addressee::Skip(reason) => return Ok(Err(Outcome::Skipped(reason.to_owned()))),
            Addressee::Send(recipient) if recipient != row.recipient => {
                return Ok(Err(Outcome::Skipped("the mail address was changed".to_owned())));
            }
            Addressee::Send(_) => {}
        }
        let Ok(to) = Address::parse(&row.recipient) else {
            return Ok(Err(Outcome::Failed(
                "the mail address cannot be written to".to_owned(),
            )));
        };
        let Ok(facts) = serde_json::from_value::<Facts>(row.facts.clone()) else {
            return Ok(Err(Outcome::Failed(
                "this version cannot read what it tells".to_owned(),
            )));
        };
        let token = Unsubscribe::open(&self.platform).await?.token(row.user_id);
        let base = links::base(&self.platform.settings);
        let page = template::render(row.kind, &facts, &Links::new(&base, &facts, &token));
        Ok(Ok(Message {
            reference: row.id.simple().to_string(),
            to,
            subject: page.subject,
            text: page.text,
            html: page.html,
            unsubscribe: Some(links::unsubscribe(&base, &token)),
            date: row.created_at,
        }))
    }

    /// What may be sent; one a second where the service does not say.
    async fn quota(&mut self) -> Quota {
        if let Some((quota, asked)) = &self.quota
            && asked.elapsed() < self.waits.quota
        {
            return *quota;
        }
        let quota = match self.platform.mail.quota().await {
            Ok(quota) => quota,
            Err(error) => {
                tracing::warn!(%error, "the mail service does not say its quota; one mail a second is sent");
                Quota {
                    per_second: 1.0,
                    left_today: None,
                }
            }
        };
        self.quota = Some((quota, Instant::now()));
        quota
    }

    /// The next pause of a growing series, with chance in it, so that many senders do not come back together.
    fn pause(&mut self) -> Duration {
        let series = Series {
            first: self.waits.first,
            cap: self.waits.cap,
            loose: 0.5,
        };
        let pause = series.pause(self.streak, chance());
        self.streak = self.streak.saturating_add(1);
        pause
    }

    async fn store(&self, row: &Model, outcome: &Outcome) -> Result<(), Error> {
        let mut changes = Changes::default();
        let transaction = self.platform.database.begin().await?;
        outbox::settle(&transaction, row, outcome).await?;
        settled(&transaction, row, &mut changes).await?;
        transaction.commit().await?;
        self.platform.announce(changes);
        Ok(())
    }
}

/// For the log.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent(_) => "sent",
        Outcome::Later(_) => "later",
        Outcome::Retry(..) => "retry",
        Outcome::Doubt(..) => "doubt",
        Outcome::Failed(_) => "failed",
        Outcome::Skipped(_) => "skipped",
    }
}
