//! Subscriptions over HTTP, as the bytes on a socket.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use entities::{dataset, job, token};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::setup::{Application, Person, give_token, id, now};
use crate::watch::change_job;
use crate::websocket::Socket;

const JOB: &str = "subscription ($id: ID!) { jobUpdated(id: $id) { version state } }";
/// As Apollo Client 4 sends it.
const APOLLO: &str = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9";
const MULTIPART: &str = "multipart/mixed;subscriptionSpec=1.0";
const EVENTS: &str = "text/event-stream";

/// A response that goes on.
struct Stream {
    socket: TcpStream,
    head: String,
    raw: Vec<u8>,
    body: String,
    ended: bool,
}

impl Stream {
    async fn open(address: SocketAddr, token: &str, accept: &str, query: &str, variables: Value) -> Self {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n\
             Accept-Encoding: gzip, br\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut stream = Self {
            socket,
            head: String::new(),
            raw: Vec::new(),
            body: String::new(),
            ended: false,
        };
        let end = loop {
            if let Some(at) = stream.raw.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(stream.read().await, "the head comes whole");
        };
        let head: Vec<u8> = stream.raw.drain(..end).collect();
        stream.head = String::from_utf8(head).unwrap().to_lowercase();
        // A refusal is no stream.
        if stream.head.starts_with("http/1.1 200") {
            stream.unpack();
        }
        stream
    }

    /// Ann follows a job.
    async fn of_job(application: &Application, accept: &str, row: &job::Model) -> Self {
        let address = application.listen().await;
        let variables = json!({ "id": id("job", row.id) });
        Self::open(address, &application.ann.token, accept, JOB, variables).await
    }

    /// Reads once; false at the end.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let read = timeout(Duration::from_secs(30), self.socket.read(&mut bytes)).await;
        let count = read.expect("in time").unwrap_or(0);
        self.raw.extend_from_slice(&bytes[..count]);
        count > 0
    }

    /// Takes the whole chunks out of what was read.
    fn unpack(&mut self) {
        while let Some(at) = self.raw.windows(2).position(|bytes| bytes == b"\r\n") {
            let size = std::str::from_utf8(&self.raw[..at]).unwrap();
            let size = usize::from_str_radix(size, 16).unwrap();
            let end = at + 2 + size;
            if self.raw.len() < end + 2 {
                return;
            }
            self.ended = size == 0;
            let chunk: Vec<u8> = self.raw.drain(..end + 2).skip(at + 2).take(size).collect();
            self.body.push_str(&String::from_utf8(chunk).unwrap());
        }
    }

    /// Reads until the body is exactly that.
    async fn is(&mut self, expected: &str) {
        while self.body.len() < expected.len() && !self.ended {
            assert!(self.read().await, "it ended early: {:?}", self.body);
            self.unpack();
        }
        assert_eq!(self.body, expected);
    }

    /// Reads until the body has that.
    async fn has(&mut self, expected: &str) {
        while !self.body.contains(expected) {
            assert!(
                !self.ended && self.read().await,
                "no {expected} in {:?}",
                self.body
            );
            self.unpack();
        }
    }

    /// Reads to the end, which is a proper one.
    async fn end(&mut self) -> &str {
        while !self.ended {
            assert!(self.read().await, "it broke off: {:?}", self.body);
            self.unpack();
        }
        &self.body
    }
}

async fn running_job(application: &Application) -> job::Model {
    let dataset = application.dataset(&application.ann, dataset::State::Ready).await;
    application.job(&dataset, job::State::Running).await
}

fn part(body: &str) -> String {
    format!("\r\nContent-Type: application/json\r\n\r\n{body}\r\n--graphql")
}

fn update(version: i64, state: &str) -> String {
    format!("{{\"data\":{{\"jobUpdated\":{{\"version\":{version},\"state\":\"{state}\"}}}}}}")
}

