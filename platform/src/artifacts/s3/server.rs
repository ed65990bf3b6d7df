//! For tests: a server that speaks S3 over a folder and checks every signature. It can break bodies off.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use aws_credential_types::Credentials;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;

use super::Bucket;
use crate::artifacts::Key;
use crate::settings::S3;

pub const BUCKET: &str = "files";
const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// What goes wrong.
#[derive(Default)]
pub struct Faults {
    /// Answers to GET that break off after `after` bytes.
    pub cuts: AtomicU32,
    pub after: AtomicU64,
    /// Answers to GET with a wrong byte.
    pub flips: AtomicU32,
    /// Requests that are answered with 503.
    pub refusals: AtomicU32,
}

pub struct Server {
    pub address: String,
    pub faults: Arc<Faults>,
    folder: TempDir,
}

impl Server {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let faults = Arc::new(Faults::default());
        let router = Router::new()
            .fallback(answer)
            .with_state((builder.build(), faults.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            faults,
            folder,
        }
    }

    pub async fn bucket(&self) -> Bucket {
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test");
        let section = S3 {
            bucket: BUCKET.to_owned(),
            prefix: "automl/".to_owned(),
            region: None,
            endpoint: Some(self.address.clone()),
            public_endpoint: None,
        };
        let chain = super::client::chain().credentials_provider(credentials);
        Bucket::with(&section, chain).await.unwrap()
    }

    /// Where the server keeps an object.
    pub fn file(&self, key: &Key) -> PathBuf {
        self.folder.path().join(BUCKET).join("automl").join(key.as_str())
    }

    /// Files of the server that are parts of transfers.
    pub fn parts(&self) -> usize {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let is_part = |name: &str| name.contains(".part-");
        entries
            .filter(|entry| is_part(&entry.as_ref().unwrap().file_name().to_string_lossy()))
            .count()
    }
}

async fn answer(State((service, faults)): State<(S3Service, Arc<Faults>)>, request: Request) -> Response {
    let take = |counter: &AtomicU32| {
        counter
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok()
    };
    if take(&faults.refusals) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let is_read = request.method() == Method::GET;
    let response = service.call(request.map(s3s::Body::http_body_unsync)).await;
    let response = response.unwrap().map(Body::new);
    if is_read && take(&faults.flips) {
        return flipped(response).await;
    }
    if is_read && take(&faults.cuts) {
        return cut(response, faults.after.load(Ordering::SeqCst));
    }
    response
}

/// The same answer, of which one byte is wrong.
async fn flipped(response: Response) -> Response {
    let (head, body) = response.into_parts();
    let mut bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    Response::from_parts(head, Body::from(bytes))
}

/// The same answer, whose connection breaks after so many bytes.
fn cut(response: Response, after: u64) -> Response {
    let (head, body) = response.into_parts();
    let mut left = usize::try_from(after).unwrap();
    let blocks = body.into_data_stream().map(move |block| {
        let block = block.unwrap();
        let taken = block.len().min(left);
        left -= taken;
        if taken == 0 {
            return Err(std::io::Error::other("cut"));
        }
        Ok(block.slice(..taken))
    });
    Response::from_parts(head, Body::from_stream(blocks.chain(stream::empty())))
}

/// A form as a browser sends it.
pub fn multipart(fields: &[(String, String)], content: &[u8]) -> (String, Vec<u8>) {
    let boundary = "0f1e2d3c4b5a";
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// Posts a form; the status.
pub async fn post(url: &str, fields: &[(String, String)], content: &[u8]) -> u16 {
    let (content_type, body) = multipart(fields, content);
    let request = reqwest::Client::new()
        .post(url)
        .header("content-type", content_type)
        .body(body);
    request.send().await.unwrap().status().as_u16()
}

/// Puts bytes to a link; the status.
pub async fn put(url: &str, content: Vec<u8>) -> u16 {
    let request = reqwest::Client::new().put(url).body(content);
    request.send().await.unwrap().status().as_u16()
}
