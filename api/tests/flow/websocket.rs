//! graphql-transport-ws: one test a row of the protocol.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::setup::Application;

/// One open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Opens a socket with these headers.
pub async fn open(address: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((stream, _)) => Ok(Socket(stream)),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

impl Socket {
    /// A socket that has not said anything.
    pub async fn bare(application: &Application) -> Self {
        open(application.listen().await, &[PROTOCOL])
            .await
            .expect("a socket")
    }

    /// A socket of Ann's, acknowledged.
    pub async fn of_ann(application: &Application) -> Self {
        let mut socket = Self::bare(application).await;
        socket
            .send(json!({ "type": "connection_init", "payload": { "token": application.ann.token } }))
            .await;
        assert_eq!(socket.message().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub async fn send(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .expect("it is open");
    }

    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload }))
            .await;
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        loop {
            match self.frame().await {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// The next message, or the code that the server closes with.
    pub async fn message_or_close(&mut self) -> Result<Value, u16> {
        loop {
            match self.frame().await {
                Message::Text(text) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Message::Close(frame) => return Err(frame.expect("a close frame has a code").code.into()),
                _ => {}
            }
        }
    }

    /// The code that the server closes with.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.frame().await {
                return frame.expect("a close frame has a code").code.into();
            }
        }
    }

    /// True when nothing but pings comes for a while.
    pub async fn is_quiet(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(300), self.message())
            .await
            .is_err()
    }

    async fn frame(&mut self) -> Message {
        let next = tokio::time::timeout(Duration::from_secs(30), self.0.next()).await;
        next.expect("in time").expect("it is open").expect("no error")
    }
}

#[tokio::test]
async fn the_subprotocol_and_the_origin_are_checked_at_the_upgrade() {
    let application = Application::start().await;
    let address = application.listen().await;
    assert_eq!(open(address, &[]).await.err(), Some(400));
    assert_eq!(
        open(address, &[("sec-websocket-protocol", "graphql-ws")])
            .await
            .err(),
        Some(400)
    );
    assert_eq!(
        open(address, &[PROTOCOL, ("origin", "http://evil.example")])
            .await
            .err(),
        Some(403)
    );
    assert_eq!(
        open(address, &[PROTOCOL, ("origin", "null")]).await.err(),
        Some(403)
    );
    assert!(
        open(address, &[PROTOCOL, ("origin", &format!("http://{address}"))])
            .await
            .is_ok()
    );
    assert!(open(address, &[PROTOCOL]).await.is_ok());
}

