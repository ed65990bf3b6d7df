//! Key pairs and tokens for tests: good ones, and every kind of bad one.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Key;
use crate::auth::oidc::jwk;

/// A key pair with the name that its owner gave it.
pub struct Signer {
    id: String,
    name: &'static str,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair, &'static str),
    Ed(Ed25519KeyPair),
}

/// base64url.
pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub fn rsa(id: &str, name: &'static str) -> Self {
        let encoding: &'static dyn RsaEncoding = match name {
            "RS256" => &RSA_PKCS1_SHA256,
            "RS512" => &RSA_PKCS1_SHA512,
            "PS256" => &RSA_PSS_SHA256,
            other => panic!("no signer for {other}"),
        };
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Self::new(id, name, Pair::Rsa(pair, encoding))
    }

    pub fn p256(id: &str) -> Self {
        Self::ec(id, "ES256", "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    pub fn p384(id: &str) -> Self {
        Self::ec(id, "ES384", "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
    }

    pub fn ed25519(id: &str) -> Self {
        Self::new(id, "EdDSA", Pair::Ed(Ed25519KeyPair::generate().unwrap()))
    }

    fn ec(
        id: &str,
        name: &'static str,
        curve: &'static str,
        algorithm: &'static EcdsaSigningAlgorithm,
    ) -> Self {
        let pair = EcdsaKeyPair::generate(algorithm).unwrap();
        Self::new(id, name, Pair::Ec(pair, curve))
    }

    fn new(id: &str, name: &'static str, pair: Pair) -> Self {
        Self {
            id: id.to_owned(),
            name,
            pair,
        }
    }

    /// The public part as an issuer publishes it.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair, _) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "n": encoded(&public.n), "e": encoded(&public.e) })
            }
            Pair::Ec(pair, curve) => {
                let (x, y) =
                    pair.public_key().as_ref()[1..].split_at((pair.public_key().as_ref().len() - 1) / 2);
                json!({ "kty": "EC", "crv": curve, "x": encoded(x), "y": encoded(y) })
            }
            Pair::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key()) }),
        };
        jwk["kid"] = self.id.as_str().into();
        jwk["alg"] = self.name.into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// The public part as it is used for verifying.
    pub fn key(&self) -> Key {
        jwk::read(&self.jwk()).unwrap()
    }

    /// Bytes that an attacker may take for an HMAC secret: what is public of the key.
    pub fn public_bytes(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair, _) => pair.public_key().as_ref().to_vec(),
            Pair::Ec(pair, _) => pair.public_key().as_ref().to_vec(),
            Pair::Ed(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    /// The usual header.
    pub fn header(&self) -> Value {
        json!({ "alg": self.name, "kid": self.id, "typ": "JWT" })
    }

    /// A token with the usual header.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header().to_string(), &claims.to_string())
    }

    /// A token of any texts.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let signature = self.signature(message.as_bytes());
        format!("{message}.{}", encoded(signature))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair, _) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// A token signed by HMAC with those bytes.
pub fn hmac_token(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("{message}.{}", encoded(hmac::sign(&key, message.as_bytes())))
}
