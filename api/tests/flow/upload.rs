//! From a file to a dataset that is being read.

use axum::body::Body;
use axum::http::Request;
use entities::{dataset, task};
use futures_util::future::join_all;
use platform::artifacts::Key;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::setup::{Answer, Application, Person};

const CREATE: &str = "mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
    upload { id url receivedBytes sizeBytes } userErrors { code field } } }";
const COMPLETE: &str = "mutation ($input: CompleteUploadInput!) { completeUpload(input: $input) {
    dataset { id name fileName state sizeBytes profile { rows } } userErrors { code } } }";

async fn create(application: &Application, name: &str, size: i64) -> Value {
    let input = json!({ "input": { "fileName": name, "sizeBytes": size } });
    let answer = application.graphql(&application.ann, CREATE, input).await;
    answer["data"]["createUpload"].clone()
}

async fn patch(application: &Application, person: &Person, url: &str, offset: &str, bytes: &str) -> Answer {
    let request = Request::patch(url)
        .header("authorization", format!("Bearer {}", person.token))
        .header("upload-offset", offset)
        .body(Body::from(bytes.to_owned()))
        .unwrap();
    application.send(request).await
}

async fn offset(application: &Application, url: &str) -> String {
    let request = Request::head(url)
        .header("authorization", format!("Bearer {}", application.ann.token))
        .body(Body::empty())
        .unwrap();
    let answer = application.send(request).await;
    assert_eq!(answer.status, 200);
    answer.header("upload-offset").to_owned()
}

#[tokio::test]
async fn an_upload_is_resumed_where_it_broke_off() {
    let application = Application::start().await;
    let created = create(&application, "../data/Größe.CSV", 12).await;
    let url = created["upload"]["url"].as_str().unwrap();
    let complete = async || {
        let input = json!({ "input": { "uploadId": created["upload"]["id"] } });
        application.graphql(&application.ann, COMPLETE, input).await["data"]["completeUpload"].clone()
    };
    assert_eq!(offset(&application, url).await, "0");
    assert_eq!(
        patch(&application, &application.ann, url, "0", "a,b\n1")
            .await
            .status,
        204
    );
    assert_eq!(offset(&application, url).await, "5");
    assert_eq!(complete().await["userErrors"][0]["code"], "UPLOAD_INCOMPLETE");
    // A wrong offset changes nothing and says the right one.
    for wrong in ["0", "4", "6", "99999999999999999999", "-1", "x"] {
        let answer = patch(&application, &application.ann, url, wrong, "zzz").await;
        assert!(
            answer.status == 409 || answer.status == 400,
            "{wrong}: {}",
            answer.status
        );
        assert_eq!(answer.header("upload-offset"), "5", "{wrong}");
    }
    // What goes beyond the announced size is refused.
    assert_eq!(
        patch(&application, &application.ann, url, "5", ",2\n3,4\nxx")
            .await
            .status,
        413
    );
    let stored = offset(&application, url).await;
    // Bytes that a crash left unrecorded are overwritten.
    let file = application
        .platform
        .upload_path(uuid::Uuid::parse_str(url.rsplit('/').next().unwrap()).unwrap());
    let mut bytes = tokio::fs::read(&file).await.unwrap();
    bytes.extend_from_slice(b"garbage");
    tokio::fs::write(&file, bytes).await.unwrap();
    let rest = &"a,b\n1,2\n3,4\n"[stored.parse().unwrap()..];
    assert_eq!(
        patch(&application, &application.ann, url, &stored, rest)
            .await
            .status,
        204
    );
    let done = complete().await;
    let dataset = &done["dataset"];
    assert_eq!(dataset["name"], "Größe", "{done}");
    assert_eq!(dataset["fileName"], "Größe.CSV");
    assert_eq!(dataset["state"], "PROFILING");
    assert_eq!(dataset["profile"], Value::Null);
    let connection = application.platform.database.connection();
    let row = dataset::Entity::find().one(connection).await.unwrap().unwrap();
    let source = application
        .platform
        .artifacts
        .get(&Key::parse(&row.source_key).unwrap())
        .await
        .unwrap();
    assert_eq!(source, b"a,b\n1,2\n3,4\n");
    assert_eq!(
        task::Entity::find().one(connection).await.unwrap().unwrap().kind,
        task::Kind::Profile
    );
    assert!(!file.exists());
    assert_eq!(complete().await["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(
        patch(&application, &application.ann, url, "12", "").await.status,
        404
    );
}

#[tokio::test]
async fn another_s_upload_does_not_exist() {
    let application = Application::start().await;
    let created = create(&application, "a.csv", 3).await;
    let url = created["upload"]["url"].as_str().unwrap();
    assert_eq!(
        patch(&application, &application.bob, url, "0", "abc")
            .await
            .status,
        404
    );
    let input = json!({ "input": { "uploadId": created["upload"]["id"] } });
    let answer = application.graphql(&application.bob, COMPLETE, input).await;
    assert_eq!(
        answer["data"]["completeUpload"]["userErrors"][0]["code"],
        "NOT_FOUND"
    );
}

const UPLOAD: &str =
    "query ($id: ID!) { upload(id: $id) { id method url receivedBytes sizeBytes partSizeBytes expiresAt
    formFields { name value } parts { number sizeBytes } } }";

