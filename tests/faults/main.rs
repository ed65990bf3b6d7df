//! What may break while a job runs, broken on purpose, over the production form. After every test: each accepted job is over,
//! one model a completed job, no trial twice, no task left, no trainer without a worker; the client saw only rising versions.

mod batch;
mod bombs;
mod budget;
mod cancel;
mod clocks;
mod crash;
mod crowd;
mod deliveries;
mod disk;
mod doubt;
mod failover;
#[path = "../flow/bodies.rs"]
mod flow;
mod large;
mod network;
mod repeats;
mod scale;
mod second_bell;
mod seeded;
mod services;
mod slow_store;
mod upgrade;
mod workers;

use std::path::Path;
use std::time::Duration;

use harness::stack::{Plan, Services};
use harness::{Stack, invariants};
use serde_json::Value;

const PENGUINS: &[u8] = include_bytes!("../data/penguins.csv");
/// Seconds that a job may train.
const BUDGET: u32 = 15;
/// How long a job may take, faults and a busy machine included.
const JOB_LIMIT: Duration = Duration::from_secs(120);
/// Lease of these tests, in seconds: short, so that a lost worker is missed soon.
const LEASE: u64 = 6;

/// A plan over the shared services: two faces, two workers.
fn plan() -> Plan {
    plan_over(Services::shared())
}

fn plan_over(services: &Services) -> Plan {
    let program = env!("CARGO_BIN_EXE_automl");
    let part = services.part(Path::new(program));
    let mut plan = Plan::new(program, services.environment(&part));
    plan.set("AUTOML_LEASE_SECONDS", &LEASE.to_string());
    plan
}

/// One face and one worker that share a home folder, without a bucket: uploads and stored files are there.
fn plan_in(home: &Path) -> Plan {
    let mut plan = plan();
    plan.faces = 1;
    plan.workers = 1;
    plan.environment
        .retain(|(name, _)| !name.starts_with("AUTOML_S3"));
    let home = ("AUTOML_HOME".to_owned(), home.display().to_string());
    plan.first_face.push(home.clone());
    plan.first_worker.push(home);
    plan
}

/// Starts a job on the penguins that uses its whole budget.
async fn start(stack: &Stack) -> String {
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    let ready = client.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    client.start_job_on(&dataset, "species", BUDGET, "BEST").await
}

/// Starts a job as [`start`] and waits until so many of its trials have ended.
async fn begin(stack: &Stack, finished_trials: i64) -> String {
    let job = start(stack).await;
    stack
        .client()
        .wait_for_trials(&job, finished_trials, JOB_LIMIT)
        .await;
    job
}

/// Waits until the job has a model, then checks what must hold after any fault.
async fn completes(stack: &Stack, job: &str) -> Value {
    let done = stack.other_client().wait_for_job(job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    assert!(done["model"]["evaluation"]["score"].is_number(), "{done:#}");
    invariants::check(stack);
    done
}
