//! Sessions through HTTP and WebSocket: how they go on, and how soon they are over everywhere.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::{session, token, user};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::accounts::{account, ask, change, open_server, signed_in, viewer_name};
use crate::setup::{Application, Person, give_token, now};
use crate::websocket::Socket;

async fn refresh(application: &Application, token: &Value) -> Value {
    ask(application, "refreshSession", json!({ "refreshToken": token })).await
}

/// The one session of the database.
async fn only_session(application: &Application) -> session::Model {
    let rows = session::Entity::find()
        .all(application.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

async fn socket(application: &Application, person: &Person) -> Socket {
    let mut socket = Socket::bare(application).await;
    socket
        .send(json!({ "type": "connection_init", "payload": { "token": person.token } }))
        .await;
    assert_eq!(socket.message().await, json!({ "type": "connection_ack" }));
    socket
}

#[tokio::test]
async fn a_session_goes_on_and_ends_when_a_spent_token_comes() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (ada, first) = signed_in(&application, "ada@example.com").await;
    assert_eq!(viewer_name(&application, &ada).await, "Ada");
    let second = refresh(&application, &first["refreshToken"]).await["tokens"].clone();
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    let third = refresh(&application, &second["refreshToken"]).await["tokens"].clone();
    let again = Person {
        token: third["accessToken"].as_str().unwrap().to_owned(),
        ..ada.clone()
    };
    assert_eq!(viewer_name(&application, &again).await, "Ada");
    let stolen = refresh(&application, &first["refreshToken"]).await;
    assert_eq!(stolen["userErrors"][0]["code"], "SESSION_OVER");
    let over = refresh(&application, &third["refreshToken"]).await;
    assert_eq!(over["userErrors"][0]["code"], "SESSION_OVER");
    is_out_within(&application, &again, Duration::from_secs(6)).await;
    for nonsense in [json!(""), json!("x"), json!("x".repeat(10_000)), json!(ada.token)] {
        assert_eq!(
            refresh(&application, &nonsense).await["userErrors"][0]["code"],
            "SESSION_OVER"
        );
    }
}

async fn is_out_within(application: &Application, person: &Person, limit: Duration) {
    let began = Instant::now();
    while viewer_name(application, person).await != Value::Null {
        assert!(began.elapsed() < limit, "still in after {limit:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_suspended_person_is_out_within_five_seconds() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (ada, tokens) = signed_in(&application, "ada@example.com").await;
    let id = only_session(&application).await.user_id;
    give_token(&application.platform, id, token::Kind::Api, "of-a-script", None).await;
    let script = Person {
        id,
        token: "of-a-script".to_owned(),
    };
    assert_eq!(viewer_name(&application, &ada).await, "Ada");
    assert_eq!(viewer_name(&application, &script).await, "Ada");
    let mut open = socket(&application, &ada).await;
    let connection = application.platform.database.connection();
    let row = user::Entity::find_by_id(id)
        .one(connection)
        .await
        .unwrap()
        .unwrap();
    let mut row = row.into_active_model();
    row.suspended_at = Set(Some(now()));
    row.update(connection).await.unwrap();
    is_out_within(&application, &script, Duration::from_secs(6)).await;
    is_out_within(&application, &ada, Duration::from_secs(6)).await;
    let began = Instant::now();
    assert_eq!(open.close_code().await, 4403);
    assert!(began.elapsed() < Duration::from_secs(6));
    assert_eq!(
        refresh(&application, &tokens["refreshToken"]).await["userErrors"][0]["code"],
        "SESSION_OVER"
    );
    let back = crate::accounts::sign_in(&application, "ada@example.com", crate::accounts::PASSWORD).await;
    assert_eq!(back["userErrors"][0]["code"], "CREDENTIALS_WRONG");
}

#[tokio::test]
async fn signing_out_is_at_once_and_closes_sockets() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (one, _) = signed_in(&application, "ada@example.com").await;
    let (two, _) = signed_in(&application, "ada@example.com").await;
    let mut open = socket(&application, &one).await;
    assert_eq!(viewer_name(&application, &two).await, "Ada");
    let ended = change(&application, &one, "signOut", json!({}), "endedCount").await;
    assert_eq!(ended["endedCount"], 1);
    assert_eq!(viewer_name(&application, &one).await, Value::Null);
    assert_eq!(viewer_name(&application, &two).await, "Ada");
    let began = Instant::now();
    assert_eq!(open.close_code().await, 4403);
    assert!(began.elapsed() < Duration::from_secs(6));
    let (three, _) = signed_in(&application, "ada@example.com").await;
    let ended = change(
        &application,
        &three,
        "signOut",
        json!({ "everywhere": true }),
        "endedCount",
    )
    .await;
    assert_eq!(ended["endedCount"], 2);
    for person in [&two, &three] {
        assert_eq!(viewer_name(&application, person).await, Value::Null);
    }
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (_, tokens) = signed_in(&application, "ada@example.com").await;
    // The session's last token is shorter than the others.
    let connection = application.platform.database.connection();
    let mut row = only_session(&application).await.into_active_model();
    row.ends_at = Set(now() + chrono::Duration::seconds(3));
    row.update(connection).await.unwrap();
    let tokens = refresh(&application, &tokens["refreshToken"]).await["tokens"].clone();
    let short = Person {
        id: uuid::Uuid::nil(),
        token: tokens["accessToken"].as_str().unwrap().to_owned(),
    };
    let mut open = socket(&application, &short).await;
    let began = Instant::now();
    assert_eq!(open.close_code().await, 4403);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (one, _) = signed_in(&application, "ada@example.com").await;
    let (two, _) = signed_in(&application, "ada@example.com").await;
    let list = "{ viewer { sessions { id isCurrent client createdAt expiresAt } } }";
    let seen = application.graphql(&one, list, json!({})).await;
    let sessions = seen["data"]["viewer"]["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2, "{seen}");
    let other = sessions
        .iter()
        .find(|session| session["isCurrent"] == false)
        .unwrap();
    // Somebody else's is not there.
    let input = json!({ "id": other["id"] });
    let refused = change(
        &application,
        &application.bob,
        "endSession",
        input.clone(),
        "endedId",
    )
    .await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(viewer_name(&application, &two).await, "Ada");
    let ended = change(&application, &one, "endSession", input.clone(), "endedId").await;
    assert_eq!(ended["endedId"], other["id"]);
    assert_eq!(viewer_name(&application, &two).await, Value::Null);
    let again = change(&application, &one, "endSession", input, "endedId").await;
    assert_eq!(again["userErrors"][0]["code"], "NOT_FOUND");
    let seen = application.graphql(&one, list, json!({})).await;
    assert_eq!(seen["data"]["viewer"]["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_by_a_link_is_one_like_any() {
    let application = Application::start().await;
    let ann = &application.ann;
    let once = now() + chrono::Duration::hours(1);
    give_token(
        &application.platform,
        ann.id,
        token::Kind::OneTime,
        "once",
        Some(once),
    )
    .await;
    let request = Request::post("/v1/session")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "token": "once" }).to_string()))
        .unwrap();
    let session = application.send(request).await.json();
    let browser = Person {
        id: ann.id,
        token: session["token"].as_str().unwrap().to_owned(),
    };
    let list = "{ viewer { sessions { isCurrent refreshedAt } } }";
    let seen = application.graphql(&browser, list, json!({})).await;
    assert_eq!(
        seen["data"]["viewer"]["sessions"],
        json!([{ "isCurrent": true, "refreshedAt": null }])
    );
    let ended = change(&application, &browser, "signOut", json!({}), "endedCount").await;
    assert_eq!(ended["endedCount"], 1);
    assert_eq!(viewer_name(&application, &browser).await, Value::Null);
    assert_eq!(viewer_name(&application, ann).await, "Ann");
}

#[tokio::test]
async fn the_public_keys_are_there_for_everybody() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (ada, _) = signed_in(&application, "ada@example.com").await;
    let request = Request::get("/.well-known/jwks.json")
        .body(Body::empty())
        .unwrap();
    let answer = application.send(request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let keys = answer.json();
    let head = ada.token.split('.').next().unwrap();
    let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    assert_eq!(head["alg"], "ES256");
    assert_eq!(keys["keys"][0]["kid"], head["kid"]);
    let mut names: Vec<&String> = keys["keys"][0].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    // A token whose session never was, signed by us or not, is nobody's.
    let parts: Vec<&str> = ada.token.split('.').collect();
    for forged in [
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode([1_u8; 64])),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}", ada.token, parts[2]),
    ] {
        let person = Person {
            token: forged,
            ..ada.clone()
        };
        let answer = application.graphql(&person, "{ __typename }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn processes_side_by_side_know_the_same_people() {
    let application = open_server().await;
    let other = application.beside();
    account(&application, "ada@example.com").await;
    let (ada, tokens) = signed_in(&application, "ada@example.com").await;
    // Signed by one, verified by the other, refreshed by either.
    assert_eq!(viewer_name(&other, &ada).await, "Ada");
    let next = refresh(&other, &tokens["refreshToken"]).await["tokens"].clone();
    let next = refresh(&application, &next["refreshToken"]).await["tokens"].clone();
    assert!(next["accessToken"].is_string(), "{next}");
    let ended = change(&application, &ada, "signOut", json!({}), "endedCount").await;
    assert_eq!(ended["endedCount"], 1);
    assert_eq!(viewer_name(&application, &ada).await, Value::Null);
    is_out_within(&other, &ada, Duration::from_secs(6)).await;
    // Wrong passwords are counted for both together.
    for number in 0..5 {
        let at = if number % 2 == 0 { &application } else { &other };
        let refused = crate::accounts::sign_in(at, "ada@example.com", "another stork bakery").await;
        assert_eq!(refused["userErrors"][0]["code"], "CREDENTIALS_WRONG", "{number}");
    }
    let refused = crate::accounts::sign_in(&other, "ada@example.com", crate::accounts::PASSWORD).await;
    assert_eq!(refused["userErrors"][0]["code"], "RATE_LIMITED");
}
