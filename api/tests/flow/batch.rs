//! Batch predictions through GraphQL, without a worker: what is checked, whose they are, how they are watched.

use entities::batch_prediction::{self, BatchOptions, State};
use entities::{artifact, dataset, job};
use platform::artifacts::Key;
use platform::{Changes, batch_predictions};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Application, Person, id, now};
use crate::websocket::Socket;

const CREATE: &str = "mutation ($input: CreateBatchPredictionInput!) { createBatchPrediction(input: $input) {
    batchPrediction { id state version fileName settings { idColumn parquet raw } model { id } dataset { id }
        progress { rowsDone rowsInError share } report { rows } downloads { url } startedAt finishedAt }
    userErrors { code field } } }";
const SHOW: &str = "query ($id: ID!) { node(id: $id) { ... on BatchPrediction { id state downloads { format fileName sizeBytes url }
    report { rows rowErrors { row column } evaluation { metrics { metric value holdout } } evaluationAbsent
        drift { absent columns { column psi level } } } } } }";

/// Ann's dataset and model.
async fn model(application: &Application) -> (String, String, Uuid) {
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let job = application.job(&dataset, job::State::Completed).await;
    let model = application.model(&job).await;
    (id("dataset", dataset.id), id("model", model.id), model.id)
}

async fn create(application: &Application, person: &Person, input: Value) -> Value {
    let answer = application
        .graphql(person, CREATE, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["createBatchPrediction"].clone()
}

/// A row as a worker leaves it.
async fn completed(application: &Application, model_id: Uuid) -> batch_prediction::Model {
    let key = Uuid::now_v7();
    let connection = application.platform.database.connection();
    let report = json!({
        "rows": 3_000_000_000_u64, "rows_in_error": 1, "warnings": [], "row_errors": [
            { "row": 2_999_999_999_u64, "column": "mass", "message": "no number" } ],
        "evaluation": { "rows": 2, "rows_used": 2, "rows_unusable": 0, "metrics": [
            { "metric": "accuracy", "value": 0.5, "holdout": 0.9 } ] },
        "evaluation_absent": null,
        "drift": { "absent": null, "columns": [
            { "column": "mass", "psi": 0.3, "level": "large", "absent": null, "missing_share": 0.0, "training_missing_share": 0.1 } ] },
    });
    let stored = Key::of_batch(key, 1, "report.json");
    let bytes = serde_json::to_vec(&report).unwrap();
    application
        .platform
        .artifacts
        .put_bytes(&stored, bytes)
        .await
        .unwrap();
    let row = batch_prediction::Model {
        id: key,
        user_id: application.ann.id,
        model_id,
        dataset_id: None,
        file_name: "rows.csv".to_owned(),
        size_bytes: 9,
        source_key: Key::source(key).to_string(),
        options: BatchOptions::default(),
        state: State::Completed,
        error: None,
        version: 4,
        rows_done: 3_000_000_000,
        rows_in_error: 1,
        share: 1.0,
        report_key: Some(stored.to_string()),
        created_at: now(),
        started_at: Some(now()),
        finished_at: Some(now()),
    };
    let row = row.into_active_model().insert(connection).await.unwrap();
    for (kind, name) in [
        (artifact::Kind::Source, "rows.csv"),
        (artifact::Kind::Predictions, "predictions.csv"),
        (artifact::Kind::BatchReport, "report.json"),
    ] {
        let stored = Key::of_batch(key, 1, name);
        let file = artifact::Model {
            id: Uuid::now_v7(),
            user_id: row.user_id,
            job_id: None,
            dataset_id: None,
            batch_prediction_id: Some(row.id),
            kind,
            file_name: name.to_owned(),
            key: stored.to_string(),
            size_bytes: 4,
            sha256: String::new(),
            created_at: now(),
        };
        if kind == artifact::Kind::Predictions {
            let text = b"a,b\n".to_vec();
            application
                .platform
                .artifacts
                .put_bytes(&stored, text)
                .await
                .unwrap();
        }
        file.into_active_model().insert(connection).await.unwrap();
    }
    row
}

#[tokio::test]
async fn a_batch_begins_queued_and_is_made_once() {
    let application = Application::start().await;
    let (dataset, model, _) = model(&application).await;
    let input = json!({ "modelId": model, "source": { "datasetId": dataset }, "idColumn": "mass", "idempotencyKey": "k" });
    let made = create(&application, &application.ann, input.clone()).await;
    let batch = &made["batchPrediction"];
    assert_eq!(made["userErrors"], json!([]));
    assert_eq!(
        json!([
            batch["state"],
            batch["version"],
            batch["fileName"],
            batch["settings"],
            batch["model"]["id"],
            batch["dataset"]["id"],
            batch["progress"],
            batch["report"],
            batch["downloads"],
            batch["startedAt"]
        ]),
        json!([
            "QUEUED",
            1,
            "penguins.csv",
            { "idColumn": "mass", "parquet": false, "raw": false },
            model,
            dataset,
            { "rowsDone": 0, "rowsInError": 0, "share": 0.0 },
            null,
            [],
            null
        ])
    );
    assert_eq!(create(&application, &application.ann, input.clone()).await, made);
    let mut other = input;
    other["raw"] = json!(true);
    let reused = create(&application, &application.ann, other).await;
    assert_eq!(reused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn what_cannot_be_predicted_is_refused_by_field() {
    let application = Application::start().await;
    let (dataset, model, _) = model(&application).await;
    let unready = application
        .dataset(&application.ann, dataset::State::Profiling)
        .await;
    let of_bob = application.dataset(&application.bob, dataset::State::Ready).await;
    let nothing = id("upload", Uuid::now_v7());
    for (input, code, field) in [
        (
            json!({ "modelId": id("model", Uuid::now_v7()), "source": { "datasetId": dataset } }),
            "NOT_FOUND",
            json!(["input", "modelId"]),
        ),
        (
            json!({ "modelId": model, "source": { "datasetId": id("dataset", of_bob.id) } }),
            "NOT_FOUND",
            json!(["input", "source", "datasetId"]),
        ),
        (
            json!({ "modelId": model, "source": { "datasetId": id("dataset", unready.id) } }),
            "CONFLICT",
            json!(["input", "source"]),
        ),
        (
            json!({ "modelId": model, "source": { "uploadId": nothing } }),
            "NOT_FOUND",
            json!(["input", "source", "uploadId"]),
        ),
        (
            json!({ "modelId": model, "source": { "datasetId": dataset }, "idColumn": "" }),
            "ID_COLUMN",
            json!(["input", "idColumn"]),
        ),
    ] {
        let refused = create(&application, &application.ann, input.clone()).await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": code, "field": field }]),
            "{input}"
        );
        assert_eq!(refused["batchPrediction"], Value::Null);
    }
    let both =
        json!({ "input": { "modelId": model, "source": { "datasetId": dataset, "uploadId": nothing } } });
    let answer = application.graphql(&application.ann, CREATE, both).await;
    assert!(answer.get("errors").is_some(), "exactly one source: {answer}");
    let foreign = json!({ "modelId": model, "source": { "datasetId": dataset } });
    let refused = create(&application, &application.bob, foreign).await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_completed_batch_shows_its_report_and_files_to_its_owner_only() {
    let application = Application::start().await;
    let (_, model, model_id) = model(&application).await;
    let row = completed(&application, model_id).await;
    let key = id("batch_prediction", row.id);
    let answer = application
        .graphql(&application.ann, SHOW, json!({ "id": key }))
        .await;
    let node = &answer["data"]["node"];
    assert_eq!(node["report"]["rows"], 3_000_000_000_u64, "{answer}");
    assert_eq!(node["report"]["rowErrors"][0]["row"], 2_999_999_999_u64);
    assert_eq!(
        node["report"]["evaluation"]["metrics"],
        json!([{ "metric": "ACCURACY", "value": 0.5, "holdout": 0.9 }])
    );
    assert_eq!(node["report"]["drift"]["columns"][0]["level"], "LARGE");
    let files = node["downloads"].as_array().unwrap();
    assert_eq!(files.len(), 1, "what it was made of is no answer: {files:?}");
    let request = axum::http::Request::get(files[0]["url"].as_str().unwrap());
    let file = application
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!((file.status.as_u16(), file.body.as_slice()), (200, &b"a,b\n"[..]));
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");

    let theirs = application
        .graphql(&application.bob, SHOW, json!({ "id": key }))
        .await;
    assert_eq!(theirs["data"]["node"], Value::Null);
    let lists =
        "query ($model: ID!) { batchPredictions(filter: { modelId: $model }) { totalCount nodes { id } } }";
    for (person, count) in [(&application.ann, 1), (&application.bob, 0)] {
        let list = application
            .graphql(person, lists, json!({ "model": model }))
            .await;
        assert_eq!(list["data"]["batchPredictions"]["totalCount"], count, "{list}");
    }
    for name in ["cancelBatchPrediction", "deleteBatchPrediction"] {
        let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let document = format!(
            "mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let refused = application
            .graphql(&application.bob, &document, json!({ "input": { "id": key } }))
            .await;
        assert_eq!(
            refused["data"][name]["userErrors"],
            json!([{ "code": "NOT_FOUND" }]),
            "{refused}"
        );
    }
    let delete =
        "mutation ($id: ID!) { deleteBatchPrediction(input: { id: $id }) { deletedId userErrors { code } } }";
    let deleted = application
        .graphql(&application.ann, delete, json!({ "id": key }))
        .await;
    assert_eq!(
        deleted["data"]["deleteBatchPrediction"],
        json!({ "deletedId": key, "userErrors": [] })
    );
    let gone = application
        .graphql(&application.ann, SHOW, json!({ "id": key }))
        .await;
    assert_eq!(gone["data"]["node"], Value::Null);
}

#[tokio::test]
async fn a_batch_is_followed_to_its_end() {
    let application = Application::start().await;
    let (dataset, model, _) = model(&application).await;
    let input = json!({ "modelId": model, "source": { "datasetId": dataset } });
    let made = create(&application, &application.ann, input).await;
    let key = made["batchPrediction"]["id"].as_str().unwrap();
    let mut socket = Socket::of_ann(&application).await;
    let query =
        "subscription ($id: ID!) { batchPredictionUpdated(id: $id) { version state progress { rowsDone } } }";
    socket.subscribe("batch", query, json!({ "id": key })).await;
    let data = |message: Value| message["payload"]["data"]["batchPredictionUpdated"].clone();
    let snapshot = json!({ "version": 1, "state": "QUEUED", "progress": { "rowsDone": 0 } });
    assert_eq!(data(socket.message().await), snapshot);
    let rows = batch_prediction::Entity::find_for(entities::Viewer::member(application.ann.id));
    let row = rows
        .one(application.platform.database.connection())
        .await
        .unwrap()
        .unwrap();
    let mut change = batch_predictions::changed(&row);
    change.state = Set(State::Running);
    change.rows_done = Set(7);
    let row = change
        .update(application.platform.database.connection())
        .await
        .unwrap();
    let mut changes = Changes::default();
    changes.batch_prediction(&row);
    application.platform.announce(changes);
    let running = json!({ "version": 2, "state": "RUNNING", "progress": { "rowsDone": 7 } });
    assert_eq!(data(socket.message().await), running);
    let cancel = "mutation ($id: ID!) { cancelBatchPrediction(input: { id: $id }) { batchPrediction { state } userErrors { code } } }";
    for _ in 0..2 {
        let answer = application
            .graphql(&application.ann, cancel, json!({ "id": key }))
            .await;
        assert_eq!(
            answer["data"]["cancelBatchPrediction"],
            json!({ "batchPrediction": { "state": "CANCELLED" }, "userErrors": [] })
        );
    }
    assert_eq!(data(socket.message().await)["state"], "CANCELLED");
    let end = socket.message().await;
    assert_eq!(end["type"], "complete", "{end}");
}
