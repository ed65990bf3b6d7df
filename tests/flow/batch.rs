//! A file through a model: the same answers as its rows get one by one, and what else is told of it.

use std::collections::HashMap;

use harness::{Client, Stack};
use serde_json::{Value, json};

use super::{JOB_LIMIT, PENGUINS};

/// What is asked of a batch prediction that is waited for.
pub const BATCH: &str = "... on BatchPrediction { id state error version fileName model { id } dataset { id } \
    settings { idColumn parquet raw } progress { rowsDone rowsInError share } startedAt finishedAt \
    downloads { format fileName sizeBytes url } \
    report { rows rowsInError warnings rowErrors { row column message } evaluationAbsent \
      evaluation { rows rowsUsed rowsUnusable metrics { metric value holdout } } \
      drift { absent columns { column psi level absent missingShare trainingMissingShare } } } }";

/// Rows of a file with a column that the model does not know, and two cells that it cannot read.
fn file() -> String {
    let text = String::from_utf8_lossy(PENGUINS);
    let mut file = String::new();
    for (number, line) in text.lines().enumerate() {
        let note = match number {
            0 => "note",
            7 => "=1+1",
            _ => "-1.5",
        };
        let line = match number {
            3 => line.replacen("40.3", "long", 1),
            5 => line.replacen("3450", "heavy", 1),
            _ => line.to_owned(),
        };
        file.push_str(&format!("{line},{note}\n"));
    }
    file
}

/// Asks for a batch and waits for its end.
pub async fn batch(server: &Client, input: Value) -> Value {
    let payload = server
        .mutate(
            "createBatchPrediction",
            "CreateBatchPredictionInput",
            input,
            "batchPrediction { id state version }",
        )
        .await;
    let batch = &payload["batchPrediction"];
    let id = batch["id"].as_str().expect("a batch has an id");
    let states = ["COMPLETED", "FAILED", "CANCELLED"];
    server.wait_for(id, BATCH, "state", &states, JOB_LIMIT).await
}

/// Upload, batch, watch, download, and the same rows one by one.
pub async fn a_file_gets_the_answers_of_its_rows(stack: &Stack) {
    let (server, other) = (stack.client(), stack.other_client());
    let job = server.start_job(PENGUINS, "species", 12).await;
    let done = server.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let model = done["model"]["id"]
        .as_str()
        .expect("a model has an id")
        .to_owned();

    let file = file();
    let upload = server.send_file("rows.csv", file.as_bytes()).await;
    let input = json!({ "modelId": model, "source": { "uploadId": upload }, "parquet": true, "idempotencyKey": "one" });
    let selection = "batchPrediction { id }";
    let mut answers = Vec::new();
    for client in [server, other] {
        let asked = client
            .mutate(
                "createBatchPrediction",
                "CreateBatchPredictionInput",
                input.clone(),
                selection,
            )
            .await;
        answers.push(asked["batchPrediction"]["id"].clone());
    }
    assert_eq!(answers[0], answers[1], "asked twice, done once");
    let id = answers[0].as_str().expect("a batch has an id").to_owned();
    watch(other, &id).await;
    let batch = server
        .wait_for(&id, BATCH, "state", &["COMPLETED", "FAILED"], JOB_LIMIT)
        .await;
    assert_eq!(batch["state"], "COMPLETED", "{batch:#}");
    check_report(&batch);
    let csv = download(other, &batch, "CSV").await;
    let csv = String::from_utf8(csv).expect("UTF-8");
    let parquet = download(server, &batch, "PARQUET").await;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    server
        .mutate(
            "deployModel",
            "DeployModelInput",
            json!({ "id": model }),
            "model { deployed }",
        )
        .await;
    check_rows(server, &model, &file, &csv).await;

    check_lists_and_end(server, &model, &id, &batch).await;
}

