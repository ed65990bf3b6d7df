//! The web app and the playground, embedded in the binary.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::server::Server;

/// What `npm run build` left in `web/dist`. A debug build reads the folder when asked; a release build carries it.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>AutoML Lite</title>\
    <h1>The web app is not part of this build</h1>\
    <p>Build it and then the server: <code>make run</code> does both. By hand: <code>cd web &amp;&amp; npm ci &amp;&amp; \
    npm run build</code>, then <code>touch api/build.rs &amp;&amp; cargo build --release</code>.</p>\
    <p>The GraphQL endpoint <code>/graphql</code> works without it.</p></html>";

/// Serves a file, or the app's page for any path that is a page of the app.
pub async fn serve(
    State(server): State<Arc<Server>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let is_playground = path == "graphiql" || path.starts_with("graphiql/");
    if is_playground && !server.state.platform.settings.doors.playground {
        return StatusCode::NOT_FOUND.into_response();
    }
    if path == "graphiql" {
        return Redirect::temporary("/graphiql/").into_response();
    }
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else if path == "favicon.ico" {
        // What a browser asks for on a page that names no icon, a download for example.
        "favicon.svg".to_owned()
    } else {
        path.to_owned()
    };
    if let Some(file) = Dist::get(&path) {
        return answer(&path, file, &headers);
    }
    // Names with a dot are files, and what is under these prefixes is for programs: a page there would hide the mistake.
    let last = path.rsplit('/').next().unwrap_or_default();
    if (last.contains('.') && last != "index.html")
        || path.starts_with("v1/")
        || path.starts_with("graphiql/")
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Dist::get("index.html") {
        Some(file) => answer("index.html", file, &headers),
        None => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
    }
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = format!(
        "\"{}\"",
        hash[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    );
    // The build puts a hash into the names under assets/; everything else is asked for anew.
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    if headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return (
            StatusCode::NOT_MODIFIED,
            [(ETAG, tag), (CACHE_CONTROL, caching.to_owned())],
        )
            .into_response();
    }
    let head = [
        (CONTENT_TYPE, content_type(path).to_owned()),
        (ETAG, tag),
        (CACHE_CONTROL, caching.to_owned()),
    ];
    match file.data {
        Cow::Borrowed(bytes) => (head, bytes).into_response(),
        Cow::Owned(bytes) => (head, bytes).into_response(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
