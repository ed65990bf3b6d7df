//! The whole router over a real database in a throw-away folder.

mod access;
mod accounts;
mod accounts_door;
mod accounts_sessions;
mod accounts_tokens;
mod again;
mod batch;
mod http;
mod limits;
mod lists;
mod matrix;
mod notification;
mod organise;
mod plain;
mod predict;
mod rate_limit;
mod registry;
mod schema;
mod setup;
mod speed;
mod upload;
mod watch;
mod webhook;
mod websocket;
