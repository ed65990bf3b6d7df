//! Tokens for scripts: made, shown once, bounded by their scopes on every path, and ended.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::change;
use crate::setup::{Application, Person, id};

const MADE: &str = "secret apiToken { id name scopes lastUsedAt expiresAt }";

pub async fn token(application: &Application, scopes: &[&str]) -> (Person, Value) {
    let input = json!({ "name": "a script", "scopes": scopes });
    let made = change(application, &application.ann, "createApiToken", input, MADE).await;
    let secret = made["secret"].as_str().unwrap_or_else(|| panic!("{made}"));
    let person = Person {
        id: application.ann.id,
        token: secret.to_owned(),
    };
    (person, made["apiToken"].clone())
}

/// What becomes of a GraphQL operation: the code of its first error, or `OK`.
async fn outcome(application: &Application, person: &Person, query: &str) -> String {
    let answer = application.graphql(person, query, json!({})).await;
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or("OK").to_owned()
}

#[tokio::test]
async fn scopes_bound_what_a_token_does() {
    let application = Application::start().await;
    let model = id("model", Uuid::now_v7());
    let read = "{ viewer { name } }";
    let write = "mutation { updateNotificationPreferences(input: {}) { userErrors { code } } }";
    let predict = format!(
        "mutation {{ predict(input: {{ modelId: \"{model}\", rows: [] }}) {{ userErrors {{ code }} }} }}"
    );
    let read_on = format!(
        "mutation {{ predict(input: {{ modelId: \"{model}\", rows: [] }}) {{ query {{ viewer {{ name }} }} }} }}"
    );
    let account = "mutation { signOut(input: {}) { endedCount } }";
    for (scopes, allowed) in [
        (&["READ"][..], [true, false, false, false, false]),
        (&["WRITE"], [false, true, true, false, false]),
        (&["PREDICT"], [false, false, true, false, false]),
        (&["READ", "PREDICT"], [true, false, true, true, false]),
        (&["ADMIN"], [false, false, false, false, false]),
        (
            &["READ", "WRITE", "PREDICT", "ADMIN"],
            [true, true, true, true, true],
        ),
    ] {
        let (script, _) = token(&application, scopes).await;
        for (query, is_allowed) in [read, write, &predict, &read_on, account]
            .into_iter()
            .zip(allowed)
        {
            let expected = if is_allowed { "OK" } else { "FORBIDDEN" };
            assert_eq!(
                outcome(&application, &script, query).await,
                expected,
                "{scopes:?}: {query}"
            );
        }
    }
}

#[tokio::test]
async fn scopes_bound_the_plain_endpoints_too() {
    let application = Application::start().await;
    let (model, upload) = (id("model", Uuid::now_v7()), Uuid::now_v7());
    for (scopes, predicts, uploads) in [
        (["READ"], 403, 403),
        (["PREDICT"], 404, 403),
        (["WRITE"], 404, 404),
    ] {
        let (script, _) = token(&application, &scopes).await;
        let send = async |method: &str, path: String| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("authorization", format!("Bearer {}", script.token))
                .header("content-type", "application/json")
                .body(Body::from("{\"rows\":[]}"))
                .unwrap();
            application.send(request).await.status.as_u16()
        };
        assert_eq!(
            send("POST", format!("/v1/models/{model}/predict")).await,
            predicts,
            "{scopes:?}"
        );
        for method in ["HEAD", "PATCH"] {
            assert_eq!(
                send(method, format!("/v1/uploads/{upload}")).await,
                uploads,
                "{scopes:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_token_is_shown_once_noted_when_used_and_ended() {
    let application = Application::start().await;
    let ann = &application.ann;
    let (script, shown) = token(&application, &["READ"]).await;
    assert!(script.token.starts_with("automl_"), "scanners know it");
    assert_eq!(shown["lastUsedAt"], Value::Null);
    assert_eq!(shown["scopes"], json!(["READ"]));
    let list = "{ viewer { apiTokens { id name scopes lastUsedAt } } }";
    assert_eq!(outcome(&application, &script, "{ __typename }").await, "OK");
    let seen = application.graphql(ann, list, json!({})).await;
    assert!(!seen.to_string().contains(&script.token));
    let row = &seen["data"]["viewer"]["apiTokens"][0];
    assert_eq!(row["id"], shown["id"]);
    assert!(row["lastUsedAt"].is_string(), "{seen}");
    let other = application.graphql(&application.bob, list, json!({})).await;
    assert!(!other.to_string().contains("a script"), "{other}");
    let input = json!({ "id": shown["id"] });
    let refused = change(
        &application,
        &application.bob,
        "deleteApiToken",
        input.clone(),
        "deletedId",
    )
    .await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND");
    let deleted = change(&application, ann, "deleteApiToken", input, "deletedId").await;
    assert_eq!(deleted["deletedId"], shown["id"]);
    assert_eq!(
        outcome(&application, &script, "{ __typename }").await,
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn what_cannot_be_a_token_is_said() {
    let application = Application::start().await;
    let later = "2999-01-01T00:00:00Z";
    for (input, code) in [
        (json!({ "name": "", "scopes": ["READ"] }), "NAME_INVALID"),
        (
            json!({ "name": "x".repeat(101), "scopes": ["READ"] }),
            "NAME_INVALID",
        ),
        (json!({ "name": "x", "scopes": [] }), "SCOPES_EMPTY"),
        (
            json!({ "name": "x", "scopes": ["READ"], "expiresAt": "2020-01-01T00:00:00Z" }),
            "EXPIRY_PAST",
        ),
        (json!({ "name": "x", "scopes": ["READ"], "expiresAt": later }), ""),
    ] {
        let made = change(
            &application,
            &application.ann,
            "createApiToken",
            input.clone(),
            MADE,
        )
        .await;
        assert_eq!(
            made["userErrors"][0]["code"].as_str().unwrap_or_default(),
            code,
            "{input}"
        );
    }
}
