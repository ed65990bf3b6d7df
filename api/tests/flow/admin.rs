//! What administrators do through GraphQL: each with a reason and an entry of the audit log, and nobody else any of it.

use std::time::Duration;

use entities::scope::{Scope, Scopes};
use entities::{dataset, job, task, token, user, worker};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Application, Person, give_token, id, now, person};
use crate::websocket::Socket;

/// Every mutation, with an input that is good but for its ids.
fn mutations(rows: &Rows) -> Vec<(&'static str, Value)> {
    vec![
        ("suspendUser", json!({ "userId": rows.person })),
        ("restoreUser", json!({ "userId": rows.person })),
        ("setUserRole", json!({ "userId": rows.person, "role": "ADMIN" })),
        ("setUserQuota", json!({ "userId": rows.person, "jobsPerDay": 3 })),
        (
            "revokeUserSessions",
            json!({ "userId": rows.person, "withApiTokens": true }),
        ),
        ("pauseQueue", json!({ "kind": "TRIAL" })),
        ("resumeQueue", json!({ "kind": "TRIAL" })),
        ("requeueTask", json!({ "id": rows.task })),
        ("purgeDeadTasks", json!({ "kind": "PREDICT" })),
        ("drainWorker", json!({ "id": rows.worker })),
        ("cancelAnyJob", json!({ "id": rows.job })),
    ]
}

pub struct Rows {
    pub person: String,
    pub task: String,
    pub worker: String,
    pub job: String,
}

/// Ann's running job with a task, a worker, and the administrator Cyd.
pub async fn office() -> (Application, Person, Rows) {
    office_with(|_| ()).await
}

pub async fn office_with(change: impl FnOnce(&mut platform::Settings)) -> (Application, Person, Rows) {
    let application = Application::start_with(change).await;
    let cyd = administrator(&application, "Cyd").await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let job = application.job(&dataset, job::State::Running).await;
    application.trial(&job, 0, Some(0.5)).await;
    let task = task_row(&application, &job, task::Kind::Trial, task::State::Queued).await;
    task_row(&application, &job, task::Kind::Predict, task::State::Dead).await;
    let worker = worker_row(&application).await;
    let rows = Rows {
        person: id("user", application.bob.id),
        task: id("task", task),
        worker: id("worker", worker),
        job: id("job", job.id),
    };
    (application, cyd, rows)
}

async fn administrator(application: &Application, name: &str) -> Person {
    let cyd = person(&application.platform, name).await;
    let change = user::ActiveModel {
        id: Set(cyd.id),
        role: Set(user::Role::Admin),
        ..Default::default()
    };
    change
        .update(application.platform.database.connection())
        .await
        .unwrap();
    cyd
}

async fn task_row(application: &Application, job: &job::Model, kind: task::Kind, state: task::State) -> Uuid {
    let row = task::Model {
        id: Uuid::now_v7(),
        kind,
        payload: json!({}),
        version: 1,
        user_id: job.user_id,
        job_id: Some(job.id),
        dataset_id: None,
        batch_prediction_id: None,
        state,
        priority: 0,
        fence: 0,
        worker: None,
        lease_until: None,
        failures: 0,
        crashes: 0,
        // One that waits for its next try.
        run_after: now().timestamp_millis() + 3_600_000,
        error: None,
        queue: task::Queue::Cpu,
        memory_bytes: 0,
        rung_at: None,
        created_at: now(),
        updated_at: now(),
        claimed_at: None,
        traceparent: None,
    };
    let row = row.into_active_model();
    let connection = application.platform.database.connection();
    row.insert(connection).await.unwrap().id
}

async fn worker_row(application: &Application) -> Uuid {
    let row = worker::Model {
        id: Uuid::now_v7(),
        name: format!("worker-{}", Uuid::now_v7().simple()),
        host: "machine".to_owned(),
        version: "1".to_owned(),
        queue: task::Queue::Cpu,
        slots: 2,
        threads: 2,
        memory_bytes: 1 << 30,
        device: "CPU".to_owned(),
        draining: false,
        seen_at: now().timestamp_millis() + 60_000,
        started_at: now(),
        drain_requested_at: None,
    };
    let row = row.into_active_model();
    let connection = application.platform.database.connection();
    row.insert(connection).await.unwrap().id
}

