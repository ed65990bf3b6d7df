//! The door: what nobody in particular may ask, that answers tell nobody who has an account, and that guessing is slow.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::{Value, json};

use crate::accounts::{OTHER, PASSWORD, account, ask, open_server, send, sign_in};
use crate::setup::Application;

const SIGN_IN: &str = "signIn(input: { email: \"ada@example.com\", password: \"another stork bakery\" })";

#[tokio::test]
async fn nothing_else_is_answered_to_nobody() {
    let application = open_server().await;
    let errors = "{ userErrors { code } }";
    let documents = [
        "{ __typename }".to_owned(),
        "{ serverInfo { version } }".to_owned(),
        "{ __schema { queryType { name } } }".to_owned(),
        "mutation { __typename }".to_owned(),
        format!("mutation {{ {SIGN_IN} {errors} cancelJob(input: {{ id: \"x\" }}) {errors} }}"),
        format!(
            "mutation {{ {SIGN_IN} {errors} ...F }} fragment F on Mutation {{ cancelJob(input: {{ id: \"x\" }}) {errors} }}"
        ),
        format!("mutation {{ signIn: cancelJob(input: {{ id: \"x\" }}) {errors} }}"),
        format!("mutation {{ {SIGN_IN} {{ query {{ viewer {{ id }} serverInfo {{ version }} }} }} }}"),
        format!(
            "mutation {{ {SIGN_IN} {{ ...P }} }} fragment P on SignInPayload {{ query {{ __typename }} }}"
        ),
        format!("mutation {{ {SIGN_IN} {{ accepted: query {{ __typename }} }} }}"),
        format!("mutation A {{ {SIGN_IN} {errors} }} mutation B {{ signOut(input: {{}}) {errors} }}"),
        "not graphql".to_owned(),
        String::new(),
    ];
    for header in [
        None,
        Some("Bearer nonsense"),
        Some("Bearer a.b.c"),
        Some("Basic eDp5"),
    ] {
        for document in &documents {
            let answer = send(&application, document, json!({}), header).await;
            assert_eq!(answer.status, 401, "{document} with {header:?}: {answer:?}");
            let body = answer.json();
            assert!(body.get("data").is_none(), "{document}: {body}");
            assert_eq!(
                body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
                "{document}"
            );
        }
    }
    // The same documents that are open, where they are not open: on GET.
    let path = "/graphql?query=mutation%7BsignIn(input%3A%7Bemail%3A%22x%22%2Cpassword%3A%22y%22%7D)%7BuserErrors%7Bcode%7D%7D%7D";
    let request = Request::get(path).header("graphql-require-preflight", "1");
    let answer = application.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
}

/// Every mutation of the schema, asked for by nobody: six run, and the others do not even say what they would need.
#[tokio::test]
async fn six_mutations_of_all_are_open() {
    let application = Application::start().await;
    let query = "{ __schema { mutationType { fields { name } } } }";
    let schema = application.graphql(&application.ann, query, json!({})).await;
    let fields = schema["data"]["__schema"]["mutationType"]["fields"]
        .as_array()
        .unwrap();
    let mut open = Vec::new();
    for field in fields {
        let name = field["name"].as_str().unwrap();
        let document = format!("mutation {{ {name}(input: {{}}) {{ __typename }} }}");
        let answer = send(&application, &document, json!({}), None).await;
        if answer.status != 401 {
            open.push(name.to_owned());
        }
    }
    open.sort();
    let expected = [
        "refreshSession",
        "requestPasswordReset",
        "resetPassword",
        "signIn",
        "signInWithCode",
        "signUp",
        "verifyEmail",
    ];
    assert_eq!(open, expected);
    assert!(fields.len() > 20, "{}", fields.len());
}

