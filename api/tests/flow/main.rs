//! The whole router over a real database in a throw-away folder.

mod access;
mod again;
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