/// Versions rise to the end.
async fn watch(client: &Client, id: &str) {
    let query = "subscription S($id: ID!) { batchPredictionUpdated(id: $id) { version state progress { rowsDone } } }";
    let events = tokio::time::timeout(JOB_LIMIT, client.subscribe(query, json!({ "id": id })))
        .await
        .expect("it completes");
    let versions: Vec<i64> = events
        .iter()
        .filter_map(|event| event["batchPredictionUpdated"]["version"].as_i64())
        .collect();
    assert!(
        versions.windows(2).all(|pair| pair[0] < pair[1]),
        "versions rise: {versions:?}"
    );
    let last = &events.last().expect("events")["batchPredictionUpdated"];
    assert_eq!(last["state"], "COMPLETED", "{events:?}");
    assert_eq!(last["progress"]["rowsDone"], 344);
}

fn check_report(batch: &Value) {
    let report = &batch["report"];
    assert_eq!(
        (&report["rows"], &report["rowsInError"]),
        (&json!(344), &json!(2))
    );
    assert_eq!(
        batch["progress"],
        json!({ "rowsDone": 344, "rowsInError": 2, "share": 1.0 })
    );
    let errors = report["rowErrors"].as_array().expect("row errors");
    let places: Vec<(i64, &str)> = errors
        .iter()
        .map(|error| {
            (
                error["row"].as_i64().expect("a row"),
                error["column"].as_str().expect("a column"),
            )
        })
        .collect();
    assert_eq!(places, [(3, "bill_length_mm"), (5, "body_mass_g")], "{report:#}");
    let warning = report["warnings"][0].as_str().expect("a warning");
    assert!(warning.contains("note"), "{report:#}");
    let evaluation = &report["evaluation"];
    assert_eq!(evaluation["rows"], 342, "{report:#}");
    for metric in evaluation["metrics"].as_array().expect("metrics") {
        assert!(
            metric["value"].is_number() && metric["holdout"].is_number(),
            "beside the holdout's: {metric}"
        );
    }
    // These rows are the training data.
    let drift = &report["drift"];
    assert_eq!(drift["absent"], Value::Null, "{report:#}");
    for column in drift["columns"].as_array().expect("columns") {
        assert_eq!(column["level"], "NONE", "{column:#}");
        assert!(column["psi"].as_f64().expect("an index") < 0.1, "{column:#}");
    }
}

async fn download(client: &Client, batch: &Value, format: &str) -> Vec<u8> {
    let files = batch["downloads"].as_array().expect("downloads");
    let file = files.iter().find(|file| file["format"] == format);
    let file = file.unwrap_or_else(|| panic!("no {format} in {files:?}"));
    let bytes = client.download(file["url"].as_str().expect("a url")).await;
    assert_eq!(bytes.len() as i64, file["sizeBytes"].as_i64().expect("a size"));
    bytes
}

/// Every line of the answer is what `predict` says of its row.
async fn check_rows(server: &Client, model: &str, file: &str, csv: &str) {
    let names: Vec<&str> = file.lines().next().expect("a header").split(',').collect();
    let lines: Vec<&str> = csv.lines().collect();
    let header: Vec<&str> = lines[0].split(',').collect();
    let added = [
        "prediction",
        "probability",
        "p_Adelie",
        "p_Chinstrap",
        "p_Gentoo",
        "prediction_error",
    ];
    assert_eq!(header, [&names[..], &added[..]].concat());
    assert_eq!(lines.len(), 345);
    assert!(
        lines[7].contains(",\"'=1+1\",") && lines[8].contains(",-1.5,"),
        "text is marked, numbers are not: {} {}",
        lines[7],
        lines[8]
    );
    let bad = [3, 5];
    let good: Vec<usize> = (1..lines.len()).filter(|line| !bad.contains(line)).collect();
    let rows: Vec<Value> = good
        .iter()
        .map(|line| row_of(&names, file.lines().nth(*line).expect("a row")))
        .collect();
    let input = json!({ "modelId": model, "rows": rows });
    let selection = "predictions { label probability probabilities { label probability } }";
    let answer = server.mutate("predict", "PredictInput", input, selection).await;
    let predictions = answer["predictions"].as_array().expect("predictions");
    for (line, prediction) in good.iter().zip(predictions) {
        let cells: HashMap<&str, &str> = header.iter().copied().zip(lines[*line].split(',')).collect();
        let number = |name: &str| cells[name].parse::<f64>().expect("a probability");
        assert_eq!(cells["prediction"], prediction["label"], "line {line}");
        assert_eq!(
            number("probability"),
            prediction["probability"].as_f64().expect("one")
        );
        for class in prediction["probabilities"].as_array().expect("classes") {
            let name = format!("p_{}", class["label"].as_str().expect("a label"));
            let expected = class["probability"].as_f64().expect("a probability");
            assert_eq!(number(&name), expected, "line {line}, {name}");
        }
    }
    for line in bad {
        assert!(
            lines[line].contains(",,,,,") && lines[line].contains("is not a number"),
            "{}",
            lines[line]
        );
    }
}

