//! What the face of the platform works with.

use std::sync::Arc;

use platform::Platform;
use platform::estimate::Estimator;
use tokio_util::sync::CancellationToken;

/// Everything the api needs, built once in main. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Database, files, events, doorbell, settings.
    pub platform: Platform,
    /// Cancelled when the process stops: open WebSockets are told to come back.
    pub shutdown: CancellationToken,
    /// Origins other than this server's own whose pages may open a WebSocket, for example `https://automl.example`.
    pub allowed_origins: Arc<[String]>,
    /// Knows what jobs take; none where the engine is not at hand.
    pub estimator: Option<Arc<dyn Estimator>>,
}

impl AppState {
    /// A state without foreign origins and without estimates.
    pub fn new(platform: Platform, shutdown: CancellationToken) -> Self {
        Self {
            platform,
            shutdown,
            allowed_origins: Arc::new([]),
            estimator: None,
        }
    }

    /// The state with somebody who knows what jobs take.
    #[must_use]
    pub fn with_estimator(self, estimator: Arc<dyn Estimator>) -> Self {
        Self {
            estimator: Some(estimator),
            ..self
        }
    }
}
