//! The whole router over a real database in a throw-away folder.

mod access;
mod accounts;
mod accounts_door;
mod accounts_sessions;
mod accounts_tokens;
mod again;
mod batch;
mod http;
mod lists;
mod matrix;
mod metrics;
mod notification;
mod openapi;
mod organise;
mod plain;
mod predict;
mod predict_csv;
mod registry;
mod schema;
mod setup;
mod upload;
mod watch;
mod webhook;
mod websocket;
