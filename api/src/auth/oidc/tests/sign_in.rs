//! From a code to a session of our own: who gets one, for how long, and what everybody else is told.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use entities::audit_entry::{self, Action};
use entities::session;
use http_body_util::BodyExt;
use platform::settings::{self, IssuerKind, IssuerSignUp};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::issuer::{DISCOVERY, Issuer, Page, TOKENS};
use super::people::{House, claims, now, open_to};
use crate::auth::jwt::forge::Signer;
use crate::auth::{Origin, session_of};

const NONCE: &str = "the nonce of the sign-in";
const RETURN: &str = "https://automl.example/sign-in/return";

/// What a browser that does everything right sends.
fn input(issuer: &Issuer) -> Value {
    json!({
        "issuer": issuer.name, "code": "a code", "codeVerifier": "v".repeat(43), "redirectUri": RETURN, "nonce": NONCE,
    })
}

/// What the issuer answers: tokens of ada, changed.
#[expect(clippy::needless_pass_by_value, reason = "it is always made on the spot")]
fn answer(signer: &Signer, issuer: &Issuer, access: Value, identity: Value) -> Value {
    let mut about = claims(
        issuer,
        "ada",
        json!({ "aud": "web", "nonce": NONCE, "at_hash": "x" }),
    );
    for (name, value) in identity.as_object().unwrap() {
        about[name] = value.clone();
    }
    json!({
        "access_token": signer.token(&claims(issuer, "ada", access)), "token_type": "Bearer", "expires_in": 600,
        "id_token": signer.token(&about),
    })
}

async fn sign_in(router: &Router, input: &Value) -> Value {
    let query = "mutation M($input: SignInWithCodeInput!) { signInWithCode(input: $input) { \
                 tokens { accessToken refreshToken refreshTokenExpiresAt } userErrors { code field message } } }";
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("user-agent", "a browser")
        .body(Body::from(
            json!({ "query": query, "variables": { "input": input } }).to_string(),
        ))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["signInWithCode"].clone()
}

/// The code that a sign-in is refused with.
async fn refused(router: &Router, input: &Value) -> String {
    let payload = sign_in(router, input).await;
    assert!(payload["tokens"].is_null(), "{payload}");
    payload["userErrors"][0]["code"].as_str().unwrap().to_owned()
}

struct Door {
    issuer: Issuer,
    signer: Signer,
    house: House,
    router: Router,
}

impl Door {
    async fn open(change: impl FnOnce(&mut settings::Issuer)) -> Self {
        let signer = Signer::p256("k");
        let issuer = Issuer::start(&[&signer]).await;
        let mut settings = open_to(&issuer, IssuerKind::Generic);
        change(&mut settings);
        let house = House::of(vec![settings]).await;
        let router = crate::router(house.state.clone());
        Self {
            issuer,
            signer,
            house,
            router,
        }
    }

    fn gives(&self, access: Value, identity: Value) {
        let answer = answer(&self.signer, &self.issuer, access, identity);
        self.issuer.set(TOKENS, Page::new(answer));
    }

    async fn sessions(&self) -> Vec<session::Model> {
        let rows = session::Entity::find().order_by_asc(session::Column::Id);
        rows.all(self.house.state.platform.database.connection())
            .await
            .unwrap()
    }

    /// What the audit log has of sign-ins, the newest last.
    async fn recorded(&self) -> Vec<audit_entry::Model> {
        let rows = audit_entry::Entity::find()
            .order_by_asc(audit_entry::Column::Number)
            .all(self.house.state.platform.database.connection())
            .await
            .unwrap();
        let names =
            [Action::SignedIn, Action::SignInFailed].map(|action| sea_orm::ActiveEnum::to_value(&action));
        rows.into_iter()
            .filter(|row| names.contains(&row.action))
            .collect()
    }
}

