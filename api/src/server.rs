//! What handlers share: the state, the schema, the signing key, loaded models.

use std::sync::Arc;

use crate::graphql::prepared;
use crate::graphql::schema::{self, Executable};
use crate::http::documents::Documents;
use crate::http::places::Places;
use crate::http::turns::Turns;
use crate::serving::Cache;
use crate::sign::Signer;
use crate::state::AppState;

/// Shared by all handlers.
pub struct Server {
    /// The outside world.
    pub state: AppState,
    /// The executable schema.
    pub schema: Executable,
    /// Documents that were asked lately, ready to run.
    pub prepared: prepared::Documents,
    /// Signs and checks download links.
    pub signer: Signer,
    /// Loaded models.
    pub models: Arc<Cache>,
    /// Uploads that are being written to.
    pub uploads: Turns,
    /// Documents that go by a name.
    pub documents: Documents,
    /// Open WebSockets and streams.
    pub places: Places,
}

impl Server {
    /// Builds what is shared.
    pub fn new(state: AppState) -> Self {
        let signer = Signer::new(state.platform.clone());
        let bytes = state.platform.settings.traffic.model_cache_bytes;
        let models = Arc::new(Cache::new(state.platform.artifacts.clone(), bytes));
        let schema = schema::build(&signer, &models);
        let documents = Documents::new(&state.platform.settings.doors);
        Self {
            state,
            schema,
            prepared: prepared::Documents::default(),
            signer,
            models,
            uploads: Turns::default(),
            documents,
            places: Places::default(),
        }
    }
}
