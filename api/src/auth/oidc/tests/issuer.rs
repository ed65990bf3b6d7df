//! An issuer on this machine: a discovery document and a set of keys over HTTP, and a script of what goes wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::auth::jwt::forge::Signer;

pub const DISCOVERY: &str = "/pool/.well-known/openid-configuration";
pub const KEYS: &str = "/pool/keys";
pub const TOKENS: &str = "/pool/token";

/// What is answered at a path.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub after: Duration,
}

impl Page {
    #[expect(clippy::needless_pass_by_value, reason = "texts and values alike")]
    pub fn new(body: impl ToString) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.to_string(),
            after: Duration::ZERO,
        }
    }
}

#[derive(Default)]
struct Script {
    pages: HashMap<String, Page>,
    asked: HashMap<String, usize>,
    /// What was sent last, to any path.
    sent: String,
}

/// The issuer.
#[derive(Clone)]
pub struct Issuer {
    pub name: String,
    script: Arc<Mutex<Script>>,
}

impl Issuer {
    /// One that answers, with these keys.
    pub async fn start(keys: &[&Signer]) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").await.unwrap(), keys)
    }

    /// The same on an address that was chosen before.
    pub fn listen(listener: TcpListener, keys: &[&Signer]) -> Self {
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Self {
            name: format!("{origin}/pool"),
            script: Arc::default(),
        };
        issuer.set(DISCOVERY, Page::new(issuer.document()));
        issuer.publish(keys);
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&issuer.script));
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// Its discovery document.
    pub fn document(&self) -> Value {
        json!({
            "issuer": self.name,
            "jwks_uri": self.address(KEYS),
            "authorization_endpoint": self.address("/pool/authorize"),
            "token_endpoint": self.address(TOKENS),
        })
    }

    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.name.trim_end_matches("/pool"))
    }

    pub fn set(&self, path: &str, page: Page) {
        self.script.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    /// Changes what is answered at a path.
    pub fn change(&self, path: &str, change: impl FnOnce(&mut Page)) {
        change(self.script.lock().unwrap().pages.get_mut(path).unwrap());
    }

    pub fn publish(&self, keys: &[&Signer]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        self.set(KEYS, Page::new(json!({ "keys": keys })));
    }

    /// What was sent last.
    pub fn sent(&self) -> String {
        self.script.lock().unwrap().sent.clone()
    }

    /// How many times a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.script.lock().unwrap().asked.get(path).copied().unwrap_or(0)
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let sent = request.into_body().collect().await.unwrap().to_bytes();
    let page = {
        let mut script = script.lock().unwrap();
        script.sent = String::from_utf8(sent.to_vec()).unwrap();
        *script.asked.entry(path.clone()).or_default() += 1;
        script.pages.get(&path).cloned()
    };
    let Some(page) = page else {
        return Response::builder().status(404).body(Body::empty()).unwrap();
    };
    tokio::time::sleep(page.after).await;
    let mut response = Response::builder().status(page.status);
    for (name, value) in page.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(page.body)).unwrap()
}
