//! `GET /v1/downloads/{signed}`: one stored file, by a signed link.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use entities::artifact;
use platform::artifacts::{Key, Shown};
use sea_orm::EntityTrait;
use tokio_util::io::ReaderStream;

use super::answer::Refusal;
use super::part::Part;
use super::request_id::RequestId;
use crate::failure::{Code, Failure};
use crate::server::Server;

/// How long a link to the store itself is good: it is followed at once.
const LINK_LIFE: Duration = Duration::from_secs(5 * 60);

/// Sends the file as an attachment, or the browser to the store that does.
pub async fn get(State(server): State<Arc<Server>>, request_id: RequestId, Part(signed): Part) -> Response {
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
    let signer = server.signer.key().await?;
    let id = signer
        .verify(signed, platform::database::now())
        .ok_or_else(gone)?;
    let row = artifact::Entity::find_by_id(id)
        .one(server.state.platform.database.connection())
        .await?;
    let row = row.ok_or_else(gone)?;
    let key = Key::parse(&row.key).map_err(Failure::internal)?;
    let disposition = disposition(&row.file_name);
    let shown = Shown {
        disposition: &disposition,
        content_type: content_type(row.kind),
        valid: LINK_LIFE,
    };
    let link = server.state.platform.artifacts.download_link(&key, &shown).await;
    if let Some(link) = link? {
        return redirect(&link);
    }
    let file = match server.state.platform.artifacts.open(&key).await {
        Ok(file) => file,
        Err(platform::Error::NoArtifact(_)) => return Err(gone()),
        Err(cause) => return Err(cause.into()),
    };
    let mut response = Body::from_stream(ReaderStream::new(file.bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(row.kind)));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(file.size_bytes));
    headers.insert(CONTENT_DISPOSITION, header(&disposition)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // Should a browser show it after all (a report), nothing in it runs.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    Ok(response)
}

/// To the store itself. The address is a secret for as long as it is good, so nothing may keep it.
fn redirect(link: &str) -> Result<Response, Failure> {
    let headers = [
        (LOCATION, header(link)?),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

fn header(text: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(text).map_err(|_| Failure::internal("a header cannot hold its text"))
}

fn content_type(kind: artifact::Kind) -> &'static str {
    match kind {
        artifact::Kind::Report | artifact::Kind::DataReport => "text/html; charset=utf-8",
        artifact::Kind::ModelCard => "text/markdown; charset=utf-8",
        artifact::Kind::Leaderboard | artifact::Kind::HoldoutPredictions | artifact::Kind::Predictions => {
            "text/csv; charset=utf-8"
        }
        artifact::Kind::Provenance => "application/zip",
        artifact::Kind::PredictionsParquet => "application/vnd.apache.parquet",
        artifact::Kind::RunLog
        | artifact::Kind::Evaluation
        | artifact::Kind::Profile
        | artifact::Kind::BatchReport => "application/json",
        _ => "application/octet-stream",
    }
}

/// An attachment under that name: plain for old clients, percent-encoded UTF-8 for the rest (RFC 6266).
fn disposition(file_name: &str) -> String {
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
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
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
            assert_eq!(disposition(name), expected);
        }
    }
}
