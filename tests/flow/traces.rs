//! One job is one trace: from the request of a client that has a trace of its own, through the queue, to each trial in its child.
//! What is sent to the collector says nothing of anybody's data, and the log of the same processes has the same ids.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use harness::collector::Span;
use harness::stack::{Plan, Services};
use harness::{Client, Collector, Signal, Stack};
use serde_json::json;

use crate::bodies::{JOB_LIMIT, PENGUINS};
use crate::lines;

const PROGRAM: &str = env!("CARGO_BIN_EXE_automl");
const PASSWORD: &str = "the-password-of-the-collector";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
/// All that may be said of a span.
const ATTRIBUTES: [&str; 12] = [
    "http.method",
    "http.route",
    "http.status",
    "request.id",
    "task.id",
    "task.kind",
    "job.id",
    "trial.id",
    "dataset.id",
    "batch_prediction.id",
    "trace.id",
    "outcome",
];

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// An api and a worker that send their spans to a collector.
fn traced(collector: &Collector) -> Stack {
    let services = Services::shared();
    let mut plan = Plan::new(PROGRAM, services.environment(&services.part(Path::new(PROGRAM))));
    (plan.faces, plan.workers) = (1, 1);
    plan.environment.extend(variables(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
        ("OTEL_EXPORTER_OTLP_HEADERS", &format!("x-password={PASSWORD}")),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("AUTOML_LOG_FORMAT", "json"),
    ]));
    Stack::production(&plan)
}

