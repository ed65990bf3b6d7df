//! One message to one receiver: a POST over a connection of its own, to exactly the address that was checked. No redirect is
//! followed, no proxy asked, and of the answer only the status is read.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::target::{BadTarget, Target};
use crate::{Error, tls};

/// How long all of it may take, from the first question for the name to the answer.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// A message ready to go.
#[derive(Clone)]
pub struct Message {
    /// Value of `Webhook-Id`: the same for every try.
    pub id: String,
    /// Value of `Webhook-Timestamp`: seconds since 1970 at this try.
    pub timestamp: i64,
    /// Value of `Webhook-Signature`.
    pub signature: String,
    /// JSON.
    pub body: String,
}

/// Why no answer came. The texts hold no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It must not be connected to.
    #[error("{0}")]
    Refused(#[from] BadTarget),
    /// The name or the server could not be reached, or it hung up; another try may help.
    #[error("{0}")]
    Failed(String),
    /// It took longer than [`TIME_LIMIT`].
    #[error("the receiver did not answer within {} s", TIME_LIMIT.as_secs())]
    TimedOut,
}

/// Sends messages.
#[derive(Clone)]
pub struct Client {
    tls: TlsConnector,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Client")
    }
}

impl Client {
    /// With the certificates that the machine trusts.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, Error> {
        let config = tls::verified(None).map_err(Error::Settings)?;
        Ok(Self::with(config))
    }

    fn with(config: ClientConfig) -> Self {
        Self {
            tls: TlsConnector::from(Arc::new(config)),
        }
    }

    /// Sends a message and gives the status of the answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn post(&self, target: &Target, message: &Message) -> Result<u16, PostError> {
        match tokio::time::timeout(TIME_LIMIT, self.post_inner(target, message)).await {
            Ok(answered) => answered,
            Err(_) => Err(PostError::TimedOut),
        }
    }

    async fn post_inner(&self, target: &Target, message: &Message) -> Result<u16, PostError> {
        let stream = connect(target).await?;
        if !target.is_https() {
            return exchange(stream, target, message).await;
        }
        let host = target.url().host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| PostError::Failed("the receiver's name cannot have a certificate".to_owned()))?;
        let stream = self.tls.connect(name, stream).await;
        let stream = stream.map_err(|error| failed("the receiver's TLS failed", &error))?;
        exchange(stream, target, message).await
    }
}

/// A connection to the first of the checked addresses that answers.
async fn connect(target: &Target) -> Result<TcpStream, PostError> {
    let found = target.resolve().await;
    let addresses = found.map_err(|error| failed("the receiver's name is not known", &error))??;
    let mut last = PostError::Failed("the receiver's name has no address".to_owned());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = failed("the receiver cannot be reached", &error),
        }
    }
    Err(last)
}

async fn exchange<S>(stream: S, target: &Target, message: &Message) -> Result<u16, PostError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broke = |error: hyper::Error| failed("the receiver broke off", &error);
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broke)?;
    let answer = sender.send_request(request(target, message)?);
    tokio::pin!(answer);
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        // The connection may be over before its answer was looked at.
        _ = connection => answer.await,
    };
    Ok(answer.map_err(broke)?.status().as_u16())
}

fn request(target: &Target, message: &Message) -> Result<Request<Full<Bytes>>, PostError> {
    let url = target.url();
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, target.authority())
        .header(USER_AGENT, concat!("AutoML-Lite/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", message.timestamp)
        .header("webhook-signature", &message.signature)
        .body(Full::new(Bytes::from(message.body.clone())))
        .map_err(|error| failed("the message cannot be written", &error))
}

/// What went wrong, with its cause: neither tells the address.
fn failed(what: &str, cause: &dyn std::error::Error) -> PostError {
    PostError::Failed(format!("{what}: {cause}"))
}
