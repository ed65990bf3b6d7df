//! Nothing is answered to nobody, and what is another's does not exist.

use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use entities::{dataset, job, token};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Application, Person, give_token, id, now};

#[tokio::test]
async fn only_living_bearer_tokens_are_let_in() {
    let application = Application::start().await;
    let owner = application.ann.id;
    give_token(
        &application.platform,
        owner,
        token::Kind::Session,
        "expired",
        Some(now() - Duration::seconds(1)),
    )
    .await;
    give_token(
        &application.platform,
        owner,
        token::Kind::OneTime,
        "one-time",
        Some(now() + Duration::hours(1)),
    )
    .await;
    give_token(
        &application.platform,
        owner,
        token::Kind::Session,
        "fresh",
        Some(now() + Duration::hours(1)),
    )
    .await;
    let model = id("model", Uuid::now_v7());
    let ways = [
        ("POST", "/graphql".to_owned()),
        ("GET", "/graphql?query=%7B__typename%7D".to_owned()),
        ("HEAD", format!("/v1/uploads/{}", Uuid::now_v7())),
        ("PATCH", format!("/v1/uploads/{}", Uuid::now_v7())),
        ("POST", format!("/v1/models/{model}/predict")),
    ];
    for (method, path) in &ways {
        let headers = [
            None,
            Some("Bearer expired"),
            Some("Bearer one-time"),
            Some("Bearer wrong"),
            Some("Bearer "),
            Some("Basic fresh"),
            Some("fresh"),
        ];
        for header in headers {
            let mut request = Request::builder()
                .method(*method)
                .uri(path)
                .header("content-type", "application/json")
                .header("graphql-require-preflight", "1");
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let answer = application
                .send(request.body(Body::from("{\"query\":\"{__typename}\"}")).unwrap())
                .await;
            assert_eq!(answer.status, 401, "{method} {path} {header:?}");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{method} {path}");
            let text = String::from_utf8(answer.body).unwrap();
            assert!(
                *method == "HEAD" || text.contains("UNAUTHENTICATED"),
                "{method} {path}: {text}"
            );
        }
    }
    let fresh = Person {
        id: owner,
        token: "fresh".to_owned(),
    };
    assert_eq!(
        application
            .graphql(&fresh, "{ viewer { name } }", json!({}))
            .await["data"]["viewer"]["name"],
        "Ann"
    );
}

struct Rows {
    dataset: String,
    job: String,
    trial: String,
    model: String,
}

async fn rows_of(application: &Application, owner: &Person) -> Rows {
    let dataset = application.dataset(owner, dataset::State::Ready).await;
    let job = application.job(&dataset, job::State::Completed).await;
    let trial = application.trial(&job, 1, Some(0.5)).await;
    let model = application.model(&job).await;
    Rows {
        dataset: id("dataset", dataset.id),
        job: id("job", job.id),
        trial: id("trial", trial.id),
        model: id("model", model.id),
    }
}

