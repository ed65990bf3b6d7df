//! Webhooks over a real database and a real receiver: each fault on the way, and what it may cost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entities::webhook::{self, Event};
use entities::webhook_delivery::{Column, Entity, Model, State};
use entities::{job, mail};
use platform::webhooks::{self, Change, NewWebhook, Signer, Target};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use worker::notify;
use worker::notify::webhook::{Sender, Waits};

use crate::office::Office;
use crate::receiver::{Reaction, Receiver};

const SOON: Duration = Duration::from_secs(10);

/// Everything is the same as in production, only sooner.
pub fn waits() -> Waits {
    Waits {
        poll: Duration::from_millis(20),
        first: Duration::from_millis(20),
        cap: Duration::from_millis(100),
        ..Waits::default()
    }
}

pub struct Hooks {
    pub office: Office,
    pub receiver: Receiver,
    pub webhook: webhook::Model,
    stop: watch::Sender<bool>,
    senders: Vec<JoinHandle<()>>,
}

impl Hooks {
    /// Somebody with one webhook that leads to a receiver on this machine, which is allowed.
    pub async fn new() -> Self {
        let receiver = Receiver::start().await;
        let mut office = Office::with_folder().await;
        Arc::make_mut(&mut office.platform.settings).webhook_private = true;
        let url = receiver.url();
        let webhook = hook(&office, &url).await;
        Self {
            office,
            receiver,
            webhook,
            stop: watch::channel(false).0,
            senders: Vec::new(),
        }
    }

    pub fn send(&mut self, count: usize, waits: Waits) {
        for number in 0..count {
            let name = format!("sender-{number}");
            let sender = Sender::new(self.office.platform.clone(), name, waits).unwrap();
            self.senders.push(tokio::spawn(sender.run(self.stop.subscribe())));
        }
    }

    async fn rows(&self) -> Vec<Model> {
        let rows = Entity::find().order_by_asc(Column::Id);
        rows.all(self.office.platform.database.connection())
            .await
            .unwrap()
    }

    pub async fn webhook(&self) -> webhook::Model {
        let row = webhook::Entity::find_by_id(self.webhook.id);
        let row = row.one(self.office.platform.database.connection()).await;
        row.unwrap().unwrap()
    }

