//! Stored files: keys, the trait, and one file a form.

pub mod cache;
pub mod direct;
pub mod folder;
pub mod s3;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use tokio::io::AsyncRead;
use uuid::Uuid;

pub use direct::DirectUploads;

use crate::{Error, Settings};

/// Bytes hashed at a time.
const BLOCK: usize = 1 << 20;

/// The store that the settings name: a bucket, or the folder in the home.
///
/// # Errors
/// When it cannot be set up.
pub async fn open(settings: &Settings) -> Result<Arc<dyn Artifacts>, Error> {
    match &settings.s3 {
        Some(section) => Ok(Arc::new(s3::Bucket::open(section).await?)),
        None => Ok(Arc::new(folder::Folder::new(settings.artifacts()))),
    }
}

/// Name of a stored file: segments of `a-z 0-9 . _ -` separated by `/`, none of them `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// Reads a key that was stored in a row.
    ///
    /// # Errors
    /// `NoArtifact` when it is not a key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let good = |segment: &str| {
            !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(allowed)
        };
        if text.len() <= 512 && text.split('/').all(good) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::NoArtifact(format!("{text:?}")))
    }

    /// The uploaded bytes of a dataset, or of the batch prediction with that id.
    pub fn source(dataset: Uuid) -> Self {
        Self(format!("{}source", dataset_prefix(dataset)))
    }

    /// A file that a task made for a dataset. The fence keeps the files of a task that was claimed twice apart.
    pub fn of_dataset(dataset: Uuid, fence: i64, file_name: &str) -> Self {
        Self(format!("{}fence-{fence}/{file_name}", dataset_prefix(dataset)))
    }

    /// A file that a task made for a job.
    pub fn of_job(job: Uuid, task: Uuid, fence: i64, file_name: &str) -> Self {
        Self(format!("{}{task}/fence-{fence}/{file_name}", job_prefix(job)))
    }

    /// A file that a task made for a batch prediction.
    pub fn of_batch(batch: Uuid, fence: i64, file_name: &str) -> Self {
        Self(format!("{}fence-{fence}/{file_name}", batch_prefix(batch)))
    }

    /// True for uploaded bytes, of a dataset or of a batch prediction.
    pub fn is_source(&self) -> bool {
        self.0.starts_with("datasets/") && self.0.ends_with("/source")
    }

    /// As text, for a row.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Everything of a dataset begins with this.
pub fn dataset_prefix(dataset: Uuid) -> String {
    format!("datasets/{dataset}/")
}

/// Everything of a job begins with this.
pub fn job_prefix(job: Uuid) -> String {
    format!("jobs/{job}/")
}

/// What was made for a batch prediction begins with this.
pub fn batch_prefix(batch: Uuid) -> String {
    format!("batches/{batch}/")
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Under which key.
    pub key: Key,
    /// Size.
    pub size_bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// A stored file that is being read.
pub struct Reader {
    /// Its bytes.
    pub bytes: Box<dyn AsyncRead + Send + Unpin>,
    /// How many there are.
    pub size_bytes: u64,
}

/// A store of files. A file appears whole or not at all; a key is written once.
#[async_trait]
pub trait Artifacts: fmt::Debug + Send + Sync {
    /// Stores a copy of a local file.
    ///
    /// # Errors
    /// When it cannot be read or stored.
    async fn put_file(&self, key: &Key, source: &Path) -> Result<Stored, Error>;

    /// Stores bytes.
    ///
    /// # Errors
    /// When they cannot be stored.
    async fn put_bytes(&self, key: &Key, bytes: Vec<u8>) -> Result<Stored, Error>;

    /// Opens a file to stream it.
    ///
    /// # Errors
    /// `NoArtifact` when there is none of that key.
    async fn open(&self, key: &Key) -> Result<Reader, Error>;

    /// Reads a whole file.
    ///
    /// # Errors
    /// `NoArtifact` when there is none of that key.
    async fn get(&self, key: &Key) -> Result<Vec<u8>, Error>;

    /// Copies a file to a local path.
    ///
    /// # Errors
    /// `NoArtifact` when there is none of that key; `File` when the target cannot be written.
    async fn copy_to(&self, key: &Key, target: &Path) -> Result<(), Error>;

    /// Removes everything whose key begins with a prefix made by [`dataset_prefix`], [`job_prefix`] or
    /// [`batch_prefix`]. Removing nothing is fine.
    ///
    /// # Errors
    /// When something is there and cannot be removed.
    async fn remove_prefix(&self, prefix: &str) -> Result<(), Error>;

    /// A link by which a browser fetches a file from the store itself; none where the store has no address of its own. Signed now.
    ///
    /// # Errors
    /// When it cannot be signed.
    async fn download_link(&self, _key: &Key, _shown: &Shown<'_>) -> Result<Option<String>, Error> {
        Ok(None)
    }

    /// How browsers send files to the store itself; none where they come through this server.
    fn direct(&self) -> Option<&dyn DirectUploads> {
        None
    }
}

/// SHA-256 of a local file, lower-case hex.
///
/// # Errors
/// When it cannot be read.
pub async fn sha256_of(path: &Path) -> Result<String, Error> {
    let file = path.to_owned();
    let hash = tokio::task::spawn_blocking(move || hash_of(&file)).await;
    hash.map_err(io::Error::other)
        .and_then(|hash| hash)
        .map_err(|error| Error::file(path, error))
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&block[..read]);
    }
}

/// Lower-case hex.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a downloaded file looks like, and for how long its link is good.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Value of `Content-Disposition`.
    pub disposition: &'a str,
    /// Value of `Content-Type`.
    pub content_type: &'a str,
    /// From now on.
    pub valid: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_cannot_leave_the_store() {
        for bad in [
            "", "/a", "a/", "a//b", "..", "a/../b", "a/./b", "A", "a b", "a\\b", "a\0",
        ] {
            assert!(Key::parse(bad).is_err(), "{bad:?}");
        }
        for key in [
            Key::source(Uuid::nil()),
            Key::of_job(Uuid::nil(), Uuid::max(), 3, "model.onnx"),
        ] {
            assert_eq!(Key::parse(key.as_str()).unwrap(), key);
        }
    }
}
