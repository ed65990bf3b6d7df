//! F9: the primary dies for good, and its synchronous standby takes over behind the same address.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::postgres::{self, Stop, query};
use harness::stack::Services;
use harness::{Client, Postgres, Proxy, Stack, invariants, redis};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::{begin, completes, plan_over};

/// Requests may still fail so long after the standby has taken over, on a busy machine.
const RECOVERY: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_the_standby_loses_nothing() {
    let durable = postgres::Options {
        is_durable: true,
        ..postgres::Options::default()
    };
    let services = Services::start(&durable, redis::Options::default());
    let standby = services.postgres.standby().expect("a standby");
    let proxy = Proxy::start(services.postgres.port()).expect("a proxy");
    let mut plan = plan_over(&services);
    let url = postgres_behind(&proxy, &plan.environment);
    plan.set("AUTOML_DATABASE_URL", &url);
    // Two thirds of it are longer than the outage: who trains goes on training.
    plan.set("AUTOML_LEASE_SECONDS", "60");
    let mut stack = Stack::production(&plan);
    let writer = Writer::start(stack.client().clone());
    let job = begin(&stack, 1).await;

    let began = Instant::now();
    services.postgres.stop(Stop::Immediate).expect("the primary dies");
    standby.promote().expect("the standby takes over");
    proxy.point_to(standby.port());
    proxy.cut();
    let ended = Instant::now();

    completes(&stack, &job).await;
    assert_eq!(invariants::counted_deaths(&stack), 0, "all trials went on");
    let (acknowledged, failures) = writer.stop().await;
    let rows = query(&url, "SELECT file_name FROM upload").expect("the database answers");
    let kept: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    let lost = acknowledged.iter().filter(|name| !kept.contains(&name.as_str()));
    assert_eq!(lost.count(), 0, "an acknowledged write is gone");
    for (asked, failed) in &failures {
        assert!(
            *failed >= began && *asked <= ended + RECOVERY,
            "a request failed outside the outage: from {:?} to {:?} after its end",
            asked.saturating_duration_since(ended),
            failed.saturating_duration_since(ended)
        );
    }
    let last = failures
        .iter()
        .map(|(_, failed)| failed.saturating_duration_since(ended))
        .max();
    println!(
        "failover: away for {:?}, {} writes acknowledged, {} failed, the last {:?} after the end",
        ended - began,
        acknowledged.len(),
        failures.len(),
        last.unwrap_or_default()
    );
    for process in stack.faces.iter_mut().chain(&mut stack.workers) {
        assert!(process.is_running(), "nobody needs one server that much");
    }
}

/// The URL of a plan's database behind the proxy.
fn postgres_behind(proxy: &Proxy, environment: &[(String, String)]) -> String {
    let url = environment
        .iter()
        .rfind(|(name, _)| name == "AUTOML_DATABASE_URL");
    let (_, url) = url.expect("a production plan has a database");
    let database = url.rsplit('/').next().expect("a URL ends with its database");
    Postgres::url_at(proxy.port(), database)
}

/// Names of the writes that were acknowledged; when those that failed were asked for and had failed.
type Written = (Vec<String>, Vec<(Instant, Instant)>);

/// A client that writes without end and remembers what it was told.
struct Writer {
    is_over: Arc<AtomicBool>,
    writing: JoinHandle<Written>,
}

impl Writer {
    fn start(client: Client) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let ending = Arc::clone(&is_over);
        let writing = tokio::spawn(async move {
            let mut written = Written::default();
            while !ending.load(Ordering::SeqCst) {
                let name = format!("write-{}.csv", written.0.len() + written.1.len());
                let asked = Instant::now();
                if write(&client, &name).await {
                    written.0.push(name);
                } else {
                    written.1.push((asked, Instant::now()));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            written
        });
        Self { is_over, writing }
    }

    async fn stop(self) -> Written {
        self.is_over.store(true, Ordering::SeqCst);
        self.writing.await.expect("the writer ends well")
    }
}

/// Whether the server says that it has written it.
async fn write(client: &Client, name: &str) -> bool {
    let document = "mutation M($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } } }";
    let variables = json!({ "input": { "fileName": name, "sizeBytes": 1 } });
    let answer = client.send(document, variables, Some(&client.token)).await;
    answer.is_ok_and(|answer: Value| answer["data"]["createUpload"]["upload"]["id"].is_string())
}
