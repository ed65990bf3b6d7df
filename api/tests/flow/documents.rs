//! Documents that go by a name.

use axum::body::Body;
use axum::http::Request;
use entities::user;
use platform::settings::{Documents, document_hash};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::setup::{Answer, Application, Person};
use crate::websocket::Socket;

const OWN: &str = "query Own { viewer { name } }";
const OTHER: &str = "query Other { viewer { name } __typename }";

/// With one known document besides the web app's.
async fn start(documents: Documents) -> Application {
    let own = [(document_hash(OWN), OWN.to_owned())].into();
    Application::start_with(|settings| {
        settings.doors.documents = documents;
        settings.doors.own_documents = own;
    })
    .await
}

async fn post(application: &Application, token: Option<&str>, body: &Value) -> Answer {
    let mut request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    application
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

async fn ask(application: &Application, person: &Person, body: Value) -> Value {
    post(application, Some(&person.token), &body).await.json()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or("none")
}

fn persisted(hash: &str) -> Value {
    json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } })
}

fn registering(hash: &str, query: &str) -> Value {
    let mut body = persisted(hash);
    body["query"] = query.into();
    body
}

#[tokio::test]
async fn a_known_document_runs_by_its_name() {
    let application = start(Documents::Any).await;
    let hash = document_hash(OWN);
    let prefixed = format!("sha256:{hash}");
    let named = json!({ "data": { "viewer": { "name": "Ann" } } });
    for body in [
        json!({ "documentId": hash }),
        json!({ "documentId": prefixed }),
        json!({ "documentId": hash, "query": null }),
        json!({ "documentId": hash, "query": "" }),
        json!({ "documentId": hash, "operationName": "Own" }),
        persisted(&hash),
        registering(&hash, OWN),
    ] {
        assert_eq!(
            ask(&application, &application.ann, body.clone()).await,
            named,
            "{body}"
        );
    }
    for (body, expected) in [
        (json!({ "documentId": "md5:abc" }), "PERSISTED_QUERY_NOT_FOUND"),
        (json!({ "documentId": "" }), "PERSISTED_QUERY_NOT_FOUND"),
        (persisted(&document_hash(OTHER)), "PERSISTED_QUERY_NOT_FOUND"),
        (persisted(&hash.to_uppercase()), "PERSISTED_QUERY_NOT_FOUND"),
        (registering(&hash, OTHER), "BAD_REQUEST"),
        (json!({ "documentId": hash, "query": OTHER }), "BAD_REQUEST"),
        (
            json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": hash } } }),
            "PERSISTED_QUERY_NOT_SUPPORTED",
        ),
    ] {
        let answer = ask(&application, &application.ann, body.clone()).await;
        assert_eq!(code(&answer), expected, "{body}: {answer}");
        assert!(answer.get("data").is_none());
    }
}

