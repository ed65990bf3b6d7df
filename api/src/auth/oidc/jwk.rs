//! One key of an issuer's set (RFC 7517), taken only if it can do nothing but verify, in one way.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::auth::jwt::Key;

/// Shortest RSA modulus, bits.
const RSA_BITS: usize = 2048;
/// Longest RSA modulus, bits: verifying takes time that grows with it.
const RSA_MOST_BITS: usize = 8192;

/// Names of algorithms and what they need, the one that a key without `alg` is used with before the others of its kind.
const ALGORITHMS: [(&str, Algorithm, Kind); 10] = [
    ("RS256", Algorithm::RS256, Kind::Rsa),
    ("RS384", Algorithm::RS384, Kind::Rsa),
    ("RS512", Algorithm::RS512, Kind::Rsa),
    ("PS256", Algorithm::PS256, Kind::Rsa),
    ("PS384", Algorithm::PS384, Kind::Rsa),
    ("PS512", Algorithm::PS512, Kind::Rsa),
    ("ES256", Algorithm::ES256, Kind::P256),
    ("ES384", Algorithm::ES384, Kind::P384),
    ("EdDSA", Algorithm::EdDSA, Kind::Ed25519),
    ("Ed25519", Algorithm::EdDSA, Kind::Ed25519),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

/// Why a key of a set is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Not an object with the members of a key.
    #[error("it is not a key")]
    Malformed,
    /// A kind that is not supported, symmetric keys among them.
    #[error("its kind is not supported")]
    Kind,
    /// No `kid`, so that no token can name it.
    #[error("it has no name")]
    NoId,
    /// It is published with its private part: everybody can sign with it.
    #[error("its private part is public")]
    Private,
    /// `use` or `key_ops` is for something else.
    #[error("it is not for verifying signatures")]
    Use,
    /// `alg` is not one of its kind.
    #[error("its algorithm is not supported")]
    Algorithm,
    /// Too short, or with an exponent that makes signatures up.
    #[error("it is too weak")]
    Weak,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<IgnoredAny>,
}

/// Reads one key.
///
/// # Errors
/// Why it is left out.
pub fn read(value: &Value) -> Result<Key, Unusable> {
    let jwk = Jwk::deserialize(value).map_err(|_| Unusable::Malformed)?;
    let kind = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => Kind::Rsa,
        ("EC", Some("P-256")) => Kind::P256,
        ("EC", Some("P-384")) => Kind::P384,
        ("OKP", Some("Ed25519")) => Kind::Ed25519,
        _ => return Err(Unusable::Kind),
    };
    if jwk.d.is_some() {
        return Err(Unusable::Private);
    }
    if jwk.usage.as_deref().is_some_and(|usage| usage != "sig") {
        return Err(Unusable::Use);
    }
    if jwk
        .key_ops
        .as_ref()
        .is_some_and(|operations| operations.iter().all(|one| one != "verify"))
    {
        return Err(Unusable::Use);
    }
    let id = jwk
        .kid
        .clone()
        .filter(|id| !id.is_empty())
        .ok_or(Unusable::NoId)?;
    let (name, algorithm, _) = ALGORITHMS
        .into_iter()
        .find(|(name, _, needs)| *needs == kind && jwk.alg.as_deref().is_none_or(|alg| alg == *name))
        .ok_or(Unusable::Algorithm)?;
    Ok(Key {
        id,
        name,
        algorithm,
        public: public(kind, &jwk)?,
    })
}

fn public(kind: Kind, jwk: &Jwk) -> Result<DecodingKey, Unusable> {
    let (x, y) = (part(jwk.x.as_ref()), part(jwk.y.as_ref()));
    match kind {
        Kind::Rsa => rsa(&part(jwk.n.as_ref())?, &part(jwk.e.as_ref())?),
        Kind::P256 => ec(&x?, &y?, 32),
        Kind::P384 => ec(&x?, &y?, 48),
        Kind::Ed25519 => match x? {
            x if x.len() == 32 => Ok(DecodingKey::from_ed_der(&x)),
            _ => Err(Unusable::Malformed),
        },
    }
}

fn part(text: Option<&String>) -> Result<Vec<u8>, Unusable> {
    let bytes = text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    bytes.ok_or(Unusable::Malformed)
}

fn rsa(n: &[u8], e: &[u8]) -> Result<DecodingKey, Unusable> {
    let (n, e) = (without_zeros(n), without_zeros(e));
    let bits = n
        .first()
        .map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    // An exponent of 1 would make every message its own signature.
    let is_exponent = e.len() <= 4 && e.last().is_some_and(|last| last % 2 == 1) && e != [1];
    if !(RSA_BITS..=RSA_MOST_BITS).contains(&bits) || !is_exponent {
        return Err(Unusable::Weak);
    }
    Ok(DecodingKey::from_rsa_raw_components(n, e))
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    &bytes[start..]
}

