//! F16: a disk is full: a worker's, the one that uploads come to, and the database's. Work that meets it says so and is tried
//! again, nothing half done is visible, and everything goes on once there is room.

use std::time::Duration;

use harness::postgres::{self, Stop};
use harness::stack::{Plan, Services};
use harness::{Client, Disk, Stack, invariants, redis};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{BUDGET, JOB_LIMIT, PENGUINS, begin, completes, plan, plan_in, plan_over};

/// Room for a worker and what it keeps at hand.
const WORKER_MEBIBYTES: u32 = 256;
/// Data sets at once.
const MANY: usize = 40;
/// Room for the files of a Postgres server with a few databases.
const POSTGRES_MEBIBYTES: u32 = 320;

/// A disk of that size, or a word that this test cannot run here.
fn disk(mebibytes: u32) -> Option<Disk> {
    Disk::mount(mebibytes)
        .inspect_err(|reason| eprintln!("skipped: this machine lends no small disk: {reason}"))
        .ok()
}

/// One worker whose home is on the disk.
fn plan_on(disk: &Disk) -> Plan {
    let mut plan = plan();
    plan.workers = 1;
    let home = disk.folder().join("home").display().to_string();
    plan.first_worker.push(("AUTOML_HOME".to_owned(), home));
    plan
}

fn count(stack: &Stack, rows: &str) -> i64 {
    let url = stack.database_url.as_deref().expect("a production stack");
    let rows = postgres::query(url, &format!("SELECT count(*) FROM {rows}")).expect("the database answers");
    rows[0][0].parse().expect("a count")
}

/// What is started on a full disk fails with a reason that says what to do, and succeeds when it is tried again with room.
#[tokio::test(flavor = "multi_thread")]
async fn work_on_a_full_disk_fails_clearly_and_can_be_retried() {
    let Some(disk) = disk(WORKER_MEBIBYTES) else {
        return;
    };
    let mut stack = Stack::production(&plan_on(&disk));
    let client = stack.client().clone();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let artifacts = count(&stack, "artifact");
    disk.fill();
    let refused = client.upload("again.csv", PENGUINS).await;
    let job = client.start_job_on(&dataset, "species", BUDGET, "BEST").await;
    let refused = client.wait_for_dataset(&refused).await;
    let failed = client.wait_for_job(&job, JOB_LIMIT).await;
    for node in [&refused, &failed] {
        let reason = node["error"].as_str().unwrap_or_default();
        assert!(
            node["state"] == "FAILED" && reason.contains("DISK_FULL"),
            "{node:#}"
        );
        assert!(!reason.contains('/'), "no path of the server is shown: {reason}");
    }
    // The source of the second dataset is all that was added.
    assert_eq!(count(&stack, "artifact"), artifacts + 1);
    assert!(stack.workers[0].is_running(), "the worker stays");
    disk.free();
    let input = json!({ "id": job });
    client
        .mutate("retryJob", "RetryJobInput", input, "job { state }")
        .await;
    completes(&stack, &job).await;
}

/// A disk that is full for a while costs time, not the job.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_for_a_while_costs_no_job() {
    let Some(disk) = disk(WORKER_MEBIBYTES) else {
        return;
    };
    let mut stack = Stack::production(&plan_on(&disk));
    let client = stack.client().clone();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let job = client.start_job_on(&dataset, "species", 2 * BUDGET, "BEST").await;
    client.wait_for_trials(&job, 1, JOB_LIMIT).await;
    disk.fill();
    tokio::time::sleep(Duration::from_secs(4)).await;
    disk.free();
    completes(&stack, &job).await;
    assert!(stack.workers[0].is_running(), "the worker stays");
    let half = "trial WHERE state = 'completed' AND artifact_key NOT IN (SELECT key FROM artifact)";
    assert_eq!(count(&stack, half), 0, "a trial counts when its file does");
}

/// Files that are only kept at hand are given up before work is.
#[tokio::test(flavor = "multi_thread")]
async fn the_cache_of_a_full_disk_gives_way() {
    let Some(disk) = disk(WORKER_MEBIBYTES) else {
        return;
    };
    let stack = Stack::production(&plan_on(&disk));
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let job = client.start_job_on(&dataset, "species", BUDGET, "BEST").await;
    completes(&stack, &job).await;
    // Its last child is gone, what it had is in the cache.
    tokio::time::sleep(Duration::from_secs(8)).await;
    disk.fill_but(0);
    let next = client.upload("next.csv", PENGUINS).await;
    let ready = client.wait_for_dataset(&next).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    assert_eq!(invariants::counted_deaths(&stack), 0, "nothing failed");
}

/// What only one worker's disk lacks room for is done by another.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_with_a_full_disk_leaves_the_work_to_others() {
    let Some(disk) = disk(WORKER_MEBIBYTES) else {
        return;
    };
    let mut plan = plan_on(&disk);
    plan.workers = 2;
    let stack = Stack::production(&plan);
    disk.fill();
    // Enough for the sick worker to spoil many before the sound one gets to them, if it took them as fast as it fails.
    let mut datasets = Vec::new();
    for number in 0..MANY {
        datasets.push(stack.client().upload(&format!("{number}.csv"), PENGUINS).await);
    }
    for dataset in &datasets {
        let ready = stack.client().wait_for_dataset(dataset).await;
        assert_eq!(ready["state"], "READY", "{ready:#}");
    }
    assert!(
        invariants::counted_deaths(&stack) > 0,
        "the sick worker took something"
    );
    disk.free();
    invariants::check(&stack);
}

