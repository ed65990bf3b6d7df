//! Asking an issuer, for a document or for tokens: no redirects, five seconds, 64 KiB, TLS unless it is this machine.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

/// How long an issuer may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest document, bytes.
pub const LIMIT: usize = 64 * 1024;

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is not `https://`, and not this machine's either.
    #[error("{0:?} is not an https address")]
    Address(String),
    /// No connection, no answer in time, or it broke off.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// Something else than 200: a redirect, for example, which is not followed.
    #[error("it answered with status {0}")]
    Status(u16),
    /// Over [`LIMIT`].
    #[error("its answer is longer than 64 KiB")]
    TooLong,
}

/// A document of an issuer.
#[derive(Debug)]
pub struct Fetched {
    /// The document.
    pub body: Vec<u8>,
    /// For how long it may be kept, if the issuer says so.
    pub max_age: Option<Duration>,
}

/// Asks issuers.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: Result<Client, String>,
    /// Only an issuer on this machine may send us to this machine.
    is_local: bool,
}

impl Fetcher {
    /// For an issuer elsewhere, or on this machine: that one is not asked through a proxy.
    pub fn new(is_local: bool) -> Self {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .referer(false)
            .user_agent(concat!("automl-lite/", env!("CARGO_PKG_VERSION")));
        if is_local {
            builder = builder.no_proxy();
        }
        Self {
            client: builder.build().map_err(|error| error.to_string()),
            is_local,
        }
    }

    /// Fetches a document.
    ///
    /// # Errors
    /// When there is none, for any reason.
    pub async fn get(&self, address: &str) -> Result<Fetched, FetchError> {
        let (client, url) = self.to(address)?;
        let response = client.get(url).send().await.map_err(|error| no_answer(&error))?;
        if response.status() != 200 {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let max_age = max_age(&response);
        Ok(Fetched {
            body: body(response).await?,
            max_age,
        })
    }

    /// Sends a form, and gives the status and the body of whatever is answered.
    ///
    /// # Errors
    /// When nothing is.
    pub async fn post(
        &self,
        address: &str,
        form: String,
        authorization: Option<HeaderValue>,
    ) -> Result<(u16, Vec<u8>), FetchError> {
        let (client, url) = self.to(address)?;
        let mut request = client
            .post(url)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let response = request.send().await.map_err(|error| no_answer(&error))?;
        let status = response.status().as_u16();
        Ok((status, body(response).await?))
    }

    fn to(&self, address: &str) -> Result<(&Client, Url), FetchError> {
        let url = checked(address).filter(|url| self.is_local || url.scheme() == "https");
        let url = url.ok_or_else(|| FetchError::Address(address.to_owned()))?;
        let client = self.client.as_ref();
        let client = client.map_err(|error| FetchError::Unreachable(error.clone()))?;
        Ok((client, url))
    }
}

/// The address, if it may be spoken to and shown to browsers: `https://`, or `http://` to this machine.
pub fn checked(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let is_safe = match url.scheme() {
        "https" => url.has_host(),
        "http" => is_local(&url),
        _ => false,
    };
    (is_safe && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// True for names and numbers of this machine.
pub fn is_local(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

async fn body(mut response: Response) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
        if body.len() + chunk.len() > LIMIT {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn max_age(response: &Response) -> Option<Duration> {
    let header = response.headers().get(CACHE_CONTROL)?.to_str().ok()?;
    for directive in header.split(',').map(str::trim) {
        if directive.eq_ignore_ascii_case("no-store") || directive.eq_ignore_ascii_case("no-cache") {
            return Some(Duration::ZERO);
        }
    }
    let mut directives = header.split(',').map(str::trim);
    let seconds = directives.find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.eq_ignore_ascii_case("max-age").then_some(value)
    })?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

/// The innermost cause is what helps: the outer ones say that a request failed.
fn no_answer(error: &reqwest::Error) -> FetchError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    FetchError::Unreachable(cause.to_string())
}
