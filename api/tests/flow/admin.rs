//! What administrators do through GraphQL: each with a reason and an entry of the audit log, and nobody else any of it.

use std::time::Duration;

use entities::scope::{Scope, Scopes};
use entities::{dataset, job, task, token, usage, user, worker};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
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
        ("revokeUserSessions", json!({ "userId": rows.person })),
        ("pauseQueue", json!({ "kind": "TRIAL" })),
        ("resumeQueue", json!({ "kind": "TRIAL" })),
        ("requeueTask", json!({ "id": rows.task })),
        ("purgeDeadTasks", json!({ "kind": "PREDICT" })),
        ("drainWorker", json!({ "id": rows.worker })),
        ("cancelAnyJob", json!({ "id": rows.job })),
    ]
}

struct Rows {
    person: String,
    task: String,
    worker: String,
    job: String,
}

/// Ann's running job with a task, a worker, and the administrator Cyd.
async fn office() -> (Application, Person, Rows) {
    office_with(|_| ()).await
}

async fn office_with(change: impl FnOnce(&mut platform::Settings)) -> (Application, Person, Rows) {
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
        run_after: 0,
        error: None,
        queue: task::Queue::Cpu,
        memory_bytes: 0,
        rung_at: None,
        created_at: now(),
        updated_at: now(),
        claimed_at: None,
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

async fn change(application: &Application, who: &Person, name: &str, input: Value) -> Value {
    change_for(application, who, name, input, "userErrors { code field message }").await
}

async fn change_for(
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
async fn a_job_of_others_shows_how_it_runs_and_not_what_is_in_it() {
    let (application, cyd, rows) = office().await;
    let selection = "{ name state owner { name sessions { id } apiTokens { id } } progress { trialsFinished bestScore } cost { computeSeconds amount } \
        tags trials { totalCount nodes { number } } leaderboard { name } dataset { name } model { id } notifications { channel } }";
    let query = format!(
        "query ($id: ID!) {{ admin {{ job(id: $id) {selection} jobs {{ totalCount nodes {selection} }} }} }}"
    );
    let answer = application.graphql(&cyd, &query, json!({ "id": rows.job })).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let row = &answer["data"]["admin"]["job"];
    assert_eq!(row, &answer["data"]["admin"]["jobs"]["nodes"][0]);
    assert_eq!(answer["data"]["admin"]["jobs"]["totalCount"], 1);
    assert_eq!(
        row["owner"],
        json!({ "name": "Ann", "sessions": [], "apiTokens": [] })
    );
    assert_eq!(row["progress"], json!({ "trialsFinished": 1, "bestScore": 0.5 }));
    assert_eq!(row["trials"]["totalCount"], 1);
    assert_eq!(row["cost"], json!({ "computeSeconds": 0.0, "amount": null }));
    assert_eq!((&row["dataset"], &row["model"]), (&Value::Null, &Value::Null));
    // As before: what is not asked for as an administrator is one's own.
    let plain = application
        .graphql(
            &cyd,
            "query ($id: ID!) { node(id: $id) { id } jobs { totalCount } }",
            json!({ "id": rows.job }),
        )
        .await;
    assert_eq!(
        plain["data"],
        json!({ "node": null, "jobs": { "totalCount": 0 } })
    );
    let of_bob = format!(
        "{{ admin {{ jobs(ownerId: \"{}\") {{ totalCount }} }} }}",
        rows.person
    );
    let answer = application.graphql(&cyd, &of_bob, json!({})).await;
    assert_eq!(answer["data"]["admin"]["jobs"]["totalCount"], 0, "{answer}");
}

#[tokio::test]
async fn people_are_found_page_by_page() {
    let (application, cyd, _) = office().await;
    let query = "query ($after: String, $filter: UserFilter) { admin { users(first: 2, after: $after, filter: $filter, \
        orderBy: { field: NAME, direction: ASC }) { totalCount nodes { name role } pageInfo { hasNextPage endCursor } } } }";
    let first = application.graphql(&cyd, query, json!({})).await;
    let page = &first["data"]["admin"]["users"];
    assert_eq!(page["totalCount"], 3, "{first}");
    assert_eq!(page["nodes"][1]["name"], "Bob");
    let rest = json!({ "after": page["pageInfo"]["endCursor"] });
    let second = application.graphql(&cyd, query, rest).await;
    let page = &second["data"]["admin"]["users"];
    assert_eq!(page["nodes"], json!([{ "name": "Cyd", "role": "ADMIN" }]));
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    for (filter, count) in [
        (json!({ "role": "ADMIN" }), 1),
        (json!({ "text": "bO" }), 1),
        (json!({ "isSuspended": true }), 0),
        (json!({ "isSuspended": false, "role": "MEMBER" }), 2),
    ] {
        let found = application
            .graphql(&cyd, query, json!({ "filter": filter }))
            .await;
        assert_eq!(found["data"]["admin"]["users"]["totalCount"], count, "{filter}");
    }
}

#[tokio::test]
async fn the_log_is_found_page_by_page_and_by_what_was_done() {
    let (application, cyd, rows) = office().await;
    for number in 0..5 {
        let name = if number % 2 == 0 {
            "pauseQueue"
        } else {
            "resumeQueue"
        };
        change(&application, &cyd, name, json!({ "reason": format!("{number}") })).await;
    }
    let query = "query ($after: String, $filter: AuditFilter) { admin { auditHead { number hash } auditLog(first: 2, after: $after, filter: $filter) {
        totalCount nodes { id number hash } pageInfo { hasNextPage endCursor } } } }";
    let mut numbers = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = application.graphql(&cyd, query, json!({ "after": after })).await;
        let page = &answer["data"]["admin"]["auditLog"];
        assert_eq!(answer["data"]["admin"]["auditHead"]["number"], 5, "{answer}");
        for node in page["nodes"].as_array().unwrap() {
            numbers.push(node["number"].as_i64().unwrap());
            let again = application
                .graphql(
                    &cyd,
                    "query ($id: ID!) { node(id: $id) { ... on AuditEntry { hash } } }",
                    json!({ "id": node["id"] }),
                )
                .await;
            assert_eq!(again["data"]["node"]["hash"], node["hash"]);
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    for (filter, count) in [
        (json!({ "action": "QUEUE_PAUSED" }), 3),
        (json!({ "actorId": rows.person }), 0),
        (
            json!({ "actorId": id("user", cyd.id), "subjectKind": "QUEUE" }),
            5,
        ),
        (json!({ "subjectId": rows.job }), 0),
        (json!({ "at": { "until": "2020-01-01T00:00:00Z" } }), 0),
        (json!({ "at": { "from": "2020-01-01T00:00:00Z" } }), 5),
    ] {
        let found = application
            .graphql(&cyd, query, json!({ "filter": filter }))
            .await;
        assert_eq!(
            found["data"]["admin"]["auditLog"]["totalCount"], count,
            "{filter}: {found}"
        );
    }
}