/// Bytes that come to a face with a full disk are refused with a word, leave nothing, and can be sent again.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_onto_a_full_disk_is_refused_and_can_go_on() {
    let Some(disk) = disk(WORKER_MEBIBYTES) else {
        return;
    };
    let plan = plan_in(&disk.folder().join("home"));
    let stack = Stack::production(&plan);
    let client = stack.client();
    let table = PENGUINS.repeat(40);
    let input = json!({ "fileName": "large.csv", "sizeBytes": table.len() });
    let made = client
        .mutate("createUpload", "CreateUploadInput", input, "upload { id url }")
        .await;
    let url = made["upload"]["url"].as_str().expect("a url");
    let url = format!("{}{url}", client.url);
    disk.fill_but(table.len() as u64 / 2);
    let (status, answer) = patch(client, &url, 0, &table).await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{answer}");
    assert_eq!(answer["error"]["code"], "DISK_FULL", "{answer}");
    let seen = client.ask("{ viewer { id } }", Value::Null).await;
    assert!(seen["viewer"]["id"].is_string(), "it stays readable: {seen:#}");
    let kept = std::fs::read_dir(disk.folder().join("home/uploads")).expect("the folder of uploads");
    for file in kept.flatten() {
        assert_eq!(
            file.metadata().expect("a file").len(),
            0,
            "nothing half received stays"
        );
    }
    disk.free();
    let (status, answer) = patch(client, &url, 0, &table).await;
    assert!(status.is_success(), "{status} {answer}");

    // The bytes are there, but there is no room for the dataset.
    disk.fill();
    let input = json!({ "input": { "uploadId": made["upload"]["id"] } });
    let document = "mutation M($input: CompleteUploadInput!) { completeUpload(input: $input) { dataset { id } userErrors { code } } }";
    let refused = client.raw(document, input.clone(), Some(&client.token)).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "DISK_FULL",
        "{refused:#}"
    );
    assert_eq!(count(&stack, "dataset"), 0, "no dataset without its file");
    disk.free();
    let done = client.ask(document, input).await;
    // The table is penguins forty times over, header lines included: text, but readable.
    let dataset = done["completeUpload"]["dataset"]["id"]
        .as_str()
        .expect("a dataset");
    let ready = client.wait_for_dataset(dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    invariants::check(&stack);
}

async fn patch(client: &Client, url: &str, offset: usize, bytes: &[u8]) -> (StatusCode, Value) {
    let request = reqwest::Client::new()
        .patch(url)
        .bearer_auth(&client.token)
        .header("Upload-Offset", offset.to_string())
        .header("Content-Type", "application/offset+octet-stream")
        .body(bytes.to_vec());
    let answer = request.send().await.expect("the face answers");
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// The database has no room for rows, and then none for its log, on which the server gives up. What is asked meanwhile is
/// answered, nothing that was accepted is lost, and the job goes on afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_database_loses_nothing() {
    let Some(disk) = disk(POSTGRES_MEBIBYTES) else {
        return;
    };
    let options = postgres::Options {
        is_durable: true,
        folder: Some(disk.folder().join("postgres")),
        ..postgres::Options::default()
    };
    let services = Services::start(&options, redis::Options::default());
    let mut stack = Stack::production(&plan_over(&services));
    let client = stack.client().clone();
    let job = begin(&stack, 1).await;
    disk.fill();
    write_until_refused(&client).await;
    let seen = client.ask("{ viewer { id } }", Value::Null).await;
    assert!(seen["viewer"]["id"].is_string(), "it stays readable: {seen:#}");
    fill_the_log(&services);
    let asked = client.raw("{ viewer { id } }", Value::Null, Some(&client.token));
    let answer = tokio::time::timeout(Duration::from_secs(20), asked).await;
    let answer = answer.expect("a face without a database does not hang");
    assert!(
        answer["data"].is_object() || answer["errors"].is_array(),
        "{answer:#}"
    );
    disk.free();
    if services.postgres.query("postgres", "SELECT 1").is_err() {
        eprintln!("Postgres gave up, as it does, and is started again");
        let _ = services.postgres.stop(Stop::Immediate);
        services.postgres.resume().expect("Postgres starts with room");
    }
    completes(&stack, &job).await;
    for process in stack.faces.iter_mut().chain(&mut stack.workers) {
        assert!(process.is_running(), "nobody needs Postgres that much");
    }
}

/// Rows fit into the pages that are there for a while; then one does not, and its writer is told why.
async fn write_until_refused(client: &Client) {
    let document =
        "mutation M($input: CreateUploadInput!) { createUpload(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "fileName": "x".repeat(190), "sizeBytes": 1 } });
    for _ in 0..2000 {
        let answer = client.raw(document, input.clone(), Some(&client.token)).await;
        if let Some(error) = answer["errors"].get(0) {
            assert_eq!(error["extensions"]["code"], "DISK_FULL", "{answer:#}");
            return;
        }
    }
    panic!("two thousand rows fit onto a full disk");
}

/// Writes to the log of the database until the server gives up, or it has taken more than any disk here has.
fn fill_the_log(services: &Services) {
    let message = "SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000))";
    for _ in 0..POSTGRES_MEBIBYTES {
        if let Err(error) = services.postgres.query("postgres", message) {
            return eprintln!("the log of the database is full: {error:#}");
        }
    }
    panic!("the log is longer than its disk");
}