#[tokio::test]
async fn an_upload_is_found_again_and_given_up() {
    let application = Application::start().await;
    let created = create(&application, "a.csv", 3).await;
    let (id, url) = (
        &created["upload"]["id"],
        created["upload"]["url"].as_str().unwrap(),
    );
    patch(&application, &application.ann, url, "0", "ab").await;
    let ask = async |person: &Person| {
        let answer = application.graphql(person, UPLOAD, json!({ "id": id })).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["upload"].clone()
    };
    let upload = ask(&application.ann).await;
    assert_eq!(upload["method"], "PATCH");
    assert_eq!(upload["url"], url);
    assert_eq!(
        (&upload["receivedBytes"], &upload["sizeBytes"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(upload["partSizeBytes"], Value::Null);
    assert_eq!(
        (&upload["formFields"], &upload["parts"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(ask(&application.bob).await, Value::Null);
    // It is not sent in parts, and not Bob's.
    let sign = "mutation ($id: ID!) { signUploadParts(input: { uploadId: $id, partNumbers: [1] }) {
        links { number url sizeBytes } userErrors { code } } }";
    for (person, code) in [
        (&application.ann, "UPLOAD_PARTS"),
        (&application.bob, "NOT_FOUND"),
    ] {
        let answer = application.graphql(person, sign, json!({ "id": id })).await;
        let payload = &answer["data"]["signUploadParts"];
        assert_eq!(payload["userErrors"][0]["code"], code, "{answer}");
        assert_eq!(payload["links"], Value::Null);
    }
    let cancel = "mutation ($id: ID!) { cancelUpload(input: { uploadId: $id }) {
        cancelledUploadId userErrors { code } } }";
    let answer = application
        .graphql(&application.bob, cancel, json!({ "id": id }))
        .await;
    assert_eq!(
        answer["data"]["cancelUpload"]["userErrors"][0]["code"],
        "NOT_FOUND"
    );
    let answer = application
        .graphql(&application.ann, cancel, json!({ "id": id }))
        .await;
    assert_eq!(&answer["data"]["cancelUpload"]["cancelledUploadId"], id);
    assert_eq!(ask(&application.ann).await, Value::Null);
    assert_eq!(
        patch(&application, &application.ann, url, "2", "c").await.status,
        404
    );
}

#[tokio::test]
async fn sizes_and_names_are_checked_before_anything_is_sent() {
    let application = Application::start().await;
    let limit = application.platform.settings.upload_limit_bytes as i64;
    for (name, size, code) in [
        ("a.csv", 0, "FILE_EMPTY"),
        ("a.csv", -1, "FILE_EMPTY"),
        ("a.csv", limit + 1, "FILE_TOO_LARGE"),
        ("", 1, "FILE_NAME"),
        ("..", 1, "FILE_NAME"),
    ] {
        let created = create(&application, name, size).await;
        assert_eq!(created["userErrors"][0]["code"], code, "{name} {size}: {created}");
        assert_eq!(created["upload"], Value::Null);
    }
    assert_eq!(
        create(&application, "a.csv", limit).await["userErrors"],
        json!([])
    );
}

#[tokio::test]
async fn a_sample_becomes_a_dataset() {
    let application = Application::start().await;
    let info = "{ serverInfo { version workerSlots uploadLimitBytes samples { key title target rows } } }";
    let answer = application.graphql(&application.ann, info, json!({})).await;
    let samples = answer["data"]["serverInfo"]["samples"]
        .as_array()
        .unwrap()
        .clone();
    assert!(!samples.is_empty());
    let mutation = "mutation ($key: String!) { createSampleDataset(input: { key: $key }) {
        dataset { state name } userErrors { code } query { datasets { totalCount } } } }";
    let answer = application
        .graphql(&application.ann, mutation, json!({ "key": samples[0]["key"] }))
        .await;
    let payload = &answer["data"]["createSampleDataset"];
    assert_eq!(
        payload["dataset"],
        json!({ "state": "PROFILING", "name": samples[0]["title"] }),
        "{answer}"
    );
    assert_eq!(payload["query"]["datasets"]["totalCount"], 1);
    let answer = application
        .graphql(&application.ann, mutation, json!({ "key": "nothing" }))
        .await;
    assert_eq!(
        answer["data"]["createSampleDataset"]["userErrors"][0]["code"],
        "SAMPLE_NOT_FOUND"
    );
}

