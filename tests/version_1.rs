//! Those who come from version 1: its tables and files become datasets and jobs, somebody gets them, a worker reads them, and a
//! job is trained again. Over both forms of the platform; the files are in a folder for one, in a bucket for the other.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use harness::stack::{Plan, Services};
use harness::{Column, Stack};
use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_automl");
const PENGUINS: &[u8] = include_bytes!("data/penguins.csv");
const LIMIT: Duration = Duration::from_secs(60);

/// A running platform, what version 1 has left, and the variables of the command line.
struct Arrival {
    stack: Stack,
    left: TempDir,
    files: String,
    environment: Vec<(String, String)>,
}

impl Arrival {
    fn new(column: Column) -> Self {
        let left = tempfile::tempdir().expect("a folder");
        match column {
            Column::Embedded => {
                let stack = Stack::embedded(Path::new(PROGRAM));
                let home = stack.folder().join("home").display().to_string();
                let files = left.path().join("files");
                put_files(&files);
                Self {
                    stack,
                    files: files.display().to_string(),
                    environment: vec![("AUTOML_HOME".to_owned(), home)],
                    left,
                }
            }
            Column::Production => {
                let services = Services::shared();
                let part = services.part(Path::new(PROGRAM));
                let mut plan = Plan::new(PROGRAM, services.environment(&part));
                (plan.faces, plan.workers) = (1, 1);
                let prefix = format!("version-1-{}", part.number);
                put_files(&services.s3.folder().join(harness::s3::BUCKET).join(&prefix));
                let mut environment = plan.environment.clone();
                let home = left.path().join("home").display().to_string();
                environment.push(("AUTOML_HOME".to_owned(), home));
                Self {
                    stack: Stack::production(&plan),
                    files: format!("s3://{}/{prefix}", harness::s3::BUCKET),
                    environment,
                    left,
                }
            }
        }
    }

