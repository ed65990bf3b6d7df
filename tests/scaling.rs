//! Workers that come and go by themselves, with the real program: a queue brings one, idleness ends it, the death of its
//! server or a notice of its machine drains it, and a GPU worker without a GPU says what is missing.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::process::{Launch, children};
use harness::{Client, Process};

const SOON: Duration = Duration::from_secs(60);

/// A server without workers that may start one.
fn face(home: &Path) -> Process {
    let environment = [
        ("AUTOML_SCALING", "local"),
        ("AUTOML_SCALING_CPU_MAX", "1"),
        ("AUTOML_SCALING_CPU_SLOTS", "1"),
        ("AUTOML_SCALING_IDLE_SECONDS", "4"),
        ("AUTOML_SCALING_INTERVAL_SECONDS", "1"),
    ];
    Process::start(Launch {
        program: env!("CARGO_BIN_EXE_automl").into(),
        arguments: ["api", "--json", "--port", "0", "--home"]
            .map(str::to_owned)
            .into_iter()
            .chain([home.display().to_string()])
            .collect(),
        environment: environment
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        log: home.join("face.log"),
    })
}

/// Uploads a small table and waits until somebody has profiled it.
async fn profile_a_table(client: &Client) {
    let dataset = client.upload("t.csv", b"a,b\n1,2\n3,4\n5,6\n").await;
    let node = client.wait_for_dataset(&dataset).await;
    assert_eq!(node["state"], "READY", "{node:#}");
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
    let mut face = face(home.path());
    let client = Client::new(&face.first_line());
    let server = face.id();
    assert!(children(server).is_empty(), "nothing is to be done yet");
    profile_a_table(&client).await;
    until("the end of the idle worker", || children(server).is_empty()).await;
    profile_a_table(&client).await;
    let worker = children(server)[0];
    face.kill();
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
