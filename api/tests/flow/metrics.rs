//! The figures: who reads them, that they are figures, that they move, and that no request names a series.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use chrono::Duration;
use entities::task;
use platform::Secret;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::setup::{Answer, Application, now};
use crate::websocket::Socket;

const TOKEN: &str = "0123456789abcdef";

async fn scrape(application: &Application, peer: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = Request::get("/metrics");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = format!("{peer}:1").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    application.send(request).await
}

/// The series and their values, as a strict reader of the text format (0.0.4) finds them.
fn series(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n'), "the last line ends");
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let mut series = BTreeMap::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let parts: Vec<&str> = comment.splitn(3, ' ').collect();
            let [what, name, words] = parts[..] else {
                panic!("{line}")
            };
            match what {
                "HELP" => assert!(!words.is_empty(), "{line}"),
                "TYPE" => assert!(types.insert(name, words).is_none(), "{line}: twice"),
                _ => panic!("{line}"),
            }
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
        let bare = name.split('{').next().unwrap();
        assert!(
            bare.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
            "{line}"
        );
        let family = ["_bucket", "_sum", "_count"].into_iter().find_map(|end| {
            bare.strip_suffix(end)
                .filter(|stem| types.get(stem) == Some(&"histogram"))
        });
        let kind = types
            .get(family.unwrap_or(bare))
            .unwrap_or_else(|| panic!("{line}: no type"));
        assert!(*kind != "counter" || bare.ends_with("_total"), "{line}");
        assert!(series.insert(name.to_owned(), value).is_none(), "{line}: twice");
    }
    series
}

