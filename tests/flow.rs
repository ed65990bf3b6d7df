//! The main job through the front door: upload, profile, train, watch, deploy, predict, download; and what must survive.

mod server;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::{Server, children};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, http};

const PENGUINS: &[u8] = include_bytes!("data/penguins.csv");
const JOB_LIMIT: Duration = Duration::from_secs(180);

async fn penguins_job(server: &Server, target: &str, budget_seconds: u32) -> String {
    let dataset = server.upload("penguins.csv", PENGUINS).await;
    let ready = server.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let input = json!({ "datasetId": dataset, "target": target, "budgetSeconds": budget_seconds, "preset": "BALANCED", "seed": 7 });
    let payload = server
        .mutate("createJob", "CreateJobInput", input, "job { id }")
        .await;
    payload["job"]["id"].as_str().expect("a job has an id").to_owned()
}

/// The socket's events of one subscription until it completes.
async fn subscribe(server: &Server, query: &str, variables: Value) -> Vec<Value> {
    let mut request = format!("{}/graphql", server.url.replace("http", "ws"))
        .into_client_request()
        .expect("a URL");
    request.headers_mut().insert(
        "Sec-WebSocket-Protocol",
        http::HeaderValue::from_static("graphql-transport-ws"),
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(request)
        .await
        .expect("the socket opens");
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", server.token) } });
    socket
        .send(Message::text(init.to_string()))
        .await
        .expect("init is sent");
    let subscribe =
        json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "variables": variables } });
    let mut events = Vec::new();
    while let Some(message) = socket.next().await {
        let Ok(Message::Text(text)) = message else {
            continue;
        };
        let message: Value = serde_json::from_str(&text).expect("messages are JSON");
        match message["type"].as_str() {
            Some("connection_ack") => {
                socket
                    .send(Message::text(subscribe.to_string()))
                    .await
                    .expect("subscribe is sent");
            }
            Some("ping") => socket
                .send(Message::text(r#"{"type":"pong"}"#))
                .await
                .expect("pong is sent"),
            Some("next") => events.push(message["payload"]["data"].clone()),
            Some("complete") => break,
            other => panic!("unexpected message {other:?}: {message:#}"),
        }
    }
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_becomes_a_deployed_model() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path());
    let job = penguins_job(&server, "species", 15).await;

    let query =
        "subscription S($id: ID!) { jobUpdated(id: $id) { version state progress { trialsFinished } } }";
    let events = tokio::time::timeout(JOB_LIMIT, subscribe(&server, query, json!({ "id": job })))
        .await
        .expect("it completes");
    let versions: Vec<i64> = events
        .iter()
        .map(|event| event["jobUpdated"]["version"].as_i64().expect("a version"))
        .collect();
    assert!(
        versions.windows(2).all(|pair| pair[0] < pair[1]),
        "versions rise: {versions:?}"
    );
    assert!(versions.len() > 3, "the job was seen moving: {events:?}");
    assert_eq!(events.last().expect("events")["jobUpdated"]["state"], "COMPLETED");

    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert_eq!(done["problem"], "MULTICLASS");
    let model = &done["model"];
    assert_eq!(model["classes"], json!(["Adelie", "Chinstrap", "Gentoo"]));
    assert_eq!(model["onnxWithheld"], Value::Null, "{model:#}");
    assert!(
        model["certificate"]["largestDifference"]
            .as_f64()
            .expect("a difference")
            <= 1e-5
    );
    assert_eq!(model["evaluation"]["isBetterThanBaseline"], true);
    let rows = done["leaderboard"].as_array().expect("a leaderboard");
    for kind in ["BASELINE", "TRIAL", "ENSEMBLE"] {
        assert!(
            rows.iter().any(|row| row["kind"] == kind),
            "no {kind} in {rows:#?}"
        );
    }

    deploy_and_predict(&server, model["id"].as_str().expect("a model has an id")).await;

    for download in model["downloads"].as_array().expect("downloads") {
        let answer = server.get(download["url"].as_str().expect("a url")).await;
        assert!(answer.status().is_success(), "{download}");
        let bytes = answer.bytes().await.expect("bytes");
        assert_eq!(
            bytes.len() as i64,
            download["sizeBytes"].as_i64().expect("a size"),
            "{download}"
        );
    }
}

