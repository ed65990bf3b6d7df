//! What the face of the platform works with.

use std::sync::Arc;

use platform::Platform;
use tokio_util::sync::CancellationToken;

use crate::auth::Identity;

/// Everything the api needs, built once in main. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Database, files, events, doorbell, settings.
    pub platform: Platform,
    /// Cancelled when the process stops: open WebSockets are told to come back.
    pub shutdown: CancellationToken,
    /// Origins other than this server's own whose pages may open a WebSocket, for example `https://automl.example`.
    pub allowed_origins: Arc<[String]>,
    /// What is needed to know who asks.
    pub(crate) identity: Identity,
}

impl AppState {
    /// A state without foreign origins.
    pub fn new(platform: Platform, shutdown: CancellationToken) -> Self {
        Self {
            platform,
            shutdown,
            allowed_origins: Arc::new([]),
            identity: Identity::default(),
        }
    }
}