#[tokio::test]
async fn the_same_request_with_the_same_key_makes_one_upload_and_one_dataset() {
    let application = Application::start().await;
    let ask = async |document: &str, name: &str, input: Value| {
        let answer = application
            .graphql(&application.ann, document, json!({ "input": input }))
            .await;
        answer["data"][name].clone()
    };
    let file = json!({ "fileName": "a.csv", "sizeBytes": 4, "idempotencyKey": "k" });
    let created = ask(CREATE, "createUpload", file.clone()).await;
    assert_eq!(created["userErrors"], json!([]));
    assert_eq!(ask(CREATE, "createUpload", file).await, created);
    let other = json!({ "fileName": "a.csv", "sizeBytes": 5, "idempotencyKey": "k" });
    let reused = ask(CREATE, "createUpload", other).await;
    assert_eq!(reused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");

    let url = created["upload"]["url"].as_str().unwrap();
    patch(&application, &application.ann, url, "0", "a\n1\n").await;
    let input = json!({ "uploadId": created["upload"]["id"], "idempotencyKey": "c" });
    let asked = (0..20).map(|_| ask(COMPLETE, "completeUpload", input.clone()));
    let answers = join_all(asked).await;
    assert_eq!(answers[0]["userErrors"], json!([]), "{:?}", answers[0]);
    for answer in &answers {
        assert_eq!(*answer, answers[0]);
    }
    // Another key is another request, and the upload is not open any more.
    let input = json!({ "uploadId": created["upload"]["id"], "idempotencyKey": "d" });
    let late = ask(COMPLETE, "completeUpload", input).await;
    assert_eq!(late["userErrors"][0]["code"], "NOT_FOUND");

    let sample = json!({ "key": "penguins", "idempotencyKey": "s" });
    let document = "mutation ($input: CreateSampleDatasetInput!) { createSampleDataset(input: $input) {
        dataset { id } userErrors { code } } }";
    let first = ask(document, "createSampleDataset", sample.clone()).await;
    assert!(first["dataset"]["id"].is_string(), "{first:#}");
    assert_eq!(ask(document, "createSampleDataset", sample).await, first);
    let connection = application.platform.database.connection();
    assert_eq!(dataset::Entity::find().all(connection).await.unwrap().len(), 2);
}
