//! Removing: every object under a prefix, page by page, and the parts of transfers that were never finished.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::Bucket;
use super::failure::{failed, is};
use crate::Error;

/// What servers answer that cannot list transfers: they are aborted one by one then, by those who began them.
const CANNOT_LIST: &[&str] = &["NotImplemented", "MethodNotAllowed"];
/// What servers answer when a transfer ended meanwhile.
const ENDED: &[&str] = &["NoSuchUpload", "NoSuchKey"];

/// Removes everything whose name begins so.
pub async fn all(bucket: &Bucket, prefix: &str) -> Result<(), Error> {
    abort_transfers(bucket, prefix).await?;
    loop {
        // What was listed is gone before the next page, so each page is a first one.
        let page = bucket
            .client
            .list_objects_v2()
            .bucket(&bucket.name)
            .prefix(prefix)
            .send()
            .await
            .map_err(|error| failed("listing", prefix, &error))?;
        let names: Vec<String> = page
            .contents
            .unwrap_or_default()
            .into_iter()
            .filter_map(|object| object.key)
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        objects(bucket, prefix, names).await?;
    }
}

async fn objects(bucket: &Bucket, prefix: &str, names: Vec<String>) -> Result<(), Error> {
    let unusable = |_| Error::Store(format!("removing {prefix}: the request could not be made"));
    let mut identifiers = Vec::with_capacity(names.len());
    for name in names {
        identifiers.push(ObjectIdentifier::builder().key(name).build().map_err(unusable)?);
    }
    let delete = Delete::builder()
        .set_objects(Some(identifiers))
        .quiet(true)
        .build()
        .map_err(unusable)?;
    let answer = bucket
        .client
        .delete_objects()
        .bucket(&bucket.name)
        .delete(delete)
        .send()
        .await
        .map_err(|error| failed("removing", prefix, &error))?;
    match answer.errors.unwrap_or_default().first() {
        None => Ok(()),
        Some(first) => Err(Error::Store(format!(
            "removing {}: the bucket answered {}",
            first.key.as_deref().unwrap_or(prefix),
            first.code.as_deref().unwrap_or("an unknown code")
        ))),
    }
}

async fn abort_transfers(bucket: &Bucket, prefix: &str) -> Result<(), Error> {
    let (mut key_marker, mut id_marker) = (None, None);
    loop {
        let page = bucket
            .client
            .list_multipart_uploads()
            .bucket(&bucket.name)
            .prefix(prefix)
            .set_key_marker(key_marker)
            .set_upload_id_marker(id_marker)
            .send()
            .await;
        let page = match page {
            Err(error) if is(&error, CANNOT_LIST) => return Ok(()),
            page => page.map_err(|error| failed("listing the transfers of", prefix, &error))?,
        };
        for transfer in page.uploads.unwrap_or_default() {
            let aborted = bucket
                .client
                .abort_multipart_upload()
                .bucket(&bucket.name)
                .set_key(transfer.key)
                .set_upload_id(transfer.upload_id)
                .send()
                .await;
            match aborted {
                Err(error) if !is(&error, ENDED) => {
                    return Err(failed("aborting a transfer of", prefix, &error));
                }
                _ => {}
            }
        }
        if page.is_truncated != Some(true) {
            return Ok(());
        }
        key_marker = page.next_key_marker;
        id_marker = page.next_upload_id_marker;
    }
}
