//! The description of what is not GraphQL, held against the routes and against what they answer.

mod examples;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use crate::matrix::routes::ROUTES;
use crate::setup::Application;

/// Methods of operations, as the document writes them.
const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];

/// The document as the server gives it.
async fn document(application: &Application) -> Value {
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let answer = application.send(request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.push((path.clone(), method.to_uppercase(), operation));
            }
        }
    }
    operations
}

#[tokio::test]
async fn every_route_is_described_and_nothing_else() {
    let application = Application::start().await;
    let document = document(&application).await;
    let described: BTreeSet<(String, String)> = operations(&document)
        .into_iter()
        .map(|(path, method, _)| (path, method))
        .collect();
    let routes: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|(method, path, _)| ((*path).to_owned(), (*method).to_owned()))
        .collect();
    assert_eq!(described, routes);
    // What is not described is not there.
    for path in described.iter().map(|(path, _)| path).collect::<BTreeSet<_>>() {
        for method in METHODS {
            let method = method.to_uppercase();
            let is_head_of_get = method == "HEAD" && described.contains(&(path.clone(), "GET".to_owned()));
            if described.contains(&(path.clone(), method.clone())) || is_head_of_get {
                continue;
            }
            let request = Request::builder()
                .method(method.as_str())
                .uri(path.replace(['{', '}'], ""));
            let answer = application.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 405, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn operations_are_described_for_people_and_their_references_lead_somewhere() {
    let application = Application::start().await;
    let document = document(&application).await;
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id), "{id} twice");
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|text| text.ends_with('.')),
            "{method} {path}"
        );
        let is_public = ROUTES
            .iter()
            .any(|(own, route, open)| *own == method && *route == path && open.needs_no_token());
        let says = operation.get("security") == Some(&serde_json::json!([]));
        assert_eq!(says, is_public, "{method} {path}");
    }
    let mut references = Vec::new();
    collect(&document, &mut references);
    let used: BTreeSet<&str> = references.into_iter().collect();
    for reference in &used {
        let pointer = reference.strip_prefix('#').expect("a reference in the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind]
            .as_object()
            .expect("components")
            .keys()
        {
            let reference = format!("#/components/{kind}/{name}");
            assert!(used.contains(reference.as_str()), "{reference} is not used");
        }
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
