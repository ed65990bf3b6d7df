//! Rows that are the server's own, one of each for everybody: administrators see them, and nobody else.

use entities::{task, worker};
use platform::audit::{self, Action, Actor, By, Entry};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::setup::{Application, Person, now};

/// A task of theirs that was given up.
pub async fn task(application: &Application, job: Uuid, owner: &Person, word: &str) -> Uuid {
    let row = task::Model {
        id: Uuid::now_v7(),
        kind: task::Kind::Prepare,
        payload: json!({ "word": word }),
        version: 1,
        user_id: owner.id,
        job_id: Some(job),
        dataset_id: None,
        batch_prediction_id: None,
        state: task::State::Dead,
        priority: 0,
        fence: 1,
        worker: Some(format!("worker of {word}")),
        lease_until: None,
        failures: 3,
        crashes: 0,
        run_after: 0,
        error: Some(format!("error {word}")),
        queue: task::Queue::Cpu,
        memory_bytes: 0,
        rung_at: None,
        created_at: now(),
        updated_at: now(),
        claimed_at: None,
        traceparent: None,
    };
    let row = row.into_active_model();
    let row = row.insert(application.platform.database.connection()).await;
    row.expect("a task").id
}

/// A worker.
pub async fn worker(application: &Application, word: &str) -> Uuid {
    let row = worker::Model {
        id: Uuid::now_v7(),
        name: format!("worker of {word}"),
        host: word.to_owned(),
        version: "0".to_owned(),
        queue: task::Queue::Cpu,
        slots: 1,
        threads: 1,
        memory_bytes: 1,
        device: "CPU".to_owned(),
        draining: false,
        seen_at: now().timestamp_millis(),
        started_at: now(),
        drain_requested_at: None,
    };
    let row = row.into_active_model();
    let row = row.insert(application.platform.database.connection()).await;
    row.expect("a worker").id
}

/// An entry of the log about something of theirs; its id is made of its number.
pub async fn audit_entry(application: &Application, owner: &Person, word: &str) -> Uuid {
    let database = &application.platform.database;
    let by = By::new(Actor::User(owner.id));
    let entry = Entry::new(by, Action::DatasetDeleted, now()).because(word);
    let transaction = database.begin().await.expect("a transaction");
    audit::record(&transaction, entry).await.expect("an entry");
    transaction.commit().await.expect("committed");
    let newest = audit::newest(database, 1).await.expect("the log");
    Uuid::from_u128(u128::from(newest[0].number.unsigned_abs()))
}