#[tokio::test]
async fn the_queue_its_pauses_and_its_workers_are_shown() {
    let (application, cyd, rows) = office().await;
    let query = "{ admin { queue { queued running dead isPaused workers slots oldestQueuedAt byKind { kind queued } pauses { kind } }
        deadTasks { nodes { kind state owner { name } job { name } } } workers { nodes { id host slots isDraining tasks { id } } } } }";
    let answer = application.graphql(&cyd, query, json!({})).await;
    let admin = &answer["data"]["admin"];
    let queue = &admin["queue"];
    assert_eq!(
        (&queue["queued"], &queue["running"], &queue["dead"]),
        (&json!(1), &json!(0), &json!(1)),
        "{answer}"
    );
    assert_eq!(queue["byKind"], json!([{ "kind": "TRIAL", "queued": 1 }]));
    assert_eq!((&queue["workers"], &queue["slots"]), (&json!(1), &json!(2)));
    assert_eq!(admin["deadTasks"]["nodes"][0]["owner"]["name"], "Ann");
    assert_eq!(admin["deadTasks"]["nodes"][0]["job"]["name"], "A job");
    assert_eq!(admin["workers"]["nodes"][0]["id"], rows.worker);
    change(&application, &cyd, "pauseQueue", json!({ "reason": "new disks" })).await;
    // Everybody sees why nothing moves.
    let seen = application
        .graphql(
            &application.ann,
            "{ serverInfo { queuePauses { kind capability reason } } }",
            json!({}),
        )
        .await;
    let expected = json!([{ "kind": null, "capability": null, "reason": "new disks" }]);
    assert_eq!(seen["data"]["serverInfo"]["queuePauses"], expected);
    let answer = application.graphql(&cyd, query, json!({})).await;
    assert_eq!(answer["data"]["admin"]["queue"]["isPaused"], true);
    let other = json!({ "kind": "TRIAL", "reason": "x" });
    let answer = change(&application, &cyd, "resumeQueue", other).await;
    assert_eq!(answer["data"]["resumeQueue"]["userErrors"][0]["code"], "CONFLICT");
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

