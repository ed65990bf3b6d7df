//! Addresses, preferences, and the way out of them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use entities::{dataset, job, mail, user};
use platform::mail::Unsubscribe;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{Answer, Application, Person, id, now};

const VIEWER: &str = "{ viewer { email notificationPreferences { mail completed failed } } }";

async fn update_email(application: &Application, person: &Person, email: Value) -> Value {
    let document = "mutation U($input: UpdateEmailInput!) { updateEmail(input: $input) \
        { user { email } userErrors { code field } } }";
    let answer = application
        .graphql(person, document, json!({ "input": { "email": email } }))
        .await;
    answer["data"]["updateEmail"].clone()
}

async fn unsubscribe(application: &Application, method: &str, token: &str, body: &'static str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/v1/unsubscribe/{token}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    application.send(request).await
}

#[tokio::test]
async fn an_address_is_checked_stored_and_removed() {
    let application = Application::start().await;
    let ann = application.ann.clone();
    let set = update_email(&application, &ann, json!(" ann@example.com ")).await;
    assert_eq!(
        set,
        json!({ "user": { "email": "ann@example.com" }, "userErrors": [] })
    );
    for bad in [
        "ann",
        "ann@example.com\r\nBcc: eve@example.com",
        "Ann <ann@example.com>",
    ] {
        let refused = update_email(&application, &ann, json!(bad)).await;
        let expected = json!([{ "code": "EMAIL_INVALID", "field": ["input", "email"] }]);
        assert_eq!(refused, json!({ "user": null, "userErrors": expected }), "{bad}");
    }
    let seen = application.graphql(&ann, VIEWER, json!({})).await;
    assert_eq!(seen["data"]["viewer"]["email"], "ann@example.com");
    let other = application.graphql(&application.bob, VIEWER, json!({})).await;
    assert_eq!(other["data"]["viewer"]["email"], Value::Null);
    let removed = update_email(&application, &ann, Value::Null).await;
    assert_eq!(removed, json!({ "user": { "email": null }, "userErrors": [] }));
}

#[tokio::test]
async fn preferences_change_one_by_one() {
    let application = Application::start().await;
    let document = "mutation U($input: UpdateNotificationPreferencesInput!) { updateNotificationPreferences(input: $input) \
        { user { notificationPreferences { mail completed failed } } userErrors { code } } }";
    for (input, expected) in [
        (json!({}), [true, true, true]),
        (json!({ "completed": false }), [true, false, true]),
        (json!({ "mail": false, "failed": null }), [false, false, true]),
        (
            json!({ "mail": true, "completed": true, "failed": false }),
            [true, true, false],
        ),
    ] {
        let answer = application
            .graphql(&application.ann, document, json!({ "input": input }))
            .await;
        let [mail, completed, failed] = expected;
        let preferences = &answer["data"]["updateNotificationPreferences"]["user"]["notificationPreferences"];
        assert_eq!(
            *preferences,
            json!({ "mail": mail, "completed": completed, "failed": failed }),
            "{answer:#}"
        );
    }
    let other = application.graphql(&application.bob, VIEWER, json!({})).await;
    assert_eq!(other["data"]["viewer"]["notificationPreferences"]["failed"], true);
}

#[tokio::test]
async fn a_link_asks_and_its_post_switches_off() {
    let application = Application::start().await;
    let platform = &application.platform;
    let enabled = async |key: Uuid| {
        let row = user::Entity::find_by_id(key)
            .one(platform.database.connection())
            .await;
        row.expect("an answer").expect("a user").mail_enabled
    };
    let token = Unsubscribe::open(platform)
        .await
        .expect("a key")
        .token(application.ann.id);
    let asked = unsubscribe(&application, "GET", &token, "").await;
    assert_eq!(asked.status, StatusCode::OK);
    let page = String::from_utf8(asked.body.clone()).expect("text");
    assert!(
        page.contains("<form method=\"post\">") && !page.contains("<script"),
        "{page}"
    );
    assert_eq!(asked.header("cache-control"), "no-store");
    assert!(
        enabled(application.ann.id).await,
        "a fetched link changes nothing"
    );
    for body in ["List-Unsubscribe=One-Click", ""] {
        let done = unsubscribe(&application, "POST", &token, body).await;
        assert_eq!(done.status, StatusCode::OK);
        assert!(!enabled(application.ann.id).await);
    }
    assert!(enabled(application.bob.id).await, "nobody else's");
    let forged = format!("{}A", &token[..token.len() - 1]);
    for wrong in ["x", &forged[..], &token[..20]] {
        if wrong == token {
            continue;
        }
        for method in ["GET", "POST"] {
            let refused = unsubscribe(&application, method, wrong, "").await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{method} {wrong}");
        }
    }
}

#[tokio::test]
async fn a_job_shows_its_notifications_to_its_owner_only() {
    let application = Application::start().await;
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    let row = application.job(&dataset, job::State::Completed).await;
    let mail = mail::Model {
        id: Uuid::now_v7(),
        user_id: row.user_id,
        job_id: Some(row.id),
        kind: mail::Kind::Completed,
        channel: mail::Channel::Mail,
        recipient: String::new(),
        facts: json!({}),
        state: mail::State::Skipped,
        fence: 0,
        worker: None,
        lease_until: None,
        attempts: 0,
        failures: 0,
        doubts: 0,
        attempted_at: None,
        run_after: 0,
        message_id: None,
        error: Some("there is no mail address in the settings".to_owned()),
        created_at: now(),
        sent_at: None,
    };
    mail.into_active_model()
        .insert(application.platform.database.connection())
        .await
        .expect("a mail");
    let document = "query Q($id: ID!) { node(id: $id) { ... on Job { notifications { kind channel state sentAt error } } } }";
    let variables = json!({ "id": id("job", row.id) });
    let seen = application
        .graphql(&application.ann, document, variables.clone())
        .await;
    let expected = json!([{
        "kind": "COMPLETED", "channel": "MAIL", "state": "SKIPPED", "sentAt": null,
        "error": "there is no mail address in the settings",
    }]);
    assert_eq!(seen["data"]["node"]["notifications"], expected, "{seen:#}");
    let other = application.graphql(&application.bob, document, variables).await;
    assert_eq!(other["data"]["node"], Value::Null);
}

#[test]
fn links_in_mails_carry_the_ids_that_clients_know() {
    let key = Uuid::now_v7();
    assert_eq!(platform::links::public_id("job", key), id("job", key));
    let link = platform::links::job("https://a.example", key);
    assert!(link.ends_with(&format!("/jobs/{}", id("job", key))), "{link}");
}
