//! Loaded models that answer: a cache with a bound of memory, least recently used out first. One that many ask for at once is
//! loaded once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::serve::Loaded;
use platform::Artifacts;
use platform::artifacts::Key;
use uuid::Uuid;

use crate::failure::Failure;

/// A cache of loaded models.
pub struct Cache {
    artifacts: Arc<dyn Artifacts>,
    kept: Kept<Loaded>,
}

impl Cache {
    /// An empty cache over a store, for so many bytes of stored models; in memory they are a few times larger.
    pub fn new(artifacts: Arc<dyn Artifacts>, bytes: u64) -> Self {
        Self {
            artifacts,
            kept: Kept::new(bytes),
        }
    }

    /// The model with that id, whose file has that key. Whether the viewer may use it is the caller's to check.
    ///
    /// # Errors
    /// When the file is gone or is not a model.
    pub async fn get(&self, id: Uuid, key: &str) -> Result<Arc<Loaded>, Failure> {
        self.kept.get(id, key, || self.load(key)).await
    }

    /// How many models are loaded, and how many bytes they are stored in together.
    pub fn usage(&self) -> (usize, u64) {
        let entries = self.kept.entries();
        (entries.len(), entries.iter().map(|entry| entry.bytes).sum())
    }

    /// The model, and how many bytes it is stored in.
    async fn load(&self, key: &str) -> Result<(Loaded, u64), Failure> {
        let stored = Key::parse(key).map_err(Failure::internal)?;
        let bytes = self.artifacts.get(&stored).await?;
        let stored_bytes = bytes.len() as u64;
        let load = move || model::store::load(&bytes);
        let loaded = tokio::task::spawn_blocking(load)
            .await
            .map_err(Failure::internal)?;
        Ok((loaded.map_err(Failure::internal)?, stored_bytes))
    }
}

/// What was loaded lately.
struct Kept<T> {
    capacity: u64,
    /// Most recently used last.
    entries: Mutex<Vec<Entry<T>>>,
    /// Whoever loads holds the lock of its key; the others wait for it.
    loading: Mutex<HashMap<String, Turns>>,
}

/// The lock of a key, and how many have or want it.
#[derive(Default)]
struct Turns {
    count: usize,
    lock: Arc<tokio::sync::Mutex<()>>,
}

struct Entry<T> {
    id: Uuid,
    /// A model that was replaced by a newer one has another file under the same id.
    key: String,
    bytes: u64,
    value: Arc<T>,
}

impl<T> Kept<T> {
    fn new(capacity: u64) -> Self {
        Self {
            capacity,
            entries: Mutex::default(),
            loading: Mutex::default(),
        }
    }

    async fn get<F>(&self, id: Uuid, key: &str, load: impl FnOnce() -> F) -> Result<Arc<T>, Failure>
    where
        F: Future<Output = Result<(T, u64), Failure>>,
    {
        if let Some(value) = self.find(id, key) {
            return Ok(value);
        }
        let waiting = Waiting::begin(&self.loading, key);
        let _turn = waiting.lock.lock().await;
        // The one before may have loaded it; if it failed, this one tries.
        if let Some(value) = self.find(id, key) {
            return Ok(value);
        }
        let loaded = load().await;
        if let Ok((value, bytes)) = loaded {
            let value = Arc::new(value);
            self.keep(Entry {
                id,
                key: key.to_owned(),
                bytes,
                value: Arc::clone(&value),
            });
            return Ok(value);
        }
        loaded.map(|(value, _)| Arc::new(value))
    }

    fn find(&self, id: Uuid, key: &str) -> Option<Arc<T>> {
        let mut entries = self.entries();
        let position = entries
            .iter()
            .position(|entry| entry.id == id && entry.key == key)?;
        let entry = entries.remove(position);
        let value = Arc::clone(&entry.value);
        entries.push(entry);
        Some(value)
    }

    /// Others go until there is room. One that is larger than all the room stays alone: whoever asked for it asks again.
    fn keep(&self, entry: Entry<T>) {
        let mut entries = self.entries();
        entries.retain(|other| other.id != entry.id);
        entries.push(entry);
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        while total > self.capacity && entries.len() > 1 {
            total -= entries.remove(0).bytes;
        }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry<T>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn loading(&self) -> MutexGuard<'_, HashMap<String, Turns>> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who loads what has a key, or waits for it. The last one takes the lock away, also when they give up.
struct Waiting<'a> {
    loading: &'a Mutex<HashMap<String, Turns>>,
    key: &'a str,
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl<'a> Waiting<'a> {
    fn begin(loading: &'a Mutex<HashMap<String, Turns>>, key: &'a str) -> Self {
        let mut all = loading.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = all.entry(key.to_owned()).or_default();
        turns.count += 1;
        let lock = Arc::clone(&turns.lock);
        Self { loading, key, lock }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut all = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = all.get_mut(self.key) {
            turns.count -= 1;
            if turns.count == 0 {
                all.remove(self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    async fn put(kept: &Kept<u32>, number: u32, bytes: u64) {
        let load = || async { Ok((number, bytes)) };
        kept.get(id(number.into()), "key", load).await.expect("loaded");
    }

    fn numbers(kept: &Kept<u32>) -> Vec<u32> {
        kept.entries().iter().map(|entry| *entry.value).collect()
    }

    #[tokio::test]
    async fn the_bytes_are_bounded_and_the_least_recently_used_goes() {
        let kept = Kept::new(100);
        for number in 1..=4 {
            put(&kept, number, 25).await;
        }
        assert_eq!(numbers(&kept), [1, 2, 3, 4]);
        put(&kept, 1, 25).await;
        put(&kept, 5, 26).await;
        assert_eq!(numbers(&kept), [4, 1, 5]);
        put(&kept, 6, 1_000).await;
        assert_eq!(numbers(&kept), [6]);
        // A newer file of the same model takes the place of the older.
        let newer = kept.get(id(6), "another", || async { Ok((7, 50)) }).await;
        assert_eq!((*newer.expect("loaded"), numbers(&kept)), (7, vec![7]));
    }

    #[tokio::test]
    async fn what_many_ask_for_at_once_is_loaded_once() {
        let (kept, loads) = (Kept::new(100), AtomicUsize::new(0));
        let ask = || {
            kept.get(id(1), "key", || async {
                tokio::time::sleep(Duration::from_millis(5)).await;
                // The first try fails: that is no answer to the others.
                match loads.fetch_add(1, Ordering::Relaxed) {
                    0 => Err(Failure::internal("not there")),
                    _ => Ok((1_u32, 1)),
                }
            })
        };
        let answers = join_all((0..50).map(|_| ask())).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1);
        assert_eq!(loads.load(Ordering::Relaxed), 2);
        assert!(kept.loading().is_empty());
    }

    #[tokio::test]
    async fn a_load_that_is_given_up_leaves_nothing() {
        let kept: Kept<u32> = Kept::new(100);
        let never = kept.get(id(1), "key", std::future::pending);
        let given_up = tokio::time::timeout(Duration::from_millis(5), never).await;
        assert!(given_up.is_err() && kept.loading().is_empty());
        put(&kept, 1, 1).await;
        assert_eq!(numbers(&kept), [1]);
    }
}