#[tokio::test]
async fn a_part_is_closed_before_the_next_event() {
    let application = Application::start().await;
    let row = running_job(&application).await;
    let mut stream = Stream::of_job(&application, APOLLO, &row).await;
    assert!(stream.head.starts_with("http/1.1 200"), "{}", stream.head);
    for header in [
        "content-type: multipart/mixed;boundary=\"graphql\";subscriptionspec=1.0",
        "cache-control: no-store",
        "x-accel-buffering: no",
    ] {
        assert!(stream.head.contains(header), "{header}: {}", stream.head);
    }
    assert!(!stream.head.contains("content-encoding"), "{}", stream.head);
    // Nothing else has happened yet: the client splits at the delimiter, and so shows the event now.
    let mut expected = "\r\n--graphql".to_owned();
    expected += &part(&format!("{{\"payload\":{}}}", update(1, "RUNNING")));
    stream.is(&expected).await;
    let row = change_job(&application, row, job::State::Finishing).await;
    expected += &part(&format!("{{\"payload\":{}}}", update(2, "FINISHING")));
    stream.is(&expected).await;
    change_job(&application, row, job::State::Completed).await;
    expected += &part(&format!("{{\"payload\":{}}}", update(3, "COMPLETED")));
    expected += &part("{\"payload\":null}");
    expected += "--\r\n";
    assert_eq!(stream.end().await, expected);
}

#[tokio::test]
async fn an_event_is_whole_at_once() {
    let application = Application::start().await;
    let row = running_job(&application).await;
    let mut stream = Stream::of_job(&application, EVENTS, &row).await;
    assert!(
        stream.head.contains("content-type: text/event-stream")
            && stream.head.contains("cache-control: no-store"),
        "{}",
        stream.head
    );
    assert!(!stream.head.contains("content-encoding"), "{}", stream.head);
    let mut expected = format!(":\n\nevent: next\ndata: {}\n\n", update(1, "RUNNING"));
    stream.is(&expected).await;
    change_job(&application, row, job::State::Completed).await;
    expected += &format!(
        "event: next\ndata: {}\n\nevent: complete\ndata:\n\n",
        update(2, "COMPLETED")
    );
    assert_eq!(stream.end().await, expected);
}

#[tokio::test]
async fn a_stream_without_news_shows_that_it_lives() {
    let application = Application::start().await;
    let row = running_job(&application).await;
    let mut parts = Stream::of_job(&application, MULTIPART, &row).await;
    let mut events = Stream::of_job(&application, EVENTS, &row).await;
    parts.has(&format!("{}{}", part("{}"), part("{}"))).await;
    events.has("\n\n:\n\n:\n\n").await;
}

#[tokio::test]
async fn a_withdrawn_token_ends_a_stream() {
    let application = Application::start().await;
    let row = running_job(&application).await;
    let mut parts = Stream::of_job(&application, APOLLO, &row).await;
    let mut events = Stream::of_job(&application, EVENTS, &row).await;
    parts.has("RUNNING").await;
    events.has("RUNNING").await;
    let rows = token::Entity::delete_many();
    rows.exec(application.platform.database.connection())
        .await
        .unwrap();
    let withdrawn = tokio::time::Instant::now();
    assert_is_unauthenticated(parts.end().await);
    // Without `complete`: the client comes back with another token.
    assert!(!events.end().await.contains("event: complete"));
    assert!(
        withdrawn.elapsed() < Duration::from_secs(7),
        "{:?}",
        withdrawn.elapsed()
    );
}

fn assert_is_unauthenticated(body: &str) {
    let last = body.rsplit_once("\r\n\r\n").unwrap().1;
    let last = last.strip_suffix("\r\n--graphql--\r\n").unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!(last["payload"], Value::Null);
    assert_eq!(
        last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
        "{last}"
    );
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let application = Application::start().await;
    let row = running_job(&application).await;
    let (secret, end) = ("short-lived", now() + chrono::Duration::milliseconds(1500));
    let ann = application.ann.id;
    give_token(&application.platform, ann, token::Kind::Api, secret, Some(end)).await;
    let variables = json!({ "id": id("job", row.id) });
    let mut stream = Stream::open(application.listen().await, secret, APOLLO, JOB, variables).await;
    stream.has("RUNNING").await;
    assert_is_unauthenticated(stream.end().await);
    assert!(now() < end + chrono::Duration::milliseconds(2000));
}

#[tokio::test]
async fn a_stopping_server_ends_its_streams() {
    let application = Application::start().await;
    let row = running_job(&application).await;
    let mut parts = Stream::of_job(&application, APOLLO, &row).await;
    let mut events = Stream::of_job(&application, EVENTS, &row).await;
    parts.has("RUNNING").await;
    events.has("RUNNING").await;
    application.shutdown.cancel();
    assert!(parts.end().await.contains("SERVICE_UNAVAILABLE"));
    assert!(!events.end().await.contains("event: complete"));
}

