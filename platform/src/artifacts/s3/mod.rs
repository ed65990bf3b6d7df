//! Stored files in a bucket: S3, or any server that speaks it. What is written is checked by the bucket, what is read by us.

pub(crate) mod client;
mod direct;
mod failure;
mod policy;
mod put;
mod read;
mod remove;
#[cfg(test)]
pub(crate) mod server;
#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use aws_config::ConfigLoader;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::SharedCredentialsProvider;

pub(crate) use failure::failed;
pub use put::part_bytes;

use super::{Artifacts, DirectUploads, Key, Reader, Shown, Stored};
use crate::Error;
use crate::settings::S3;

/// Name of the metadata that holds the SHA-256 of the whole content, lower-case hex.
const SHA256: &str = "sha256";

/// A bucket whose objects are the artifacts.
pub struct Bucket {
    client: Client,
    signing: Client,
    credentials: SharedCredentialsProvider,
    region: String,
    name: String,
    prefix: String,
    /// Where browsers find it.
    address: String,
    origin: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Bucket({}/{})", self.name, self.prefix)
    }
}

impl Bucket {
    /// The store in that bucket. Nothing is sent to it yet.
    ///
    /// # Errors
    /// `Settings` when there is no region or no way to get credentials.
    pub async fn open(section: &S3) -> Result<Self, Error> {
        Self::with(section, client::chain()).await
    }

    async fn with(section: &S3, chain: ConfigLoader) -> Result<Self, Error> {
        let clients = client::connect(section, chain).await?;
        let address = client::public_address(section, &clients.region);
        Ok(Self {
            client: clients.own,
            signing: clients.signing,
            credentials: clients.credentials,
            region: clients.region,
            name: section.bucket.clone(),
            prefix: section.prefix.clone(),
            origin: client::origin(&address),
            address,
        })
    }

    /// The object's name.
    fn object(&self, key: &Key) -> String {
        format!("{}{key}", self.prefix)
    }
}

#[async_trait]
impl Artifacts for Bucket {
    async fn put_file(&self, key: &Key, source: &Path) -> Result<Stored, Error> {
        put::file(self, key, source).await
    }

    async fn put_bytes(&self, key: &Key, bytes: Vec<u8>) -> Result<Stored, Error> {
        put::bytes(self, key, bytes).await
    }

    async fn open(&self, key: &Key) -> Result<Reader, Error> {
        let download = read::Download::begin(self, key).await?;
        let size_bytes = download.size_bytes();
        Ok(Reader {
            bytes: Box::new(read::Bytes::new(download)),
            size_bytes,
        })
    }

    async fn get(&self, key: &Key) -> Result<Vec<u8>, Error> {
        match read::all(self, key).await {
            // On its way only, perhaps.
            Err(Error::Corrupt(_)) => read::all(self, key).await,
            ended => ended,
        }
    }

    async fn copy_to(&self, key: &Key, target: &Path) -> Result<(), Error> {
        match read::copy(self, key, target).await {
            // On its way only, perhaps.
            Err(Error::Corrupt(_)) => read::copy(self, key, target).await,
            ended => ended,
        }
    }

    async fn remove_prefix(&self, prefix: &str) -> Result<(), Error> {
        let key = Key::parse(prefix.strip_suffix('/').unwrap_or(prefix))?;
        remove::all(self, &format!("{}/", self.object(&key))).await
    }

    async fn download_link(&self, key: &Key, shown: &Shown<'_>) -> Result<Option<String>, Error> {
        let valid = client::from_now(shown.valid)
            .map_err(|_| Error::Store("a link cannot be good for that long".to_owned()))?;
        let signed = self
            .signing
            .get_object()
            .bucket(&self.name)
            .key(self.object(key))
            .response_content_disposition(shown.disposition)
            .response_content_type(shown.content_type)
            .response_cache_control("private, no-store")
            .presigned(valid)
            .await
            .map_err(|error| failed("signing a link to", key.as_str(), &error))?;
        Ok(Some(signed.uri().to_owned()))
    }

    fn direct(&self) -> Option<&dyn DirectUploads> {
        Some(self)
    }
}
