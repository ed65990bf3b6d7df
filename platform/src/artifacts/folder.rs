//! Stored files in a folder: written beside, synced, hashed, then renamed into place.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Artifacts, Key, Reader, Stored};
use crate::Error;

/// Bytes copied at a time.
const BLOCK: usize = 1 << 20;

/// A folder whose files are the artifacts.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The store in that folder.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }
}

#[async_trait]
impl Artifacts for Folder {
    async fn put_file(&self, key: &Key, source: &Path) -> Result<Stored, Error> {
        let (key, source, target) = (key.clone(), source.to_owned(), self.path(key));
        blocking(move || {
            let file = File::open(&source).map_err(|error| Error::file(&source, error))?;
            store(key, file, &target)
        })
        .await
    }

    async fn put_bytes(&self, key: &Key, bytes: Vec<u8>) -> Result<Stored, Error> {
        let (key, target) = (key.clone(), self.path(key));
        blocking(move || store(key, bytes.as_slice(), &target)).await
    }

    async fn open(&self, key: &Key) -> Result<Reader, Error> {
        let path = self.path(key);
        let missing = |error| not_found(key, &path, error);
        let file = tokio::fs::File::open(&path).await.map_err(missing)?;
        let size_bytes = file.metadata().await.map_err(missing)?.len();
        Ok(Reader {
            bytes: Box::new(file),
            size_bytes,
        })
    }

    async fn get(&self, key: &Key) -> Result<Vec<u8>, Error> {
        let path = self.path(key);
        tokio::fs::read(&path)
            .await
            .map_err(|error| not_found(key, &path, error))
    }

    async fn copy_to(&self, key: &Key, target: &Path) -> Result<(), Error> {
        let path = self.path(key);
        if !tokio::fs::try_exists(&path)
            .await
            .map_err(|error| Error::file(&path, error))?
        {
            return Err(Error::NoArtifact(key.to_string()));
        }
        tokio::fs::copy(&path, target)
            .await
            .map_err(|error| Error::file(target, error))?;
        Ok(())
    }

    async fn remove_prefix(&self, prefix: &str) -> Result<(), Error> {
        let key = Key::parse(prefix.strip_suffix('/').unwrap_or(prefix))?;
        let path = self.path(&key);
        match tokio::fs::remove_dir_all(&path).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(&path, error)),
            _ => Ok(()),
        }
    }
}

/// Writes a temporary file beside the target, syncs it, and renames it: a crash leaves the whole file or none.
fn store(key: Key, source: impl Read, target: &Path) -> Result<Stored, Error> {
    let failed = |error| Error::file(target, error);
    let folder = target
        .parent()
        .ok_or_else(|| Error::NoArtifact(key.to_string()))?;
    fs::create_dir_all(folder).map_err(failed)?;
    let temporary = folder.join(format!(".{}", Uuid::new_v4().simple()));
    let written = write_synced(source, &temporary).and_then(|written| {
        fs::rename(&temporary, target)?;
        File::open(folder)?.sync_all()?;
        Ok(written)
    });
    match written {
        Ok((size_bytes, sha256)) => Ok(Stored {
            key,
            size_bytes,
            sha256,
        }),
        Err(error) => {
            // Nothing more can be done about a left-over; the next write has another name.
            let _ = fs::remove_file(&temporary);
            Err(failed(error))
        }
    }
}

/// Copies and hashes; returns the size and the SHA-256 in hex.
fn write_synced(mut source: impl Read, target: &Path) -> io::Result<(u64, String)> {
    let mut file = File::create_new(target)?;
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut block = vec![0; BLOCK];
    loop {
        let read = source.read(&mut block)?;
        if read == 0 {
            break;
        }
        hash.update(&block[..read]);
        file.write_all(&block[..read])?;
        size += read as u64;
    }
    file.sync_all()?;
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((size, digest))
}

fn not_found(key: &Key, path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::NoArtifact(key.to_string()),
        _ => Error::file(path, error),
    }
}

/// Runs file work where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::file(Path::new("artifact store"), io::Error::other(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn stores_reads_and_removes() {
        let home = tempfile::tempdir().unwrap();
        let store = Folder::new(home.path().join("artifacts"));
        let (job, task) = (Uuid::now_v7(), Uuid::now_v7());
        let key = Key::of_job(job, task, 1, "a.txt");
        assert!(matches!(store.get(&key).await, Err(Error::NoArtifact(_))));
        let stored = store.put_bytes(&key, b"abc".to_vec()).await.unwrap();
        assert_eq!(
            stored.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            (stored.size_bytes, store.get(&key).await.unwrap()),
            (3, b"abc".to_vec())
        );
        let copy = home.path().join("copy");
        store.copy_to(&key, &copy).await.unwrap();
        let again = store.put_file(&Key::source(job), &copy).await.unwrap();
        assert_eq!(again.sha256, stored.sha256);
        assert_eq!(store.open(&key).await.unwrap().size_bytes, 3);
        store.remove_prefix(&super::super::job_prefix(job)).await.unwrap();
        store.remove_prefix(&super::super::job_prefix(job)).await.unwrap();
        assert!(matches!(store.open(&key).await, Err(Error::NoArtifact(_))));
        assert!(store.get(&Key::source(job)).await.is_ok());
        assert!(store.remove_prefix("../x").await.is_err());
    }
}
