//! `PATCH` and `HEAD /v1/uploads/{id}`: the bytes of a file, resumable by offset.

use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use entities::scope::Scope;
use entities::{Viewer, upload};
use futures_util::StreamExt;
use platform::error::is_out_of_space;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::fs::OpenOptions;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use uuid::Uuid;

use super::answer::Refusal;
use super::client::Client;
use super::part::Part;
use super::request_id::RequestId;
use crate::auth;
use crate::failure::{Code, Failure};
use crate::server::Server;

/// Bytes stored so far.
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// Bytes announced.
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// A sender that is silent for so long is cut off; what it sent stays.
const SILENCE_LIMIT: Duration = Duration::from_secs(60);

/// `HEAD /v1/uploads/{id}`: how far it is.
pub async fn head(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    Part(id): Part,
    client: Client,
    headers: HeaderMap,
) -> Response {
    match open(&server, &headers, &client, &id).await {
        Ok((_, row)) => (StatusCode::OK, offsets(row.received_bytes, row.size_bytes)).into_response(),
        Err(failure) => Refusal::new(failure, request_id).into_response(),
    }
}

/// `PATCH /v1/uploads/{id}`: stores the body at `Upload-Offset`, which must be what `HEAD` says.
pub async fn patch(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    Part(id): Part,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let received = match open(&server, &headers, &client, &id).await {
        Ok(opened) => receive(&server, &headers, opened, body, request_id).await,
        Err(failure) => Err(failure),
    };
    received.unwrap_or_else(|failure| Refusal::new(failure, request_id).into_response())
}

async fn receive(
    server: &Server,
    headers: &HeaderMap,
    (viewer, row): (Viewer, upload::Model),
    body: Body,
    request_id: RequestId,
) -> Result<Response, Failure> {
    let refuse = |status, message: &str, row: &upload::Model| refuse(status, message, row, request_id);
    // Of two senders of one file, the second is told to ask how far it is.
    let Some(_turn) = server.uploads.begin(row.id) else {
        let message =
            "Another request is sending this file; ask with HEAD how far it is and go on from there.";
        return Ok(refuse(StatusCode::CONFLICT, message, &row));
    };
    let row = find_open(server, viewer, row.id).await?;
    let offset = headers
        .get(UPLOAD_OFFSET)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<i64>().ok());
    let Some(offset) = offset else {
        return Ok(refuse(
            StatusCode::BAD_REQUEST,
            "Send the header `Upload-Offset` with a number of bytes.",
            &row,
        ));
    };
    if offset != row.received_bytes {
        let message = format!("{} bytes are stored; go on from there.", row.received_bytes);
        return Ok(refuse(StatusCode::CONFLICT, &message, &row));
    }
    let path = server.state.platform.upload_path(row.id);
    let stored = store(&path, offset, row.size_bytes, body).await;
    let received = match &stored {
        Ok(received) | Err(Broken::Sender(received) | Broken::TooLong(received)) => *received,
        Err(Broken::File(error)) => {
            // What was not recorded is sent again; it must not keep a full disk full.
            cut(&path, offset).await;
            return Err(if is_out_of_space(error) {
                Failure::DiskFull(error.to_string())
            } else {
                Failure::internal(error)
            });
        }
    };
    record(server, viewer, row.id, received).await?;
    let row = upload::Model {
        received_bytes: received,
        ..row
    };
    Ok(match stored {
        Ok(_) => (StatusCode::NO_CONTENT, offsets(received, row.size_bytes)).into_response(),
        Err(Broken::TooLong(_)) => {
            let message = format!(
                "The file was announced with {} bytes; there are more.",
                row.size_bytes
            );
            refuse(StatusCode::PAYLOAD_TOO_LARGE, &message, &row)
        }
        Err(_) => refuse(
            StatusCode::BAD_REQUEST,
            "The body broke off; go on from the stored offset.",
            &row,
        ),
    })
}

/// Why a body ended early; with the bytes that are stored.
enum Broken {
    Sender(i64),
    TooLong(i64),
    File(std::io::Error),
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

/// Writes a body at an offset; returns the length of the file afterwards.
async fn store(path: &FilePath, offset: i64, size: i64, body: Body) -> Result<i64, Broken> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .await?;
    // A crash may have left bytes that were never recorded.
    file.set_len(offset.unsigned_abs()).await?;
    file.seek(std::io::SeekFrom::Start(offset.unsigned_abs())).await?;
    let mut received = offset;
    let mut blocks = body.into_data_stream();
    let outcome = loop {
        let block = match tokio::time::timeout(SILENCE_LIMIT, blocks.next()).await {
            Ok(Some(Ok(block))) => block,
            Ok(None) => break Ok(()),
            Ok(Some(Err(_))) | Err(_) => break Err(Broken::Sender(received)),
        };
        if received + block.len() as i64 > size {
            break Err(Broken::TooLong(received));
        }
        file.write_all(&block).await?;
        received += block.len() as i64;
    };
    file.flush().await?;
    file.sync_data().await?;
    outcome.map(|()| received).map_err(|broken| match broken {
        Broken::Sender(_) => Broken::Sender(received),
        other => other,
    })
}

/// Leaves so many bytes of a file. What cannot be cut off is overwritten by the next part, or swept.
async fn cut(path: &FilePath, length: i64) {
    if let Ok(file) = OpenOptions::new().write(true).open(path).await {
        let _ = file.set_len(length.unsigned_abs()).await;
    }
}

async fn record(server: &Server, viewer: Viewer, id: Uuid, received: i64) -> Result<(), Failure> {
    let update = upload::Entity::update_many()
        .col_expr(upload::Column::ReceivedBytes, Expr::value(received))
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::UserId.eq(viewer.user_id));
    let platform = server.state.platform.for_viewer(viewer);
    update.exec(platform.database.connection()).await?;
    Ok(())
}

async fn open(
    server: &Server,
    headers: &HeaderMap,
    client: &Client,
    id: &str,
) -> Result<(Viewer, upload::Model), Failure> {
    let session = auth::admit(&server.state, headers, client).await?;
    session.require(&[Scope::Write])?;
    let viewer = session.viewer;
    let key = Uuid::try_parse(id).map_err(|_| not_found())?;
    let row = find_open(server, viewer, key).await?;
    Ok((viewer, row))
}

/// One whose bytes come to this server.
async fn find_open(server: &Server, viewer: Viewer, id: Uuid) -> Result<upload::Model, Failure> {
    let platform = server.state.platform.for_viewer(viewer);
    let found = platform::uploads::find_open(&platform, viewer, id).await;
    let row = found?.ok_or_else(not_found)?;
    if row.method != upload::Method::Patch {
        return Err(not_found());
    }
    Ok(row)
}

fn not_found() -> Failure {
    Failure::client(
        Code::NotFound,
        "There is no such open upload, or it is not yours; create one with createUpload.",
    )
}

fn offsets(received: i64, size: i64) -> [(HeaderName, HeaderValue); 3] {
    [
        (UPLOAD_OFFSET, HeaderValue::from(received)),
        (UPLOAD_LENGTH, HeaderValue::from(size)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}

fn refuse(status: StatusCode, message: &str, row: &upload::Model, request_id: RequestId) -> Response {
    let body = serde_json::json!({ "error": {
        "code": "UPLOAD",
        "message": message,
        "requestId": request_id.to_string(),
    }});
    (
        status,
        offsets(row.received_bytes, row.size_bytes),
        axum::Json(body),
    )
        .into_response()
}
