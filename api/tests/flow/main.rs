//! The whole router over a real database in a throw-away folder.

mod access;
mod accounts;
mod accounts_door;
mod accounts_sessions;
mod accounts_tokens;
mod again;
mod audit;
mod batch;
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
mod upload;
mod watch;
mod webhook;
mod websocket;