/// A line of the file as `predict` takes it.
fn row_of(names: &[&str], line: &str) -> Value {
    let mut row = serde_json::Map::new();
    for (name, cell) in names.iter().zip(line.split(',')) {
        let value = match cell {
            "NA" => Value::Null,
            cell => cell
                .parse::<f64>()
                .map_or_else(|_| json!(cell), |number| json!(number)),
        };
        row.insert((*name).to_owned(), value);
    }
    Value::Object(row)
}

/// Lists, refusals, files that cannot be used, and the end.
async fn check_lists_and_end(server: &Client, model: &str, id: &str, batch_before: &Value) {
    let query = "query Q($id: ID!) { batchPredictions(filter: { modelId: $id, state: [COMPLETED] }) { totalCount nodes { id } } \
        node(id: $id) { ... on Model { batchPredictions(first: 5) { nodes { id model { id } } } } } }";
    let lists = server.ask(query, json!({ "id": model })).await;
    assert_eq!(
        lists["batchPredictions"],
        json!({ "totalCount": 1, "nodes": [{ "id": id }] })
    );
    assert_eq!(
        lists["node"]["batchPredictions"]["nodes"],
        json!([{ "id": id, "model": { "id": model } }])
    );
    let cancelled = server
        .try_mutate(
            "cancelBatchPrediction",
            "CancelBatchPredictionInput",
            json!({ "id": id }),
            "batchPrediction { state }",
        )
        .await;
    assert_eq!(
        cancelled["userErrors"][0]["code"], "BATCH_PREDICTION_ENDED",
        "{cancelled:#}"
    );
    for (name, bytes, words) in [
        ("blank.csv", &b"\n\n"[..], "blank"),
        ("lacks.csv", b"island,sex\nDream,male\n", "the table lacks"),
        ("ragged.csv", b"a,b\n1,2\n3,4,5\n", "the table lacks"),
        ("text.csv", b"a,b\n1,\xff\xff\xc3\n\x00", "not valid UTF-8"),
        ("book.xlsx", b"PK\x03\x04....", "Excel"),
    ] {
        let upload = server.send_file(name, bytes).await;
        let failed = batch(
            server,
            json!({ "modelId": model, "source": { "uploadId": upload } }),
        )
        .await;
        assert_eq!(failed["state"], "FAILED", "{name}: {failed:#}");
        let reason = failed["error"].as_str().expect("a reason");
        assert!(reason.contains(words), "{name}: {reason}");
        assert_eq!(failed["downloads"], json!([]));
        assert_eq!(failed["report"], Value::Null);
    }
    let url = batch_before["downloads"][0]["url"].as_str().expect("a url");
    server
        .mutate(
            "deleteBatchPrediction",
            "DeleteBatchPredictionInput",
            json!({ "id": id }),
            "deletedId",
        )
        .await;
    let mut status = server.get(url).await.status();
    while status.is_server_error() {
        // For the moment.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        status = server.get(url).await.status();
    }
    assert_eq!(status, 404, "files go with it");
    let gone = server
        .ask("query Q($id: ID!) { node(id: $id) { id } }", json!({ "id": id }))
        .await;
    assert_eq!(gone["node"], Value::Null);
}
