//! A GPU worker without a GPU: the program that it starts is the ordinary trainer under the other name, and what looks for the GPU
//! finds files of this test. What is real is all the rest: which trials go there, what they say, and the way back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use harness::process::Launch;
use harness::stack::{Plan, Services, stop};
use harness::{Process, Stack};
use serde_json::{Value, json};
use tempfile::TempDir;

const PENGUINS: &[u8] = include_bytes!("data/penguins.csv");
const PROGRAM: &str = env!("CARGO_BIN_EXE_automl");
const LIMIT: Duration = Duration::from_secs(180);
const NAME: &str = "Stand-in GPU, 1 MiB";
const WAITING: &str = "Waiting for a GPU worker";

/// A folder in which a GPU worker finds all that it looks for.
struct StandIn {
    folder: TempDir,
}

impl StandIn {
    /// `trainer` is what the program does when it does not only try the GPU.
    fn new(trainer: &str) -> Self {
        let stand_in = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        // A worker looks for the other program beside its own file.
        if fs::hard_link(PROGRAM, stand_in.path("automl")).is_err() {
            fs::copy(PROGRAM, stand_in.path("automl")).expect("the program can be copied");
        }
        fs::write(stand_in.path("libcuda.so.1"), "").expect("a file");
        stand_in.script("nvidia-smi", &format!("echo '{NAME}'"));
        stand_in.script(
            "automl-trainer-cuda",
            &format!("[ \"$1\" = probe ] && exit 0\n{trainer}"),
        );
        stand_in
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn script(&self, name: &str, body: &str) {
        let file = self.path(name);
        fs::write(&file, format!("#!/bin/sh\n{body}\n")).expect("a script");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it can be started");
    }

    /// A GPU worker beside the other processes of a stack.
    fn start(&self, plan: &Plan, stack: &Stack) -> Process {
        let here = self.folder.path().display();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut environment = plan.environment.clone();
        let home = stack.folder().join("worker-gpu").display().to_string();
        environment.extend([
            ("AUTOML_HOME".to_owned(), home),
            ("PATH".to_owned(), format!("{here}:{path}")),
            ("LD_LIBRARY_PATH".to_owned(), here.to_string()),
        ]);
        Process::start(Launch {
            program: self.path("automl"),
            arguments: ["worker", "--queue", "gpu"].map(str::to_owned).to_vec(),
            environment,
            log: stack.folder().join("worker-gpu.log"),
        })
    }
}

/// One face and one worker without a GPU.
fn plan() -> Plan {
    let services = Services::shared();
    let part = services.part(Path::new(PROGRAM));
    let mut plan = Plan::new(PROGRAM, services.environment(&part));
    (plan.faces, plan.workers) = (1, 1);
    plan
}

/// Waits until the GPU worker of a stack takes tasks.
async fn until_it_works(stack: &Stack) {
    let began = Instant::now();
    while !fs::read_to_string(stack.folder().join("worker-gpu.log")).is_ok_and(|log| log.contains("working"))
    {
        assert!(began.elapsed() < LIMIT, "the GPU worker does not start");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn begin(stack: &Stack, gpu: &str, seconds: u32) -> String {
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    let input = json!({ "datasetId": dataset, "target": "species", "budgetSeconds": seconds, "preset": "BEST", "seed": 7,
        "gpu": gpu });
    let payload = client
        .mutate("createJob", "CreateJobInput", input, "job { id }")
        .await;
    payload["job"]["id"].as_str().expect("an id").to_owned()
}

/// Notes of a job and its trials as they are now.
async fn look(stack: &Stack, job: &str) -> (String, Vec<Value>) {
    let query = "query Q($id: ID!) { node(id: $id) { ... on Job { notes \
                 trials(first: 100) { nodes { name learner state device notes error } } } } }";
    let answer = stack.client().ask(query, json!({ "id": job })).await;
    let node = &answer["node"];
    let trials = node["trials"]["nodes"].as_array().expect("trials").clone();
    (node["notes"].to_string(), trials)
}

/// Those of a job that is over.
async fn end(stack: &Stack, job: &str) -> (String, Vec<Value>) {
    let done = stack.client().wait_for_job(job, LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    look(stack, job).await
}

fn completed(trials: &[Value]) -> impl Iterator<Item = &Value> {
    trials.iter().filter(|trial| trial["state"] == "COMPLETED")
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_of_a_job_that_wants_a_gpu_wait_for_one_and_are_computed_there() {
    let plan = plan();
    let stack = Stack::production(&plan);
    let job = begin(&stack, "WANTED", 60).await;
    let began = Instant::now();
    let seen = loop {
        let (notes, trials) = look(&stack, &job).await;
        if notes.contains(WAITING) && completed(&trials).count() >= 3 {
            break trials;
        }
        assert!(began.elapsed() < LIMIT, "it does not wait: {notes} {trials:#?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    for trial in completed(&seen) {
        assert_ne!(trial["learner"], "network", "nobody could compute it: {trial:#}");
    }

    let stand_in = StandIn::new(&format!("exec {PROGRAM} \"$@\""));
    let mut worker = stand_in.start(&plan, &stack);
    let (notes, trials) = end(&stack, &job).await;
    assert!(notes.contains("A GPU worker is there."), "{notes}");
    let mut networks = 0;
    for trial in completed(&trials) {
        let is_network = trial["learner"] == "network";
        assert_eq!(
            trial["device"],
            if is_network { NAME } else { "CPU" },
            "{trial:#}"
        );
        // The stand-in is built without CUDA: it computes, and says how.
        let notes = trial["notes"].to_string();
        assert_eq!(
            notes.contains("Computed on the processor"),
            is_network,
            "{trial:#}"
        );
        networks += usize::from(is_network);
    }
    assert!(networks > 0, "{trials:#?}");
    assert!(stop(&mut worker, Duration::from_secs(25)).success());
}

#[tokio::test(flavor = "multi_thread")]
async fn trials_leave_a_gpu_on_which_they_die() {
    let plan = plan();
    let stack = Stack::production(&plan);
    // As a driver ends a process that it cannot serve.
    let stand_in = StandIn::new("read -r request; kill -s SEGV $$");
    let _worker = stand_in.start(&plan, &stack);
    until_it_works(&stack).await;
    let job = begin(&stack, "ALLOWED", 45).await;
    let (_, trials) = end(&stack, &job).await;
    let networks = completed(&trials).filter(|trial| trial["learner"] == "network");
    let networks: Vec<&Value> = networks.collect();
    assert!(!networks.is_empty(), "{trials:#?}");
    for trial in networks {
        assert_eq!(trial["device"], "CPU", "{trial:#}");
        let notes = trial["notes"].to_string();
        assert!(
            notes.contains("on a GPU worker it gave no result") && notes.contains("signal 11"),
            "{trial:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trials_go_back_to_the_processor_when_the_last_gpu_worker_is_lost() {
    let plan = plan();
    let stack = Stack::production(&plan);
    let stand_in = StandIn::new("exec sleep 600");
    let mut worker = stand_in.start(&plan, &stack);
    until_it_works(&stack).await;
    let job = begin(&stack, "ALLOWED", 60).await;
    let began = Instant::now();
    loop {
        let (_, trials) = look(&stack, &job).await;
        let is_there = |trial: &Value| trial["state"] == "RUNNING" && trial["device"] == NAME;
        if trials.iter().any(is_there) {
            break;
        }
        assert!(began.elapsed() < LIMIT, "nothing runs there: {trials:#?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    worker.kill();
    let (notes, trials) = end(&stack, &job).await;
    assert!(notes.contains("No GPU worker is left"), "{notes}");
    let networks = completed(&trials).filter(|trial| trial["learner"] == "network");
    let devices: Vec<&Value> = networks.map(|trial| &trial["device"]).collect();
    assert!(
        !devices.is_empty() && devices.iter().all(|device| *device == "CPU"),
        "{trials:#?}"
    );
}