#[tokio::test]
async fn quotas_are_seen_and_set_and_hold() {
    let (application, cyd, rows) = office_with(|settings| {
        settings.quotas.jobs_per_day = Some(7);
        settings.quotas.price = Some(platform::settings::Price {
            per_hour: 2.0,
            currency: Some("EUR".to_owned()),
        });
    })
    .await;
    let query = "{ viewer { quotas { unfinishedJobs { limit used resetsAt } jobsPerDay { limit used resetsAt } storedBytes { limit used } } } }";
    let quotas = async |who: &Person| -> Value {
        let answer = application.graphql(who, query, json!({})).await;
        answer["data"]["viewer"]["quotas"].clone()
    };
    let of_bob = quotas(&application.bob).await;
    assert_eq!(of_bob["jobsPerDay"]["limit"], 7, "{of_bob}");
    assert!(of_bob["jobsPerDay"]["resetsAt"].is_string());
    assert_eq!(of_bob["storedBytes"], json!({ "limit": null, "used": 0 }));
    assert_eq!(quotas(&application.ann).await["unfinishedJobs"]["used"], 1);
    let input =
        json!({ "userId": rows.person, "storedBytes": 10, "jobsPerDay": 0, "reason": "trial account" });
    let selection = "user { quotas { jobsPerDay { limit } storedBytes { limit } } } userErrors { code }";
    let answer = change_for(&application, &cyd, "setUserQuota", input, selection).await;
    let set = json!({ "jobsPerDay": { "limit": 0 }, "storedBytes": { "limit": 10 } });
    assert_eq!(answer["data"]["setUserQuota"]["user"]["quotas"], set, "{answer}");
    let upload = json!({ "fileName": "a.csv", "sizeBytes": 11 });
    let answer = change(&application, &application.bob, "createUpload", upload).await;
    let error = &answer["data"]["createUpload"]["userErrors"][0];
    assert_eq!(error["code"], "QUOTA_EXCEEDED", "{answer}");
    assert!(error["message"].as_str().unwrap().contains("11 more"), "{error}");
    let back = json!({ "userId": rows.person, "jobsPerDay": null, "reason": "grown up" });
    change(&application, &cyd, "setUserQuota", back).await;
    assert_eq!(quotas(&application.bob).await["jobsPerDay"]["limit"], 7);
    let wrong = json!({ "userId": rows.person, "jobBudgetSeconds": 9, "storedBytes": -1, "reason": "x" });
    let answer = change(&application, &cyd, "setUserQuota", wrong).await;
    let errors = answer["data"]["setUserQuota"]["userErrors"]
        .as_array()
        .unwrap()
        .clone();
    let codes: Vec<&Value> = errors.iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["LIMIT_INVALID", "LIMIT_INVALID"]);
    let limits = application
        .graphql(
            &cyd,
            "{ admin { limits { jobsPerDay unfinishedJobs pricePerHour currency } } }",
            json!({}),
        )
        .await;
    let expected = json!({ "jobsPerDay": 7, "unfinishedJobs": 100, "pricePerHour": 2.0, "currency": "EUR" });
    assert_eq!(limits["data"]["admin"]["limits"], expected);
}

#[tokio::test]
async fn a_job_costs_what_slots_worked_for_it() {
    let (application, _, rows) = office_with(|settings| {
        settings.quotas.price = Some(platform::settings::Price {
            per_hour: 1.0,
            currency: None,
        });
    })
    .await;
    let job = job::Entity::find()
        .one(application.platform.database.connection())
        .await
        .unwrap()
        .unwrap();
    for (number, amount) in [(1, 1_000_000), (2, 800_000)] {
        let row = usage::Model {
            source_id: Uuid::now_v7(),
            number,
            user_id: job.user_id,
            job_id: Some(job.id),
            kind: usage::Kind::Compute,
            amount,
            used_at: now(),
        };
        usage::Entity::insert(row.into_active_model())
            .exec_without_returning(application.platform.database.connection())
            .await
            .unwrap();
    }
    let query =
        "query ($id: ID!) { node(id: $id) { ... on Job { cost { computeSeconds amount currency } } } }";
    let answer = application
        .graphql(&application.ann, query, json!({ "id": rows.job }))
        .await;
    let expected = json!({ "computeSeconds": 1800.0, "amount": 0.5, "currency": null });
    assert_eq!(answer["data"]["node"]["cost"], expected, "{answer}");
}
