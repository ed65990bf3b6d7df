//! Every limit of an operation, at the limit and one beyond, over HTTP and over a WebSocket; and what a document that is asked again
//! is answered.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::setup::{Answer, Application};
use crate::websocket::Socket;

fn repeated(one: impl Fn(usize) -> String, times: usize) -> String {
    (0..times).map(one).collect::<Vec<_>>().join(" ")
}

fn nested(depth: usize) -> String {
    format!("{} b {}", "a {".repeat(depth - 1), "}".repeat(depth - 1))
}

/// A document and variables that come to so much of what is limited.
type Case = fn(usize) -> (String, Value);

const PREDICT: &str = "mutation ($rows: [JSON!]!) { predict(input: { rows: $rows }) { __typename } }";

/// What is limited, and to how much.
const CASES: [(&str, usize, Case); 13] = [
    ("tokens", 2_000, |tokens| {
        let ids = repeated(|_| "1".to_owned(), tokens - 12);
        (format!("{{ nodes(ids: [{ids}]) {{ id }} }}"), json!({}))
    }),
    ("nesting", 64, |depth| {
        let (open, close) = ("[".repeat(depth - 3), "]".repeat(depth - 3));
        let query = format!("mutation {{ predict(input: {{ rows: {open}{close} }}) {{ __typename }} }}");
        (query, json!({}))
    }),
    ("depth", 10, |depth| {
        (format!("{{ {} }}", nested(depth)), json!({}))
    }),
    ("depth of introspection", 16, |depth| {
        (format!("{{ __schema {{ {} }} }}", nested(depth - 1)), json!({}))
    }),
    ("aliases", 15, |count| {
        let fields = repeated(|n| format!("a{n}: id"), count);
        (format!("{{ viewer {{ {fields} }} }}"), json!({}))
    }),
    ("root fields", 10, |count| {
        (
            format!("{{ {} }}", repeated(|_| "__typename".to_owned(), count)),
            json!({}),
        )
    }),
    ("root fields below an answer", 10, |count| {
        let fields = repeated(|_| "__typename".to_owned(), count - 1);
        let input = "input: { id: \"x\" }";
        (
            format!("mutation {{ deleteJob({input}) {{ query {{ {fields} }} }} }}"),
            json!({}),
        )
    }),
    ("selections", 300, |count| {
        let fields = repeated(|_| "id".to_owned(), count - 1);
        (format!("{{ viewer {{ {fields} }} }}"), json!({}))
    }),
    ("selections in fragments", 300, |count| {
        // The spread is one, and what it opens counts each time.
        let fields = repeated(|_| "id".to_owned(), (count - 3) / 2);
        let odd = repeated(|_| "id".to_owned(), (count - 3) % 2);
        let query = format!("{{ viewer {{ ...F ...F {odd} }} }} fragment F on User {{ {fields} }}");
        (query, json!({}))
    }),
    ("directives", 20, |count| {
        let fields = repeated(|_| "id @include(if: true)".to_owned(), count);
        (format!("{{ viewer {{ {fields} }} }}"), json!({}))
    }),
    ("cost", 20_000, |cost| {
        // What is paid a hundred times, and what is paid once.
        let hundreds = repeated(|_| "totalCount".to_owned(), 199);
        let ones = repeated(|_| "id".to_owned(), cost - 1 - 19_900 - 1);
        let query = format!("query ($n: Int) {{ jobs(first: $n) {{ {hundreds} }} viewer {{ {ones} }} }}");
        (query, json!({ "n": 100 }))
    }),
    ("depth of variables", 20, |depth| {
        let text = format!("{}1{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        (PREDICT.to_owned(), json!({ "rows": value }))
    }),
    ("length of lists", 10_000, |length| {
        (PREDICT.to_owned(), json!({ "rows": vec![1; length] }))
    }),
];

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

async fn post(application: &Application, body: String) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .header("authorization", format!("Bearer {}", application.ann.token))
        .body(Body::from(body))
        .expect("a request");
    application.send(request).await
}

#[tokio::test]
async fn limits_hold_over_http() {
    let application = Application::start().await;
    for (name, limit, case) in CASES {
        // Twice: whether a document is known changes nothing.
        for turn in 0..2 {
            let (query, variables) = case(limit);
            let answer = application.graphql(&application.ann, &query, variables).await;
            assert_ne!(
                code(&answer),
                "QUERY_TOO_COMPLEX",
                "{name} at the limit, turn {turn}"
            );
            let (query, variables) = case(limit + 1);
            let answer = application.graphql(&application.ann, &query, variables).await;
            assert_eq!(
                code(&answer),
                "QUERY_TOO_COMPLEX",
                "{name} beyond the limit, turn {turn}"
            );
            assert!(answer.get("data").is_none(), "{name}");
        }
    }
}

