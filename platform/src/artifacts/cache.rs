//! Stored files on a worker's disk, under the hash of their content: the prepared data of a job is fetched once a machine, not
//! once a child. What a child gets is a copy, so that it cannot change what the next one reads.

use std::fs::FileTimes;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio::fs;
use uuid::Uuid;

use super::{Artifacts, Key};
use crate::Error;

/// The cache.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    limit_bytes: u64,
}

impl Cache {
    /// A cache in that folder, of so many bytes about.
    pub fn new(folder: PathBuf, limit_bytes: u64) -> Self {
        Self { folder, limit_bytes }
    }

    /// Copies a stored file to a local path, from this disk when it is here. One without a known hash is not kept.
    ///
    /// # Errors
    /// `NoArtifact` when it is not in the store; `File` when a disk refuses.
    pub async fn copy_to(
        &self,
        store: &dyn Artifacts,
        key: &Key,
        sha256: &str,
        target: &Path,
    ) -> Result<(), Error> {
        // A hash is a file name only when it is one.
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        let copied = if is_hash {
            self.copy_kept(store, key, &self.folder.join(sha256), target)
                .await
        } else {
            store.copy_to(key, target).await
        };
        match copied {
            // What is only kept at hand gives way to work.
            Err(error) if error.is_disk_full() && self.folder.exists() => {
                let _ = fs::remove_file(target).await;
                self.evict(0).await?;
                store.copy_to(key, target).await
            }
            copied => copied,
        }
    }

    async fn copy_kept(
        &self,
        store: &dyn Artifacts,
        key: &Key,
        kept: &Path,
        target: &Path,
    ) -> Result<(), Error> {
        if self.take(kept, target).await? {
            return Ok(());
        }
        self.fetch(store, key, kept).await?;
        if !self.take(kept, target).await? {
            // Evicted at once: it is larger than the whole cache.
            store.copy_to(key, target).await?;
        }
        Ok(())
    }

    /// Copies a kept file and marks it as used; false when it is not here.
    async fn take(&self, kept: &Path, target: &Path) -> Result<bool, Error> {
        match fs::copy(kept, target).await {
            Ok(_) => {
                let times = FileTimes::new().set_modified(SystemTime::now());
                // A mark that fails only makes it look older.
                if let Ok(file) = std::fs::File::open(kept) {
                    let _ = file.set_times(times);
                }
                Ok(true)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::file(target, error)),
        }
    }

    async fn fetch(&self, store: &dyn Artifacts, key: &Key, kept: &Path) -> Result<(), Error> {
        fs::create_dir_all(&self.folder)
            .await
            .map_err(|error| Error::file(&self.folder, error))?;
        let partial = self.folder.join(format!(".{}", Uuid::new_v4().simple()));
        let fetched = store.copy_to(key, &partial).await;
        let moved = match fetched {
            Ok(()) => fs::rename(&partial, kept)
                .await
                .map_err(|error| Error::file(kept, error)),
            Err(error) => Err(error),
        };
        if moved.is_err() {
            // A left-over is evicted like any other file.
            let _ = fs::remove_file(&partial).await;
        }
        moved?;
        self.evict(self.limit_bytes).await
    }

    /// Removes what was not used for longest, until the rest fits.
    async fn evict(&self, limit_bytes: u64) -> Result<(), Error> {
        let failed = |error| Error::file(&self.folder, error);
        let mut entries = fs::read_dir(&self.folder).await.map_err(failed)?;
        let mut files = Vec::new();
        while let Some(entry) = entries.next_entry().await.map_err(failed)? {
            if let Ok(data) = entry.metadata().await {
                let used = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((used, data.len(), entry.path()));
            }
        }
        files.sort();
        let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in files {
            if total <= limit_bytes {
                break;
            }
            // Another slot may have removed it.
            let _ = fs::remove_file(path).await;
            total -= size;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::folder::Folder;

    #[tokio::test]
    async fn keeps_what_is_used_and_evicts_the_rest() {
        let home = tempfile::tempdir().unwrap();
        let store = Folder::new(home.path().join("store"));
        let cache = Cache::new(home.path().join("cache"), 25);
        let mut stored = Vec::new();
        for number in 0..3_u8 {
            let key = Key::of_job(Uuid::nil(), Uuid::nil(), i64::from(number), "a");
            stored.push(store.put_bytes(&key, vec![number; 10]).await.unwrap());
        }
        let target = home.path().join("target");
        for file in &stored {
            cache
                .copy_to(&store, &file.key, &file.sha256, &target)
                .await
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(std::fs::read(&target).unwrap(), vec![2; 10]);
        store.remove_prefix("jobs").await.unwrap();
        for (file, is_kept) in stored.iter().zip([false, true, true]) {
            let copied = cache.copy_to(&store, &file.key, &file.sha256, &target).await;
            assert_eq!(copied.is_ok(), is_kept, "{:?}", file.key);
        }
        std::fs::write(&target, b"changed by the child").unwrap();
        cache
            .copy_to(&store, &stored[2].key, &stored[2].sha256, &target)
            .await
            .unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), vec![2; 10]);
    }
}
