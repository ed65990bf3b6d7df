//! The main job through the front door, as bodies that any running platform must pass: a healthy one, and one whose wires are bad.

pub mod batch;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use harness::{Client, Stack};
use serde_json::{Value, json};

pub const PENGUINS: &[u8] = include_bytes!("../data/penguins.csv");
pub const JOB_LIMIT: Duration = Duration::from_secs(180);

/// Upload, profile, train, watch, deploy, predict, download.
pub async fn a_table_becomes_a_deployed_model(stack: &Stack, budget_seconds: u32) {
    let (server, other) = (stack.client(), stack.other_client());
    let job = server.start_job(PENGUINS, "species", budget_seconds).await;

    let query =
        "subscription S($id: ID!) { jobUpdated(id: $id) { version state progress { trialsFinished } } }";
    // The other process shows what this one has accepted and a third one works on.
    let events = tokio::time::timeout(JOB_LIMIT, other.subscribe(query, json!({ "id": job })))
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

    deploy_and_predict(server, model["id"].as_str().expect("a model has an id")).await;

    let folder = tempfile::tempdir().expect("a folder");
    for download in model["downloads"].as_array().expect("downloads") {
        let bytes = server.download(download["url"].as_str().expect("a url")).await;
        assert_eq!(
            bytes.len() as i64,
            download["sizeBytes"].as_i64().expect("a size"),
            "{download}"
        );
        let kind = download["kind"].as_str().expect("a kind");
        std::fs::write(folder.path().join(kind), bytes).expect("it is written");
    }
    holds_offline(folder.path());
    a_dataset_has_a_report(server).await;
}

/// What was downloaded is held against the archive of its run, without a server.
fn holds_offline(folder: &Path) {
    let data = folder.join("penguins.csv");
    std::fs::write(&data, PENGUINS).expect("it is written");
    let done = Command::new(env!("CARGO_BIN_EXE_automl"))
        .arg("verify")
        .args(["PROVENANCE", "ONNX", "MODEL", "REPORT", "RUN_LOG"].map(|kind| folder.join(kind)))
        .arg("--data")
        .arg(&data)
        .output()
        .expect("automl runs");
    let words = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{words}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(!words.contains("open "), "all of it is looked at: {words}");
}

/// The report of a dataset is a page that anybody can open who has its link.
async fn a_dataset_has_a_report(server: &Client) {
    let dataset = server.upload("penguins.csv", PENGUINS).await;
    server.wait_for_dataset(&dataset).await;
    let query =
        "query ($id: ID!) { node(id: $id) { ... on Dataset { report { kind fileName sizeBytes url } } } }";
    let report = &server.ask(query, json!({ "id": dataset })).await["node"]["report"];
    assert_eq!(report["kind"], "DATA_REPORT");
    let page = server.download(report["url"].as_str().expect("a url")).await;
    assert_eq!(page.len() as i64, report["sizeBytes"].as_i64().expect("a size"));
    let page = String::from_utf8(page).expect("text");
    assert!(
        page.contains("Data of penguins.csv") && page.contains("bill_length_mm"),
        "{page}"
    );
}

async fn deploy_and_predict(server: &Client, model: &str) {
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

/// A person ends a search early, and another one without a result.
pub async fn finish_now_keeps_the_best_and_cancel_keeps_nothing(stack: &Stack) {
    let server = stack.client();
    let job = server.start_job(PENGUINS, "body_mass_g", 300).await;
    server.wait_for_trials(&job, 3, JOB_LIMIT).await;
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

    let job = server.start_job(PENGUINS, "sex", 300).await;
    server
        .wait_for(&job, "... on Job { state }", "state", &["RUNNING"], JOB_LIMIT)
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

/// More time for a job that has ended.
pub async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed(stack: &Stack) {
    let server = stack.client();
    let job = server.start_job(PENGUINS, "species", 12).await;
    let first = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(first["state"], "COMPLETED", "{first:#}");
    let model = first["model"]["id"].as_str().expect("a model").to_owned();
    deploy_and_predict(server, &model).await;

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
