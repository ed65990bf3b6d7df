//! Loaded models that answer: a cache with a bound of memory, least recently used out first.

use std::sync::{Arc, Mutex, PoisonError};

use model::serve::Loaded;
use platform::Artifacts;
use platform::artifacts::Key;
use uuid::Uuid;

use crate::failure::Failure;

/// Bytes of stored models kept loaded; in memory they are a few times larger.
const CAPACITY_BYTES: usize = 256 << 20;

/// A cache of loaded models.
pub struct Cache {
    artifacts: Arc<dyn Artifacts>,
    /// Most recently used last.
    entries: Mutex<Vec<Entry>>,
}

struct Entry {
    id: Uuid,
    /// A model that was replaced by a newer one has another file under the same id.
    key: String,
    stored_bytes: usize,
    model: Arc<Loaded>,
}

impl Cache {
    /// An empty cache over a store.
    pub fn new(artifacts: Arc<dyn Artifacts>) -> Self {
        Self {
            artifacts,
            entries: Mutex::new(Vec::new()),
        }
    }

    /// The model with that id, whose file has that key. Whether the viewer may use it is the caller's to check.
    ///
    /// # Errors
    /// When the file is gone or is not a model.
    pub async fn get(&self, id: Uuid, key: &str) -> Result<Arc<Loaded>, Failure> {
        if let Some(model) = self.find(id, key) {
            return Ok(model);
        }
        let stored = Key::parse(key).map_err(Failure::internal)?;
        let bytes = self.artifacts.get(&stored).await?;
        let stored_bytes = bytes.len();
        let load = move || model::store::load(&bytes);
        let loaded = tokio::task::spawn_blocking(load)
            .await
            .map_err(Failure::internal)?;
        let model = Arc::new(loaded.map_err(Failure::internal)?);
        self.keep(Entry {
            id,
            key: key.to_owned(),
            stored_bytes,
            model: model.clone(),
        });
        Ok(model)
    }

    /// How many models are loaded, and how large their files are together.
    pub fn usage(&self) -> (usize, usize) {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        (
            entries.len(),
            entries.iter().map(|entry| entry.stored_bytes).sum(),
        )
    }

    fn find(&self, id: Uuid, key: &str) -> Option<Arc<Loaded>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let position = entries
            .iter()
            .position(|entry| entry.id == id && entry.key == key)?;
        let entry = entries.remove(position);
        let model = entry.model.clone();
        entries.push(entry);
        Some(model)
    }

    fn keep(&self, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|other| other.id != entry.id);
        entries.push(entry);
        let mut total: usize = entries.iter().map(|entry| entry.stored_bytes).sum();
        while total > CAPACITY_BYTES && entries.len() > 1 {
            total -= entries.remove(0).stored_bytes;
        }
    }
}