#[tokio::test]
async fn limits_hold_over_a_socket() {
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    for (name, limit, case) in CASES {
        for beyond in [false, true] {
            let (query, variables) = case(limit + usize::from(beyond));
            socket.subscribe("1", &query, variables).await;
            let mut is_refused = false;
            loop {
                let message = socket.message().await;
                match message["type"].as_str() {
                    Some("complete") => break,
                    Some("error") => {
                        let code = message["payload"][0]["extensions"]["code"].as_str();
                        is_refused = code == Some("QUERY_TOO_COMPLEX");
                        break;
                    }
                    _ => {}
                }
            }
            assert_eq!(is_refused, beyond, "{name}, beyond the limit: {beyond}");
        }
    }
}

/// What is refused for its size must not be worked on: it is told by its length, or by its first tokens.
#[tokio::test]
async fn what_is_much_too_large_is_refused_at_once() {
    let application = Application::start().await;
    let query = |bytes: usize| json!({ "query": format!("{{ {} }}", "a ".repeat(bytes / 2)) }).to_string();
    for (bytes, status) in [(1_000_000, 413), (262_100, 400)] {
        let body = query(bytes);
        let began = Instant::now();
        let answer = post(&application, body).await;
        let spent = began.elapsed();
        assert_eq!(answer.status, status, "{bytes}");
        // In any profile, on a busy machine; parsing it would take seconds.
        assert!(spent < Duration::from_millis(250), "{bytes} bytes took {spent:?}");
    }
}