#[tokio::test]
async fn another_s_objects_are_null() {
    let application = Application::start().await;
    let rows = rows_of(&application, &application.ann).await;
    let ids = [
        &rows.dataset,
        &rows.job,
        &rows.trial,
        &rows.model,
        &id("user", application.ann.id),
    ];
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let mine = application
        .graphql(&application.ann, query, json!({ "ids": ids }))
        .await;
    let names: Vec<&str> = mine["data"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["__typename"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Dataset", "Job", "Trial", "Model", "User"]);
    let theirs = application
        .graphql(&application.bob, query, json!({ "ids": ids }))
        .await;
    assert_eq!(
        theirs["data"]["nodes"],
        json!([null, null, null, null, null]),
        "{theirs}"
    );
    let lists = "{ jobs { totalCount nodes { id } } datasets { totalCount nodes { id } } }";
    let theirs = application.graphql(&application.bob, lists, json!({})).await;
    let nothing = json!({ "totalCount": 0, "nodes": [] });
    assert_eq!(theirs["data"], json!({ "jobs": nothing, "datasets": nothing }));
}

#[tokio::test]
async fn another_s_objects_cannot_be_changed() {
    let application = Application::start().await;
    let rows = rows_of(&application, &application.ann).await;
    let mutations = [
        ("deleteDataset", json!({ "id": rows.dataset })),
        (
            "createJob",
            json!({ "datasetId": rows.dataset, "target": "species" }),
        ),
        ("cancelJob", json!({ "id": rows.job })),
        ("finishJob", json!({ "id": rows.job })),
        ("deleteJob", json!({ "id": rows.job })),
        ("extendJob", json!({ "id": rows.job, "budgetSeconds": 60 })),
        ("retryJob", json!({ "id": rows.job })),
        ("cloneJob", json!({ "id": rows.job })),
        ("deployModel", json!({ "id": rows.model })),
        ("undeployModel", json!({ "id": rows.model })),
        ("predict", json!({ "modelId": rows.model, "rows": [{}] })),
    ];
    for (name, input) in mutations {
        let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation ($input: {type_name}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let answer = application
            .graphql(&application.bob, &query, json!({ "input": input }))
            .await;
        assert_eq!(
            answer["data"][name]["userErrors"],
            json!([{ "code": "NOT_FOUND" }]),
            "{name}: {answer}"
        );
    }
    let query = "query ($id: ID!) { node(id: $id) { ... on Model { deployed job { state } } } }";
    let model = application
        .graphql(&application.ann, query, json!({ "id": rows.model }))
        .await;
    assert_eq!(
        model["data"]["node"],
        json!({ "deployed": false, "job": { "state": "COMPLETED" } })
    );
}

#[tokio::test]
async fn a_job_and_its_model_are_read_in_one_request() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let job = application.job(&dataset, job::State::Completed).await;
    application.trial(&job, 0, Some(1.0)).await;
    application.trial(&job, 1, Some(0.5)).await;
    application.trial(&job, 2, None).await;
    application.model(&job).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on Job {
        state settings { budgetSeconds preset } metric higherIsBetter
        dataset { name sizeBytes }
        progress { trialsFinished trialsRunning bestScore bestTrial secondsLeft }
        trials(first: 2) { totalCount nodes { number curve { round loss } } pageInfo { hasNextPage } }
        leaderboard { rank name kind score scoreSd }
        simplest: leaderboard(kinds: [BASELINE, ALTERNATIVE]) { rank name }
        model { problem classes deployable onnxWithheld inputs { name kind min max typical } members { weight }
            evaluation { metric score summary metrics { metric value higherIsBetter } importance { column } } downloads { url } }
    } } }";
    let answer = application
        .graphql(&application.ann, query, json!({ "id": id("job", job.id) }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let job = &answer["data"]["node"];
    assert_eq!(job["dataset"]["sizeBytes"], 3_000_000_000_u64);
    assert_eq!(job["progress"]["bestTrial"], "trial 1");
    assert_eq!(job["progress"]["secondsLeft"], Value::Null);
    assert_eq!(job["trials"]["totalCount"], 3);
    assert_eq!(job["trials"]["pageInfo"]["hasNextPage"], true);
    let board: Vec<(&str, &str)> = job["leaderboard"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["name"].as_str().unwrap(), row["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(
        board,
        [
            ("Ensemble", "ENSEMBLE"),
            ("trial 1", "TRIAL"),
            ("trial 0", "BASELINE"),
            ("trial 2", "TRIAL")
        ]
    );
    assert_eq!(job["simplest"], json!([{ "rank": 3, "name": "trial 0" }]));
    assert_eq!(job["model"]["evaluation"]["metrics"][0]["higherIsBetter"], true);
    assert_eq!(job["model"]["inputs"][0]["max"], 2.0);
}

#[tokio::test]
async fn pages_follow_one_another() {
    let application = Application::start().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(id(
            "dataset",
            application
                .dataset(&application.ann, dataset::State::Ready)
                .await
                .id,
        ));
    }
    made.reverse();
    let query = "query ($after: String) { datasets(first: 2, after: $after) {
        nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = application
            .graphql(&application.ann, query, json!({ "after": after }))
            .await;
        let page = &answer["data"]["datasets"];
        seen.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["id"].as_str().unwrap().to_owned()),
        );
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        // A row that appears between two pages does not move them.
        application.dataset(&application.ann, dataset::State::Ready).await;
    }
    assert_eq!(seen, made);
}
