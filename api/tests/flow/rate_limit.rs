//! Rate limits: who has asked for too much waits, and nobody else does.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use platform::Settings;
use serde_json::{Value, json};

use crate::predict::{DEPLOY, stored};
use crate::setup::{Answer, Application, Person};
use crate::websocket::Socket;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";
/// Two hundred points, or nearly.
const DEAR: &str = "{ jobs(first: 100) { a: edges { b: node { id name } c: node { id name } d: node { id } }
    e: edges { f: node { id name } g: node { id name } h: node { id name } } } }";

fn few(settings: &mut Settings) {
    settings.traffic.points_per_minute = 200;
    settings.traffic.address_points_per_minute = 200;
    settings.traffic.predictions_per_second = 100;
    settings.traffic.upload_bytes_per_day = 1_000;
}

async fn post(application: &Application, person: Option<&Person>, accept: &str, query: &str) -> Answer {
    let mut request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", accept);
    if let Some(person) = person {
        request = request.header("authorization", format!("Bearer {}", person.token));
    }
    let mut request = request
        .body(Body::from(json!({ "query": query }).to_string()))
        .expect("a request");
    let peer: SocketAddr = "192.0.2.7:1234".parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    application.send(request).await
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

async fn standing(application: &Application, person: &Person) -> Value {
    let query = "{ rateLimit { limit cost remaining used resetAt } }";
    let answer = application.graphql(person, query, json!({})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["rateLimit"].clone()
}

#[tokio::test]
async fn whoever_asks_for_too_much_waits_and_others_do_not() {
    let application = Application::start_with(few).await;
    let (ann, bob) = (&application.ann, &application.bob);
    let first = standing(&application, ann).await;
    assert_eq!((&first["limit"], &first["cost"]), (&json!(200), &json!(1)));
    assert_eq!((&first["remaining"], &first["used"]), (&json!(199), &json!(1)));
    let mut count = 0;
    let refused = loop {
        let answer = post(&application, Some(ann), GRAPHQL, DEAR).await;
        if answer.status != 200 {
            break answer;
        }
        count += 1;
        assert!(count < 50, "nothing is refused");
    };
    assert!(count >= 10, "{count}");
    assert_eq!(
        (refused.status.as_u16(), code(&refused.json())),
        (429, "RATE_LIMITED")
    );
    assert!(refused.json().get("data").is_none());
    let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    // Whatever the client understands, and over a socket.
    let refused = post(&application, Some(ann), JSON, DEAR).await;
    assert_eq!(
        (refused.status.as_u16(), code(&refused.json())),
        (429, "RATE_LIMITED")
    );
    let mut socket = Socket::of_ann(&application).await;
    socket.subscribe("1", DEAR, json!({})).await;
    let message = socket.message().await;
    assert_eq!(message["type"], "error");
    assert_eq!(message["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    // Bob's bucket is his own.
    assert_eq!(standing(&application, bob).await["remaining"], 199);
}

#[tokio::test]
async fn aliases_do_not_multiply_and_what_is_refused_costs_as_well() {
    let application = Application::start_with(few).await;
    let ann = &application.ann;
    let estimates = |count: usize| {
        let aliases: Vec<String> = (0..count)
            .map(|n| format!("a{n}: comparison(jobIds: [\"1\", \"2\"]) {{ __typename }}"))
            .collect();
        format!("{{ {} }}", aliases.join(" "))
    };
    let left = async || {
        let remaining = standing(&application, ann).await["remaining"].clone();
        remaining.as_i64().expect("points")
    };
    // Each costs 202; the question itself is a point each time, and some flow back.
    let before = left().await;
    post(&application, Some(ann), GRAPHQL, &estimates(1)).await;
    let one = before - left().await;
    let before = left().await;
    post(&application, Some(ann), GRAPHQL, &estimates(10)).await;
    let ten = before - left().await;
    assert!(
        (2..=4).contains(&one) && (18..=22).contains(&ten),
        "{one} and {ten}"
    );
    let before = left().await;
    for _ in 0..40 {
        assert_eq!(post(&application, Some(ann), GRAPHQL, "{").await.status, 400);
    }
    let refused = before - left().await;
    assert!((30..=42).contains(&refused), "{refused}");
}

#[tokio::test]
async fn nobody_s_operations_are_counted_by_their_address() {
    let application = Application::start_with(few).await;
    let sign_in =
        "mutation { signIn(input: { email: \"a@example.com\", password: \"x\" }) { userErrors { code } } }";
    let mut statuses = Vec::new();
    for _ in 0..22 {
        statuses.push(post(&application, None, GRAPHQL, sign_in).await.status.as_u16());
    }
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert_eq!(statuses[21], 429, "{statuses:?}");
    // Whoever has a token is not held up by their neighbours.
    let answer = post(&application, Some(&application.ann), GRAPHQL, "{ __typename }").await;
    assert_eq!(answer.status, 200);
    // Without one, nothing else is answered than before.
    let other = Application::start_with(few).await;
    assert_eq!(post(&other, None, GRAPHQL, "{ __typename }").await.status, 401);
}

#[tokio::test]
async fn rows_to_predict_and_bytes_to_upload_are_counted() {
    let application = Application::start_with(few).await;
    let model = stored(&application).await;
    application
        .graphql(&application.ann, DEPLOY, json!({ "id": model }))
        .await;
    let predict = async |rows: usize| {
        let request = Request::post(format!("/v1/models/{model}/predict"))
            .header("authorization", format!("Bearer {}", application.ann.token))
            .body(Body::from(
                json!({ "rows": vec![json!({ "mass": 1.5 }); rows] }).to_string(),
            ))
            .expect("a request");
        application.send(request).await
    };
    assert_eq!(predict(1_000).await.status, 200);
    let refused = predict(900).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["error"]["code"], "RATE_LIMITED");
    let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((5..=9).contains(&seconds), "{seconds}");
    let upload = async |bytes: u64| {
        let query = "mutation ($n: Long!) { createUpload(input: { fileName: \"a.csv\", sizeBytes: $n }) { upload { id } } }";
        application
            .graphql(&application.ann, query, json!({ "n": bytes }))
            .await
    };
    assert!(upload(600).await["data"]["createUpload"]["upload"]["id"].is_string());
    let refused = upload(600).await;
    assert_eq!(code(&refused), "RATE_LIMITED", "{refused}");
    assert_eq!(refused["data"], json!({ "createUpload": null }));
    assert_eq!(code(&upload(1_001).await), "BAD_USER_INPUT");
}

#[tokio::test]
async fn without_a_limit_there_is_nothing_to_tell() {
    let application = Application::start_with(|settings| settings.traffic.points_per_minute = 0).await;
    assert_eq!(standing(&application, &application.ann).await, Value::Null);
}

/// Looking a token up costs the network that sends it, on every path, and the same.
#[tokio::test]
async fn bad_tokens_cost_the_network() {
    let application =
        Application::start_with(|settings| settings.traffic.address_points_per_minute = 200).await;
    let peer: SocketAddr = "192.0.2.9:1234".parse().expect("an address");
    let mut let_through = 0;
    for turn in 0..400 {
        let request = match turn % 4 {
            0 => Request::get("/graphql?query=%7B__typename%7D").header("graphql-require-preflight", "1"),
            1 => Request::post("/graphql").header("content-type", JSON),
            2 => Request::post("/v1/models/x/predict").header("content-type", JSON),
            _ => Request::head("/v1/uploads/x"),
        };
        let body = if turn % 4 == 1 {
            "{\"query\":\"{__typename}\"}"
        } else {
            ""
        };
        let request = request
            .header("accept", JSON)
            .header("authorization", format!("Bearer wrong{turn}"));
        let mut request = request.body(Body::from(body)).expect("a request");
        request.extensions_mut().insert(ConnectInfo(peer));
        let status = application.send(request).await.status.as_u16();
        if status == 429 {
            break;
        }
        assert_eq!(status, 401, "{turn}");
        let_through += 1;
    }
    // A point each, and what flows in meanwhile.
    assert!((200..=250).contains(&let_through), "{let_through}");
}
