//! The whole router over a real database in a throw-away folder.

mod access;
mod again;
mod batch;
mod http;
mod notification;
mod plain;
mod predict;
mod schema;
mod setup;
mod upload;
mod watch;
mod websocket;
