//! What the face of the platform works with.

use std::sync::Arc;

use entities::Viewer;
use platform::Platform;
use platform::audit::{Actor, By};
use platform::estimate::Estimator;
use tokio_util::sync::CancellationToken;

use crate::auth::Identity;
use crate::auth::oidc::Issuers;
use crate::http::client::Client;
use crate::http::request_id::RequestId;
use crate::metrics::Metrics;

/// Everything the api needs, built once in main. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Database, files, events, doorbell, settings.
    pub platform: Platform,
    /// Cancelled when the process stops: open WebSockets are told to come back.
    pub shutdown: CancellationToken,
    /// Origins other than this server's own whose pages may use the API, as the settings list them.
    pub allowed_origins: Arc<[String]>,
    /// Issuers whose tokens are taken besides our own.
    pub(crate) issuers: Arc<Issuers>,
    /// What is needed to know who asks.
    pub(crate) identity: Identity,
    /// What was answered, counted.
    pub(crate) metrics: Metrics,
    /// Knows what jobs take; none where the engine is not at hand.
    pub estimator: Option<Arc<dyn Estimator>>,
}

impl AppState {
    /// A state without estimates.
    pub fn new(mut platform: Platform, shutdown: CancellationToken) -> Self {
        platform.database = platform.database.within(platform.settings.traffic.statement);
        Self {
            issuers: Arc::new(Issuers::new(&platform.settings)),
            allowed_origins: platform.settings.doors.allowed_origins.clone().into(),
            platform,
            shutdown,
            identity: Identity::default(),
            metrics: Metrics::default(),
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

    /// The state for a request from there, of somebody who has not shown who they are.
    #[must_use]
    pub fn asked_from(&self, client: &Client, request_id: RequestId) -> Self {
        self.asked_by(None, client, request_id)
    }

    /// The state for a request from there: as that person sees it, or of somebody who has not shown who they are.
    #[must_use]
    pub fn asked_by(&self, viewer: Option<Viewer>, client: &Client, request_id: RequestId) -> Self {
        let mut state = self.clone();
        let platform = &mut state.platform;
        platform.by = By {
            actor: Actor::Nobody,
            address: client.address,
            request_id: Some(request_id.0),
        };
        if let Some(viewer) = viewer {
            platform.by = platform.by.person(viewer.user_id);
            platform.database = platform.database.for_viewer(viewer.user_id);
        }
        state
    }

    /// The state as that person sees it: the database shows their rows only. Resolvers find no other one in their context.
    #[must_use]
    pub fn for_viewer(&self, viewer: Viewer) -> Self {
        Self {
            platform: self.platform.for_viewer(viewer),
            ..self.clone()
        }
    }

    /// The state with everybody's rows, for fields under `admin` once the viewer is known to be an administrator.
    #[must_use]
    pub fn as_admin(&self) -> Self {
        Self {
            platform: self.platform.as_admin(),
            ..self.clone()
        }
    }
}
