//! Reading: a body that breaks off is taken up where it broke, and nothing passes that is not what was stored.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use uuid::Uuid;

use super::failure::failed_of_key;
use super::{Bucket, SHA256};
use crate::Error;
use crate::artifacts::{Key, hex};

/// Times that a broken body is taken up again.
const RESUMES: u32 = 5;
/// A body that is silent for so long has broken off.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// Before a broken body is taken up again, times the number of breaks.
const PAUSE: Duration = Duration::from_millis(200);

/// One object on its way here.
pub struct Download {
    client: aws_sdk_s3::Client,
    bucket: String,
    object: String,
    key: Key,
    tag: Option<String>,
    size: u64,
    /// None where the object came straight from a browser.
    expected: Option<String>,
    received: u64,
    hash: Sha256,
    body: ByteStream,
    resumes: u32,
}

impl Download {
    /// Asks for it.
    ///
    /// # Errors
    /// `NoArtifact` when there is none of that key.
    pub async fn begin(bucket: &Bucket, key: &Key) -> Result<Self, Error> {
        let object = bucket.object(key);
        let answer = bucket
            .client
            .get_object()
            .bucket(&bucket.name)
            .key(&object)
            .send()
            .await
            .map_err(|error| failed_of_key("reading", key, &error))?;
        let size = answer
            .content_length
            .and_then(|length| u64::try_from(length).ok())
            .ok_or_else(|| Error::Store(format!("reading {key}: the bucket does not tell the size")))?;
        Ok(Self {
            client: bucket.client.clone(),
            bucket: bucket.name.clone(),
            object,
            key: key.clone(),
            tag: answer.e_tag,
            size,
            expected: answer.metadata.and_then(|mut data| data.remove(SHA256)),
            received: 0,
            hash: Sha256::new(),
            body: answer.body,
            resumes: 0,
        })
    }

    /// Bytes of the whole.
    pub fn size_bytes(&self) -> u64 {
        self.size
    }

    /// The next bytes; none after the last. The last ones are given only when the whole is what was stored.
    ///
    /// # Errors
    /// `Corrupt` when it is not; `Store` when it breaks off too often.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if self.received == self.size {
                // An empty object has no block that could have been checked.
                return if self.size == 0 {
                    self.check().map(|()| None)
                } else {
                    Ok(None)
                };
            }
            let block = tokio::time::timeout(SILENCE_LIMIT, self.body.next()).await;
            let Ok(Some(Ok(block))) = block else {
                self.resume().await?;
                continue;
            };
            self.received += block.len() as u64;
            self.hash.update(&block);
            if self.received > self.size {
                return Err(self.corrupt("it is longer than the bucket said"));
            }
            if self.received == self.size {
                self.check()?;
            }
            return Ok(Some(block.into()));
        }
    }

    fn check(&self) -> Result<(), Error> {
        match &self.expected {
            Some(expected) if *expected != hex(&self.hash.clone().finalize()) => {
                Err(self.corrupt("its SHA-256 is not the one that was stored"))
            }
            _ => Ok(()),
        }
    }

    fn corrupt(&self, why: &str) -> Error {
        Error::Corrupt(format!("{}: {why}", self.key))
    }

    /// Asks for the rest of the same object.
    async fn resume(&mut self) -> Result<(), Error> {
        if self.resumes == RESUMES {
            return Err(Error::Store(format!(
                "reading {}: it broke off after {} of {} bytes, again and again",
                self.key, self.received, self.size
            )));
        }
        self.resumes += 1;
        tokio::time::sleep(PAUSE * self.resumes).await;
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(&self.object)
            .range(format!("bytes={}-", self.received))
            .set_if_match(self.tag.clone())
            .send()
            .await
            .map_err(|error| failed_of_key("reading", &self.key, &error))?;
        let rest = answer
            .content_length
            .and_then(|length| u64::try_from(length).ok());
        if rest != Some(self.size - self.received) {
            return Err(self.corrupt("its size changed while it was read"));
        }
        self.body = answer.body;
        Ok(())
    }
}

/// All bytes of an object.
///
/// # Errors
/// As [`Download::begin`] and [`Download::next`].
pub async fn all(bucket: &Bucket, key: &Key) -> Result<Vec<u8>, Error> {
    let mut download = Download::begin(bucket, key).await?;
    let mut bytes = Vec::new();
    while let Some(block) = download.next().await? {
        bytes.extend_from_slice(&block);
    }
    Ok(bytes)
}

/// Copies an object to a file, which is there whole or not at all.
///
/// # Errors
/// As [`Download::begin`] and [`Download::next`]; `File` when the file cannot be written.
pub async fn copy(bucket: &Bucket, key: &Key, target: &Path) -> Result<(), Error> {
    let mut download = Download::begin(bucket, key).await?;
    let name = format!(".{}", Uuid::new_v4().simple());
    let temporary = target.with_file_name(name);
    let written = write(&mut download, &temporary).await;
    let moved = match written {
        Ok(()) => tokio::fs::rename(&temporary, target)
            .await
            .map_err(|error| Error::file(target, error)),
        Err(error) => Err(error),
    };
    if moved.is_err() {
        // Nothing more can be done about a left-over; the next copy has another name.
        let _ = tokio::fs::remove_file(&temporary).await;
    }
    moved
}

/// Writes all of it to a new file.
async fn write(download: &mut Download, target: &Path) -> Result<(), Error> {
    let refused = |error| Error::file(target, error);
    let mut file = tokio::fs::File::create_new(target).await.map_err(refused)?;
    while let Some(block) = download.next().await? {
        file.write_all(&block).await.map_err(refused)?;
    }
    file.flush().await.map_err(refused)
}

/// A download as something to read from.
pub struct Bytes {
    blocks: BoxStream<'static, io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
}

impl Bytes {
    /// Reads it.
    pub fn new(download: Download) -> Self {
        let blocks = stream::try_unfold(download, |mut download| async move {
            let block = download.next().await.map_err(io::Error::other)?;
            Ok(block.map(|block| (block, download)))
        });
        Self {
            blocks: blocks.boxed(),
            block: Vec::new(),
            at: 0,
        }
    }
}

impl AsyncRead for Bytes {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.at == self.block.len() {
            match Pin::new(&mut self.blocks).poll_next(context) {
                Poll::Ready(Some(Ok(block))) => {
                    self.block = block;
                    self.at = 0;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
        let taken = buffer.remaining().min(self.block.len() - self.at);
        buffer.put_slice(&self.block[self.at..self.at + taken]);
        self.at += taken;
        Poll::Ready(Ok(()))
    }
}
