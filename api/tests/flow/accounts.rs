//! Accounts through HTTP: what is shared by their tests, and the way from a sign-up to a session.

use axum::body::Body;
use axum::http::Request;
use entities::mail::{self, AccountFacts};
use platform::accounts::proofs::Proofs;
use platform::settings::SignUp;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::setup::{Answer, Application, Person};

pub const PASSWORD: &str = "correct stork bakery";
pub const OTHER: &str = "another stork bakery";
const TOKENS: &str = "tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }";

/// A server where people may sign up.
pub async fn open_server() -> Application {
    Application::start_with(|settings| settings.sign_up = SignUp::Open).await
}

/// Sends a document without a token, or with whatever stands in the header.
pub async fn send(application: &Application, query: &str, variables: Value, header: Option<&str>) -> Answer {
    let body = json!({ "query": query, "variables": variables });
    let mut request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .header("user-agent", "a test");
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    let request = request.body(Body::from(body.to_string())).expect("a request");
    application.send(request).await
}

/// One of the mutations that need no token, with what it answers below its name.
pub async fn ask(application: &Application, name: &str, input: Value) -> Value {
    let selection = match name {
        "signIn" | "refreshSession" => TOKENS,
        "resetPassword" => "changed",
        "verifyEmail" => "verified",
        _ => "accepted",
    };
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation M($input: {type_name}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message field }} }} }}"
    );
    let answer = send(application, &query, json!({ "input": input }), None).await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    answer.json()["data"][name].clone()
}

/// As [`ask`], for somebody.
pub async fn change(
    application: &Application,
    person: &Person,
    name: &str,
    input: Value,
    selection: &str,
) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation M($input: {type_name}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field }} }} }}"
    );
    let answer = application
        .graphql(person, &query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{name}: {answer}");
    answer["data"][name].clone()
}

/// The token of the last mail, as its reader finds it.
pub async fn mailed_token(application: &Application) -> (mail::Kind, String) {
    let connection = application.platform.database.connection();
    let rows = mail::Entity::find().order_by_desc(mail::Column::Id);
    let row = rows.one(connection).await.unwrap().expect("a mail");
    let facts: AccountFacts = serde_json::from_value(row.facts).unwrap();
    let proofs = Proofs::open(&application.platform).await.unwrap();
    let token = facts.token_id.map(|id| proofs.token(id).expose().to_owned());
    (row.kind, token.unwrap_or_default())
}

/// An account that lets in.
pub async fn account(application: &Application, email: &str) {
    let input = json!({ "email": email, "password": PASSWORD, "name": "Ada" });
    let made = ask(application, "signUp", input).await;
    assert_eq!(made["accepted"], true, "{made}");
    let (_, token) = mailed_token(application).await;
    let verified = ask(application, "verifyEmail", json!({ "token": token })).await;
    assert_eq!(verified["verified"], true, "{verified}");
}

/// What keeps somebody signed in.
pub async fn sign_in(application: &Application, email: &str, password: &str) -> Value {
    ask(
        application,
        "signIn",
        json!({ "email": email, "password": password }),
    )
    .await
}

/// Somebody who has just signed in.
pub async fn signed_in(application: &Application, email: &str) -> (Person, Value) {
    let answer = sign_in(application, email, PASSWORD).await;
    let token = answer["tokens"]["accessToken"].as_str();
    let person = Person {
        id: uuid::Uuid::nil(),
        token: token.unwrap_or_else(|| panic!("{answer}")).to_owned(),
    };
    (person, answer["tokens"].clone())
}

pub async fn viewer_name(application: &Application, person: &Person) -> Value {
    let answer = application
        .graphql(person, "{ viewer { name } }", json!({}))
        .await;
    answer["data"]["viewer"]["name"].clone()
}

#[tokio::test]
async fn from_a_sign_up_to_a_session() {
    let application = open_server().await;
    account(&application, "Ada@example.com").await;
    let (ada, tokens) = signed_in(&application, "ada@example.com").await;
    let query = "{ viewer { name email emailVerifiedAt sessions { client isCurrent refreshedAt } } }";
    let seen = application.graphql(&ada, query, json!({})).await;
    let viewer = &seen["data"]["viewer"];
    assert_eq!(viewer["email"], "Ada@example.com");
    assert!(viewer["emailVerifiedAt"].is_string());
    assert_eq!(viewer["sessions"][0]["client"], "a test");
    assert_eq!(viewer["sessions"][0]["isCurrent"], true);
    let refresh = tokens["refreshToken"].as_str().unwrap();
    assert!(refresh.len() >= 43 && !refresh.contains('.'), "opaque");
    for secret in [refresh, &ada.token] {
        let rows = stored_text(&application).await;
        assert!(!rows.contains(secret), "a secret is stored");
    }
}

/// Every value of every table that holds something of accounts.
async fn stored_text(application: &Application) -> String {
    let connection = application.platform.database.connection();
    let tokens = entities::token::Entity::find().into_json().all(connection);
    let refresh = entities::refresh_token::Entity::find()
        .into_json()
        .all(connection);
    let mails = mail::Entity::find().into_json().all(connection);
    format!("{:?}{:?}{:?}", tokens.await, refresh.await, mails.await)
}

