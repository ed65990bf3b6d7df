//! Signed download links: who has one may fetch one file for five minutes, without a header.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, Mac};
use platform::Platform;
use sha2::Sha256;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::failure::Failure;

/// How long a link is good.
const MINUTES: i64 = 5;
/// Bytes of the file's id, of the expiry, and of the signature.
const LENGTH: usize = 16 + 8 + 32;
/// What the key is for.
const PURPOSE: &str = "download links";

/// Signs with a key that all processes of the platform share: a link of one works at the others.
#[derive(Clone)]
pub struct Signer {
    platform: Platform,
    /// Read when it is first needed, for the tables may not be there before.
    key: Arc<OnceCell<LinkKey>>,
}

impl Signer {
    /// A signer of that platform.
    pub fn new(platform: Platform) -> Self {
        Self {
            platform,
            key: Arc::default(),
        }
    }

    /// The key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn key(&self) -> Result<&LinkKey, Failure> {
        let read = || platform::secrets::key(&self.platform, PURPOSE);
        let key = self
            .key
            .get_or_try_init(|| async { Box::pin(read()).await.map(|key| LinkKey { key }) })
            .await;
        key.map_err(Failure::internal)
    }
}

/// What links are signed with.
pub struct LinkKey {
    key: [u8; 32],
}

impl LinkKey {
    /// Path of a link to a stored file.
    pub fn download_path(&self, artifact: Uuid, now: DateTime<Utc>) -> String {
        let expires = (now + Duration::minutes(MINUTES)).timestamp();
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend_from_slice(artifact.as_bytes());
        bytes.extend_from_slice(&expires.to_be_bytes());
        let signature = self.mac(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&signature);
        format!("/v1/downloads/{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The file of a link; none when it was not signed here or has expired.
    pub fn verify(&self, signed: &str, now: DateTime<Utc>) -> Option<Uuid> {
        if signed.len() > 2 * LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(signed).ok()?;
        let (message, signature) = bytes.split_at_checked(24)?;
        self.mac(message).verify_slice(signature).ok()?;
        let (artifact, expires) = message.split_at_checked(16)?;
        let expires = i64::from_be_bytes(expires.try_into().ok()?);
        (now.timestamp() < expires).then(|| Uuid::from_slice(artifact).ok())?
    }

    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(b"download");
        mac.update(message);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_untouched_fresh_link_of_ours_is_good() {
        let signer = LinkKey { key: [7; 32] };
        let artifact = Uuid::now_v7();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let path = signer.download_path(artifact, now);
        let signed = path.rsplit('/').next().unwrap();
        assert_eq!(signer.verify(signed, now), Some(artifact));
        assert_eq!(
            signer.verify(signed, now + Duration::seconds(299)),
            Some(artifact)
        );
        assert_eq!(signer.verify(signed, now + Duration::seconds(300)), None);
        assert_eq!(LinkKey { key: [8; 32] }.verify(signed, now), None);
        let bytes = URL_SAFE_NO_PAD.decode(signed).unwrap();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            assert_eq!(
                signer.verify(&URL_SAFE_NO_PAD.encode(changed), now),
                None,
                "byte {position}"
            );
        }
        for length in 0..bytes.len() {
            assert_eq!(
                signer.verify(&URL_SAFE_NO_PAD.encode(&bytes[..length]), now),
                None
            );
        }
        assert_eq!(signer.verify("", now), None);
    }
}
