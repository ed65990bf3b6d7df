//! A transaction of a worker is made or not, and nobody tells the worker which. It goes on at once: no lease ends, and no death
//! is counted.

use std::sync::Arc;
use std::time::Duration;

use harness::stack::Services;
use harness::wire::{Fates, Hold, Moment};
use harness::{Stack, invariants};
use serde_json::json;

use crate::seeded::wires;
use crate::{JOB_LIMIT, PENGUINS, plan};

/// Lease of this test in seconds: longer than anything here may take.
const LEASE: u64 = 60;
/// How long the job may take to have a trial, on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);

/// Commits of the transactions around a task.
const COMMITS: [(&str, &str); 3] = [
    ("a claim", r#"COMMIT of … "fence" = "fence" +"#),
    ("the begin", r#"COMMIT of … UPDATE "step" … UPDATE "job""#),
    ("a result", r#"COMMIT of … INSERT INTO "artifact""#),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_in_doubt_goes_on_at_once() {
    let mut plan = plan();
    (plan.faces, plan.workers) = (1, 1);
    plan.set("AUTOML_LEASE_SECONDS", &LEASE.to_string());
    let fates = Arc::<Fates>::default();
    let services = Services::shared();
    let (_wires, variables) = wires(services, &plan, &fates);
    plan.first_worker = variables;
    let stack = Stack::production(&plan);
    let client = stack.client();
    let dataset = client.upload("penguins.csv", PENGUINS).await;
    client.wait_for_dataset(&dataset).await;
    for (what, words) in COMMITS {
        for moment in [Moment::Before, Moment::After] {
            fates.hold(Hold::at(words, moment));
            let job = client.start_job_on(&dataset, "species", 300, "BEST").await;
            let held = tokio::time::timeout(LIMIT, fates.until_held()).await;
            held.unwrap_or_else(|_| panic!("{what} {moment:?}: no such call"));
            fates.reset_held();
            client.wait_for_trials(&job, 1, LIMIT).await;
            let input = json!({ "id": job });
            client
                .mutate("cancelJob", "CancelJobInput", input, "job { id }")
                .await;
            client.wait_for_job(&job, JOB_LIMIT).await;
            assert_eq!(invariants::counted_deaths(&stack), 0, "{what} {moment:?}");
        }
    }
    invariants::check(&stack);
}