#[tokio::test]
async fn an_old_token_keeps_nobody_from_coming_in() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let document = format!(
        "mutation {{ signIn(input: {{ email: \"ada@example.com\", password: \"{PASSWORD}\" }}) {{ tokens {{ accessToken }} }} }}"
    );
    for header in ["Bearer expired", "Bearer a.b.c"] {
        let answer = send(&application, &document, json!({}), Some(header)).await;
        assert!(
            answer.json()["data"]["signIn"]["tokens"]["accessToken"].is_string(),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn answers_do_not_tell_who_has_an_account() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    ask(
        &application,
        "signUp",
        json!({ "email": "new@example.com", "password": PASSWORD, "name": "New" }),
    )
    .await;
    // Known, not confirmed, unknown: the same words, for the wrong password and for an unconfirmed account's right one.
    let known = sign_in(&application, "ada@example.com", OTHER).await;
    for (email, password) in [
        ("new@example.com", PASSWORD),
        ("new@example.com", OTHER),
        ("nobody@example.com", OTHER),
    ] {
        assert_eq!(sign_in(&application, email, password).await, known, "{email}");
    }
    assert_eq!(known["userErrors"][0]["code"], "CREDENTIALS_WRONG");
    for name in ["requestPasswordReset", "signUp"] {
        let input = |email: &str| match name {
            "signUp" => json!({ "email": email, "password": PASSWORD, "name": "Eve" }),
            _ => json!({ "email": email }),
        };
        let known = ask(&application, name, input("ada@example.com")).await;
        let unknown = ask(&application, name, input("nobody@example.com")).await;
        assert_eq!(known, unknown, "{name}");
        assert_eq!(known["accepted"], true);
    }
}

#[tokio::test]
async fn guessing_is_answered_slowly_whether_there_is_an_account_or_not() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    for email in ["ada@example.com", "nobody@example.com"] {
        let field = |alias: usize| {
            format!(
                "a{alias}: signIn(input: {{ email: \"{email}\", password: \"{OTHER}\" }}) {{ userErrors {{ code }} }}"
            )
        };
        // One request with eight aliases is eight attempts.
        let all: String = (0..8).map(field).collect();
        let answer = send(&application, &format!("mutation {{ {all} }}"), json!({}), None).await;
        let data = answer.json()["data"].clone();
        let codes: Vec<&str> = (0..8)
            .map(|alias| {
                data[format!("a{alias}")]["userErrors"][0]["code"]
                    .as_str()
                    .unwrap()
            })
            .collect();
        let count = |code: &str| codes.iter().filter(|found| **found == code).count();
        assert_eq!(
            (count("CREDENTIALS_WRONG"), count("RATE_LIMITED")),
            (5, 3),
            "{email}: {codes:?}"
        );
        // Not even the right password, until the pause is over.
        let right = sign_in(&application, email, PASSWORD).await;
        assert_eq!(right["userErrors"][0]["code"], "RATE_LIMITED");
        let message = right["userErrors"][0]["message"].as_str().unwrap();
        assert!(
            message.starts_with("Too many attempts. Try again in "),
            "{message}"
        );
    }
}

#[tokio::test]
async fn one_address_does_not_try_many_accounts() {
    let application = Application::start().await;
    let peer: SocketAddr = "192.0.2.7:1234".parse().unwrap();
    let attempt = async |number: usize, peer: SocketAddr| {
        let query = format!(
            "mutation {{ signIn(input: {{ email: \"{number}@example.com\", password: \"x\" }}) {{ userErrors {{ code }} }} }}"
        );
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            // Nobody's proxy wrote this.
            .header("x-forwarded-for", format!("198.51.100.{number}"))
            .body(Body::from(json!({ "query": query }).to_string()))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        application.send(request).await.json()["data"]["signIn"]["userErrors"][0]["code"].clone()
    };
    for number in 0..20 {
        assert_eq!(attempt(number, peer).await, "CREDENTIALS_WRONG", "{number}");
    }
    assert_eq!(attempt(20, peer).await, "RATE_LIMITED");
    assert_eq!(
        attempt(21, "192.0.2.8:1".parse().unwrap()).await,
        "CREDENTIALS_WRONG"
    );
}

#[tokio::test]
async fn nobody_s_mailbox_is_filled() {
    let application = open_server().await;
    account(&application, "ada@example.com").await;
    let codes = async |name: &str, input: Value| {
        ask(&application, name, input).await["userErrors"][0]["code"].clone()
    };
    // The sign-up was the first mail; the third one ends what is free.
    for expected in [json!(null), json!(null), json!("RATE_LIMITED")] {
        assert_eq!(
            codes("requestPasswordReset", json!({ "email": "ada@example.com" })).await,
            expected
        );
    }
    let input = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Eve" });
    assert_eq!(codes("signUp", input).await, "RATE_LIMITED");
    assert_eq!(
        codes("requestPasswordReset", json!({ "email": "bob@example.com" })).await,
        json!(null)
    );
}
