//! Whose pages may use the API: this server's own, and those of the origins that the settings list, exactly. Nothing is
//! allowed by pattern, no origin is echoed that is not on the list, and no cookie or other credential of a browser counts.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::state::AppState;

/// Methods of our routes.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PATCH");
/// Headers that our routes read.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, graphql-require-preflight, apollo-require-preflight, x-apollo-operation-name, \
     idempotency-key, upload-offset",
);
/// Headers of our answers that pages may read.
const RESPONSE_HEADERS: HeaderValue =
    HeaderValue::from_static("x-request-id, retry-after, upload-offset, upload-length");
/// How long a browser may remember what a preflight said, seconds.
const MEMORY: HeaderValue = HeaderValue::from_static("600");

/// What a request says of the page that sends it, where pages of other origins may send any.
pub struct Asked {
    /// The origin, where it is listed.
    origin: Option<HeaderValue>,
    /// The browser asks first whether the page may.
    is_preflight: bool,
}

/// What a request says of its page; none where no origin is listed.
pub fn asked(request: &Request, listed: &[String]) -> Option<Asked> {
    if listed.is_empty() {
        return None;
    }
    let origin = request.headers().get(ORIGIN);
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    Some(Asked {
        origin: origin.filter(|origin| is_listed(origin, listed)).cloned(),
        is_preflight,
    })
}

impl Asked {
    /// The answer to a preflight of a listed origin.
    pub fn preflight(&self) -> Option<Response> {
        (self.origin.is_some() && self.is_preflight).then(preflight)
    }

    /// Lets the pages of listed origins read an answer.
    pub fn share(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = self.origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
        }
    }
}

fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (ACCESS_CONTROL_MAX_AGE, MEMORY),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn is_listed(origin: &HeaderValue, listed: &[String]) -> bool {
    listed
        .iter()
        .any(|allowed| allowed.as_bytes() == origin.as_bytes())
}

/// Whether a request may come from where it says. A browser always says where its page comes from; it must be this server or
/// an origin on the list. Other clients say nothing and prove themselves by their token.
pub fn is_welcome(headers: &HeaderMap, state: &AppState) -> bool {
    let public_url = state.platform.settings.public_url.as_deref();
    headers.get(ORIGIN).is_none_or(|origin| {
        is_listed(origin, &state.allowed_origins) || is_ours(origin, headers, public_url)
    })
}

/// Ours is the host that the request was sent to, or the public address where a proxy sends requests on under another name.
fn is_ours(origin: &HeaderValue, headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    let host_of = |url: &str| -> Option<String> {
        let rest = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))?;
        Some(rest.split('/').next().unwrap_or_default().to_ascii_lowercase())
    };
    if let Some(public_url) = public_url {
        let scheme = |url: &str| url.split_once(':').map(|(scheme, _)| scheme.to_owned());
        if host_of(origin) == host_of(public_url) && scheme(origin) == scheme(public_url) {
            return true;
        }
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    matches!((origin, host), (Some(origin), Some(host)) if origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_listed_origins() {
        let listed = vec!["https://automl.example".to_owned()];
        let check = |origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "127.0.0.1:8080".parse().unwrap());
            let origin: HeaderValue = origin.parse().unwrap();
            is_listed(&origin, &listed) || is_ours(&origin, &headers, Some("https://public.example/automl"))
        };
        for good in [
            "http://127.0.0.1:8080",
            "https://automl.example",
            "https://public.example",
        ] {
            assert!(check(good), "{good}");
        }
        for evil in [
            "null",
            "http://evil.example",
            "http://127.0.0.1:8081",
            "http://127.0.0.1:8080.evil.example",
            "http://public.example",
            "https://public.example.evil.example",
            "https://automl.example.evil.example",
            "http://automl.example",
            "",
            "*",
        ] {
            assert!(!check(evil), "{evil}");
        }
    }
}
