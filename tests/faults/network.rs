//! The way between a process and a service breaks. The service itself is fine.

use std::time::Duration;

use harness::proxy::{Direction, Weather};
use harness::stack::{Plan, Services};
use harness::{Postgres, Proxy, Stack, invariants};
use serde_json::json;

use crate::{JOB_LIMIT, begin, completes, plan, start};

/// A cut that nobody should notice.
const SHORT_CUT: Duration = Duration::from_secs(5);

/// Routes the first worker's way to Postgres through the proxy. The lease is the default one: a short cut is shorter.
fn worker_behind(proxy: &Proxy, plan: &mut Plan) {
    plan.set("AUTOML_LEASE_SECONDS", "15");
    let url = plan
        .environment
        .iter()
        .rfind(|(name, _)| name == "AUTOML_DATABASE_URL")
        .map(|(_, url)| url.clone())
        .expect("a production plan has a database");
    let database = url.rsplit('/').next().expect("a URL ends with its database");
    let url = Postgres::url_at(proxy.port(), database);
    plan.first_worker.push(("AUTOML_DATABASE_URL".to_owned(), url));
}

/// F13: nothing arrives for five seconds, and then everything does.
#[tokio::test(flavor = "multi_thread")]
async fn a_stall_of_five_seconds_to_postgres_is_invisible() {
    let proxy = Proxy::start(Services::shared().postgres.port()).expect("a proxy");
    let mut plan = plan();
    worker_behind(&proxy, &mut plan);
    let stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    assert!(proxy.open() > 0, "the worker goes through the proxy");
    proxy.set(Weather::Stalled);
    tokio::time::sleep(SHORT_CUT).await;
    proxy.heal();
    completes(&stack, &job).await;
    assert_eq!(invariants::counted_deaths(&stack), 0, "nobody was lost");
}

/// F13: every connection is reset and none can be made for five seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_and_five_seconds_without_postgres_lose_nothing() {
    let proxy = Proxy::start(Services::shared().postgres.port()).expect("a proxy");
    let mut plan = plan();
    worker_behind(&proxy, &mut plan);
    let stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    proxy.set(Weather::Refusing);
    proxy.cut();
    tokio::time::sleep(SHORT_CUT).await;
    proxy.heal();
    completes(&stack, &job).await;
}

/// F13: what the worker says is lost for as long as its lease; somebody else must go on, and nothing is committed twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_half_open_way_to_postgres_is_left() {
    let proxy = Proxy::start(Services::shared().postgres.port()).expect("a proxy");
    let mut plan = plan();
    worker_behind(&proxy, &mut plan);
    plan.set("AUTOML_LEASE_SECONDS", &crate::LEASE.to_string());
    let stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    proxy.set(Weather::HalfOpen(Direction::ToService));
    tokio::time::sleep(Duration::from_secs(2 * crate::LEASE)).await;
    proxy.heal();
    completes(&stack, &job).await;
}

/// F14: a face hears no events; its subscribers still see the job move and end.
#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_go_on_without_redis() {
    let services = Services::shared();
    let proxy = Proxy::start(services.redis.port()).expect("a proxy");
    let mut plan = plan();
    let url = format!("redis://127.0.0.1:{}/0", proxy.port());
    plan.first_face.push(("AUTOML_REDIS_URL".to_owned(), url));
    let stack = Stack::production(&plan);
    proxy.set(Weather::Refusing);
    proxy.cut();
    let job = start(&stack).await;
    let query = "subscription S($id: ID!) { jobUpdated(id: $id) { version state } }";
    let watching = stack.client().subscribe(query, json!({ "id": job }));
    let events = tokio::time::timeout(JOB_LIMIT, watching)
        .await
        .expect("it completes");
    let versions: Vec<i64> = events
        .iter()
        .map(|event| event["jobUpdated"]["version"].as_i64().expect("a version"))
        .collect();
    assert!(
        versions.windows(2).all(|pair| pair[0] < pair[1]),
        "versions rise: {versions:?}"
    );
    assert_eq!(events.last().expect("events")["jobUpdated"]["state"], "COMPLETED");
    completes(&stack, &job).await;
}
