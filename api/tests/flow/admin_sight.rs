//! What administrators see: people, jobs, the queue, limits, the log; and what everybody sees of their own limits and costs.

use entities::{job, usage};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::admin::{change, change_for, office, office_with};
use crate::setup::{Person, id, now};

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