/// Starts a job as a client does that has a trace of its own. The job's id and that of the request.
async fn start_job(client: &Client) -> (String, String) {
    let dataset = client.upload("secret-plans.csv", PENGUINS).await;
    let ready = client.wait_for_dataset(&dataset).await;
    assert_eq!(ready["state"], "READY", "{ready:#}");
    let document = "mutation M($input: CreateJobInput!) { createJob(input: $input) { job { id } } }";
    let input = json!({ "datasetId": dataset, "target": "species", "budgetSeconds": 60, "preset": "QUICK", "seed": 7 });
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", client.url))
        .bearer_auth(&client.token)
        .header("traceparent", format!("00-{TRACE}-{CALLER}-01"))
        .json(&json!({ "query": document, "variables": { "input": input } }));
    let answer = request.send().await.expect("an answer");
    let request = answer.headers()["x-request-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let body: serde_json::Value = answer.json().await.expect("JSON");
    let job = body["data"]["createJob"]["job"]["id"].as_str();
    (job.unwrap_or_else(|| panic!("{body:#}")).to_owned(), request)
}

pub async fn a_job_is_one_trace_from_the_request_to_its_trials() {
    let collector = Collector::start(PASSWORD).await;
    let stack = traced(&collector);
    let client = stack.client();
    let (job, request) = start_job(client).await;
    client.wait_for_trials(&job, 2, JOB_LIMIT).await;
    client
        .mutate(
            "finishJob",
            "FinishJobInput",
            json!({ "id": job }),
            "job { state }",
        )
        .await;
    let done = client.wait_for_job(&job, JOB_LIMIT).await;
    assert_eq!(done["state"], "COMPLETED", "{done:#}");
    let is_last = |span: &Span| span.trace == TRACE && span.name == "task assemble";
    let spans = collector.spans_with(Duration::from_secs(20), is_last).await;
    let own: Vec<&Span> = spans.iter().filter(|span| span.trace == TRACE).collect();
    let trials = parents_are_right(&own, &request);
    nothing_is_said_of_data(&spans, client);
    logs_have_the_same_ids(&stack, &trials);
}

/// The trials of the trace, with the tasks that they were.
fn parents_are_right(own: &[&Span], request: &str) -> BTreeMap<String, String> {
    let named = |name: &str| -> Vec<&Span> { own.iter().copied().filter(|span| span.name == name).collect() };
    let [root] = named("POST /graphql")[..] else {
        panic!("{own:#?}")
    };
    assert_eq!(
        (root.service.as_str(), root.parent.as_str()),
        ("automl-api", CALLER)
    );
    assert_eq!(root.attributes["request.id"], request);
    assert_eq!(root.attributes["http.status"], "200");
    let trials = named("task trial");
    assert!(trials.len() >= 2, "{own:#?}");
    let tasks = [named("task prepare"), trials.clone(), named("task assemble")].concat();
    for task in &tasks {
        assert_eq!(
            (task.service.as_str(), &task.parent),
            ("automl-worker", &root.id),
            "{task:#?}"
        );
        let part = own.iter().find(|span| span.parent == task.id);
        let part = part.unwrap_or_else(|| panic!("no child of {task:#?} in {own:#?}"));
        assert_eq!(part.name, task.name.replace("task", "trainer"));
        assert!((1..=task.nanoseconds).contains(&part.nanoseconds), "{part:#?}");
    }
    let jobs: BTreeSet<&String> = tasks.iter().map(|task| &task.attributes["job.id"]).collect();
    assert_eq!(jobs.len(), 1);
    assert_eq!(1 + 2 * tasks.len(), own.len(), "{own:#?}");
    let ids = trials.iter();
    ids.map(|trial| {
        (
            trial.attributes["trial.id"].clone(),
            trial.attributes["task.id"].clone(),
        )
    })
    .collect()
}

fn nothing_is_said_of_data(spans: &[Span], client: &Client) {
    for span in spans {
        assert_eq!(span.events, 0, "lines of the log stay here: {span:#?}");
        for name in span.attributes.keys() {
            assert!(ATTRIBUTES.contains(&name.as_str()), "{name} of {span:#?}");
        }
        let said = format!("{span:?}");
        for word in ["secret-plans", "species", client.token.as_str()] {
            assert!(!said.contains(word), "{word}: {said}");
        }
    }
}

fn logs_have_the_same_ids(stack: &Stack, trials: &BTreeMap<String, String>) {
    let read = |process: &harness::Process| std::fs::read_to_string(process.log()).expect("a log");
    for process in stack.faces.iter().chain(&stack.workers) {
        let log = read(process);
        assert!(!log.contains(PASSWORD) && !log.contains("x-password"), "{log}");
        assert!(!log.contains("collector of traces"), "{log}");
    }
    let log = lines::are_objects(&read(&stack.workers[0]));
    let ended = lines::saying(&log, "task ended");
    let mut found = BTreeMap::new();
    for line in ended {
        assert!(
            line["task.id"].is_string() && line["duration_ms"].is_u64(),
            "{line:?}"
        );
        if line["task.kind"] == "trial" {
            assert!(
                line["job.id"].is_string() && line["trace.id"] == TRACE,
                "{line:?}"
            );
            let text = |name: &str| line[name].as_str().expect("an id").to_owned();
            found.insert(text("trial.id"), text("task.id"));
        }
    }
    for (trial, task) in trials {
        assert_eq!(found.get(trial), Some(task));
    }
}

/// A collector that takes connections and never answers: everything goes on, and the end of the process waits for two seconds.
pub async fn a_silent_collector_stops_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let mut stack = Stack::embedded_with(
        Path::new(PROGRAM),
        &variables(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
            ("OTEL_BSP_SCHEDULE_DELAY", "10"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "20"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"),
            ("AUTOML_LOG_FORMAT", "json"),
        ]),
    );
    let client = stack.client();
    let input = json!({ "name": "a script", "scopes": ["PREDICT"] });
    for _ in 0..50 {
        client
            .mutate(
                "createApiToken",
                "CreateApiTokenInput",
                input.clone(),
                "apiToken { id }",
            )
            .await;
    }
    stack.faces[0].signal(Signal::Term);
    let status = stack.faces[0].wait(Duration::from_secs(10)).expect("it ends");
    assert!(status.success(), "{status}");
    let log = std::fs::read_to_string(stack.faces[0].log()).expect("a log");
    let log = lines::are_objects(&log);
    let made = lines::saying(&log, "a token was made");
    let ids: BTreeSet<&str> = made
        .iter()
        .filter_map(|line| line["request.id"].as_str())
        .collect();
    assert_eq!(ids.len(), 50, "each request has its id");
    assert_eq!(
        lines::saying(&log, "the last spans did not reach the collector of traces").len(),
        1
    );
}