#[tokio::test]
async fn a_code_becomes_a_session_that_ends_after_the_issuer_s_hours() {
    let door = Door::open(|settings| settings.session_life = TimeDelta::hours(3)).await;
    door.gives(json!({ "groups": ["admins"] }), json!({}));
    let before = now();
    let payload = sign_in(&door.router, &input(&door.issuer)).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    let token = payload["tokens"]["accessToken"].as_str().unwrap();
    let session = session_of(&door.house.state, token).await.unwrap();
    assert!(matches!(session.origin, Origin::Session(_)), "it is ours");
    assert_eq!(session.viewer.role, entities::user::Role::Admin);
    let rows = door.sessions().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].agent.as_deref(), Some("a browser"));
    assert_eq!(rows[0].expires_at, rows[0].ends_at);
    let late = rows[0].ends_at - (before + TimeDelta::hours(3));
    assert!((0..10).contains(&late.num_seconds()), "{late}");
    let form = door.issuer.sent();
    for part in [
        "grant_type=authorization_code",
        "code=a+code",
        "client_id=web",
        "redirect_uri=https%3A%2F%2Fautoml.example%2Fsign-in%2Freturn",
    ] {
        assert!(form.contains(part), "{form}");
    }
    assert!(
        !form.contains("resource="),
        "an audience that is no address: {form}"
    );
    let recorded = door.recorded().await;
    assert_eq!(recorded.len(), 1);
    assert_eq!(recorded[0].actor_id, Some(session.viewer.user_id));
    assert!(recorded[0].after.as_ref().unwrap().contains(&door.issuer.name));
}

#[tokio::test]
async fn the_second_sign_in_is_the_same_person_s_and_an_identity_token_may_be_missing() {
    let door =
        Door::open(|settings| settings.audiences = vec!["https://automl.example.com".to_owned()]).await;
    let aud = json!({ "aud": "https://automl.example.com" });
    door.gives(aud.clone(), json!({}));
    sign_in(&door.router, &input(&door.issuer)).await;
    assert!(
        door.issuer
            .sent()
            .contains("resource=https%3A%2F%2Fautoml.example.com")
    );
    let mut bare = answer(&door.signer, &door.issuer, aud, json!({}));
    bare.as_object_mut().unwrap().remove("id_token");
    door.issuer.set(TOKENS, Page::new(bare));
    let payload = sign_in(&door.router, &input(&door.issuer)).await;
    assert!(payload["tokens"].is_object(), "{payload}");
    assert_eq!((door.house.people().await, door.sessions().await.len()), (1, 2));
}

#[tokio::test]
async fn what_is_not_of_this_sign_in_is_not_sent_anywhere() {
    let door = Door::open(|_| {}).await;
    door.gives(json!({}), json!({}));
    for (name, value, code) in [
        ("issuer", json!("https://id.example.com"), "ISSUER_UNKNOWN"),
        (
            "issuer",
            json!(format!("{}/", door.issuer.name)),
            "ISSUER_UNKNOWN",
        ),
        (
            "redirectUri",
            json!("https://evil.example/sign-in/return"),
            "REDIRECT_URI_INVALID",
        ),
        ("redirectUri", json!(format!("{RETURN}/")), "REDIRECT_URI_INVALID"),
        ("codeVerifier", json!("v".repeat(42)), "CODE_INVALID"),
        ("codeVerifier", json!("v v".repeat(20)), "CODE_INVALID"),
        ("code", json!(""), "CODE_INVALID"),
        ("code", json!("c".repeat(5000)), "CODE_INVALID"),
        ("code", json!("a\r\nb"), "CODE_INVALID"),
        ("nonce", json!(""), "NONCE_INVALID"),
    ] {
        let mut input = input(&door.issuer);
        input[name] = value.clone();
        assert_eq!(refused(&door.router, &input).await, code, "{name}: {value}");
    }
    assert_eq!(door.issuer.asked(TOKENS), 0);
    assert_eq!((door.house.people().await, door.recorded().await.len()), (0, 0));
}

