//! `GET /metrics`: the figures of this process, for those who run it, and what counts the requests.
//!
//! It is open to the machine itself, unless `AUTOML_METRICS_TOKEN` is set, or proxies or a public name stand before it; else to whoever sends that
//! token, and always to an administrator with a token that may do what administrators do.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, FORWARDED, HOST, VIA};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use entities::scope::Scope;
use entities::user::Role;
use platform::Settings;
use platform::accounts::token_hash;

use super::answer::Refusal;
use super::client::Client;
use super::request_id::RequestId;
use crate::auth;
use crate::failure::{Code, Failure};
use crate::metrics::Metrics;
use crate::server::Server;

/// Media type of the text format of Prometheus.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// What is not one of our routes: the web app, and what is not there.
pub const WEB: &str = "web";

/// The figures.
pub async fn get(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    client: Client,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(address)| address.ip());
    if let Err(failure) = let_in(&server, peer, &client, &headers).await {
        return Refusal::new(failure, request_id).into_response();
    }
    match server.state.metrics.text(&server).await {
        Ok(text) => ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(cause) => Refusal::new(Failure::internal(cause), request_id).into_response(),
    }
}

async fn let_in(
    server: &Server,
    peer: Option<IpAddr>,
    client: &Client,
    headers: &HeaderMap,
) -> Result<(), Failure> {
    let settings = &server.state.platform.settings;
    if is_local(settings, peer, headers) || has_token(settings, headers) {
        return Ok(());
    }
    let session = auth::admit(&server.state, headers, client).await?;
    session.require(&[Scope::Admin])?;
    if session.viewer.role == Role::Admin {
        return Ok(());
    }
    Err(Failure::client(
        Code::Forbidden,
        "The figures of the server are for its administrators.",
    ))
}

/// From this machine, by an address of this machine, and not handed on by a proxy. A page of the web that a browser here shows
/// cannot do that: its requests name its own host.
fn is_local(settings: &Settings, peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
    let is_handed_on = [FORWARDED.as_str(), VIA.as_str(), "x-forwarded-for", "x-real-ip"]
        .into_iter()
        .any(|name| headers.contains_key(name));
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    settings.metrics_token.is_none()
        && settings.proxies == 0
        && settings.public_url.as_deref().is_none_or(is_of_this_machine)
        && !is_handed_on
        && peer.is_some_and(|address| address.to_canonical().is_loopback())
        && host.is_some_and(is_loopback)
}

/// Whether the address at which people reach this server is one of this machine. Another one is a proxy's, which may be here.
fn is_of_this_machine(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    is_loopback(authority.split('/').next().unwrap_or_default())
}

/// True for `localhost` and for addresses of the loopback interface, with a port or without.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Hashes are compared: how long that takes tells nothing of the token.
fn has_token(settings: &Settings, headers: &HeaderMap) -> bool {
    let Some(expected) = &settings.metrics_token else {
        return false;
    };
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split_once(' '));
    given.is_some_and(|(scheme, given)| {
        scheme.eq_ignore_ascii_case("bearer") && token_hash(given.trim()) == token_hash(expected.expose())
    })
}

/// A request that is counted when its answer begins.
pub struct Begun {
    route: Option<MatchedPath>,
    method: &'static str,
    at: Instant,
}

impl Begun {
    /// It begins now.
    pub fn now(request: &Request) -> Self {
        Self {
            route: request.extensions().get::<MatchedPath>().cloned(),
            method: method(request.method()),
            at: Instant::now(),
        }
    }

    /// Its answer begins.
    pub fn count(&self, metrics: &Metrics, response: &Response) {
        let route = self.route.as_ref().map_or(WEB, MatchedPath::as_str);
        metrics.request(self.method, route, response.status().as_u16(), self.at.elapsed());
    }
}

/// A client may call its method anything.
pub fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use platform::Secret;

    use super::*;

    #[test]
    fn only_the_machine_itself_needs_no_token() {
        let settings = Settings::new(Path::new("/h"), 1, 1 << 30);
        let check = |settings: &Settings, peer: &str, fields: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.insert(*name, value.parse().unwrap());
            }
            is_local(settings, peer.parse().ok(), &headers)
        };
        let here = ("host", "127.0.0.1:8080");
        for (peer, host) in [
            ("127.0.0.1", "127.0.0.1:8080"),
            ("127.0.0.1", "localhost"),
            ("::1", "[::1]:8080"),
            ("::ffff:127.0.0.1", "LOCALHOST:1"),
        ] {
            assert!(check(&settings, peer, &[("host", host)]), "{peer} {host}");
        }
        for (peer, fields) in [
            ("192.0.2.1", vec![here]),
            ("nowhere", vec![here]),
            ("127.0.0.1", vec![]),
            ("127.0.0.1", vec![("host", "evil.example:8080")]),
            ("127.0.0.1", vec![("host", "127.0.0.1.evil.example")]),
            ("127.0.0.1", vec![here, ("x-forwarded-for", "192.0.2.1")]),
            ("127.0.0.1", vec![here, ("forwarded", "for=192.0.2.1")]),
            ("127.0.0.1", vec![here, ("via", "1.1 proxy")]),
        ] {
            assert!(!check(&settings, peer, &fields), "{peer} {fields:?}");
        }
        let behind = Settings {
            proxies: 1,
            ..settings.clone()
        };
        let named = |url: &str| Settings {
            public_url: Some(url.to_owned()),
            ..settings.clone()
        };
        assert!(!check(&named("https://automl.example"), "127.0.0.1", &[here]));
        assert!(!check(
            &named("https://localhost.example/a"),
            "127.0.0.1",
            &[here]
        ));
        for url in ["http://localhost:8080", "http://127.0.0.1/", "http://[::1]:80/a"] {
            assert!(check(&named(url), "127.0.0.1", &[here]), "{url}");
        }
        let guarded = Settings {
            metrics_token: Some(Secret::new("0123456789abcdef")),
            ..settings.clone()
        };
        assert!(!check(&behind, "127.0.0.1", &[here]));
        assert!(!check(&guarded, "127.0.0.1", &[here]));
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, "bearer 0123456789abcdef".parse().unwrap());
        assert!(has_token(&guarded, &headers) && !has_token(&behind, &headers));
        headers.insert(AUTHORIZATION, "Bearer 0123456789abcdeF".parse().unwrap());
        assert!(!has_token(&guarded, &headers));
    }
}