async fn deploy_and_predict(server: &Server, model: &str) {
    let row = json!({ "island": "Torgersen", "bill_length_mm": 39.1, "bill_depth_mm": 18.7, "flipper_length_mm": 181,
        "body_mass_g": 3750, "sex": null });
    let predict = json!({ "modelId": model, "rows": [row] });
    let selection =
        "predictions { label probability probabilities { label probability } warnings { kind column } }";
    let refused = server
        .try_mutate("predict", "PredictInput", predict.clone(), selection)
        .await;
    assert_ne!(
        refused["userErrors"],
        json!([]),
        "a model must be deployed first: {refused:#}"
    );

    server
        .mutate(
            "deployModel",
            "DeployModelInput",
            json!({ "id": model }),
            "model { deployed }",
        )
        .await;
    let answer = server.mutate("predict", "PredictInput", predict, selection).await;
    let prediction = &answer["predictions"][0];
    assert_eq!(prediction["label"], "Adelie", "{answer:#}");
    let sum: f64 = prediction["probabilities"]
        .as_array()
        .expect("classes")
        .iter()
        .filter_map(|p| p["probability"].as_f64())
        .sum();
    assert!((sum - 1.0).abs() < 1e-6, "{prediction:#}");
    assert!(
        prediction["warnings"]
            .as_array()
            .expect("warnings")
            .iter()
            .any(|warning| warning["kind"] == "MISSING")
    );

    let wrong = json!({ "modelId": model, "rows": [{ "bill_length_mm": "long" }] });
    let refused = server
        .try_mutate("predict", "PredictInput", wrong, selection)
        .await;
    assert_ne!(
        refused["userErrors"],
        json!([]),
        "a wrong type is an error: {refused:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn finish_now_keeps_the_best_and_cancel_keeps_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path());
    let job = penguins_job(&server, "body_mass_g", 300).await;
    let selection = "... on Job { state progress { trialsFinished } }";
    loop {
        let node = server
            .wait_for(&job, selection, "state", &["RUNNING"], JOB_LIMIT)
            .await;
        if node["progress"]["trialsFinished"].as_i64() >= Some(3) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    server
        .mutate(
            "finishJob",
            "FinishJobInput",
            json!({ "id": job }),
            "job { state }",
        )
        .await;
    let done = server.wait_for_job(&job, Duration::from_secs(90)).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert_eq!(done["problem"], "REGRESSION");
    assert!(done["model"]["evaluation"]["score"].is_number());

    let job = penguins_job(&server, "sex", 300).await;
    server
        .wait_for(&job, selection, "state", &["RUNNING"], JOB_LIMIT)
        .await;
    server
        .mutate(
            "cancelJob",
            "CancelJobInput",
            json!({ "id": job }),
            "job { state }",
        )
        .await;
    let done = server.wait_for_job(&job, Duration::from_secs(15)).await;
    assert_eq!(done["state"], "CANCELLED", "{done:#}");
    assert_eq!(done["model"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path());
    let job = penguins_job(&server, "species", 12).await;
    let first = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(first["state"], "COMPLETED", "{first:#}");
    let model = first["model"]["id"].as_str().expect("a model").to_owned();
    deploy_and_predict(&server, &model).await;

    let input = json!({ "id": job, "budgetSeconds": 12, "idempotencyKey": "once" });
    let selection = "job { state settings { budgetSeconds } model { id deployed } }";
    for _ in 0..2 {
        let payload = server
            .mutate("extendJob", "ExtendJobInput", input.clone(), selection)
            .await;
        assert_eq!(payload["job"]["settings"]["budgetSeconds"], 24, "{payload:#}");
        assert_eq!(
            payload["job"]["model"]["deployed"], true,
            "the old model answers meanwhile"
        );
    }
    let second = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(second["state"], "COMPLETED", "{second:#}");
    let finished = |node: &Value| node["progress"]["trialsFinished"].as_i64().expect("a count");
    assert!(finished(&second) > finished(&first), "{second:#}");
    assert_eq!(second["model"]["id"], model);
    assert_eq!(second["model"]["deployed"], true);
    assert_ne!(second["model"]["downloads"], first["model"]["downloads"]);
    let row = json!({ "island": "Torgersen", "bill_length_mm": 39.1, "bill_depth_mm": 18.7, "flipper_length_mm": 181,
        "body_mass_g": 3750, "sex": null });
    let predict = json!({ "modelId": model, "rows": [row] });
    let answer = server
        .mutate("predict", "PredictInput", predict, "predictions { label }")
        .await;
    assert_eq!(answer["predictions"][0]["label"], "Adelie", "{answer:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_trainer_child_costs_a_trial_and_not_the_job() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path());
    let job = penguins_job(&server, "species", 25).await;
    let selection = "... on Job { state progress { trialsFinished } }";
    let mut killed = 0;
    while killed < 2 {
        let node = server
            .wait_for(
                &job,
                selection,
                "state",
                &["RUNNING", "FINISHING", "COMPLETED", "FAILED"],
                JOB_LIMIT,
            )
            .await;
        assert_ne!(node["state"], "COMPLETED", "no child was seen to kill");
        if node["progress"]["trialsFinished"].as_i64() >= Some(1 + killed) {
            for child in children(server.id()) {
                // SAFETY: a plain signal to a process that this test's server started.
                #[expect(
                    unsafe_code,
                    reason = "the standard library cannot kill a process that it did not start"
                )]
                unsafe {
                    libc::kill(child, libc::SIGKILL);
                }
            }
            killed += 1;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(done["model"]["evaluation"]["score"].is_number());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_finishes_the_job_after_its_restart() {
    let home = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(home.path());
    let job = penguins_job(&server, "species", 20).await;
    let selection = "... on Job { state progress { trialsFinished } }";
    loop {
        let node = server
            .wait_for(&job, selection, "state", &["RUNNING"], JOB_LIMIT)
            .await;
        if node["progress"]["trialsFinished"].as_i64() >= Some(2) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.kill();
    drop(server);
    let server = Server::start(home.path());
    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(
        done["progress"]["trialsFinished"].as_i64() >= Some(2),
        "finished trials are kept: {done:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_answered_without_a_token() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path());
    for token in [None, Some("nonsense")] {
        let answer = server.raw("{ viewer { id } }", json!({}), token).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{answer:#}"
        );
    }
    let data = server
        .ask("{ viewer { id name } serverInfo { version } }", json!({}))
        .await;
    assert!(data["viewer"]["id"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_table_fails_with_one_clear_reason() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path());
    for (name, bytes, word) in [
        ("empty.csv", &b"\n"[..], "blank"),
        ("header.csv", &b"a,b,c\n"[..], "row"),
        ("ragged.csv", &b"a,b\n1,2\n3,4,5\n"[..], "line 3"),
    ] {
        let dataset = server.upload(name, bytes).await;
        let node = server.wait_for_dataset(&dataset).await;
        assert_eq!(node["state"], "FAILED", "{name}: {node:#}");
        let reason = node["error"].as_str().expect("a reason");
        assert!(reason.contains(word), "{name}: {reason}");
    }
}
