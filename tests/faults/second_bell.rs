//! Redis is dead, or was never there, and no worker looks for itself in time: only the notices of Postgres can move a job on.

use harness::stack::{Plan, Services};
use harness::{Stack, postgres, redis};
use serde_json::json;

use crate::{BUDGET, completes, plan_over, start};

/// The longest that may be set, in seconds. A job has four tasks one after the other at least: by looking alone, it would not
/// end within [`crate::JOB_LIMIT`].
const POLL: &str = "60";
/// Changes of a job that a page sees at least: looking every ten seconds, it would see a few in a job of [`BUDGET`] seconds.
const SEEN: usize = 3 + BUDGET as usize / 5;

/// Does a job, and follows it in a page of the face that did not take it.
async fn a_job_is_done_and_followed(plan: &Plan) {
    let stack = Stack::production(plan);
    let job = start(&stack).await;
    let query = "subscription S($id: ID!) { jobUpdated(id: $id) { state version } }";
    let page = stack.other_client().subscribe(query, json!({ "id": job }));
    let (_, changes) = tokio::join!(completes(&stack, &job), page);
    assert_eq!(
        changes.last().map(|change| &change["jobUpdated"]["state"]),
        Some(&json!("COMPLETED"))
    );
    assert!(changes.len() >= SEEN, "{changes:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_rings_while_redis_is_dead() {
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let mut plan = plan_over(&services);
    plan.set("AUTOML_POLL_SECONDS", POLL);
    services.redis.kill().expect("Redis ends");
    a_job_is_done_and_followed(&plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_rings_where_redis_never_was() {
    let services = Services::start(&postgres::Options::default(), redis::Options::default());
    let mut plan = plan_over(&services);
    plan.environment.retain(|(name, _)| name != "AUTOML_REDIS_URL");
    plan.set("AUTOML_POLL_SECONDS", POLL);
    a_job_is_done_and_followed(&plan).await;
}
