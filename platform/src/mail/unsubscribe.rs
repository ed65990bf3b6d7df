//! The right to switch somebody's mail off: a signed name of the person, without an end, so that old mails keep working.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::{Error, Platform, secrets};

/// Name of the shared key.
pub const UNSUBSCRIBE_KEY: &str = "unsubscribe";
/// Bytes of the person's id and of the signature.
const LENGTH: usize = 16 + 32;

/// Makes and checks tokens.
#[derive(Clone)]
pub struct Unsubscribe {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for Unsubscribe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Unsubscribe")
    }
}

impl Unsubscribe {
    /// With the key that all processes over this database share.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open(platform: &Platform) -> Result<Self, Error> {
        let key = secrets::key(platform, UNSUBSCRIBE_KEY).await?;
        Self::with_key(&key).ok_or_else(|| Error::Conflict("the shared key cannot be used".to_owned()))
    }

    fn with_key(key: &[u8]) -> Option<Self> {
        let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        (key.len() >= 32).then_some(Self { mac })
    }

    /// The token of a person.
    pub fn token(&self, user_id: Uuid) -> String {
        let mut bytes = user_id.as_bytes().to_vec();
        bytes.extend_from_slice(&self.signature(&bytes).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whose token it is; none when it was not made here.
    pub fn verify(&self, token: &str) -> Option<Uuid> {
        if token.len() > 2 * LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (user_id, signature) = bytes.split_at_checked(16)?;
        self.signature(user_id).verify_slice(signature).ok()?;
        Uuid::from_slice(user_id).ok()
    }

    fn signature(&self, user_id: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(b"unsubscribe");
        mac.update(user_id);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_untouched_token_of_ours_is_good() {
        let ours = Unsubscribe::with_key(&[7; 32]).unwrap();
        let user = Uuid::now_v7();
        let token = ours.token(user);
        assert_eq!(ours.verify(&token), Some(user));
        assert_eq!(Unsubscribe::with_key(&[8; 32]).unwrap().verify(&token), None);
        assert!(Unsubscribe::with_key(&[]).is_none());
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            assert_eq!(
                ours.verify(&URL_SAFE_NO_PAD.encode(&changed)),
                None,
                "byte {position}"
            );
            assert_eq!(ours.verify(&URL_SAFE_NO_PAD.encode(&bytes[..position])), None);
        }
    }
}