pub async fn change(application: &Application, who: &Person, name: &str, input: Value) -> Value {
    change_for(application, who, name, input, "userErrors { code field message }").await
}

pub async fn change_for(
    application: &Application,
    who: &Person,
    name: &str,
    input: Value,
    selection: &str,
) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!("mutation ($input: {type_name}!) {{ {name}(input: $input) {{ {selection} }} }}");
    application.graphql(who, &query, json!({ "input": input })).await
}

fn with_reason(input: &Value, reason: &str) -> Value {
    let mut input = input.clone();
    input["reason"] = json!(reason);
    input
}

/// What the log says, the newest first.
async fn log(application: &Application, who: &Person) -> Vec<Value> {
    let query = "{ admin { auditLog(first: 100) { nodes { number action reason actor { name } subjectKind before after requestId } } } }";
    let answer = application.graphql(who, query, json!({})).await;
    let nodes = answer["data"]["admin"]["auditLog"]["nodes"].as_array();
    nodes.unwrap_or_else(|| panic!("{answer}")).clone()
}

#[tokio::test]
async fn each_change_is_done_once_with_its_reason_in_the_log() {
    let (application, cyd, rows) = office().await;
    let actions = [
        "USER_SUSPENDED",
        "USER_RESTORED",
        "ROLE_CHANGED",
        "QUOTA_CHANGED",
        "SESSIONS_REVOKED",
        "QUEUE_PAUSED",
        "QUEUE_RESUMED",
        "TASK_REQUEUED",
        "TASKS_PURGED",
        "WORKER_DRAINED",
        "JOB_CANCELLED_BY_ADMIN",
    ];
    for ((name, input), action) in mutations(&rows).iter().zip(actions) {
        let before = log(&application, &cyd).await.len();
        let reason = format!("because of {name}");
        let answer = change(&application, &cyd, name, with_reason(input, &reason)).await;
        assert_eq!(answer["data"][name]["userErrors"], json!([]), "{name}: {answer}");
        let log = log(&application, &cyd).await;
        assert_eq!(log.len(), before + 1, "{name}: {log:?}");
        assert_eq!(log[0]["action"], action, "{name}");
        assert_eq!(log[0]["reason"], reason, "{name}");
        assert_eq!(log[0]["actor"]["name"], "Cyd", "{name}");
        assert!(log[0]["requestId"].is_string(), "{name}");
    }
}

#[tokio::test]
async fn without_a_good_reason_nothing_is_done() {
    let (application, cyd, rows) = office().await;
    for (name, input) in mutations(&rows) {
        let answer = change(&application, &cyd, name, input.clone()).await;
        assert!(
            answer.get("errors").is_some(),
            "{name} without a reason: {answer}"
        );
        for reason in ["", " \n ", &"x".repeat(501)] {
            let answer = change(&application, &cyd, name, with_reason(&input, reason)).await;
            let error = &answer["data"][name]["userErrors"][0];
            assert_eq!(error["code"], "REASON_INVALID", "{name}: {answer}");
            assert_eq!(error["field"], json!(["input", "reason"]), "{name}");
        }
    }
    assert_eq!(log(&application, &cyd).await, Vec::<Value>::new());
}

#[tokio::test]
async fn members_and_narrow_tokens_do_nothing_and_see_nothing() {
    let (application, cyd, rows) = office().await;
    let row = give_token(&application.platform, cyd.id, token::Kind::Api, "narrow", None).await;
    let mut narrowed = row.into_active_model();
    let scopes = Scopes::of(&[Scope::Read, Scope::Write, Scope::Predict]);
    narrowed.scopes = Set(Some(scopes.to_string()));
    narrowed
        .update(application.platform.database.connection())
        .await
        .unwrap();
    let narrow = Person {
        id: cyd.id,
        token: "narrow".to_owned(),
    };
    for who in [&application.ann, &application.bob, &narrow] {
        for (name, input) in mutations(&rows) {
            let answer = change(&application, who, name, with_reason(&input, "mine")).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "FORBIDDEN",
                "{name}: {answer}"
            );
        }
        for query in [
            "{ admin { users { totalCount } } }",
            "{ admin { auditHead { hash } } }",
            "mutation { signOut(input: {}) { query { admin { limits { unfinishedJobs } } } } }",
        ] {
            let answer = application.graphql(who, query, json!({})).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "FORBIDDEN", "{query}: {answer}");
        }
        let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let ids = json!({ "ids": [rows.task, rows.worker, id("audit_entry", Uuid::from_u128(1))] });
        let answer = application.graphql(who, query, ids).await;
        assert_eq!(answer["data"]["nodes"], json!([null, null, null]), "{answer}");
    }
    assert_eq!(log(&application, &cyd).await, Vec::<Value>::new());
}

