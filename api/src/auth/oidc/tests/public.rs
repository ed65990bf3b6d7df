//! What everybody may know, and what a browser and a socket see of it, through the whole router.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::{SinkExt, StreamExt};
use http_body_util::BodyExt;
use platform::settings::IssuerKind;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tower::ServiceExt;

use super::issuer::{DISCOVERY, Issuer, Page};
use super::people::{House, claims, now, open_to};
use crate::auth::jwt::forge::Signer;

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

fn graphql(token: &str, query: &str) -> Request<Body> {
    Request::post("/graphql")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap()
}

#[tokio::test]
async fn a_token_opens_the_api_and_a_bad_one_says_nothing() {
    let (signer, attacker) = (Signer::p256("k"), Signer::p256("k"));
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let router = crate::router(house.state.clone());
    let claims = claims(&issuer, "ada", json!({ "name": "Ada" }));
    let (status, answer) = send(&router, graphql(&signer.token(&claims), "{ viewer { name } }")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["data"]["viewer"]["name"], "Ada");
    let mut answers = Vec::new();
    for token in [&attacker.token(&claims), "nonsense", "a.b.c"] {
        let (status, mut answer) = send(&router, graphql(token, "{ viewer { name } }")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token}");
        answer["errors"][0]["extensions"]["requestId"].take();
        answers.push(answer);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn everybody_may_know_where_to_sign_in() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let mut silent = open_to(&issuer, IssuerKind::Generic);
    silent.issuer = "http://127.0.0.1:9/pool".to_owned();
    silent.name = Some("The silent one".to_owned());
    silent.scopes.push("automl/use".to_owned());
    let mut scripts_only = open_to(&issuer, IssuerKind::Generic);
    scripts_only.issuer = "http://127.0.0.1:9/scripts".to_owned();
    scripts_only.client_ids.clear();
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic), silent, scripts_only]).await;
    let router = crate::router(house.state.clone());
    let (status, answer) = send(&router, Request::get("/v1/identity").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let expected = json!([
        {
            "issuer": issuer.name, "name": null, "clientId": "web", "scopes": ["openid"], "audience": "automl",
            "redirectUri": "https://automl.example/sign-in/return",
            "authorizationEndpoint": issuer.address("/pool/authorize"), "tokenEndpoint": issuer.address("/pool/token"),
            "endSessionEndpoint": null,
        },
        {
            "issuer": "http://127.0.0.1:9/pool", "name": "The silent one", "clientId": "web",
            "redirectUri": "https://automl.example/sign-in/return",
            // A scope names the audience: it is not asked for twice.
            "scopes": ["openid", "automl/use"], "audience": null,
            "authorizationEndpoint": null, "tokenEndpoint": null, "endSessionEndpoint": null,
        },
    ]);
    assert_eq!(answer["identityProviders"], expected);
    let token = signer.token(&claims(&issuer, "ada", json!({})));
    let query = "{ serverInfo { identityProviders { issuer name clientId redirectUri scopes audience \
                 authorizationEndpoint tokenEndpoint endSessionEndpoint } } }";
    let (_, answer) = send(&router, graphql(&token, query)).await;
    assert_eq!(answer["data"]["serverInfo"]["identityProviders"], expected);
}

#[tokio::test]
async fn a_page_is_sent_to_no_script() {
    let signer = Signer::p256("k");
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://id.example.com/authorize",
        "//id.example.com",
    ] {
        let issuer = Issuer::start(&[&signer]).await;
        let mut document = issuer.document();
        document["authorization_endpoint"] = bad.into();
        issuer.set(DISCOVERY, Page::new(document));
        let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
        let facts = house.state.issuers.sign_in_facts(now()).await;
        assert_eq!(facts[0].authorization_endpoint, None, "{bad}");
        assert!(facts[0].token_endpoint.is_some());
    }
}

/// The code that a socket is closed with, which says that it is open first.
async fn closed_with(router: Router, token: &str) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let init = json!({ "type": "connection_init", "payload": { "token": token } });
    socket.send(Message::text(init.to_string())).await.unwrap();
    let mut acknowledged = false;
    while let Some(message) = socket.next().await {
        match message.unwrap() {
            Message::Text(text) => acknowledged |= text.contains("connection_ack"),
            Message::Close(frame) => {
                assert!(acknowledged, "it was open before");
                return frame.unwrap().code.into();
            }
            _ => {}
        }
    }
    panic!("it was not closed");
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let signer = Signer::p256("k");
    let issuer = Issuer::start(&[&signer]).await;
    let house = House::of(vec![open_to(&issuer, IssuerKind::Generic)]).await;
    let exp = now().timestamp() + 3;
    let token = signer.token(&claims(&issuer, "ada", json!({ "exp": exp })));
    assert_eq!(
        closed_with(crate::router(house.state.clone()), &token).await,
        4403
    );
    let late_ms = now().timestamp_millis() - exp * 1000;
    assert!(
        (0..1500).contains(&late_ms),
        "it was closed {late_ms} ms after its token's end"
    );
}
