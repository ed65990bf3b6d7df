//! `POST /v1/models/{id}/predict`: the same as the mutation `predict`, for clients without GraphQL. Rows and answers are JSON or CSV.

mod format;
mod rows;

use std::sync::Arc;

use async_graphql::ID;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use entities::Viewer;
use entities::scope::Scope;
use model::csv::Table;
use platform::allowance::Subject;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Refusal;
use super::client::Client;
use super::part::Part;
use super::request_id::RequestId;
use crate::auth;
use crate::failure::{Code, Failure};
use crate::graphql::id::{self, Noun};
use crate::graphql::payload::UserError;
use crate::graphql::prediction::{self, Answered, MAX_ROWS};
use crate::graphql::prediction_detail::Wanted;
use crate::server::Server;

use format::Format;

/// Longest body, bytes: a thousand wide rows.
pub const BODY_LIMIT: usize = 16 << 20;
/// A body that takes less time to read than to hand to another thread, bytes.
const SHORT_BODY: usize = 32 << 10;

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Value>,
}

/// Predicts the rows of a body `{"rows": [{column: value}]}`, or of a table with a header.
pub async fn post(
    State(server): State<Arc<Server>>,
    request_id: RequestId,
    Part(model_id): Part,
    RawQuery(query): RawQuery,
    client: Client,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let asked = Asked {
        model_id: &model_id,
        query: query.as_deref(),
        client: &client,
        headers: &headers,
    };
    let (status, failure) = match ask(&server, asked, body).await {
        Ok(response) => return response,
        Err(Refused::Status(status, message)) => (Some(status), Failure::client(Code::BadRequest, message)),
        Err(Refused::Failure(failure)) => (None, failure),
    };
    let refusal = Refusal::new(failure, request_id);
    match status {
        Some(status) => refusal.with_status(status).into_response(),
        None => refusal.into_response(),
    }
}

/// Why a request is refused as a whole.
enum Refused {
    /// With the status that belongs to the failure.
    Failure(Failure),
    /// With a status of its own.
    Status(StatusCode, String),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// A request without its body.
struct Asked<'a> {
    model_id: &'a str,
    query: Option<&'a str>,
    client: &'a Client,
    headers: &'a HeaderMap,
}

async fn ask(
    server: &Server,
    asked: Asked<'_>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    let headers = asked.headers;
    let session = auth::admit(&server.state, headers, asked.client).await?;
    session.require(&[Scope::Predict, Scope::Write])?;
    let sent = Format::sent(headers).ok_or_else(|| {
        let message = "Send the rows as `Content-Type: application/json` or as `text/csv`, which is UTF-8 with a header.";
        Refused::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE, message.to_owned())
    })?;
    let wanted = Format::wanted(headers, sent).ok_or_else(|| {
        let message = "Answers are `application/json` or `text/csv`.";
        Refused::Status(StatusCode::NOT_ACCEPTABLE, message.to_owned())
    })?;
    let raw = is_raw(asked.query)?;
    let body = body.map_err(|rejection| {
        let message = "The body is larger than 16 MiB or could not be read.";
        Refused::Status(rejection.status(), message.to_owned())
    })?;
    let not_found = || Failure::client(Code::NotFound, "There is no such model, or it is not yours.");
    let key = id::decode_as(&ID(asked.model_id.to_owned()), Noun::Model).map_err(|_| not_found())?;
    // Rows have an allowance of their own; how many there are is known once the body was read, which is work too.
    charge(server, session.viewer).await?;
    let answered = match sent {
        Format::Json => of_json(server, session.viewer, key, body).await?,
        Format::Csv => of_csv(server, session.viewer, key, body, wanted == Format::Json).await?,
    };
    match answered {
        Ok(answered) => Ok(written(&answered, wanted, raw)),
        Err(errors) if errors.iter().any(|error| error.code == "NOT_FOUND") => Err(not_found().into()),
        Err(errors) => Ok(refused(&errors)),
    }
}