#[tokio::test]
async fn sign_up_is_closed_unless_it_is_opened() {
    let application = Application::start().await;
    let input = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    let refused = ask(&application, "signUp", input).await;
    assert_eq!(refused["userErrors"][0]["code"], "SIGN_UP_CLOSED");
    let input = json!({ "email": "ada@example.com", "password": PASSWORD });
    let refused = change(
        &application,
        &application.ann,
        "setPassword",
        input,
        "user { id }",
    )
    .await;
    assert_eq!(refused["userErrors"][0]["code"], "PASSWORDS_CLOSED");
}

#[tokio::test]
async fn the_owner_sets_a_password_and_changes_it() {
    let application = Application::start().await;
    make_admin(&application, &application.ann).await;
    let ann = &application.ann;
    let change =
        async |name: &str, input: Value| change(&application, ann, name, input, "user { email }").await;
    let code = |answer: &Value| {
        answer["userErrors"][0]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    for (email, password, expected) in [
        ("ann", PASSWORD, "EMAIL_INVALID"),
        ("ann@example.com", "short", "PASSWORD_TOO_SHORT"),
        ("ann@example.com", "password1234", "PASSWORD_TOO_COMMON"),
    ] {
        let refused = change("setPassword", json!({ "email": email, "password": password })).await;
        assert_eq!(code(&refused), expected);
    }
    let input = json!({ "email": "ann@example.net", "password": PASSWORD });
    assert_eq!(
        change("setPassword", input.clone()).await["user"]["email"],
        "ann@example.net"
    );
    assert_eq!(code(&change("setPassword", input).await), "PASSWORD_SET_ALREADY");
    // No mail has to come first.
    assert!(sign_in(&application, "ann@example.net", PASSWORD).await["tokens"].is_object());
    let input = json!({ "currentPassword": OTHER, "password": OTHER });
    assert_eq!(code(&change("updatePassword", input).await), "PASSWORD_WRONG");
    let input = json!({ "currentPassword": PASSWORD, "password": OTHER });
    assert_eq!(change("updatePassword", input).await["userErrors"], json!([]));
    assert!(sign_in(&application, "ann@example.net", OTHER).await["tokens"].is_object());
    assert!(sign_in(&application, "ann@example.net", PASSWORD).await["tokens"].is_null());
}

async fn make_admin(application: &Application, person: &Person) {
    use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
    let connection = application.platform.database.connection();
    let row = entities::user::Entity::find_by_id(person.id)
        .one(connection)
        .await;
    let mut row = row.unwrap().unwrap().into_active_model();
    row.role = Set(entities::user::Role::Admin);
    row.update(connection).await.unwrap();
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_mail() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let (before, tokens) = signed_in(&application, "ada@example.com").await;
    ask(
        &application,
        "requestPasswordReset",
        json!({ "email": "ADA@example.com" }),
    )
    .await;
    let (kind, token) = mailed_token(&application).await;
    assert_eq!(kind, mail::Kind::ResetPassword);
    let short = ask(
        &application,
        "resetPassword",
        json!({ "token": token, "password": "short" }),
    )
    .await;
    assert_eq!(short["userErrors"][0]["code"], "PASSWORD_TOO_SHORT");
    let input = json!({ "token": token, "password": OTHER });
    assert_eq!(
        ask(&application, "resetPassword", input.clone()).await["changed"],
        true
    );
    let again = ask(&application, "resetPassword", input).await;
    assert_eq!(again["userErrors"][0]["code"], "TOKEN_INVALID");
    assert!(sign_in(&application, "ada@example.com", OTHER).await["tokens"].is_object());
    // Every session is over, at once where it was ended.
    assert_eq!(viewer_name(&application, &before).await, Value::Null);
    let input = json!({ "refreshToken": tokens["refreshToken"] });
    assert_eq!(
        ask(&application, "refreshSession", input).await["userErrors"][0]["code"],
        "SESSION_OVER"
    );
}

#[tokio::test]
async fn mail_about_jobs_waits_for_the_proof_of_an_address_that_was_asked_for() {
    let application = Application::start().await;
    let ann = &application.ann;
    let update = async |email: &str| {
        let input = json!({ "email": email });
        change(
            &application,
            ann,
            "updateEmail",
            input,
            "user { emailVerifiedAt }",
        )
        .await
    };
    let request = "mutation { requestEmailVerification { user { email } userErrors { code } } }";
    let nothing = application.graphql(ann, request, json!({})).await;
    let errors = &nothing["data"]["requestEmailVerification"]["userErrors"];
    assert_eq!(errors[0]["code"], "NOTHING_TO_VERIFY");
    update("ann@example.com").await;
    let asked = application.graphql(ann, request, json!({})).await;
    assert_eq!(
        asked["data"]["requestEmailVerification"]["user"]["email"],
        "ann@example.com"
    );
    let (_, token) = mailed_token(&application).await;
    // The address was changed meanwhile: the old mail proves nothing.
    update("ann@example.net").await;
    let stale = ask(&application, "verifyEmail", json!({ "token": token })).await;
    assert_eq!(stale["userErrors"][0]["code"], "TOKEN_INVALID");
    application.graphql(ann, request, json!({})).await;
    let (_, token) = mailed_token(&application).await;
    assert_eq!(
        ask(&application, "verifyEmail", json!({ "token": token })).await["verified"],
        true
    );
    let seen = application
        .graphql(ann, "{ viewer { emailVerifiedAt } }", json!({}))
        .await;
    assert!(seen["data"]["viewer"]["emailVerifiedAt"].is_string());
}
