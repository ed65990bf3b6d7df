//! Writing: in one piece when small, in parts otherwise; every piece with its SHA-256, which the bucket checks.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::failure::failed;
use super::{Bucket, SHA256};
use crate::Error;
use crate::artifacts::{Key, Stored, hex, sha256_of};

/// Files from this size on go in parts.
pub const PARTS_FROM_BYTES: u64 = 16 << 20;
/// Most parts of one file that S3 takes.
const MOST_PARTS: u64 = 10_000;

/// Bytes of every part but the last of a file of that size.
pub fn part_bytes(size_bytes: u64) -> u64 {
    let least = size_bytes.div_ceil(MOST_PARTS);
    // Whole MiB.
    PARTS_FROM_BYTES.max(least.div_ceil(1 << 20) << 20)
}

/// Stores a local file.
pub async fn file(bucket: &Bucket, key: &Key, source: &Path) -> Result<Stored, Error> {
    let refused = |error| Error::file(source, error);
    let size = tokio::fs::metadata(source).await.map_err(refused)?.len();
    if size < PARTS_FROM_BYTES {
        let content = tokio::fs::read(source).await.map_err(refused)?;
        return bytes(bucket, key, content).await;
    }
    let sha256 = sha256_of(source).await?;
    let begun = bucket
        .client
        .create_multipart_upload()
        .bucket(&bucket.name)
        .key(bucket.object(key))
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .metadata(SHA256, &sha256)
        .send()
        .await
        .map_err(|error| failed("storing", key.as_str(), &error))?;
    let id = begun.upload_id.unwrap_or_default();
    let transfer = Transfer { bucket, key, id: &id };
    match transfer.send(source, size, &sha256).await {
        Ok(()) => Ok(Stored {
            key: key.clone(),
            size_bytes: size,
            sha256,
        }),
        Err(error) => {
            transfer.abort().await;
            Err(error)
        }
    }
}

/// Stores bytes in one piece.
pub async fn bytes(bucket: &Bucket, key: &Key, content: Vec<u8>) -> Result<Stored, Error> {
    let digest = Sha256::digest(&content);
    let sha256 = hex(&digest);
    let size_bytes = content.len() as u64;
    bucket
        .client
        .put_object()
        .bucket(&bucket.name)
        .key(bucket.object(key))
        .checksum_sha256(STANDARD.encode(digest))
        .metadata(SHA256, &sha256)
        .body(ByteStream::from(content))
        .send()
        .await
        .map_err(|error| failed("storing", key.as_str(), &error))?;
    Ok(Stored {
        key: key.clone(),
        size_bytes,
        sha256,
    })
}

struct Transfer<'a> {
    bucket: &'a Bucket,
    key: &'a Key,
    id: &'a str,
}

impl Transfer<'_> {
    /// Sends all parts one after the other and makes the object of them.
    async fn send(&self, source: &Path, size: u64, sha256: &str) -> Result<(), Error> {
        let mut hash = Sha256::new();
        let mut parts = Vec::new();
        let part_bytes = part_bytes(size);
        let mut at = 0;
        while at < size {
            let number = i32::try_from(parts.len() + 1).unwrap_or(i32::MAX);
            let content = read_at(source, at, part_bytes.min(size - at)).await?;
            at += content.len() as u64;
            hash.update(&content);
            parts.push(self.part(number, content).await?);
        }
        if hex(&hash.finalize()) != sha256 {
            return Err(Error::Corrupt(format!(
                "the file for {} changed while it was being stored",
                self.key
            )));
        }
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        self.bucket
            .client
            .complete_multipart_upload()
            .bucket(&self.bucket.name)
            .key(self.bucket.object(self.key))
            .upload_id(self.id)
            .multipart_upload(parts)
            .send()
            .await
            .map_err(|error| failed("storing", self.key.as_str(), &error))?;
        Ok(())
    }

    async fn part(&self, number: i32, content: Vec<u8>) -> Result<CompletedPart, Error> {
        let checksum = STANDARD.encode(Sha256::digest(&content));
        let sent = self
            .bucket
            .client
            .upload_part()
            .bucket(&self.bucket.name)
            .key(self.bucket.object(self.key))
            .upload_id(self.id)
            .part_number(number)
            .checksum_sha256(&checksum)
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(|error| failed("storing a part of", self.key.as_str(), &error))?;
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(sent.e_tag)
            .checksum_sha256(checksum)
            .build())
    }

    /// Parts of a transfer that failed would be kept, and paid, for ever.
    async fn abort(&self) {
        let aborted = self
            .bucket
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket.name)
            .key(self.bucket.object(self.key))
            .upload_id(self.id);
        // The failure that led here is the one to report; parts that stay go with their prefix.
        let _ = aborted.send().await;
    }
}

async fn read_at(path: &Path, at: u64, length: u64) -> Result<Vec<u8>, Error> {
    let source = path.to_owned();
    let work = move || {
        let mut file = std::fs::File::open(&source)?;
        file.seek(SeekFrom::Start(at))?;
        let mut content = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
        file.read_exact(&mut content)?;
        Ok(content)
    };
    blocking(path, work).await
}

/// Runs file work where it may block.
async fn blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let path: PathBuf = path.to_owned();
    let done = tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other);
    done.and_then(|result| result)
        .map_err(|error| Error::file(&path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_large_enough_and_few_enough() {
        for size in [1, 16 << 20, 64 << 20, 5 << 30, 200 << 30, 5 << 40] {
            let part = part_bytes(size);
            assert!(part >= 5 << 20 && part.is_multiple_of(1 << 20), "{size}: {part}");
            assert!(size.div_ceil(part) <= 10_000, "{size}: {part}");
        }
        assert_eq!(part_bytes(5 << 30), 16 << 20);
    }
}