/// The executor's parser follows brackets on its stack.
#[tokio::test]
async fn ten_thousand_brackets_overflow_nothing() {
    let application = Application::start().await;
    for (before, bracket) in [
        ("{ a(b: ", "["),
        ("{ a(b: ", "{c:"),
        ("", "{ a "),
        ("query ($a: ", "["),
        ("{ a(b: ", "[{c:["),
    ] {
        let query = format!("{before}{}", bracket.repeat(10_000));
        let answer = post(&application, json!({ "query": query }).to_string()).await;
        assert_eq!(code(&answer.json()), "QUERY_TOO_COMPLEX", "{before}{bracket}");
    }
    // Those of values outside of the document are the JSON parser's.
    let deep = format!(
        "{{\"query\":\"{{__typename}}\",\"variables\":{{\"a\":{}{}}}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let answer = post(&application, deep).await;
    assert_eq!(
        (answer.status.as_u16(), code(&answer.json())),
        (400, "BAD_REQUEST")
    );
}

#[tokio::test]
async fn fragments_inside_themselves_end() {
    let application = Application::start().await;
    for query in [
        "{ viewer { ...A } } fragment A on User { id ...A }",
        "{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
        "{ ...A } fragment A on Query { viewer { query: id } ...A }",
    ] {
        let answer = application.graphql(&application.ann, query, json!({})).await;
        assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{query}");
    }
    // One that nobody opens is no operation's.
    let unused = "{ viewer { id } } fragment A on User { ...A }";
    let answer = application.graphql(&application.ann, unused, json!({})).await;
    assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED");
}

/// A document that has passed all rules is trusted for the values that it passed with, and for no others.
#[tokio::test]
async fn a_known_document_is_answered_as_if_it_were_new() {
    let application = Application::start().await;
    let query = "query ($n: Int, $id: ID!) { jobs(first: $n) { totalCount } node(id: $id) { id } }";
    let good = json!({ "n": 1, "id": "am9iOjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw" });
    let variants = [
        good.clone(),
        json!({ "n": "one", "id": "x" }),
        json!({ "n": 1 }),
        json!({ "n": 101, "id": good["id"] }),
        json!({ "n": null, "id": good["id"], "other": 1 }),
        json!({ "n": 1.5, "id": good["id"] }),
    ];
    let without_id = |mut answer: Value| {
        let errors = answer.get_mut("errors").and_then(Value::as_array_mut);
        for error in errors.into_iter().flatten() {
            error["extensions"]["requestId"].take();
        }
        answer
    };
    let mut first = Vec::new();
    for variables in &variants {
        let answer = application
            .graphql(&application.ann, query, variables.clone())
            .await;
        first.push(without_id(answer));
    }
    assert_eq!(first[0]["data"]["jobs"]["totalCount"], 0);
    assert!(first[1].get("data").is_none(), "{}", first[1]);
    for turn in 0..3 {
        for (variables, expected) in variants.iter().zip(&first) {
            let answer = application
                .graphql(&application.ann, query, variables.clone())
                .await;
            assert_eq!(&without_id(answer), expected, "turn {turn}: {variables}");
        }
    }
}

#[tokio::test]
async fn a_root_field_that_fails_is_null_and_the_others_are_answered() {
    let application = Application::start().await;
    let asked = async |query: &str| application.graphql(&application.ann, query, json!({})).await;
    let alone = asked("{ node(id: \"nonsense\") { id } }").await;
    assert_eq!(alone["data"], json!({ "node": null }), "{alone}");
    assert_eq!(
        (code(&alone), &alone["errors"][0]["path"]),
        ("BAD_USER_INPUT", &json!(["node"]))
    );
    let both = asked("{ bad: node(id: \"nonsense\") { id } jobs { totalCount } }").await;
    assert_eq!(
        both["data"],
        json!({ "bad": null, "jobs": { "totalCount": 0 } }),
        "{both}"
    );
    let one = asked("mutation { deleteJob(input: { id: \"nonsense\" }) { deletedId } }").await;
    assert_eq!(one["data"], json!({ "deleteJob": null }), "{one}");
    // Over a socket as well.
    let mut socket = Socket::of_ann(&application).await;
    socket
        .subscribe("1", "{ node(id: \"nonsense\") { id } }", json!({}))
        .await;
    let message = socket.message().await;
    assert_eq!(message["type"], "next");
    assert_eq!(message["payload"]["data"], json!({ "node": null }));
    assert_eq!(socket.message().await["type"], "complete");
    // A subscription that cannot begin says so.
    socket
        .subscribe(
            "2",
            "subscription { jobUpdated(id: \"nonsense\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(socket.message().await["type"], "error");
}

#[tokio::test]
async fn administrators_are_told_what_an_operation_costs() {
    let application = Application::start().await;
    let query = "{ jobs(first: 10) { edges { node { id } } } }";
    // Another member: what Ann may do is remembered for a few seconds once she has asked.
    let answer = application.graphql(&application.bob, query, json!({})).await;
    assert!(answer.get("extensions").is_none(), "{answer}");
    let connection = application.platform.database.connection();
    let ann = entities::user::Entity::find_by_id(application.ann.id)
        .one(connection)
        .await;
    let mut change = ann.expect("a row").expect("Ann").into_active_model();
    change.role = Set(entities::user::Role::Admin);
    change.update(connection).await.expect("updated");
    let answer = application.graphql(&application.ann, query, json!({})).await;
    assert_eq!(answer["extensions"], json!({ "cost": 31 }), "{answer}");
}

/// Doubles with each fragment.
fn doubling(fragments: usize) -> String {
    let all = repeated(
        |n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1),
        fragments,
    );
    format!("{all} fragment F{fragments} on Query {{ __typename }}")
}

/// The executor walks the whole document, whichever operation runs, and nothing can stop it. In threads of their own: what
/// does not end fails here.
#[test]
fn what_is_not_asked_for_is_not_walked_either() {
    let fragments = doubling(55);
    let sign_in = "mutation A { signIn(input: { email: \"a\", password: \"b\" }) { userErrors { code } } }";
    let too_many = repeated(|n| format!("query Q{n} {{ __typename }}"), 20);
    for (query, expected) in [
        (
            format!("{sign_in} query B {{ ...F0 }} {fragments}"),
            "QUERY_TOO_COMPLEX",
        ),
        (
            format!("query A {{ __typename }} query B {{ ...F0 }} {fragments}"),
            "QUERY_TOO_COMPLEX",
        ),
        (
            format!("query A {{ __typename }} {fragments}"),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            format!("query A {{ __typename }} {too_many}"),
            "QUERY_TOO_COMPLEX",
        ),
    ] {
        let (told, answer) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let application = Application::start().await;
                let began = Instant::now();
                let body = json!({ "query": query, "operationName": "A" }).to_string();
                let answer = post(&application, body).await.json();
                let _ = told.send((code(&answer).to_owned(), began.elapsed()));
            });
        });
        let (code, spent) = answer.recv_timeout(Duration::from_secs(30)).expect("an answer");
        assert_eq!(code, expected);
        assert!(spent < Duration::from_secs(2), "{spent:?}");
    }
}
