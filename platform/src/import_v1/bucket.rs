//! The bucket of version 1, read only.

use std::path::Path;

use aws_sdk_s3::Client;
use tokio::io::AsyncWriteExt;

use super::files::Found;
use crate::artifacts::s3::{client, failed};
use crate::settings::S3;
use crate::{Error, Settings};

/// A bucket of somebody else's making.
pub struct Bucket {
    client: Client,
    name: String,
    prefix: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Bucket({}/{})", self.name, self.prefix)
    }
}

impl Bucket {
    /// The bucket, in that region and at the address that the own one has where there is one. Nothing is sent to it yet.
    ///
    /// # Errors
    /// `Settings` when there is no region or no way to get credentials.
    pub async fn open(
        settings: &Settings,
        name: &str,
        prefix: &str,
        region: Option<String>,
    ) -> Result<Self, Error> {
        let own = settings.s3.as_ref();
        let section = S3 {
            bucket: name.to_owned(),
            prefix: prefix.to_owned(),
            region: region.or_else(|| own.and_then(|own| own.region.clone())),
            endpoint: own.and_then(|own| own.endpoint.clone()),
            public_endpoint: None,
        };
        Ok(Self {
            client: client::connect(&section, client::chain()).await?.own,
            name: section.bucket,
            prefix: section.prefix,
        })
    }

    /// Files whose key begins so, at most so many.
    ///
    /// # Errors
    /// When the bucket cannot be asked.
    pub async fn list(&self, below: &str, most: usize) -> Result<Vec<Found>, Error> {
        let answer = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .prefix(format!("{}{below}", self.prefix))
            .max_keys(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| failed("listing", below, &error))?;
        let objects = answer.contents.unwrap_or_default().into_iter();
        let mut found = Vec::new();
        for object in objects {
            let size = object.size.and_then(|size| u64::try_from(size).ok());
            // What ends so is a folder that somebody made in the console.
            if let (Some(at), Some(size_bytes)) = (object.key.filter(|key| !key.ends_with('/')), size) {
                found.push(Found {
                    name: at.rsplit('/').next().unwrap_or_default().to_owned(),
                    at,
                    size_bytes,
                });
            }
        }
        Ok(found)
    }

    /// Copies a file to a new local one, block by block and no more than it had when it was found.
    ///
    /// # Errors
    /// `Store` when it breaks off, `Corrupt` when it has grown, `File` when it cannot be written.
    pub async fn copy(&self, found: &Found, target: &Path) -> Result<(), Error> {
        let answer = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(&found.at)
            .send()
            .await;
        let mut body = answer.map_err(|error| failed("reading", &found.at, &error))?.body;
        let refused = |error| Error::file(target, error);
        let mut file = tokio::fs::File::create_new(target).await.map_err(refused)?;
        let mut left = found.size_bytes;
        loop {
            let block = body.try_next().await;
            let block = block.map_err(|_| Error::Store(format!("reading {}: it broke off", found.at)))?;
            let Some(block) = block else { break };
            left = left
                .checked_sub(block.len() as u64)
                .ok_or_else(|| Error::Corrupt(format!("{} is longer than the bucket said", found.at)))?;
            file.write_all(&block).await.map_err(refused)?;
        }
        file.flush().await.map_err(refused)
    }
}