#[tokio::test]
async fn a_person_has_so_many_streams_and_sockets_open() {
    let application = Application::start_with(|settings| settings.doors.streams_per_user = 2).await;
    let row = running_job(&application).await;
    let address = application.listen().await;
    let variables = json!({ "id": id("job", row.id) });
    let open =
        async |person: &Person| Stream::open(address, &person.token, EVENTS, JOB, variables.clone()).await;
    let mut first = open(&application.ann).await;
    first.has("RUNNING").await;
    let _socket = Socket::of_ann(&application).await;
    let refused = open(&application.ann).await;
    assert!(refused.head.starts_with("http/1.1 429"), "{}", refused.head);
    let mut socket = Socket::bare(&application).await;
    socket
        .send(json!({ "type": "connection_init", "payload": { "token": application.ann.token } }))
        .await;
    assert_eq!(socket.close_code().await, 1013);
    // Another person's are counted for themselves; they see nothing of Ann's job.
    let mut of_bob = open(&application.bob).await;
    of_bob.has("{\"data\":{\"jobUpdated\":null}}").await;
    drop(first);
    let mut again = open(&application.ann).await;
    for _ in 0..50 {
        if again.head.starts_with("http/1.1 200") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        again = open(&application.ann).await;
    }
    assert!(again.head.starts_with("http/1.1 200"), "{}", again.head);
}

/// What is asked for with these headers: status, media type and body.
async fn ask(application: &Application, accept: &str, query: &str) -> (u16, String, String) {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", accept)
        .header("authorization", format!("Bearer {}", application.ann.token))
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap();
    let answer = application.send(request).await;
    let media_type = answer
        .header("content-type")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    (
        answer.status.as_u16(),
        media_type,
        String::from_utf8(answer.body).unwrap(),
    )
}

#[tokio::test]
async fn what_is_no_subscription_is_one_answer() {
    let application = Application::start().await;
    let typename = "{\"data\":{\"__typename\":\"Query\"}}";
    let refused = "{ nothing }";
    let (status, media_type, body) = ask(&application, APOLLO, "{ __typename }").await;
    assert_eq!(
        (status, media_type.as_str(), body.as_str()),
        (200, "application/graphql-response+json", typename)
    );
    let (status, _, body) = ask(&application, APOLLO, refused).await;
    assert!(
        status == 400 && body.starts_with("{\"errors\""),
        "{status} {body}"
    );
    // To a client that takes nothing else, a stream of one.
    let (status, media_type, body) = ask(&application, EVENTS, "{ __typename }").await;
    assert_eq!((status, media_type.as_str()), (200, EVENTS));
    assert_eq!(
        body,
        format!(":\n\nevent: next\ndata: {typename}\n\nevent: complete\ndata:\n\n")
    );
    let (status, media_type, body) = ask(&application, MULTIPART, "{ __typename }").await;
    assert_eq!((status, media_type.as_str()), (200, "multipart/mixed"));
    let parts = format!(
        "\r\n--graphql{}{}--\r\n",
        part(&format!("{{\"payload\":{typename}}}")),
        part("{\"payload\":null}")
    );
    assert_eq!(body, parts);
    let (_, media_type, body) = ask(&application, EVENTS, refused).await;
    assert!(
        media_type == EVENTS
            && body.contains("GRAPHQL_VALIDATION_FAILED")
            && body.ends_with("event: complete\ndata:\n\n"),
        "{body}"
    );
    let dash = "multipart/mixed;boundary=\"-\";subscriptionSpec=1.0";
    let (_, _, body) = ask(&application, dash, "{ __typename }").await;
    assert!(
        body.starts_with("\r\n---\r\nContent-Type") && body.ends_with("\r\n-----\r\n"),
        "{body:?}"
    );
}

#[tokio::test]
async fn a_subscription_that_cannot_begin_says_why_and_is_over() {
    let application = Application::start().await;
    let query = "subscription { jobUpdated(id: \"nonsense\") { id } }";
    let (status, _, body) = ask(&application, EVENTS, query).await;
    assert!(
        status == 200 && body.contains("BAD_USER_INPUT") && body.ends_with("event: complete\ndata:\n\n"),
        "{body}"
    );
    let (status, _, body) = ask(&application, APOLLO, query).await;
    assert!(
        status == 200 && body.contains("BAD_USER_INPUT") && body.ends_with("--graphql--\r\n"),
        "{body}"
    );
}

#[tokio::test]
async fn nobody_gets_no_stream() {
    let application = Application::start().await;
    let address = application.listen().await;
    for accept in [EVENTS, APOLLO, MULTIPART] {
        let stream = Stream::open(address, "wrong", accept, JOB, json!({ "id": "x" })).await;
        assert!(
            stream.head.starts_with("http/1.1 401"),
            "{accept}: {}",
            stream.head
        );
    }
}
