//! `GET /v1/downloads/{signed}`: one stored file, by a signed link.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::response::{IntoResponse, Response};
use entities::artifact;
use platform::artifacts::Key;
use sea_orm::EntityTrait;
use tokio_util::io::ReaderStream;

use super::answer::Refusal;
use super::request_id::RequestId;
use crate::failure::{Code, Failure};
use crate::server::Server;

/// Sends the file as an attachment.
pub async fn get(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    Path(signed): Path<String>,
) -> Response {
    match open(&server, &signed).await {
        Ok(response) => response,
        Err(failure) => Refusal::new(failure, request_id).into_response(),
    }
}

/// The link itself is the right to read: it was given to the owner, minutes ago.
async fn open(server: &Server, signed: &str) -> Result<Response, Failure> {
    let gone = || {
        Failure::client(
            Code::NotFound,
            "This link has expired or is not one of this server's; ask for a new one.",
        )
    };
    let id = server
        .signer
        .verify(signed, platform::database::now())
        .ok_or_else(gone)?;
    let row = artifact::Entity::find_by_id(id)
        .one(server.state.platform.database.connection())
        .await?;
    let row = row.ok_or_else(gone)?;
    let key = Key::parse(&row.key).map_err(Failure::internal)?;
    let file = match server.state.platform.artifacts.open(&key).await {
        Ok(file) => file,
        Err(platform::Error::NoArtifact(_)) => return Err(gone()),
        Err(cause) => return Err(Failure::internal(cause)),
    };
    let mut response = Body::from_stream(ReaderStream::new(file.bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(row.kind)));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(file.size_bytes));
    headers.insert(CONTENT_DISPOSITION, disposition(&row.file_name)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // Should a browser show it after all (a report), nothing in it runs.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    Ok(response)
}

fn content_type(kind: artifact::Kind) -> &'static str {
    match kind {
        artifact::Kind::Report => "text/html; charset=utf-8",
        artifact::Kind::Leaderboard | artifact::Kind::HoldoutPredictions => "text/csv; charset=utf-8",
        artifact::Kind::RunLog | artifact::Kind::Evaluation | artifact::Kind::Profile => "application/json",
        _ => "application/octet-stream",
    }
}

/// An attachment under that name: plain for old clients, percent-encoded UTF-8 for the rest (RFC 6266).
fn disposition(file_name: &str) -> Result<HeaderValue, Failure> {
    let mut plain = String::new();
    let mut encoded = String::new();
    for character in file_name.chars() {
        let safe = character.is_ascii_alphanumeric() || "._- ".contains(character);
        plain.push(if safe { character } else { '_' });
    }
    for byte in file_name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).map_err(Failure::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_header() {
        for (name, expected) in [
            (
                "model.onnx",
                "attachment; filename=\"model.onnx\"; filename*=UTF-8''model.onnx",
            ),
            (
                "a\"; x=\r\ny",
                "attachment; filename=\"a__ x___y\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0Ay",
            ),
            (
                "größe.csv",
                "attachment; filename=\"gr__e.csv\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv",
            ),
        ] {
            assert_eq!(disposition(name).unwrap().to_str().unwrap(), expected);
        }
    }
}