#[tokio::test]
async fn tokens_that_are_not_as_expected_make_no_account() {
    let door = Door::open(|_| {}).await;
    for (access, identity, code) in [
        (json!({ "aud": "web" }), json!({}), "ISSUER_MISCONFIGURED"),
        (json!({ "azp": "other" }), json!({}), "ISSUER_MISCONFIGURED"),
        (
            json!({ "exp": now().timestamp() - 61 }),
            json!({}),
            "ISSUER_MISCONFIGURED",
        ),
        (
            json!({ "iss": "https://id.example.com" }),
            json!({}),
            "ISSUER_MISCONFIGURED",
        ),
        (
            json!({}),
            json!({ "nonce": "of another sign-in" }),
            "NONCE_INVALID",
        ),
        (json!({}), json!({ "nonce": null }), "ISSUER_MISCONFIGURED"),
        (json!({}), json!({ "aud": "automl" }), "ISSUER_MISCONFIGURED"),
    ] {
        door.gives(access.clone(), identity.clone());
        let found = refused(&door.router, &input(&door.issuer)).await;
        assert_eq!(found, code, "{access} {identity}");
    }
    let attacker = Signer::p256("k");
    let mut forged = answer(&door.signer, &door.issuer, json!({}), json!({}));
    forged["id_token"] = answer(&attacker, &door.issuer, json!({}), json!({}))["id_token"].clone();
    door.issuer.set(TOKENS, Page::new(forged));
    assert_eq!(
        refused(&door.router, &input(&door.issuer)).await,
        "ISSUER_MISCONFIGURED"
    );
    assert_eq!((door.house.people().await, door.sessions().await.len()), (0, 0));
    let recorded = door.recorded().await;
    assert_eq!(recorded.len(), 8, "each of them is recorded");
    assert!(recorded.iter().all(|entry| entry.actor_id.is_none()));
}

#[tokio::test]
async fn what_the_issuer_says_is_told_in_our_words() {
    let door = Door::open(|_| {}).await;
    for (status, body, code) in [
        (
            400,
            json!({ "error": "invalid_grant", "error_description": "<b>raw</b>" }).to_string(),
            "CODE_INVALID",
        ),
        (
            401,
            json!({ "error": "invalid_client" }).to_string(),
            "ISSUER_MISCONFIGURED",
        ),
        (502, "<b>raw</b>".to_owned(), "ISSUER_UNAVAILABLE"),
        (302, String::new(), "ISSUER_MISCONFIGURED"),
        (200, "<b>raw</b>".to_owned(), "ISSUER_MISCONFIGURED"),
        (200, "x".repeat(70_000), "ISSUER_UNAVAILABLE"),
    ] {
        let mut page = Page::new(body);
        page.status = status;
        door.issuer.set(TOKENS, page);
        let payload = sign_in(&door.router, &input(&door.issuer)).await;
        assert_eq!(payload["userErrors"][0]["code"], code, "{status}");
        assert!(!payload.to_string().contains("raw"), "{payload}");
    }
    assert_eq!(
        door.recorded().await.len(),
        1,
        "a code that is not taken was a try to come in"
    );
    let mut document = door.issuer.document();
    document.as_object_mut().unwrap().remove("token_endpoint");
    let other = Issuer::start(&[&door.signer]).await;
    document["issuer"] = other.name.clone().into();
    other.set(DISCOVERY, Page::new(document));
    let house = House::of(vec![open_to(&other, IssuerKind::Generic)]).await;
    let router = crate::router(house.state.clone());
    assert_eq!(refused(&router, &input(&other)).await, "ISSUER_UNAVAILABLE");
}

#[tokio::test]
async fn who_may_not_come_in_is_told_so() {
    let door = Door::open(|settings| settings.sign_up = IssuerSignUp::Closed).await;
    door.gives(json!({}), json!({}));
    assert_eq!(refused(&door.router, &input(&door.issuer)).await, "NO_ACCOUNT");
    assert_eq!(door.house.people().await, 0);

    let door = Door::open(|_| {}).await;
    door.gives(json!({}), json!({}));
    let payload = sign_in(&door.router, &input(&door.issuer)).await;
    let token = payload["tokens"]["accessToken"].as_str().unwrap();
    let session = session_of(&door.house.state, token).await.unwrap();
    let mut person = door.house.person(&session).await.into_active_model();
    person.suspended_at = Set(Some(now()));
    person
        .update(door.house.state.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(
        refused(&door.router, &input(&door.issuer)).await,
        "ACCOUNT_SUSPENDED"
    );
    let recorded = door.recorded().await;
    let person = session.viewer.user_id.to_string();
    assert_eq!(
        recorded.last().unwrap().subject_id.as_deref(),
        Some(person.as_str())
    );
}
