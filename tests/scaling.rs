//! Workers that come and go by themselves, with the real program: a queue brings one, idleness ends it, the death of its
//! server or a notice of its machine drains it, and a GPU worker without a GPU says what is missing.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(60);

/// A server without workers that may start one.
struct Face {
    process: Child,
    url: String,
    token: String,
    client: reqwest::Client,
}

impl Face {
    fn start(home: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_automl"))
            .args(["api", "--json", "--port", "0", "--home"])
            .arg(home)
            .env("AUTOML_SCALING", "local")
            .env("AUTOML_SCALING_CPU_MAX", "1")
            .env("AUTOML_SCALING_CPU_SLOTS", "1")
            .env("AUTOML_SCALING_IDLE_SECONDS", "4")
            .env("AUTOML_SCALING_INTERVAL_SECONDS", "1")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout
            .read_line(&mut line)
            .expect("the server prints its first line");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line:?}"));
        let field = |name: &str| ready[name].as_str().expect("a text").to_owned();
        Self {
            process,
            url: field("url"),
            token: field("token"),
            client: reqwest::Client::new(),
        }
    }

    async fn ask(&self, document: &str, variables: Value) -> Value {
        let request = self.client.post(format!("{}/graphql", self.url));
        let request = request.bearer_auth(&self.token);
        let body = json!({ "query": document, "variables": variables });
        let answer = request.json(&body).send().await.expect("the server answers");
        let answer: Value = answer.json().await.expect("the answer is JSON");
        assert!(answer.get("errors").is_none(), "{document}\n{answer:#}");
        answer["data"].clone()
    }

    /// Uploads a small table and waits until somebody has profiled it.
    async fn profile_a_table(&self) {
        let table = "a,b\n1,2\n3,4\n5,6\n";
        let create =
            "mutation M($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url } } }";
        let input = json!({ "fileName": "t.csv", "sizeBytes": table.len() });
        let made = self.ask(create, json!({ "input": input })).await;
        let upload = &made["createUpload"]["upload"];
        let path = upload["url"].as_str().expect("an upload has a url");
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        };
        let sent = self.client.patch(url).bearer_auth(&self.token);
        let sent = sent
            .header("Upload-Offset", "0")
            .header("Content-Type", "application/offset+octet-stream");
        let sent = sent.body(table).send().await.expect("the server takes the bytes");
        assert!(sent.status().is_success(), "{}", sent.status());
        let complete =
            "mutation M($input: CompleteUploadInput!) { completeUpload(input: $input) { dataset { id } } }";
        let input = json!({ "uploadId": upload["id"] });
        let done = self.ask(complete, json!({ "input": input })).await;
        let id = done["completeUpload"]["dataset"]["id"].clone();
        let query = "query Q($id: ID!) { node(id: $id) { ... on Dataset { state } } }";
        let began = Instant::now();
        loop {
            let found = self.ask(query, json!({ "id": id })).await;
            match found["node"]["state"].as_str() {
                Some("READY") => return,
                state => assert!(began.elapsed() < SOON && state != Some("FAILED"), "{found:#}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Face {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Ids of the processes that another one started.
fn children(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for thread in fs::read_dir(format!("/proc/{parent}/task"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let text = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        found.extend(text.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    found
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < SOON, "{what} does not happen");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_queue_brings_a_worker_idleness_ends_it_and_it_does_not_outlive_its_server() {
    let home = tempfile::tempdir().unwrap();
    let mut face = Face::start(home.path());
    let server = face.process.id();
    assert!(children(server).is_empty(), "nothing is to be done yet");
    face.profile_a_table().await;
    until("the end of the idle worker", || children(server).is_empty()).await;
    face.profile_a_table().await;
    let worker = children(server)[0];
    face.process.kill().unwrap();
    face.process.wait().unwrap();
    until("the end of the orphan", || {
        !Path::new(&format!("/proc/{worker}")).exists()
    })
    .await;
}

/// Metadata of an instance that is about to be taken away.
fn metadata() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let (status, body) = match path {
                "/latest/api/token" => ("200 OK", "a-token"),
                "/latest/meta-data/instance-id" => ("200 OK", "i-0123"),
                "/latest/meta-data/spot/instance-action" => ("200 OK", r#"{"action": "stop"}"#),
                _ => ("404 Not Found", ""),
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn worker(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_automl"));
    command
        .args(["worker", "--home"])
        .arg(home)
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_notice_of_the_machine_drains_the_worker() {
    let home = tempfile::tempdir().unwrap();
    let mut command = worker(home.path());
    command
        .env("AUTOML_SPOT", "true")
        .env("AUTOML_METADATA_URL", metadata());
    let output = command.output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{log}");
    assert!(log.contains("about to be interrupted"), "{log}");
}

#[test]
fn an_idle_worker_ends_well() {
    let home = tempfile::tempdir().unwrap();
    let output = worker(home.path())
        .args(["--exit-when-idle", "1", "--slots", "1"])
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && log.contains("nothing to do"), "{log}");
}

#[test]
fn a_gpu_worker_without_its_trainer_says_what_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let output = worker(home.path()).args(["--queue", "gpu"]).output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{log}");
    let last = log.lines().last().unwrap_or_default();
    assert!(
        last.contains("automl: a GPU worker needs") && last.contains("automl-trainer-cuda"),
        "{log}"
    );
}

#[test]
fn serve_over_a_file_refuses_to_scale() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_automl"))
        .args(["serve", "--port", "0", "--home"])
        .arg(home.path())
        .env("AUTOML_SCALING", "local")
        .env("AUTOML_SCALING_CPU_MAX", "1")
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && log.contains("AUTOML_DATABASE_URL"),
        "{log}"
    );
}
