//! What browsers send to the bucket themselves.

use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use chrono::{DateTime, Utc};

use super::Bucket;
use super::client;
use super::failure::{failed, failed_of_key, failed_of_transfer};
use super::policy::{self, Allowed, Signer};
use crate::Error;
use crate::artifacts::Key;
use crate::artifacts::direct::{DirectUploads, Form, Part, Transfer};

#[async_trait]
impl DirectUploads for Bucket {
    fn origin(&self) -> &str {
        &self.origin
    }

    async fn form(
        &self,
        key: &Key,
        size_bytes: u64,
        now: DateTime<Utc>,
        valid: Duration,
    ) -> Result<Form, Error> {
        let found = self.credentials.provide_credentials().await;
        // Its own text may name files and addresses of this machine.
        let credentials =
            found.map_err(|_| Error::Store("signing a form: there are no AWS credentials".to_owned()))?;
        let signer = Signer {
            access_key: credentials.access_key_id(),
            secret_key: credentials.secret_access_key(),
            session_token: credentials.session_token(),
            region: &self.region,
        };
        let allowed = Allowed {
            bucket: &self.name,
            object: &self.object(key),
            size_bytes,
            expires: now + valid,
        };
        Ok(Form {
            url: self.address.clone(),
            fields: policy::fields(&signer, &allowed, now),
        })
    }

    async fn begin(&self, key: &Key) -> Result<String, Error> {
        let begun = self
            .client
            .create_multipart_upload()
            .bucket(&self.name)
            .key(self.object(key))
            .content_type("application/octet-stream")
            .send()
            .await
            .map_err(|error| failed("beginning a transfer of", key.as_str(), &error))?;
        begun
            .upload_id
            .ok_or_else(|| Error::Store(format!("beginning a transfer of {key}: it was given no name")))
    }

    async fn part_link(
        &self,
        transfer: Transfer<'_>,
        number: i32,
        size_bytes: u64,
        valid: Duration,
    ) -> Result<String, Error> {
        let unusable = || Error::Store("a link to a part cannot be signed so".to_owned());
        let valid = client::from_now(valid).map_err(|_| unusable())?;
        let length = i64::try_from(size_bytes).map_err(|_| unusable())?;
        let signed = self
            .signing
            .upload_part()
            .bucket(&self.name)
            .key(self.object(transfer.key))
            .upload_id(transfer.id)
            .part_number(number)
            // Part of what is signed: no other length is taken.
            .content_length(length)
            .presigned(valid)
            .await
            .map_err(|error| failed("signing a link to a part of", transfer.key.as_str(), &error))?;
        Ok(signed.uri().to_owned())
    }

    async fn parts(&self, transfer: Transfer<'_>) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::new();
        let mut marker = None;
        loop {
            let page = self
                .client
                .list_parts()
                .bucket(&self.name)
                .key(self.object(transfer.key))
                .upload_id(transfer.id)
                .set_part_number_marker(marker)
                .send()
                .await
                .map_err(|error| failed_of_transfer("listing the parts of", transfer.key, &error))?;
            for part in page.parts.unwrap_or_default() {
                parts.push(Part {
                    number: part.part_number.unwrap_or_default(),
                    size_bytes: part
                        .size
                        .and_then(|size| u64::try_from(size).ok())
                        .unwrap_or_default(),
                    tag: part.e_tag,
                });
            }
            if page.is_truncated != Some(true) {
                break;
            }
            marker = page.next_part_number_marker;
        }
        parts.sort_by_key(|part| part.number);
        Ok(parts)
    }

    async fn finish(&self, transfer: Transfer<'_>, parts: &[Part]) -> Result<(), Error> {
        let mut completed = CompletedMultipartUpload::builder();
        for part in parts {
            let part = CompletedPart::builder()
                .part_number(part.number)
                .set_e_tag(part.tag.clone());
            completed = completed.parts(part.build());
        }
        self.client
            .complete_multipart_upload()
            .bucket(&self.name)
            .key(self.object(transfer.key))
            .upload_id(transfer.id)
            .multipart_upload(completed.build())
            .send()
            .await
            .map_err(|error| failed_of_transfer("finishing a transfer of", transfer.key, &error))?;
        Ok(())
    }

    async fn abort(&self, transfer: Transfer<'_>) -> Result<(), Error> {
        let aborted = self
            .client
            .abort_multipart_upload()
            .bucket(&self.name)
            .key(self.object(transfer.key))
            .upload_id(transfer.id)
            .send()
            .await
            .map_err(|error| failed_of_transfer("aborting a transfer of", transfer.key, &error));
        match aborted {
            Ok(_) | Err(Error::Gone) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn size(&self, key: &Key) -> Result<Option<u64>, Error> {
        let head = self
            .client
            .head_object()
            .bucket(&self.name)
            .key(self.object(key))
            .send()
            .await
            .map_err(|error| failed_of_key("asking for the size of", key, &error));
        match head {
            Ok(head) => Ok(head.content_length.and_then(|length| u64::try_from(length).ok())),
            Err(Error::NoArtifact(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
