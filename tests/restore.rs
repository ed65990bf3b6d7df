//! A drill: a server with a deployed model and a job that runs is backed up, loses everything, and goes on from the back-up.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use harness::process::Launch;
use harness::stack::{Plan, Services};
use harness::{Client, Process, Stack, postgres};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_automl");
const PENGUINS: &[u8] = include_bytes!("data/penguins.csv");
const LIMIT: Duration = Duration::from_secs(90);

fn automl(arguments: &[&str], environment: &[(String, String)]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).envs(environment.iter().cloned());
    command.output().expect("automl runs")
}

fn succeeds(arguments: &[&str], environment: &[(String, String)]) -> String {
    let output = automl(arguments, environment);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn home(folder: &Path) -> Vec<(String, String)> {
    vec![("AUTOML_HOME".to_owned(), folder.display().to_string())]
}

/// Removes everything; a trainer that is just ending may write once more.
fn lose(folder: &Path) {
    for _ in 0..100 {
        if fs::remove_dir_all(folder).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{} stays", folder.display());
}

/// What is there before the loss.
struct Before {
    model: String,
    answer: Value,
    running: String,
}

impl Before {
    /// A deployed model, and a job in the middle of its search.
    async fn make(server: &Client) -> Self {
        let dataset = server.upload("penguins.csv", PENGUINS).await;
        server.wait_for_dataset(&dataset).await;
        let first = server.start_job_on(&dataset, "species", 120, "QUICK").await;
        server.wait_for_trials(&first, 1, LIMIT).await;
        server
            .mutate(
                "finishJob",
                "FinishJobInput",
                json!({ "id": first }),
                "job { state }",
            )
            .await;
        let done = server.wait_for_job(&first, LIMIT).await;
        let model = done["model"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{done:#}"))
            .to_owned();
        let deploy = json!({ "id": model });
        server
            .mutate("deployModel", "DeployModelInput", deploy, "model { deployed }")
            .await;
        let running = server.start_job_on(&dataset, "species", 300, "BALANCED").await;
        server.wait_for_trials(&running, 1, LIMIT).await;
        let answer = answer(server, &model).await;
        Self {
            model,
            answer,
            running,
        }
    }

    /// The model answers the same, and the job that ran is taken up and ends with a model.
    async fn is_back(&self, server: &Client) {
        assert_eq!(answer(server, &self.model).await, self.answer);
        server.wait_for_trials(&self.running, 2, LIMIT).await;
        server
            .mutate(
                "finishJob",
                "FinishJobInput",
                json!({ "id": self.running }),
                "job { state }",
            )
            .await;
        let done = server.wait_for_job(&self.running, LIMIT).await;
        assert_eq!(done["state"], "COMPLETED", "{done:#}");
    }
}

async fn answer(server: &Client, model: &str) -> Value {
    let row = json!({ "island": "Biscoe", "bill_length_mm": 46.5, "bill_depth_mm": 14.5, "flipper_length_mm": 213 });
    let input = json!({ "modelId": model, "rows": [row] });
    let selection = "predictions { label probability probabilities { label probability } }";
    let answer = server.mutate("predict", "PredictInput", input, selection).await;
    assert!(answer["predictions"][0]["label"].is_string(), "{answer:#}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_folder_is_lost_and_goes_on_from_its_back_up() {
    let mut stack = Stack::embedded(Path::new(PROGRAM));
    let before = Before::make(stack.client()).await;
    let folder = stack.folder().join("home");
    let to = stack.folder().join("backup");
    let target = to.display().to_string();
    let backup = ["admin", "backup", "--json", "--to", &target];
    let told: Value = serde_json::from_str(&succeeds(&backup, &home(&folder))).expect("JSON");
    assert!(told["files"].as_u64() > Some(5), "{told}");
    // The same folder once more, and one in the home itself.
    let inside = folder.join("backup").display().to_string();
    for refused in [&backup[..], &["admin", "backup", "--to", &inside]] {
        assert_eq!(
            automl(refused, &home(&folder)).status.code(),
            Some(2),
            "{refused:?}"
        );
    }
    stack.faces[0].kill();
    lose(&folder);
    let kept = succeeds(&["admin", "files", "verify"], &home(&to));
    assert!(kept.contains(" files with "), "{kept}");
    succeeds(&["admin", "audit", "verify"], &home(&to));
    let mut server = Process::start(Launch {
        program: PathBuf::from(PROGRAM),
        arguments: ["serve", "--json", "--port", "0"].map(str::to_owned).to_vec(),
        environment: home(&to),
        log: stack.folder().join("restored.log"),
    });
    before.is_back(&Client::new(&server.first_line())).await;
    succeeds(&["admin", "files", "verify"], &home(&to));
}

/// A program of Postgres, with the database's URL.
fn of_postgres(program: &str, arguments: &[&str]) {
    let output = Command::new(postgres::binary(program).expect("it is installed"))
        .args(arguments)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{program}: {output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_lost_and_goes_on_from_its_dump() {
    let services = Services::shared();
    let part = services.part(Path::new(PROGRAM));
    let mut plan = Plan::new(PROGRAM, services.environment(&part));
    (plan.faces, plan.workers) = (1, 1);
    let stack = Stack::production(&plan);
    let before = Before::make(stack.client()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let dump = folder.path().join("automl.dump").display().to_string();
    let url = services.postgres.url(&part.database);
    of_postgres(
        "pg_dump",
        &["--enable-row-security", "--format=custom", "--file", &dump, &url],
    );
    // Processes that go on writing, then nothing more of the database.
    stack.client().wait_for_trials(&before.running, 2, LIMIT).await;
    drop(stack);
    let lost = format!("DROP DATABASE \"{}\" WITH (FORCE)", part.database);
    services.postgres.query("postgres", &lost).expect("it is lost");
    services
        .postgres
        .create_named(&part.database, None)
        .expect("an empty one");
    of_postgres(
        "pg_restore",
        &["--exit-on-error", "--no-owner", "--dbname", &url, &dump],
    );
    let mut environment = services.environment(&part);
    environment.extend(home(&folder.path().join("home")));
    succeeds(&["admin", "files", "verify"], &environment);
    succeeds(&["admin", "audit", "verify"], &environment);
    let stack = Stack::production(&plan);
    before.is_back(stack.client()).await;
}