/// An uncompressed point; whether it lies on its curve is found when a signature is verified.
fn ec(x: &[u8], y: &[u8], length: usize) -> Result<DecodingKey, Unusable> {
    if x.len() != length || y.len() != length {
        return Err(Unusable::Malformed);
    }
    Ok(DecodingKey::from_ec_der(&[&[4], x, y].concat()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::jwt::forge::{Signer, encoded};

    fn changed(jwk: &Value, name: &str, value: Option<Value>) -> Result<&'static str, Unusable> {
        let mut jwk = jwk.clone();
        match value {
            Some(value) => jwk[name] = value,
            None => drop(jwk.as_object_mut().unwrap().remove(name)),
        }
        read(&jwk).map(|key| key.name)
    }

    #[test]
    fn a_key_verifies_in_one_way() {
        let (rsa, p256) = (Signer::rsa("k", "RS256").jwk(), Signer::p256("k").jwk());
        let (p384, ed) = (Signer::p384("k").jwk(), Signer::ed25519("k").jwk());
        for (jwk, alg, expected) in [
            (&rsa, None, Ok("RS256")),
            (&rsa, Some("RS512"), Ok("RS512")),
            (&rsa, Some("PS256"), Ok("PS256")),
            (&rsa, Some("ES256"), Err(Unusable::Algorithm)),
            (&rsa, Some("HS256"), Err(Unusable::Algorithm)),
            (&rsa, Some("none"), Err(Unusable::Algorithm)),
            (&rsa, Some("RSA-OAEP"), Err(Unusable::Algorithm)),
            (&p256, None, Ok("ES256")),
            (&p256, Some("ES384"), Err(Unusable::Algorithm)),
            (&p256, Some("RS256"), Err(Unusable::Algorithm)),
            (&p384, None, Ok("ES384")),
            (&p384, Some("ES256"), Err(Unusable::Algorithm)),
            (&ed, None, Ok("EdDSA")),
            (&ed, Some("Ed25519"), Ok("Ed25519")),
            (&ed, Some("ES256"), Err(Unusable::Algorithm)),
        ] {
            assert_eq!(
                changed(jwk, "alg", alg.map(Value::from)),
                expected,
                "{alg:?} of {jwk}"
            );
        }
    }

    #[test]
    fn a_key_is_for_verifying_and_has_a_name() {
        let jwk = Signer::rsa("k", "RS256").jwk();
        let some = |value: Value| Some(value);
        for (name, bad, unusable, good) in [
            ("use", some(json!("enc")), Unusable::Use, None),
            ("use", some(json!("SIG")), Unusable::Use, some(json!("sig"))),
            (
                "use",
                some(json!(["sig"])),
                Unusable::Malformed,
                some(json!("sig")),
            ),
            (
                "key_ops",
                some(json!(["encrypt"])),
                Unusable::Use,
                some(json!(["verify", "encrypt"])),
            ),
            ("key_ops", some(json!([])), Unusable::Use, None),
            ("kid", None, Unusable::NoId, some(json!("k"))),
            ("kid", some(json!("")), Unusable::NoId, some(json!("k"))),
            ("kid", some(json!(7)), Unusable::Malformed, some(json!("7"))),
            ("kty", some(json!("oct")), Unusable::Kind, some(json!("RSA"))),
            ("kty", some(json!("rsa")), Unusable::Kind, some(json!("RSA"))),
            ("kty", None, Unusable::Malformed, some(json!("RSA"))),
            ("d", some(json!("AAAA")), Unusable::Private, None),
        ] {
            assert_eq!(changed(&jwk, name, bad.clone()), Err(unusable), "{name}: {bad:?}");
            assert_eq!(changed(&jwk, name, good), Ok("RS256"), "{name}");
        }
    }

    #[test]
    fn weak_and_broken_keys_are_left_out() {
        let rsa = Signer::rsa("k", "RS256").jwk();
        let modulus = |bytes: usize, first: u8| {
            let mut modulus = vec![0xff; bytes];
            modulus[0] = first;
            Some(Value::from(encoded(modulus)))
        };
        let exponent = |bytes: &[u8]| Some(Value::from(encoded(bytes)));
        for (name, value, expected) in [
            ("n", modulus(128, 0xff), Err(Unusable::Weak)),
            ("n", modulus(256, 0x7f), Err(Unusable::Weak)),
            ("n", modulus(256, 0x80), Ok("RS256")),
            // 1024 bits that zeros in front of them make look longer.
            (
                "n",
                Some(Value::from(encoded([vec![0; 128], vec![0xff; 128]].concat()))),
                Err(Unusable::Weak),
            ),
            ("n", modulus(1025, 0xff), Err(Unusable::Weak)),
            ("n", Some(json!("")), Err(Unusable::Weak)),
            ("n", Some(json!("+/==")), Err(Unusable::Malformed)),
            ("n", None, Err(Unusable::Malformed)),
            ("e", exponent(&[1]), Err(Unusable::Weak)),
            ("e", exponent(&[0, 0, 1]), Err(Unusable::Weak)),
            ("e", exponent(&[2]), Err(Unusable::Weak)),
            ("e", exponent(&[]), Err(Unusable::Weak)),
            ("e", exponent(&[1, 0, 0, 0, 1]), Err(Unusable::Weak)),
            ("e", exponent(&[3]), Ok("RS256")),
        ] {
            assert_eq!(changed(&rsa, name, value.clone()), expected, "{name}: {value:?}");
        }
        let (p256, ed) = (Signer::p256("k").jwk(), Signer::ed25519("k").jwk());
        for (jwk, name) in [(&p256, "x"), (&p256, "y"), (&ed, "x")] {
            for bad in [
                None,
                Some(Value::from(encoded([1; 31]))),
                Some(Value::from(encoded([1; 33]))),
            ] {
                assert_eq!(
                    changed(jwk, name, bad),
                    Err(Unusable::Malformed),
                    "{name} of {jwk}"
                );
            }
        }
        assert_eq!(changed(&p256, "crv", Some(json!("P-521"))), Err(Unusable::Kind));
        assert_eq!(
            changed(&p256, "crv", Some(json!("P-384"))),
            Err(Unusable::Algorithm)
        );
    }
}