#[tokio::test]
async fn nobody_suspends_or_demotes_themselves() {
    let (application, cyd, _) = office().await;
    let own = id("user", cyd.id);
    for (name, input) in [
        ("suspendUser", json!({ "userId": own, "reason": "tired" })),
        (
            "setUserRole",
            json!({ "userId": own, "role": "MEMBER", "reason": "tired" }),
        ),
    ] {
        let answer = change(&application, &cyd, name, input).await;
        let error = &answer["data"][name]["userErrors"][0];
        assert_eq!(error["code"], "OWN_ACCOUNT", "{answer}");
    }
    let role = application.graphql(&cyd, "{ viewer { role } }", json!({})).await;
    assert_eq!(role["data"]["viewer"]["role"], "ADMIN");
}

#[tokio::test]
async fn who_is_suspended_is_out_and_open_sockets_end() {
    let (application, cyd, _) = office().await;
    let mut socket = Socket::of_ann(&application).await;
    let ann = json!({ "userId": id("user", application.ann.id), "reason": "abuse" });
    let selection = "user { suspendedAt } userErrors { code }";
    let answer = change_for(&application, &cyd, "suspendUser", ann.clone(), selection).await;
    assert!(
        answer["data"]["suspendUser"]["user"]["suspendedAt"].is_string(),
        "{answer}"
    );
    let refused = application
        .graphql(&application.ann, "{ viewer { id } }", json!({}))
        .await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(socket.close_code().await, 4403);
    change(&application, &cyd, "restoreUser", ann).await;
    let again = application
        .graphql(&application.ann, "{ viewer { name } }", json!({}))
        .await;
    assert_eq!(again["data"]["viewer"]["name"], "Ann");
}

#[tokio::test]
async fn the_queue_is_followed_until_the_role_is_lost() {
    let (application, cyd, rows) = office().await;
    let dee = administrator(&application, "Dee").await;
    let mut socket = Socket::bare(&application).await;
    socket
        .send(json!({ "type": "connection_init", "payload": { "token": dee.token } }))
        .await;
    assert_eq!(socket.message().await["type"], "connection_ack");
    let query = "subscription { queueUpdated { version queued isPaused } }";
    socket.subscribe("q", query, json!({})).await;
    let first = socket.message().await["payload"]["data"]["queueUpdated"].clone();
    assert_eq!(
        (&first["queued"], &first["isPaused"]),
        (&json!(1), &json!(false)),
        "{first}"
    );
    change(&application, &cyd, "pauseQueue", json!({ "reason": "a" })).await;
    change(
        &application,
        &cyd,
        "cancelAnyJob",
        json!({ "id": rows.job, "reason": "b" }),
    )
    .await;
    let mut version = first["version"].as_i64().unwrap();
    loop {
        let next = socket.message().await["payload"]["data"]["queueUpdated"].clone();
        assert!(next["version"].as_i64().unwrap() > version, "{next}");
        version = next["version"].as_i64().unwrap();
        if next["queued"] == 0 && next["isPaused"] == true {
            break;
        }
    }
    assert!(socket.is_quiet().await, "nothing has changed");
    let role = json!({ "userId": id("user", dee.id), "role": "MEMBER", "reason": "c" });
    change(&application, &cyd, "setUserRole", role).await;
    // The subscription says so, and the connection ends.
    let over = tokio::time::timeout(Duration::from_secs(8), async {
        loop {
            let message = socket.message_or_close().await;
            match message {
                Err(code) => return code,
                Ok(message) => assert_ne!(message["type"], "next", "{message}"),
            }
        }
    });
    assert_eq!(over.await.expect("within the interval"), 4403);
    let mut socket = Socket::of_ann(&application).await;
    socket.subscribe("q", query, json!({})).await;
    let refused = socket.message().await;
    assert_eq!(refused["type"], "error");
    assert_eq!(
        refused["payload"][0]["extensions"]["code"], "FORBIDDEN",
        "{refused}"
    );
}
