//! A table that is larger than a worker's memory: its profile tells of all rows, its jobs train on as many as fit.

use std::time::Duration;

use harness::{Stack, invariants};

use crate::batch::large;
use crate::scale::Scale;
use crate::{JOB_LIMIT, plan};

/// Rows of the table: eight bytes a cell are more than a quarter of the memory.
const ROWS: usize = 1_200_000;
/// What a trainer may have.
const MEMORY_BYTES: u64 = 256 << 20;
/// How long the profile may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread")]
async fn a_table_beyond_the_memory_is_profiled_whole_and_trained_on_in_part() {
    let mut plan = plan();
    plan.workers = 1;
    plan.set("AUTOML_MEMORY", &format!("{}MiB", MEMORY_BYTES >> 20));
    let stack = Stack::production(&plan);
    let client = stack.client();
    let scale = Scale::start(stack.workers[0].id());
    let dataset = client.upload("large.csv", &large(ROWS)).await;
    let selection = "... on Dataset { version state error
        profile { rows sampledRows warnings } }";
    let ready = client
        .wait_for(&dataset, selection, "state", &["READY", "FAILED"], PATIENCE)
        .await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let needed = scale.take();
    eprintln!("its profile needed {} MiB", needed >> 20);
    assert!(needed > 0 && needed < MEMORY_BYTES, "{needed} bytes");
    let profile = &ready["profile"];
    assert_eq!(profile["rows"], ROWS);
    let kept = profile["sampledRows"].as_i64().expect("not all rows were kept");
    assert!(kept > 50_000 && kept < ROWS as i64 / 2, "{kept}");
    let is_told = |warning: &serde_json::Value| {
        warning
            .as_str()
            .is_some_and(|words| words.contains("larger than the memory"))
    };
    let warnings = profile["warnings"].as_array().expect("a list");
    assert!(warnings.iter().any(is_told), "{warnings:?}");

    let job = client.start_job_on(&dataset, "species", 20, "QUICK").await;
    let done = client.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let needed = scale.take();
    eprintln!("its job needed {} MiB", needed >> 20);
    assert!(needed > 0 && needed < MEMORY_BYTES, "{needed} bytes");
    invariants::check(&stack);
}
