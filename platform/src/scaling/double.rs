//! A small HTTP server that answers as a test says and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::configure;
use crate::settings::{Place, Scaled, Scaling};

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A field of a form that needs no decoding.
    pub fn form(&self, name: &str) -> Option<String> {
        let pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(key, _)| *key == name);
        found.next().map(|(_, value)| value.to_owned())
    }

    /// True when it carries a signature for a service.
    pub fn is_signed(&self, service: &str) -> bool {
        let scope = format!("/{service}/aws4_request");
        self.header("authorization")
            .is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 ") && value.contains(&scope))
    }
}

/// What is answered.
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    pub fn status(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    pub fn json(body: &serde_json::Value) -> Self {
        Self::status(200, &body.to_string()).with("content-type", "application/json")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Answering = dyn Fn(&Request) -> Answer + Send + Sync;

/// The server; it lives as long as the runtime of its test.
pub struct Double {
    pub url: String,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Double {
    pub async fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (remembered, answer) = (Arc::clone(&asked), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (remembered, answer) = (Arc::clone(&remembered), Arc::clone(&answer));
                // A client that goes away in the middle is not of interest.
                tokio::spawn(async move { drop(converse(stream, &remembered, answer.as_ref()).await) });
            }
        });
        Self { url, asked }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    /// A configuration whose calls arrive here.
    pub async fn config(&self, scaling: &Scaling) -> SdkConfig {
        let credentials = Credentials::new("id", "key", None, None, "test");
        let loader = aws_config::defaults(BehaviorVersion::latest()).credentials_provider(credentials);
        configure(scaling, loader).await
    }
}

/// Settings with CPU workers only.
pub fn scaling(endpoint: &str, min: usize, place: Place) -> Scaling {
    Scaling {
        cpu: Some(Scaled {
            min,
            max: 10,
            slots: 2,
            place,
        }),
        gpu: None,
        name: "automl".to_owned(),
        idle: Duration::from_secs(300),
        boot: Duration::from_secs(600),
        interval: Duration::from_secs(5),
        region: Some("us-east-1".to_owned()),
        endpoint: Some(endpoint.to_owned()),
    }
}

async fn converse(stream: TcpStream, asked: &Mutex<Vec<Request>>, answer: &Answering) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream).await? {
        let answered = answer(&request);
        asked.lock().unwrap().push(request);
        let mut head = format!(
            "HTTP/1.1 {} X\r\ncontent-length: {}\r\n",
            answered.status,
            answered.body.len()
        );
        for (name, value) in &answered.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream
            .write_all(format!("{head}\r\n{}", answered.body).as_bytes())
            .await?;
        stream.flush().await?;
    }
    Ok(())
}

async fn receive(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let mut first = lines[0].split(' ').map(str::to_owned);
    let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let headers: Vec<_> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut request = Request {
        method,
        path,
        headers,
        body: String::new(),
    };
    let length = request
        .header("content-length")
        .and_then(|value| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(request))
}
