//! What is not GraphQL: health, pages, headers, sessions.

use std::time::Instant;

use api::AppState;
use axum::body::Body;
use axum::http::Request;
use chrono::Duration;
use entities::token;
use platform::Database;
use serde_json::json;

use crate::setup::{Answer, Application, give_token, now};

async fn get(application: &Application, path: &str) -> Answer {
    application
        .send(Request::get(path).body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn health_needs_no_token() {
    let application = Application::start().await;
    for path in ["/livez", "/readyz"] {
        assert_eq!(get(&application, path).await.status, 200, "{path}");
    }
    application
        .platform
        .database
        .connection()
        .clone()
        .close()
        .await
        .unwrap();
    assert_eq!(get(&application, "/livez").await.status, 200);
    assert_eq!(get(&application, "/readyz").await.status, 503);
}

/// A database that does not answer makes the server unready within its patience, and tells strangers nothing of itself.
#[tokio::test]
async fn a_database_that_hangs_makes_the_server_unready_and_does_not_hang_it() {
    let application = Application::start().await;
    let url = application.platform.settings.database_url();
    let mut platform = application.platform.clone();
    platform.database = Database::connect_with(url.expose(), 1).await.unwrap();
    let router = api::router(AppState::new(platform.clone(), application.shutdown.clone()));
    let mut hanging = application.beside();
    hanging.router = router;
    assert_eq!(get(&hanging, "/readyz").await.status, 200);
    // With its only connection taken, whoever asks waits.
    let held = platform.database.begin().await.unwrap();
    let began = Instant::now();
    let answer = get(&hanging, "/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, b"the database does not answer");
    assert_eq!(get(&hanging, "/livez").await.status, 200);
    let figures = crate::metrics::figures(&hanging).await;
    assert_eq!(figures["automl_database_up"], 0.0);
    assert!(began.elapsed().as_secs() < 8, "{:?}", began.elapsed());
    drop(held);
    assert_eq!(get(&hanging, "/readyz").await.status, 200);
}

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let application = Application::start().await;
    for path in ["/", "/livez", "/graphql", "/v1/downloads/x", "/nothing.js"] {
        let answer = get(&application, path).await;
        assert!(
            answer
                .header("content-security-policy")
                .contains("default-src 'self'"),
            "{path}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn pages_of_the_app_are_one_page_and_files_are_not() {
    let application = Application::start().await;
    for path in ["/", "/jobs/abc", "/welcome"] {
        let answer = get(&application, path).await;
        // Without web/dist the page says how to build it.
        assert!(
            answer.status == 200 || answer.status == 503,
            "{path}: {}",
            answer.status
        );
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
    for path in [
        "/nothing.js",
        "/assets/nothing.css",
        "/v1/nothing",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
    ] {
        assert_eq!(get(&application, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_one_time_token_works_once() {
    let application = Application::start().await;
    give_token(
        &application.platform,
        application.ann.id,
        token::Kind::OneTime,
        "once",
        Some(now() + Duration::hours(1)),
    )
    .await;
    let exchange = async |secret: &str| {
        let request = Request::post("/v1/session")
            .header("content-type", "application/json")
            .body(Body::from(json!({ "token": secret }).to_string()))
            .unwrap();
        application.send(request).await
    };
    let first = exchange("once").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("cache-control"), "no-store");
    let session = first.json()["token"].as_str().unwrap().to_owned();
    let ann = crate::setup::Person {
        id: application.ann.id,
        token: session.clone(),
    };
    let viewer = application.graphql(&ann, "{ viewer { name } }", json!({})).await;
    assert_eq!(viewer["data"]["viewer"]["name"], "Ann");
    for again in ["once", "never", "", &session, &application.ann.token] {
        assert_eq!(exchange(again).await.status, 401, "{again}");
    }
}

#[tokio::test]
async fn a_session_needs_a_body_that_says_so() {
    let application = Application::start().await;
    for (content_type, body) in [
        ("application/json", "{}"),
        ("application/json", ""),
        ("text/plain", "{\"token\":\"x\"}"),
    ] {
        let request = Request::post("/v1/session")
            .header("content-type", content_type)
            .body(Body::from(body))
            .unwrap();
        let answer = application.send(request).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["error"]["code"], "BAD_REQUEST");
    }
}
