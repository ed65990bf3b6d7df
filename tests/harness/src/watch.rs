//! One subscription over one WebSocket (graphql-transport-ws).

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, http};

/// Adds the events of a subscription until it completes. After a reconnection the first one may be known already, and is not
/// added again; an event with errors is not added either, and leaves the subscription as it is.
///
/// # Errors
/// When the socket is closed before.
pub(crate) async fn once(
    url: &str,
    token: &str,
    query: &str,
    variables: &Value,
    events: &mut Vec<Value>,
) -> Result<()> {
    let mut request = format!("{}/graphql", url.replace("http", "ws")).into_client_request()?;
    request.headers_mut().insert(
        "Sec-WebSocket-Protocol",
        http::HeaderValue::from_static("graphql-transport-ws"),
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    let authorization = format!("Bearer {token}");
    let init = json!({ "type": "connection_init", "payload": { "authorization": authorization } });
    let payload = json!({ "query": query, "variables": variables });
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": payload });
    socket.send(Message::text(init.to_string())).await?;
    let mut is_first = true;
    while let Some(message) = socket.next().await {
        let text = match message? {
            Message::Text(text) => text,
            Message::Close(why) => bail!("closed: {why:?}"),
            _ => continue,
        };
        let message: Value = serde_json::from_str(&text).context("messages are JSON")?;
        let reply = match message["type"].as_str() {
            Some("connection_ack") => subscribe.to_string(),
            Some("ping") => r#"{"type":"pong"}"#.to_owned(),
            Some("next") => {
                let payload = &message["payload"];
                let is_known = is_first && events.last() == Some(&payload["data"]);
                is_first = false;
                if payload.get("errors").is_some() {
                    eprintln!("an event with errors: {payload}");
                } else if !is_known {
                    events.push(payload["data"].clone());
                }
                continue;
            }
            Some("complete") => return Ok(()),
            other => bail!("unexpected message {other:?}: {message:#}"),
        };
        socket.send(Message::text(reply)).await?;
    }
    bail!("the socket ended")
}
