//! The whole router over a real database in a throw-away folder.

mod access;
mod accounts;
mod accounts_door;
mod accounts_sessions;
mod accounts_tokens;
mod again;
mod batch;
mod documents;
mod doors;
mod http;
mod lists;
mod matrix;
mod notification;
mod organise;
mod plain;
mod predict;
mod registry;
mod schema;
mod setup;
mod slow;
mod streams;
mod upload;
mod watch;
mod webhook;
mod websocket;
