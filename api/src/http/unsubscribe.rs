//! `/v1/unsubscribe/{token}`: switches a person's mail off, for whoever holds a mail to that person (RFC 8058).
//!
//! Mail programs and scanners fetch links: GET only asks. The POST of its form, or of a mail program, does it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use entities::user;
use platform::mail::Unsubscribe;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::answer::Refusal;
use super::part::Part;
use super::request_id::RequestId;
use crate::failure::Failure;
use crate::server::Server;

const ASK: &str = "<h1>Stop mail about your jobs?</h1>\
    <p>You will get no more mail from AutoML Lite. You can switch it on again in the settings.</p>\
    <form method=\"post\"><button type=\"submit\">Stop the mail</button></form>";
const DONE: &str = "<h1>You get no more mail</h1>\
    <p>You can switch it on again in <a href=\"/settings\">the settings</a>.</p>";
const UNKNOWN: &str = "<h1>This link does not work</h1>\
    <p>It is not complete. Copy the whole link from the mail, or switch mail off in <a href=\"/settings\">the settings</a>.</p>";

/// Asks.
pub async fn get(State(server): State<Arc<Server>>, request_id: RequestId, Part(token): Part) -> Response {
    match person(&server, &token).await {
        Ok(Some(_)) => page(StatusCode::OK, ASK),
        Ok(None) => page(StatusCode::NOT_FOUND, UNKNOWN),
        Err(failure) => Refusal::new(failure, request_id).into_response(),
    }
}

/// Does it; doing it again changes nothing.
pub async fn post(State(server): State<Arc<Server>>, request_id: RequestId, Part(token): Part) -> Response {
    match switch_off(&server, &token).await {
        Ok(true) => page(StatusCode::OK, DONE),
        Ok(false) => page(StatusCode::NOT_FOUND, UNKNOWN),
        Err(failure) => Refusal::new(failure, request_id).into_response(),
    }
}

async fn switch_off(server: &Server, token: &str) -> Result<bool, Failure> {
    let Some(user_id) = person(server, token).await? else {
        return Ok(false);
    };
    user::Entity::update_many()
        .col_expr(user::Column::MailEnabled, Expr::value(false))
        .filter(user::Column::Id.eq(user_id))
        .exec(server.state.platform.database.connection())
        .await?;
    Ok(true)
}

/// The token itself is the right: it was mailed to the person.
async fn person(server: &Server, token: &str) -> Result<Option<Uuid>, Failure> {
    let tokens = Unsubscribe::open(&server.state.platform).await?;
    Ok(tokens.verify(token))
}

fn page(status: StatusCode, content: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"robots\" content=\"noindex\"><title>AutoML Lite</title><style>body{{max-width:32rem;margin:15vh auto;padding:0 1rem;\
         font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark}}button{{font:inherit;padding:.6rem 1.2rem;cursor:pointer}}</style>\
         </head><body><main>{content}</main></body></html>"
    );
    (status, [(CACHE_CONTROL, "no-store")], Html(page)).into_response()
}
