//! How a receiver knows that a message is ours: the Standard Webhooks form, an HMAC over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes that a secret may have.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret has another form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A secret is `whsec_` and base64 of 24 to 64 random bytes; leave it out, and one is made.")]
pub struct BadSecret;

/// What the messages of one webhook are signed with.
#[derive(Clone)]
pub struct Signer {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Signer")
    }
}

impl Signer {
    /// Reads a secret.
    ///
    /// # Errors
    /// When it has another form.
    pub fn of(secret: &str) -> Result<Self, BadSecret> {
        let encoded = secret.strip_prefix(PREFIX).ok_or(BadSecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| BadSecret)?;
        if !LENGTH.contains(&bytes.len()) {
            return Err(BadSecret);
        }
        let mac = Hmac::<Sha256>::new_from_slice(&bytes).map_err(|_| BadSecret)?;
        Ok(Self { mac })
    }

    /// Value of the header `Webhook-Signature` of a message sent at that time (seconds since 1970).
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let mut mac = self.mac.clone();
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// A new secret: 32 bytes, 244 bits of them random by the operating system.
pub fn new_secret() -> String {
    let mut bytes = [0_u8; 32];
    bytes[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    bytes[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_standard_has_it() {
        // The example of the Standard Webhooks specification's reference libraries.
        let signer = Signer::of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signer.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn other_forms_are_refused() {
        assert!(Signer::of(&new_secret()).is_ok());
        assert_ne!(new_secret(), new_secret());
        let short = format!("whsec_{}", STANDARD.encode([1; 23]));
        let long = format!("whsec_{}", STANDARD.encode([1; 65]));
        for bad in ["", "hunter2", "whsec_", "whsec_%%%", &short, &long] {
            assert!(Signer::of(bad).is_err(), "{bad}");
        }
    }
}