/// `?raw=true`: text of a CSV answer stays as it is. Other fields of the query are not ours.
fn is_raw(query: Option<&str>) -> Result<bool, Failure> {
    let fields = query.unwrap_or_default().split('&');
    let mut values = fields.filter_map(|field| field.strip_prefix("raw="));
    match (values.next(), values.next()) {
        (None | Some("false"), None) => Ok(false),
        (Some("true"), None) => Ok(true),
        _ => Err(Failure::client(
            Code::BadRequest,
            "`raw` is `true` or `false`, once.",
        )),
    }
}

/// Answers, or what the user can mend.
type Outcome = Result<Answered, Vec<UserError>>;

async fn charge(server: &Server, viewer: Viewer) -> Result<(), Failure> {
    let allowances = &server.state.platform.allowances;
    let subject = Subject::Person(viewer.user_id);
    let taken = allowances.take(subject, 1, platform::database::now()).await;
    taken.map_err(|refused| Failure::rate_limited(refused, "requests"))
}

async fn of_json(server: &Server, viewer: Viewer, key: Uuid, body: Bytes) -> Result<Outcome, Failure> {
    let is_short = body.len() <= SHORT_BODY;
    let read = move || serde_json::from_slice::<Rows>(&body);
    let rows = match is_short {
        true => read(),
        false => tokio::task::spawn_blocking(read)
            .await
            .map_err(Failure::internal)?,
    };
    let rows = rows.map_err(|cause| {
        let message = format!("The body must be {{\"rows\": [{{\"column\": value}}]}}: {cause}.");
        Failure::client(Code::BadRequest, message)
    })?;
    let state = server.state.for_viewer(viewer);
    prediction::predict(&state, &server.models, viewer, key, rows.rows, Wanted::default()).await
}

async fn of_csv(
    server: &Server,
    viewer: Viewer,
    key: Uuid,
    body: Bytes,
    with_warnings: bool,
) -> Result<Outcome, Failure> {
    let refuse = |fault: model::csv::Fault| {
        Failure::client(Code::BadRequest, format!("The body is no table: {fault}."))
    };
    // The table borrows from the body, so it is read again where it is worked on; it takes a moment each time.
    let text = body.clone();
    let rows = tokio::task::spawn_blocking(move || Table::read(&text, 0).map(|table| table.rows)).await;
    let rows = rows.map_err(Failure::internal)?.map_err(refuse)?;
    let state = server.state.for_viewer(viewer);
    let loaded = match prediction::ready(&state, &server.models, viewer, key, rows).await? {
        Ok(loaded) => loaded,
        Err(errors) => return Ok(Err(errors)),
    };
    let work = move || Table::read(&body, MAX_ROWS).map(|table| rows::answer(&loaded, &table, with_warnings));
    let answered = tokio::task::spawn_blocking(work).await;
    answered.map_err(Failure::internal)?.map_err(refuse)
}

fn written(answered: &Answered, format: Format, raw: bool) -> Response {
    let headers = [(CACHE_CONTROL, "no-store"), (VARY, "accept")];
    match format {
        Format::Json => {
            let body = json!({ "predictions": answered.predictions, "inferenceMicroseconds": answered.microseconds });
            (headers, Json(body)).into_response()
        }
        Format::Csv => {
            let content_type = [(CONTENT_TYPE, "text/csv; charset=utf-8; header=present")];
            (headers, content_type, rows::write(&answered.predictions, raw)).into_response()
        }
    }
}

/// What the user can mend, in one shape whatever was asked for.
fn refused(errors: &[UserError]) -> Response {
    let list: Vec<Value> = errors
        .iter()
        .map(|error| json!({ "code": error.code, "message": error.message, "field": error.field }))
        .collect();
    let body = Json(json!({ "errors": list }));
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        [(CACHE_CONTROL, "no-store")],
        body,
    )
        .into_response()
}