    fn automl(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).envs(self.environment.iter().cloned());
        command.output().expect("automl runs")
    }

    fn import(&self, more: &[&str], expected: i32) -> Value {
        let tables = self.left.path().join("tables").display().to_string();
        let arguments = [
            "admin",
            "import-v1",
            "--json",
            "--tables",
            &tables,
            "--files",
            &self.files,
        ];
        let output = self.automl(&[&arguments[..], more].concat());
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }

    fn table(&self, name: &str) -> PathBuf {
        let path = self.left.path().join("tables").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        path
    }

    /// Gives what was imported to the owner of the server, as soon as it is read.
    fn claim(&self) {
        let people = self.automl(&["admin", "user", "list", "--json"]);
        let people = String::from_utf8(people.stdout).expect("UTF-8");
        let people = people
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let owner = people
            .into_iter()
            .find(|person| person["role"] == "ADMIN")
            .expect("an owner");
        let owner = owner["id"].as_str().expect("an id").to_owned();
        let began = Instant::now();
        loop {
            let claimed = self.automl(&[
                "admin",
                "default-data",
                "claim",
                "--reason",
                "hers",
                "--user",
                &owner,
            ]);
            if claimed.status.success() {
                return;
            }
            assert!(began.elapsed() < LIMIT, "{claimed:?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// The bucket of version 1.
fn put_files(folder: &Path) {
    let dataset = folder.join("datasets/0b6f1d8e-58a5-4a55-9bd1-1f0c3a1d6c11");
    fs::create_dir_all(&dataset).expect("a folder");
    fs::write(dataset.join("Penguins (final).csv"), PENGUINS).expect("a file");
    let model = folder.join("models/7a0d7a5c-0a49-4f4c-8a55-9c3f7e1b2d10");
    fs::create_dir_all(&model).expect("a folder");
    fs::write(model.join("model.pkl"), b"cos\nsystem\n(S'touch /tmp/never'\ntR.").expect("a file");
}

/// As an export to S3 holds the datasets: packed, a line each, with what DynamoDB writes besides.
fn export_datasets(arrival: &Arrival, broken: &str) {
    let line = json!({ "Item": {
        "dataset_id": { "S": "0b6f1d8e-58a5-4a55-9bd1-1f0c3a1d6c11" },
        "filename": { "S": "Penguins (final).csv" },
        "file_size": { "N": PENGUINS.len().to_string() },
        "row_count": { "N": "344" },
        "uploaded_at": { "S": "2025-11-30T09:00:00.123456+00:00" },
        "columns": { "L": [{ "S": "species" }] },
        "column_stats": { "M": { "species": { "M": { "unique": { "N": "3" }, "missing_pct": { "N": "0.0" } } } } },
        "problem_type": { "NULL": true },
    } });
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    writeln!(encoder, "{broken}{line}").expect("packed");
    let packed = encoder.finish().expect("packed");
    fs::write(arrival.table("AWSDynamoDB/01733/data/abcdef.json.gz"), packed).expect("a file");
    let manifest = r#"{"version":"2020-06-30","exportFormat":"DYNAMODB_JSON","itemCount":1}"#;
    fs::write(arrival.table("AWSDynamoDB/01733/manifest-summary.json"), manifest).expect("a file");
}

/// As `aws dynamodb scan` prints the jobs.
fn scan_jobs(arrival: &Arrival) {
    let text = |text: &str| json!({ "S": text });
    let job = |id: &str, status: &str| {
        json!({
            "job_id": text(id), "dataset_id": text("0b6f1d8e-58a5-4a55-9bd1-1f0c3a1d6c11"), "user_id": text("default"),
            "status": text(status), "dataset_name": text("Penguins (final).csv"), "target_column": text("species"),
            "problem_type": text("classification"), "created_at": text("2025-11-30T09:10:00+00:00"),
            "updated_at": text("2025-11-30T09:15:00+00:00"),
            "model_path": text("s3://models/models/7a0d7a5c-0a49-4f4c-8a55-9c3f7e1b2d10/model.pkl"),
        })
    };
    let mut completed = job("7a0d7a5c-0a49-4f4c-8a55-9c3f7e1b2d10", "completed");
    completed["metrics"] = json!({ "M": { "accuracy": { "N": "0.9855" }, "best_estimator": text("lgbm") } });
    completed["tags"] = json!({ "L": [text("baseline")] });
    completed["notes"] = text("the first one");
    completed["colour"] = text("red");
    let mut failed = job("c1d0ce53-1f0f-4a55-9f0d-0a4f0e1b2d10", "failed");
    failed["error_message"] = text("Training failed: no\u{1b}[31m rows");
    let table =
        json!({ "Items": [completed, failed], "Count": 2, "ScannedCount": 2, "ConsumedCapacity": null });
    let pretty = serde_json::to_string_pretty(&table).expect("JSON");
    fs::write(arrival.table("jobs.json"), pretty).expect("a file");
}

fn counts(read: u64, imported: u64, there: u64) -> Value {
    json!({ "read": read, "imported": imported, "alreadyThere": there })
}

async fn what_version_1_left_goes_on(column: Column) {
    let arrival = Arrival::new(column);
    scan_jobs(&arrival);
    export_datasets(&arrival, "{\"Item\":{\"dataset_id\":\n");
    let dry = arrival.import(&["--dry-run"], 1);
    assert_eq!(
        (&dry["datasets"], &dry["jobs"]),
        (&counts(1, 1, 0), &counts(2, 2, 0)),
        "{dry:#}"
    );
    let first = arrival.import(&[], 1);
    assert_eq!(
        (&first["datasets"], &first["jobs"]),
        (&counts(1, 1, 0), &counts(2, 2, 0)),
        "{first:#}"
    );
    assert_eq!(first["bytes"], PENGUINS.len());
    let skip = &first["skips"][0];
    assert_eq!(
        (&skip["file"], &skip["line"]),
        (&json!("AWSDynamoDB/01733/data/abcdef.json.gz"), &json!(1))
    );
    assert_eq!(first["unknownAttributes"], json!({ "job.colour": 1 }));
    export_datasets(&arrival, "");
    let again = arrival.import(&[], 0);
    assert_eq!(
        (&again["datasets"], &again["jobs"]),
        (&counts(1, 0, 1), &counts(2, 0, 2)),
        "{again:#}"
    );
    arrival.claim();
    is_there_and_trained_again(&arrival).await;
    let files = arrival.automl(&["admin", "files", "verify"]);
    assert!(files.status.success(), "{files:?}");
    let log = arrival.automl(&["admin", "audit", "verify"]);
    assert!(log.status.success(), "{log:?}");
}

async fn is_there_and_trained_again(arrival: &Arrival) {
    let server = arrival.stack.client();
    let data = server
        .ask(
            "{ datasets { nodes { name fileName state error profile { rows } } } \
               jobs { nodes { id name state error annotation tags notes createdAt finishedAt model { id } steps { state } } } }",
            json!({}),
        )
        .await;
    let dataset = &data["datasets"]["nodes"][0];
    assert_eq!(
        (&dataset["name"], &dataset["state"]),
        (&json!("Penguins (final)"), &json!("READY")),
        "{data:#}"
    );
    assert_eq!(dataset["profile"]["rows"].to_string().trim_matches('"'), "344");
    let jobs = data["jobs"]["nodes"].as_array().expect("jobs");
    assert_eq!(jobs.len(), 2, "{data:#}");
    let find = |word: &str| {
        let found = jobs
            .iter()
            .find(|job| job["error"].as_str().is_some_and(|error| error.contains(word)));
        found.unwrap_or_else(|| panic!("no {word} in {data:#}"))
    };
    assert!(
        !find("no[31m rows")["error"]
            .as_str()
            .expect("a text")
            .contains('\u{1b}')
    );
    let job = find("pickle");
    assert_eq!(
        (&job["state"], &job["model"], &job["tags"]),
        (&json!("FAILED"), &Value::Null, &json!(["baseline"]))
    );
    assert_eq!(job["annotation"], "the first one");
    assert!(
        job["notes"][0]
            .as_str()
            .expect("a note")
            .contains("accuracy 0.9855"),
        "{job:#}"
    );
    assert!(
        job["createdAt"]
            .as_str()
            .expect("a time")
            .starts_with("2025-11-30T09:10:00"),
        "{job:#}"
    );
    let id = job["id"].as_str().expect("an id");
    server
        .mutate("retryJob", "RetryJobInput", json!({ "id": id }), "job { state }")
        .await;
    server.wait_for_trials(id, 2, LIMIT).await;
    server
        .mutate(
            "finishJob",
            "FinishJobInput",
            json!({ "id": id }),
            "job { state }",
        )
        .await;
    let done = server.wait_for_job(id, LIMIT).await;
    assert_eq!(
        (&done["state"], &done["problem"]),
        (&json!("COMPLETED"), &json!("MULTICLASS")),
        "{done:#}"
    );
    assert!(done["model"]["id"].is_string(), "{done:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_version_1_left_goes_on_in_one_process() {
    what_version_1_left_goes_on(Column::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_version_1_left_goes_on_over_postgres_and_s3() {
    what_version_1_left_goes_on(Column::Production).await;
}
