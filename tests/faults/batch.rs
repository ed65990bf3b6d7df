//! Batch predictions while things break: a worker is killed under a large file, people change their minds, files are made to hurt.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use harness::{Client, Stack, invariants};
use serde_json::{Value, json};

use crate::flow::batch::{BATCH, batch};
use crate::scale::Scale;
use crate::{JOB_LIMIT, PENGUINS, plan};

/// Rows of the large file.
const ROWS: usize = 1_000_000;
/// What a trainer may need for it, the program and the model included; read whole it would take several times as much.
const MEMORY_BYTES: u64 = 192 << 20;
/// When a batch is taken to hang. How fast it is, is not said here: machines differ, and so do the models of ten seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// A stack with a model of the penguins.
async fn start() -> (Stack, String) {
    let stack = Stack::production(&plan());
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let job = client.start_job_on(&dataset, "species", 10, "QUICK").await;
    let done = client.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let model = done["model"]["id"]
        .as_str()
        .expect("a model has an id")
        .to_owned();
    (stack, model)
}

/// The penguins over and over, each row with its number.
pub fn large(rows: usize) -> Vec<u8> {
    let penguins = String::from_utf8_lossy(PENGUINS);
    let lines: Vec<&str> = penguins.lines().collect();
    let mut text = format!("number,{}\n", lines[0]);
    for row in 0..rows {
        let line = lines[1 + row % (lines.len() - 1)];
        writeln!(text, "{row},{line}").expect("a string takes it");
    }
    text.into_bytes()
}

async fn create(client: &Client, model: &str, upload: &str) -> String {
    let input = json!({ "modelId": model, "source": { "uploadId": upload }, "idColumn": "number" });
    let payload = client
        .mutate(
            "createBatchPrediction",
            "CreateBatchPredictionInput",
            input,
            "batchPrediction { id }",
        )
        .await;
    let id = payload["batchPrediction"]["id"].as_str();
    id.expect("a batch has an id").to_owned()
}

async fn completed(client: &Client, id: &str) -> Value {
    let states = ["COMPLETED", "FAILED", "CANCELLED"];
    let done = client.wait_for(id, BATCH, "state", &states, PATIENCE).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    done
}

/// Waits until rows of a batch are done, but not all.
async fn under_way(client: &Client, id: &str) {
    let selection = "... on BatchPrediction { version state progress { rowsDone } }";
    let under_way = |node: &Value| {
        assert_ne!(node["state"], "COMPLETED", "it ended too early");
        node["state"] == "RUNNING" && node["progress"]["rowsDone"].as_i64() > Some(0)
    };
    client.look_for(id, selection, under_way, PATIENCE).await;
}

/// Waits until no worker keeps a trainer: the next one that has one works.
async fn idle(stack: &Stack) {
    let began = Instant::now();
    while !stack.trainers().is_empty() {
        assert!(began.elapsed() < PATIENCE, "a trainer stays");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Lines of the answer: one a row, in order, each with its prediction.
async fn answer(client: &Client, batch: &Value) -> Vec<u8> {
    let bytes = client
        .download(batch["downloads"][0]["url"].as_str().expect("a url"))
        .await;
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    for (row, line) in text.lines().skip(1).enumerate() {
        let mut cells = line.split(',');
        assert_eq!(cells.next(), Some(row.to_string().as_str()));
        assert!(cells.next().is_some_and(|label| !label.is_empty()), "{line}");
    }
    assert_eq!(text.lines().count(), ROWS + 1);
    bytes
}

/// A million rows: in bounded memory, and to the same file when the worker is killed on the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_million_rows_are_predicted_once_whoever_dies() {
    let (mut stack, model) = start().await;
    let client = stack.client().clone();
    let scales: Vec<Scale> = stack
        .workers
        .iter()
        .map(|worker| Scale::start(worker.id()))
        .collect();
    let peak = || scales.iter().map(Scale::take).max().unwrap_or_default();
    let file = large(ROWS);
    let upload = client.send_file("large.csv", &file).await;
    idle(&stack).await;
    peak();
    let began = Instant::now();
    let id = create(&client, &model, &upload).await;
    let done = completed(&client, &id).await;
    let took = began.elapsed();
    let needed = peak();
    eprintln!(
        "{ROWS} rows of {} MiB took {took:.1?}; the trainer had {} MiB at most",
        file.len() >> 20,
        needed >> 20
    );
    assert!(needed > 0 && needed < MEMORY_BYTES, "{needed} bytes");
    assert_eq!(done["progress"]["rowsDone"], ROWS);
    let expected = answer(&client, &done).await;

    let upload = client.send_file("large.csv", &file).await;
    idle(&stack).await;
    let id = create(&client, &model, &upload).await;
    under_way(&client, &id).await;
    let busy = stack.busy_worker();
    stack.workers[busy].kill();
    let done = completed(&client, &id).await;
    assert!(invariants::counted_deaths(&stack) > 0, "its worker died under it");
    assert_eq!(
        answer(&client, &done).await,
        expected,
        "done again, and done right"
    );
    stack.workers[busy] = stack.workers[busy].again();
    invariants::check(&stack);
}

/// Cancelled under way: nothing is kept, and nothing of it runs seconds later.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_cancelled_and_hostile_files_fail() {
    let (stack, model) = start().await;
    let client = stack.client();
    let upload = client.send_file("large.csv", &large(ROWS)).await;
    let id = create(client, &model, &upload).await;
    under_way(client, &id).await;
    let said = Instant::now();
    let payload = stack
        .other_client()
        .mutate(
            "cancelBatchPrediction",
            "CancelBatchPredictionInput",
            json!({ "id": id }),
            "batchPrediction { state downloads { url } }",
        )
        .await;
    assert_eq!(
        payload["batchPrediction"],
        json!({ "state": "CANCELLED", "downloads": [] })
    );
    while !stack.trainers().is_empty() {
        assert!(said.elapsed() < Duration::from_secs(6), "a trainer goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (name, bytes, words) in bombs() {
        let upload = client.send_file(name, &bytes).await;
        let input = json!({ "modelId": model, "source": { "uploadId": upload } });
        let failed = batch(client, input).await;
        assert_eq!(failed["state"], "FAILED", "{name}: {failed:#}");
        let reason = failed["error"].as_str().expect("a reason");
        assert!(reason.contains(words), "{name}: {reason}");
    }
    client
        .mutate(
            "deleteBatchPrediction",
            "DeleteBatchPredictionInput",
            json!({ "id": id }),
            "deletedId",
        )
        .await;
    invariants::check(&stack);
}

/// Files that are made to hurt.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let header = PENGUINS.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let with = |rest: &[u8]| [header, b"\n", rest].concat();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..4096 {
        std::io::Write::write_all(&mut packer, &[b'0'; 1 << 16]).expect("gzip");
    }
    let zeros = packer.finish().expect("gzip");
    let line = b"Adelie,Torgersen,39.1,18.7,181,3750,male,2007\n";
    vec![
        ("zeros.csv.gz", zeros, "does not end within"),
        (
            "open.csv",
            with(&[&b"\""[..], &line.repeat(1 << 16)].concat()),
            "a cell of more than",
        ),
        ("nul.csv", with(b"Adelie,\0\n"), "NUL"),
        ("returns.csv", with(&[b'\r'; 1 << 22]), "a cell of"),
        ("empty.csv", with(b""), "no rows"),
        ("ragged.csv", with(b"Adelie\n"), "has 1 fields"),
        (
            "latin.csv",
            with("é,é,é\n".as_bytes()).into_iter().chain([0xff]).collect(),
            "not valid UTF-8",
        ),
    ]
}