#[tokio::test]
async fn bad_tokens_close_with_4403() {
    let application = Application::start().await;
    let payloads = [
        json!({}),
        json!(null),
        json!({ "token": "wrong" }),
        json!({ "token": 1 }),
        json!({ "authorization": "Basic x" }),
        json!({ "authorization": "Bearer wrong" }),
    ];
    for payload in payloads {
        let mut socket = Socket::bare(&application).await;
        socket
            .send(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.close_code().await, 4403, "{payload}");
    }
    let mut socket = Socket::bare(&application).await;
    let payload = json!({ "Authorization": format!("Bearer {}", application.ann.token) });
    socket
        .send(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(socket.message().await["type"], "connection_ack");
}

#[tokio::test]
async fn a_silent_socket_is_closed_with_4408() {
    let application = Application::start().await;
    let mut socket = Socket::bare(&application).await;
    assert_eq!(socket.close_code().await, 4408);
}

#[tokio::test]
async fn a_second_init_closes_with_4429() {
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    socket
        .send(json!({ "type": "connection_init", "payload": { "token": application.ann.token } }))
        .await;
    assert_eq!(socket.close_code().await, 4429);
}

#[tokio::test]
async fn subscribing_before_the_ack_closes_with_4401() {
    let application = Application::start().await;
    let mut socket = Socket::bare(&application).await;
    socket.subscribe("1", "{ __typename }", json!({})).await;
    assert_eq!(socket.close_code().await, 4401);
}

#[tokio::test]
async fn messages_that_are_none_close_with_4400() {
    let application = Application::start().await;
    let messages = [
        json!("text"),
        json!({}),
        json!({ "type": "start" }),
        json!({ "type": "subscribe" }),
        json!({ "type": "subscribe", "id": 1, "payload": { "query": "{ a }" } }),
        json!({ "type": "subscribe", "id": "1", "payload": {} }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": 1 } }),
        json!({ "type": "ping", "payload": "text" }),
        json!({ "type": "complete" }),
    ];
    for message in messages {
        let mut socket = Socket::of_ann(&application).await;
        socket.send(message.clone()).await;
        assert_eq!(socket.close_code().await, 4400, "{message}");
    }
    let mut socket = Socket::of_ann(&application).await;
    socket.0.send(Message::binary(b"{}".to_vec())).await.unwrap();
    assert_eq!(socket.close_code().await, 4400);
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload() {
    let application = Application::start().await;
    let mut socket = Socket::bare(&application).await;
    socket
        .send(json!({ "type": "ping", "payload": { "a": 1 } }))
        .await;
    assert_eq!(
        socket.message().await,
        json!({ "type": "pong", "payload": { "a": 1 } })
    );
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.message().await, json!({ "type": "pong" }));
    socket.send(json!({ "type": "pong" })).await;
    assert!(socket.is_quiet().await);
}

#[tokio::test]
async fn a_message_beyond_64_kib_ends_the_connection() {
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    let ping = |bytes: usize| json!({ "type": "ping", "payload": { "a": "x".repeat(bytes) } });
    socket.send(ping(65_000)).await;
    assert_eq!(socket.message().await["type"], "pong");
    socket.send(ping(66_000)).await;
    assert_eq!(socket.close_code().await, 1009);
    let mut socket = Socket::of_ann(&application).await;
    socket.send(ping(1_000_000)).await;
    let ending = async {
        while let Some(Ok(message)) = socket.0.next().await {
            assert!(
                matches!(message, Message::Ping(_) | Message::Close(_)),
                "{message:?}"
            );
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(10), ending).await;
    ended.expect("the socket ends");
}

#[tokio::test]
async fn queries_run_and_complete() {
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    socket.subscribe("q", "{ viewer { name } }", json!({})).await;
    let next = json!({ "type": "next", "id": "q", "payload": { "data": { "viewer": { "name": "Ann" } } } });
    assert_eq!(socket.message().await, next);
    assert_eq!(socket.message().await, json!({ "type": "complete", "id": "q" }));
}

#[tokio::test]
async fn what_cannot_run_is_an_error_and_frees_its_id() {
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    let refused = [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { jobUpdated(id: \"nonsense\") { id } }",
            "BAD_USER_INPUT",
        ),
        (
            "subscription { a: jobUpdated(id: \"a\") { id } b: jobUpdated(id: \"b\") { id } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ];
    for (query, code) in refused {
        socket.subscribe("same", query, json!({})).await;
        let message = socket.message().await;
        assert_eq!(message["type"], "error", "{query}: {message}");
        assert_eq!(message["id"], "same");
        assert_eq!(message["payload"][0]["extensions"]["code"], code, "{message}");
    }
    socket.subscribe("same", "{ __typename }", json!({})).await;
    assert_eq!(socket.message().await["type"], "next");
}

#[tokio::test]
async fn a_taken_id_closes_with_4409() {
    let application = Application::start().await;
    let dataset = application
        .dataset(&application.ann, entities::dataset::State::Profiling)
        .await;
    let mut socket = Socket::of_ann(&application).await;
    let variables = json!({ "id": crate::setup::id("dataset", dataset.id) });
    let query = "subscription ($id: ID!) { datasetUpdated(id: $id) { version } }";
    socket.subscribe("1", query, variables.clone()).await;
    assert_eq!(socket.message().await["type"], "next");
    socket.subscribe("1", query, variables).await;
    assert_eq!(socket.close_code().await, 4409);
}

#[tokio::test]
async fn a_withdrawn_token_closes_with_4403() {
    use sea_orm::EntityTrait;
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    entities::token::Entity::delete_many()
        .exec(application.platform.database.connection())
        .await
        .unwrap();
    assert_eq!(socket.close_code().await, 4403);
}

#[tokio::test]
async fn a_stopping_server_closes_with_1012() {
    let application = Application::start().await;
    let mut socket = Socket::of_ann(&application).await;
    application.shutdown.cancel();
    assert_eq!(socket.close_code().await, 1012);
}