#[tokio::test]
async fn the_web_app_s_documents_are_known() {
    let application = Application::start().await;
    let manifest = include_str!("../../../web/src/gql/persisted-documents.json");
    let manifest: serde_json::Map<String, Value> = serde_json::from_str(manifest).unwrap();
    for (name, text) in manifest {
        // Most need variables, and say so; those of the administration are not for Ann: they were found.
        let answer = ask(&application, &application.ann, json!({ "documentId": name })).await;
        let is_forbidden = code(&answer) == "FORBIDDEN" && text.to_string().contains(" admin {");
        assert!(
            is_forbidden || ["none", "BAD_USER_INPUT", "BAD_REQUEST"].contains(&code(&answer)),
            "{text}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_registered_document_is_its_person_s() {
    let application = start(Documents::Any).await;
    let hash = document_hash(OTHER);
    let (ann, bob) = (&application.ann, &application.bob);
    assert_eq!(
        code(&ask(&application, ann, persisted(&hash)).await),
        "PERSISTED_QUERY_NOT_FOUND"
    );
    assert_eq!(
        code(&ask(&application, ann, registering(&hash, OTHER)).await),
        "none"
    );
    let again = ask(&application, ann, persisted(&hash)).await;
    assert_eq!(again["data"]["viewer"]["name"], "Ann", "{again}");
    assert_eq!(
        code(&ask(&application, bob, persisted(&hash)).await),
        "PERSISTED_QUERY_NOT_FOUND"
    );
    // Only Apollo's clients register.
    let id = document_hash("{ __typename }");
    let given = json!({ "documentId": id, "query": "{ __typename }" });
    assert_eq!(code(&ask(&application, bob, given).await), "none");
    assert_eq!(
        code(&ask(&application, bob, persisted(&id)).await),
        "PERSISTED_QUERY_NOT_FOUND"
    );
}

#[tokio::test]
async fn every_way_in_knows_them() {
    let application = start(Documents::Known).await;
    let hash = document_hash(OWN);
    let get = |path: String, accept: &str| {
        Request::get(path)
            .header("graphql-require-preflight", "1")
            .header("accept", accept)
            .header("authorization", format!("Bearer {}", application.ann.token))
            .body(Body::empty())
            .unwrap()
    };
    let answer = application
        .send(get(format!("/graphql?documentId={hash}"), "*/*"))
        .await;
    assert_eq!(answer.json()["data"]["viewer"]["name"], "Ann");
    let extensions =
        format!("%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{hash}%22%7D%7D");
    let answer = application
        .send(get(format!("/graphql?extensions={extensions}"), "*/*"))
        .await;
    assert_eq!(answer.json()["data"]["viewer"]["name"], "Ann");
    for accept in ["text/event-stream", "multipart/mixed;subscriptionSpec=1.0"] {
        let answer = application
            .send(get(format!("/graphql?documentId={hash}"), accept))
            .await;
        assert!(
            String::from_utf8_lossy(&answer.body).contains("\"Ann\""),
            "{accept}: {answer:?}"
        );
        let answer = application
            .send(get("/graphql?query=%7B__typename%7D".to_owned(), accept))
            .await;
        assert!(
            String::from_utf8_lossy(&answer.body).contains("FORBIDDEN"),
            "{accept}: {answer:?}"
        );
    }
    let mut socket = Socket::of_ann(&application).await;
    socket
        .send(json!({ "type": "subscribe", "id": "1", "payload": { "documentId": hash } }))
        .await;
    assert_eq!(socket.message().await["payload"]["data"]["viewer"]["name"], "Ann");
    assert_eq!(socket.message().await["type"], "complete");
    socket.subscribe("2", OTHER, json!({})).await;
    let refused = socket.message().await;
    assert_eq!(
        refused["payload"][0]["extensions"]["code"], "FORBIDDEN",
        "{refused}"
    );
    let payload = persisted(&document_hash(OTHER));
    socket
        .send(json!({ "type": "subscribe", "id": "3", "payload": payload }))
        .await;
    let unknown = socket.message().await;
    assert_eq!(
        unknown["payload"][0]["extensions"]["code"],
        "PERSISTED_QUERY_NOT_FOUND"
    );
}

#[tokio::test]
async fn only_known_documents_run_where_that_is_set() {
    let application = start(Documents::Known).await;
    let connection = application.platform.database.connection();
    let bob = user::Entity::find_by_id(application.bob.id)
        .one(connection)
        .await
        .unwrap();
    let mut bob = bob.unwrap().into_active_model();
    bob.role = Set(user::Role::Admin);
    bob.update(connection).await.unwrap();
    let (ann, bob) = (&application.ann, &application.bob);
    let text = |query: &str| json!({ "query": query });
    // The text of a known document is as good as its name.
    assert_eq!(code(&ask(&application, ann, text(OWN)).await), "none");
    let other = document_hash(OTHER);
    let refused = ask(&application, ann, text(OTHER)).await;
    assert_eq!(code(&refused), "FORBIDDEN");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("AUTOML_DOCUMENTS_FILE") && message.contains(&other),
        "{message}"
    );
    // To register one is no way around, nor is a space.
    assert_eq!(
        code(&ask(&application, ann, registering(&other, OTHER)).await),
        "FORBIDDEN"
    );
    assert_eq!(
        code(&ask(&application, ann, persisted(&other)).await),
        "PERSISTED_QUERY_NOT_FOUND"
    );
    assert_eq!(
        code(&ask(&application, ann, text(&format!("{OWN} "))).await),
        "FORBIDDEN"
    );
    assert_eq!(code(&ask(&application, bob, text(OTHER)).await), "none");
    // People can still come in, and nobody else can do anything.
    let sign_in =
        "mutation { signIn(input: { email: \"a@b.example\", password: \"wrong\" }) { userErrors { code } } }";
    let answer = post(&application, None, &text(sign_in)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(post(&application, None, &text(OWN)).await.status, 401);
}

#[tokio::test]
async fn nobody_is_told_to_send_the_document_and_registers_nothing() {
    let application = start(Documents::Any).await;
    let sign_in =
        "mutation { signIn(input: { email: \"a@b.example\", password: \"wrong\" }) { userErrors { code } } }";
    let hash = document_hash(sign_in);
    let unknown = post(&application, None, &persisted(&hash)).await;
    assert_eq!(code(&unknown.json()), "PERSISTED_QUERY_NOT_FOUND");
    let answer = post(&application, None, &registering(&hash, sign_in)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let still = post(&application, None, &persisted(&hash)).await;
    assert_eq!(code(&still.json()), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(
        post(&application, None, &persisted(&document_hash(OWN)))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn only_a_document_within_the_limits_is_kept() {
    let application = start(Documents::Any).await;
    let ann = &application.ann;
    let large = format!("{{ viewer {{ {} }} }}", "id ".repeat(301));
    for (text, is_kept) in [
        (OTHER, true),
        ("{ viewer { name }", false),
        (large.as_str(), false),
    ] {
        let hash = document_hash(text);
        ask(&application, ann, registering(&hash, text)).await;
        let answer = ask(&application, ann, persisted(&hash)).await;
        assert_eq!(code(&answer) != "PERSISTED_QUERY_NOT_FOUND", is_kept, "{text}");
    }
}
