//! The way between a process and a service breaks. The service itself is fine.

use std::time::{Duration, Instant};

use harness::proxy::{Direction, Weather};
use harness::stack::{Plan, Services};
use harness::{Postgres, Proxy, Stack, invariants};
use serde_json::json;

use crate::{JOB_LIMIT, begin, completes, plan, start};

/// A cut that nobody should notice.
const SHORT_CUT: Duration = Duration::from_secs(5);
/// Enough for what happens all the time, on a busy machine.
const SOON: Duration = Duration::from_secs(20);
/// A trainer without the database is gone by then: two thirds of a lease by design; a whole one and another to see that nothing
/// can be claimed when the cut met its worker between two tasks.
const FENCED: Duration = Duration::from_secs(25);

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

/// How long a long cut lasts; `AUTOML_FAULT_CUT_SECONDS=300` makes it five minutes.
fn long_cut() -> Duration {
    let seconds = std::env::var("AUTOML_FAULT_CUT_SECONDS");
    Duration::from_secs(seconds.ok().and_then(|text| text.parse().ok()).unwrap_or(30))
}

/// F13: every connection is reset and none can be made for long.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_postgres_ends_its_child_after_a_reset() {
    outlast(|proxy| {
        proxy.set(Weather::Refusing);
        proxy.cut();
    })
    .await;
}

/// F13: nothing arrives for long, and then everything does: what the worker said too late is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_postgres_ends_its_child_in_silence() {
    outlast(|proxy| proxy.set(Weather::Stalled)).await;
}

/// F13: what Postgres says is lost for long; it hears the worker and does what it is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_postgres_ends_its_child_when_half_the_way_is_gone() {
    outlast(|proxy| proxy.set(Weather::HalfOpen(Direction::ToClient))).await;
}

/// Cuts a worker that trains off for long. It must end its child by itself, the other one goes on with the job, nothing is
/// committed twice, and once the way is there again, the worker is of use.
async fn outlast(cut: impl Fn(&Proxy)) {
    let proxy = Proxy::start(Services::shared().postgres.port()).expect("a proxy");
    let mut plan = plan();
    worker_behind(&proxy, &mut plan);
    plan.set("AUTOML_LEASE_SECONDS", &crate::LEASE.to_string());
    let mut stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    until("a trainer", SOON, || !stack.workers[0].children().is_empty()).await;
    let began = Instant::now();
    cut(&proxy);
    until("the end of the trainer", FENCED, || {
        stack.workers[0].children().is_empty()
    })
    .await;
    let fenced = began.elapsed();
    while began.elapsed() < long_cut() {
        assert!(
            stack.workers[0].children().is_empty(),
            "it trains without the database"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    proxy.heal();
    completes(&stack, &job).await;
    println!("the trainer was gone after {fenced:?}");
    is_of_use(&mut stack).await;
}

/// F13: a router forgets the worker's connections: nobody is told, and only new ones work.
#[tokio::test(flavor = "multi_thread")]
async fn forgotten_connections_are_replaced() {
    let proxy = Proxy::start(Services::shared().postgres.port()).expect("a proxy");
    let mut plan = plan();
    worker_behind(&proxy, &mut plan);
    let mut stack = Stack::production(&plan);
    let job = begin(&stack, 1).await;
    until("a trainer", SOON, || !stack.workers[0].children().is_empty()).await;
    proxy.forget();
    completes(&stack, &job).await;
    is_of_use(&mut stack).await;
}

/// Whether the first worker works when it is the only one.
async fn is_of_use(stack: &mut Stack) {
    stack.workers[1].kill();
    let dataset = stack.client().upload("next.csv", crate::PENGUINS).await;
    let ready = stack.client().wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
}

async fn until(what: &str, limit: Duration, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < limit, "{what} does not come within {limit:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
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