    async fn until(&self, wanted: impl Fn(&[Model]) -> bool) -> Vec<Model> {
        let began = Instant::now();
        loop {
            let rows = self.rows().await;
            for row in &rows {
                let error = row.error.as_deref().unwrap_or_default();
                assert!(
                    !error.contains("127.0.0.1") && !error.contains("hunter2"),
                    "{error}"
                );
            }
            if wanted(&rows) {
                return rows;
            }
            assert!(began.elapsed() < Duration::from_secs(25), "still {rows:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn settled(&self) -> Vec<Model> {
        self.until(|rows| rows.iter().all(|row| row.state.is_terminal()))
            .await
    }

    pub async fn end(self) {
        self.stop.send_replace(true);
        for sender in self.senders {
            tokio::time::timeout(SOON * 2, sender)
                .await
                .expect("a stopped sender ends")
                .unwrap();
        }
    }
}

async fn hook(office: &Office, url: &str) -> webhook::Model {
    let new = NewWebhook {
        user_id: office.user_id,
        target: Target::parse(url, true).unwrap(),
        events: vec![Event::JobCompleted, Event::JobFailed],
        secret: webhooks::new_secret(),
    };
    webhooks::create(&office.platform, new).await.unwrap()
}

#[tokio::test]
async fn an_end_is_told_signed_and_shown() {
    let mut hooks = Hooks::new().await;
    let row = hooks.office.ended(job::State::Failed).await;
    hooks.send(1, waits());
    let rows = hooks.settled().await;
    assert_eq!(
        (rows.len(), rows[0].state, rows[0].status),
        (1, State::Sent, Some(204))
    );
    assert!(rows[0].sent_at.is_some() && rows[0].error.is_none());
    let heard = hooks.receiver.heard();
    assert_eq!(heard.len(), 1);
    let heard = &heard[0];
    assert_eq!(heard.path, "POST /hook/hunter2?a=b%20c HTTP/1.1");
    assert_eq!(heard.header("host"), hooks.receiver.address.to_string());
    assert_eq!(heard.header("content-type"), "application/json");
    let (id, timestamp) = (heard.header("webhook-id"), heard.header("webhook-timestamp"));
    assert_eq!(id, webhooks::message_id(rows[0].id));
    let timestamp: i64 = timestamp.parse().unwrap();
    assert!((platform::database::now().timestamp() - timestamp).abs() < 60);
    let signer = Signer::of(&hooks.webhook.secret).unwrap();
    assert_eq!(
        heard.header("webhook-signature"),
        signer.sign(id, timestamp, &heard.body)
    );
    let body: Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(
        (&body["type"], &body["version"]),
        (&"job.failed".into(), &1.into())
    );
    let told = &body["data"]["job"];
    assert_eq!(
        (&told["state"], &told["target"]),
        (&"FAILED".into(), &"species".into())
    );
    assert_eq!(told["error"], "the target has one value only");
    assert_eq!(told["id"], platform::links::public_id("job", row.id));
    assert_eq!(
        body["data"]["url"],
        platform::links::job("https://automl.example", row.id)
    );
    assert!(!heard.body.contains("whsec_"));
    let now = hooks.office.job(row.id).await;
    assert!(
        now.version > row.version && now.state == row.state,
        "watchers are told"
    );
    hooks.end().await;
}

#[tokio::test]
async fn faults_and_cut_connections_are_tried_again_as_the_same_message() {
    let mut hooks = Hooks::new().await;
    let script = [
        Reaction::Status(500),
        Reaction::HangUp,
        Reaction::Status(429),
        Reaction::Status(200),
    ];
    hooks.receiver.script(&script);
    hooks.office.ended(job::State::Completed).await;
    hooks.send(2, waits());
    hooks
        .until(|rows| rows[0].attempts >= 1 && rows[0].status == Some(500))
        .await;
    assert!(hooks.webhook().await.failing_since.is_some());
    let rows = hooks.settled().await;
    assert_eq!((rows[0].state, rows[0].attempts), (State::Sent, 4), "{rows:?}");
    let heard = hooks.receiver.heard();
    assert_eq!(heard.len(), 4);
    for one in &heard {
        assert_eq!(one.header("webhook-id"), heard[0].header("webhook-id"));
        assert_eq!(one.body, heard[0].body);
    }
    assert_eq!(
        hooks.webhook().await.failing_since,
        None,
        "a success forgets the failures"
    );
    hooks.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_end_is_told_once_to_each_webhook_by_many_senders() {
    let mut hooks = Hooks::new().await;
    let second = hook(&hooks.office, &hooks.receiver.url()).await;
    let change = Change {
        events: Some(vec![Event::JobFailed]),
        ..Change::default()
    };
    webhooks::update(&hooks.office.platform, second, change)
        .await
        .unwrap();
    hooks.send(4, waits());
    for number in 0..20 {
        let is_failed = number % 2 == 1;
        let state = if is_failed {
            job::State::Failed
        } else {
            job::State::Completed
        };
        let row = hooks.office.ended(state).await;
        // What is written again in the same end is not told again.
        let transaction = hooks.office.platform.database.begin().await.unwrap();
        notify::queue(&transaction, &row).await.unwrap();
        transaction.commit().await.unwrap();
        // An end that is rolled back is told to nobody.
        let transaction = hooks.office.platform.database.begin().await.unwrap();
        let mut another = row.clone();
        another.version += 1000;
        notify::queue(&transaction, &another).await.unwrap();
        transaction.rollback().await.unwrap();
    }
    let rows = hooks.settled().await;
    assert_eq!(rows.len(), 30);
    assert!(
        rows.iter()
            .all(|row| row.state == State::Sent && row.attempts == 1),
        "{rows:?}"
    );
    let mut counts = BTreeMap::new();
    for heard in hooks.receiver.heard() {
        *counts.entry(heard.header("webhook-id").to_owned()).or_insert(0) += 1;
    }
    assert_eq!((counts.len(), counts.values().max()), (30, Some(&1)));
    // The next end of the same job, after it was extended, is another one.
    let mut row = hooks.office.ended(job::State::Completed).await;
    row.version += 7;
    let transaction = hooks.office.platform.database.begin().await.unwrap();
    notify::queue(&transaction, &row).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(
        hooks
            .rows()
            .await
            .iter()
            .filter(|one| one.job_id == Some(row.id))
            .count(),
        2
    );
    hooks.end().await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut hooks = Hooks::new().await;
    hooks
        .receiver
        .script(&[Reaction::Status(307), Reaction::Status(302)]);
    hooks.office.ended(job::State::Completed).await;
    let waits = Waits {
        life: TimeDelta::zero(),
        ..waits()
    };
    hooks.send(1, waits);
    let rows = hooks.settled().await;
    assert_eq!(
        (rows[0].state, rows[0].status, rows[0].attempts),
        (State::Failed, Some(307), 1)
    );
    assert!(
        rows[0]
            .error
            .as_ref()
            .unwrap()
            .contains("redirects are not followed")
    );
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(hooks.receiver.connections(), 1);
    assert!(
        hooks
            .receiver
            .heard()
            .iter()
            .all(|heard| !heard.path.contains("elsewhere"))
    );
    hooks.end().await;
}

#[tokio::test]
async fn private_addresses_are_refused_before_a_connection_is_made() {
    let mut hooks = Hooks::new().await;
    // Written when it was allowed, or leading there since: the sender looks for itself.
    Arc::make_mut(&mut hooks.office.platform.settings).webhook_private = false;
    let port = hooks.receiver.address.port();
    let urls = [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ];
    for host in urls {
        let mut row = hook(&hooks.office, &hooks.receiver.url())
            .await
            .into_active_model();
        row.url = Set(format!("https://{host}:{port}/"));
        row.update(hooks.office.platform.database.connection())
            .await
            .unwrap();
    }
    hooks.office.ended(job::State::Completed).await;
    hooks.send(1, waits());
    let rows = hooks.settled().await;
    assert_eq!(rows.len(), urls.len() + 1);
    for row in rows {
        assert_eq!((row.state, row.attempts), (State::Failed, 1), "{row:?}");
        let error = row.error.unwrap();
        assert!(
            error.contains("private network") || error.contains("https://"),
            "{error}"
        );
    }
    assert_eq!(hooks.receiver.connections(), 0);
    hooks.end().await;
}

#[tokio::test]
async fn a_slow_receiver_is_cut_off_and_keeps_nobody_else_waiting() {
    let mut hooks = Hooks::new().await;
    hooks.receiver.script(&[Reaction::Stall(Duration::from_secs(30))]);
    hooks.office.ended(job::State::Completed).await;
    hooks.send(1, waits());
    let began = Instant::now();
    while hooks.receiver.heard().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    hooks.office.ended(job::State::Failed).await;
    let quick = hooks
        .until(|rows| rows.iter().any(|row| row.state == State::Sent))
        .await;
    assert!(began.elapsed() < Duration::from_secs(8), "{quick:?}");
    let rows = hooks.until(|rows| rows[0].error.is_some()).await;
    assert_eq!(
        rows[0].error.as_deref(),
        Some("the receiver did not answer within 10 s")
    );
    let rows = hooks.settled().await;
    assert!(rows.iter().all(|row| row.state == State::Sent));
    hooks.end().await;
}

#[tokio::test]
async fn a_sender_that_dies_leaves_its_message_to_another() {
    let mut hooks = Hooks::new().await;
    hooks.receiver.script(&[Reaction::Stall(Duration::from_secs(30))]);
    hooks.office.ended(job::State::Completed).await;
    let waits = Waits {
        lease: Duration::from_millis(1200),
        ..waits()
    };
    hooks.send(1, waits);
    while hooks.receiver.heard().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let first = hooks.senders.pop().unwrap();
    first.abort();
    let _ = first.await;
    hooks.send(1, waits);
    let rows = hooks.settled().await;
    assert_eq!((rows[0].state, rows[0].attempts), (State::Sent, 2));
    let heard = hooks.receiver.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    hooks.end().await;
}

#[tokio::test]
async fn what_only_fails_is_given_up_then_switched_off_and_its_owner_is_told() {
    let mut hooks = Hooks::new().await;
    hooks.receiver.script(&[Reaction::Status(500); 40]);
    let waits = Waits {
        life: TimeDelta::milliseconds(300),
        patience: TimeDelta::milliseconds(900),
        ..waits()
    };
    hooks.send(1, waits);
    hooks.office.ended(job::State::Completed).await;
    let rows = hooks.settled().await;
    assert_eq!(rows[0].state, State::Failed);
    assert!(rows[0].attempts > 2, "{rows:?}");
    assert_eq!(rows[0].error.as_deref(), Some("the receiver answered 500"));
    assert!(hooks.webhook().await.disabled_at.is_none());
    tokio::time::sleep(Duration::from_millis(900)).await;
    let last = hooks.office.ended(job::State::Failed).await;
    hooks.settled().await;
    let row = hooks.webhook().await;
    assert!(row.disabled_at.is_some(), "{row:?}");
    assert!(row.disabled_reason.unwrap().contains("the receiver answered 500"));
    let mails = hooks.office.mails().await;
    let notices: Vec<_> = mails
        .iter()
        .filter(|one| one.kind == mail::Kind::WebhookDisabled)
        .collect();
    assert_eq!((notices.len(), notices[0].job_id), (1, Some(last.id)));
    assert!(!notices[0].facts.to_string().contains("hunter2"));
    // Nothing more is written for it, until its owner switches it on.
    let before = hooks.rows().await.len();
    hooks.office.ended(job::State::Completed).await;
    assert_eq!(hooks.rows().await.len(), before);
    hooks.receiver.script(&[]);
    let change = Change {
        enabled: Some(true),
        ..Change::default()
    };
    let row = webhooks::update(&hooks.office.platform, hooks.webhook().await, change)
        .await
        .unwrap();
    assert!(row.failing_since.is_none());
    hooks.office.ended(job::State::Completed).await;
    let rows = hooks.settled().await;
    assert_eq!(rows.last().unwrap().state, State::Sent);
    hooks.end().await;
}

#[tokio::test]
async fn a_test_message_is_one_at_a_time() {
    let mut hooks = Hooks::new().await;
    let platform = hooks.office.platform.clone();
    webhooks::test(&platform, &hooks.webhook).await.unwrap();
    assert!(webhooks::test(&platform, &hooks.webhook).await.is_err());
    hooks.send(1, waits());
    hooks.settled().await;
    webhooks::test(&platform, &hooks.webhook).await.unwrap();
    hooks.settled().await;
    let heard = hooks.receiver.heard();
    assert_eq!(heard.len(), 2);
    assert!(heard[0].body.contains("\"type\":\"test\""), "{heard:?}");
    hooks.end().await;
}
