//! The whole router over a real database in a throw-away folder.

mod access;
mod accounts;
mod accounts_door;
mod accounts_sessions;
mod accounts_tokens;
mod again;
mod http;
mod notification;
mod plain;
mod predict;
mod schema;
mod setup;
mod upload;
mod watch;
mod websocket;