pub async fn figures(application: &Application) -> BTreeMap<String, f64> {
    let answer = scrape(application, "127.0.0.1", &[("host", "localhost")]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    series(&String::from_utf8(answer.body).unwrap())
}

#[tokio::test]
async fn strangers_see_nothing() {
    let open = Application::start().await;
    let guarded = Application::start_with(|settings| settings.metrics_token = Some(Secret::new(TOKEN))).await;
    let behind = Application::start_with(|settings| settings.proxies = 1).await;
    let host = ("host", "127.0.0.1:8080");
    let own = format!("Bearer {TOKEN}");
    let own = ("authorization", own.as_str());
    for (application, peer, fields, status) in [
        (&open, "127.0.0.1", vec![host], 200),
        (&open, "192.0.2.1", vec![host], 401),
        (
            &open,
            "127.0.0.1",
            vec![host, ("x-forwarded-for", "192.0.2.1")],
            401,
        ),
        (&open, "127.0.0.1", vec![("host", "automl.example")], 401),
        (&open, "192.0.2.1", vec![host, own], 401),
        (&behind, "127.0.0.1", vec![host], 401),
        (&guarded, "127.0.0.1", vec![host], 401),
        (&guarded, "192.0.2.1", vec![host, own], 200),
        (
            &guarded,
            "127.0.0.1",
            vec![host, ("authorization", "Bearer 0123456789abcdeF")],
            401,
        ),
    ] {
        let answer = scrape(application, peer, &fields).await;
        assert_eq!(answer.status, status, "{peer} {fields:?}");
        if status == 401 {
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    let anns = format!("Bearer {}", open.ann.token);
    let answer = scrape(&open, "192.0.2.1", &[("authorization", &anns)]).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn what_happens_is_counted() {
    let application = Application::start().await;
    let before = figures(&application).await;
    assert_eq!(before["automl_database_up"], 1.0);
    assert_eq!(before["automl_build_info{version=\"0.1.0\"}"], 1.0);
    assert!(before["process_resident_memory_bytes"] > 1e6 && before["process_start_time_seconds"] > 1e9);
    application
        .graphql(&application.ann, "{ viewer { id } }", json!({}))
        .await;
    application
        .graphql(&application.ann, "{ nonsense }", json!({}))
        .await;
    application.graphql(&application.ann, "{", json!({})).await;
    let nothing = Request::get("/v1/downloads/nothing").body(Body::empty()).unwrap();
    application.send(nothing).await;
    let socket = Socket::of_ann(&application).await;
    let after = figures(&application).await;
    for (name, expected) in [
        (
            "automl_http_requests_total{method=\"POST\",route=\"/graphql\",status=\"2xx\"}",
            1.0,
        ),
        (
            "automl_http_requests_total{method=\"POST\",route=\"/graphql\",status=\"4xx\"}",
            2.0,
        ),
        (
            "automl_http_requests_total{method=\"GET\",route=\"/graphql\",status=\"1xx\"}",
            1.0,
        ),
        (
            "automl_http_requests_total{method=\"GET\",route=\"/v1/downloads/{signed}\",status=\"4xx\"}",
            1.0,
        ),
        (
            "automl_http_request_duration_seconds_count{method=\"POST\",route=\"/graphql\"}",
            3.0,
        ),
        (
            "automl_http_request_duration_seconds_bucket{method=\"POST\",route=\"/graphql\",le=\"+Inf\"}",
            3.0,
        ),
        ("automl_graphql_operations_total{kind=\"query\",code=\"OK\"}", 1.0),
        (
            "automl_graphql_operations_total{kind=\"query\",code=\"GRAPHQL_VALIDATION_FAILED\"}",
            1.0,
        ),
        (
            "automl_graphql_operations_total{kind=\"none\",code=\"GRAPHQL_PARSE_FAILED\"}",
            1.0,
        ),
        ("automl_websockets", 1.0),
        ("automl_models_loaded", 0.0),
    ] {
        assert_eq!(after.get(name), Some(&expected), "{name} in {after:#?}");
    }
    drop(socket);
    for _ in 0..100 {
        if figures(&application).await["automl_websockets"] == 0.0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the socket is gone and counted");
}

/// The words of a file that look like figures of ours.
fn named(file: &str) -> BTreeSet<String> {
    let path = format!("{}/../infra/observability/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a file");
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    let figures = words.filter(|word| word.starts_with("automl_") || word.starts_with("process_"));
    figures.map(str::to_owned).collect()
}

#[tokio::test]
async fn alerts_and_dashboard_name_figures_that_there_are() {
    let application = Application::start().await;
    application
        .graphql(&application.ann, "{ viewer { id } }", json!({}))
        .await;
    let found = figures(&application).await;
    let bare: BTreeSet<&str> = found.keys().filter_map(|name| name.split('{').next()).collect();
    for file in ["alerts.yaml", "alerts.test.yaml", "dashboard.json"] {
        let named = named(file);
        assert!(named.len() > 5, "{file}: {named:?}");
        for name in named {
            assert!(bare.contains(name.as_str()), "{file}: {name}");
        }
    }
}

#[tokio::test]
async fn tasks_of_all_people_are_counted() {
    let application = Application::start().await;
    for (owner, state) in [
        (&application.ann, task::State::Queued),
        (&application.bob, task::State::Queued),
        (&application.bob, task::State::Dead),
        (&application.bob, task::State::Done),
    ] {
        let row = task::Model {
            id: Uuid::now_v7(),
            kind: task::Kind::Trial,
            payload: json!({}),
            version: 1,
            user_id: owner.id,
            job_id: None,
            dataset_id: None,
            batch_prediction_id: None,
            state,
            priority: 0,
            fence: 0,
            worker: None,
            lease_until: None,
            failures: 0,
            crashes: 0,
            run_after: (now() - Duration::seconds(100)).timestamp_millis(),
            error: None,
            queue: task::Queue::Cpu,
            memory_bytes: 0,
            rung_at: None,
            created_at: now(),
            updated_at: now(),
            claimed_at: None,
            traceparent: None,
        };
        row.into_active_model()
            .insert(application.platform.database.connection())
            .await
            .expect("a task");
    }
    let found = figures(&application).await;
    assert_eq!(found["automl_tasks{kind=\"trial\",state=\"queued\"}"], 2.0);
    assert_eq!(found["automl_tasks{kind=\"trial\",state=\"dead\"}"], 1.0);
    assert_eq!(found["automl_tasks{kind=\"profile\",state=\"running\"}"], 0.0);
    assert!(!found.keys().any(|name| name.contains("done")));
    let waited = found["automl_queue_oldest_seconds{queue=\"cpu\"}"];
    assert!((95.0..200.0).contains(&waited), "{waited}");
    assert_eq!(found["automl_workers{queue=\"cpu\"}"], 0.0);
}

#[tokio::test]
async fn no_request_names_a_series() {
    let application = Application::start().await;
    let send = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path);
        application.send(request.body(Body::empty()).unwrap()).await;
    };
    let names = async || -> BTreeSet<String> { figures(&application).await.into_keys().collect() };
    for (method, path) in [
        ("GET", "/canary"),
        ("CANARY", "/livez"),
        ("GET", "/v1/downloads/canary"),
    ] {
        send(method, path).await;
    }
    let ask = async |operation: &str| {
        let query = format!("query {operation} {{ {operation}: __typename }}");
        application.graphql(&application.ann, &query, json!({})).await;
    };
    ask("canary").await;
    // A scrape shows up in the next one.
    names().await;
    let before = names().await;
    assert!(
        !before.iter().any(|name| name.to_lowercase().contains("canary")),
        "{before:?}"
    );
    for number in 0..20 {
        send("GET", &format!("/other{number}/{number}?x={number}")).await;
        send(&format!("OTHER{number}"), "/livez").await;
        send("GET", &format!("/v1/downloads/other{number}")).await;
        ask(&format!("other{number}")).await;
    }
    assert_eq!(names().await, before);
}
