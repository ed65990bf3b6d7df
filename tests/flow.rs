//! The main job through the front door: upload, profile, train, watch, deploy, predict, download; and what must survive.
//! Every body runs over both columns: one process with a folder, and several over Postgres, Redis and S3.

use std::time::Duration;

use harness::{Client, Column, Signal, Stack};
use serde_json::{Value, json};

const PENGUINS: &[u8] = include_bytes!("data/penguins.csv");
const JOB_LIMIT: Duration = Duration::from_secs(180);

fn start(column: Column) -> Stack {
    Stack::start(column, env!("CARGO_BIN_EXE_automl"))
}

async fn a_table_becomes_a_deployed_model(column: Column) {
    let stack = start(column);
    let (server, other) = (stack.client(), stack.other_client());
    let job = server.start_job(PENGUINS, "species", 15).await;

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

async fn finish_now_keeps_the_best_and_cancel_keeps_nothing(column: Column) {
    let stack = start(column);
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

async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed(column: Column) {
    let stack = start(column);
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

async fn a_killed_trainer_child_costs_a_trial_and_not_the_job(column: Column) {
    let stack = start(column);
    let server = stack.client();
    let job = server.start_job(PENGUINS, "species", 25).await;
    for finished in 1..=2 {
        server.wait_for_trials(&job, finished, JOB_LIMIT).await;
        for child in stack.trainers() {
            // One that has just ended by itself cannot be killed.
            let _ = Signal::Kill.send(child);
        }
    }
    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(done["model"]["evaluation"]["score"].is_number());
}

async fn a_killed_server_costs_a_trial_and_not_the_job(column: Column) {
    let mut stack = start(column);
    let job = stack.client().start_job(PENGUINS, "species", 20).await;
    stack.client().wait_for_trials(&job, 2, JOB_LIMIT).await;
    stack.lose_a_pool();
    let done = stack.client().wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(
        done["progress"]["trialsFinished"].as_i64() >= Some(2),
        "finished trials are kept: {done:#}"
    );
}

async fn nothing_is_answered_without_a_token(column: Column) {
    let stack = start(column);
    let server = stack.client();
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

async fn an_unusable_table_fails_with_one_clear_reason(column: Column) {
    let stack = start(column);
    let server = stack.client();
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

/// Postgres cannot store the character NUL in a text, SQLite can: both refuse it, and say so.
async fn text_with_nul_is_refused(column: Column) {
    let stack = start(column);
    let server = stack.client();
    let document = "mutation M($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } userErrors { message } } }";
    let variables = json!({ "input": { "fileName": "a\u{0}b.csv", "sizeBytes": 3 } });
    let literal = r#"mutation { createUpload(input: { fileName: "a\u0000b.csv", sizeBytes: 3 }) { upload { id } userErrors { message } } }"#;
    for (document, variables) in [(document, variables), (literal, json!({}))] {
        let answer = server.raw(document, variables, Some(&server.token)).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        assert!(
            error["message"].as_str().expect("a message").contains("NUL"),
            "{answer:#}"
        );
    }
}

/// Every body over one process and a folder.
mod embedded {
    use super::Column::Embedded;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_table_becomes_a_deployed_model() {
        super::a_table_becomes_a_deployed_model(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn finish_now_keeps_the_best_and_cancel_keeps_nothing() {
        super::finish_now_keeps_the_best_and_cancel_keeps_nothing(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed() {
        super::an_extended_job_searches_on_and_its_deployed_model_is_renewed(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_trainer_child_costs_a_trial_and_not_the_job() {
        super::a_killed_trainer_child_costs_a_trial_and_not_the_job(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_server_costs_a_trial_and_not_the_job() {
        super::a_killed_server_costs_a_trial_and_not_the_job(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_answered_without_a_token() {
        super::nothing_is_answered_without_a_token(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unusable_table_fails_with_one_clear_reason() {
        super::an_unusable_table_fails_with_one_clear_reason(Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn text_with_nul_is_refused() {
        super::text_with_nul_is_refused(Embedded).await;
    }
}

/// Every body over several processes, Postgres, Redis and S3.
mod production {
    use super::Column::Production;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_table_becomes_a_deployed_model() {
        super::a_table_becomes_a_deployed_model(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn finish_now_keeps_the_best_and_cancel_keeps_nothing() {
        super::finish_now_keeps_the_best_and_cancel_keeps_nothing(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_extended_job_searches_on_and_its_deployed_model_is_renewed() {
        super::an_extended_job_searches_on_and_its_deployed_model_is_renewed(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_trainer_child_costs_a_trial_and_not_the_job() {
        super::a_killed_trainer_child_costs_a_trial_and_not_the_job(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_server_costs_a_trial_and_not_the_job() {
        super::a_killed_server_costs_a_trial_and_not_the_job(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_answered_without_a_token() {
        super::nothing_is_answered_without_a_token(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unusable_table_fails_with_one_clear_reason() {
        super::an_unusable_table_fails_with_one_clear_reason(Production).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn text_with_nul_is_refused() {
        super::text_with_nul_is_refused(Production).await;
    }
}
