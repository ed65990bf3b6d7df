//! POST policies: what a browser may send to the bucket in one form, signed as AWS Signature Version 4 asks.
//! Source: AWS, Amazon S3 API Reference, "Authenticating Requests: Browser-Based Uploads Using POST".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::artifacts::hex;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What every uploaded file is called: the profile finds out what it really is.
const CONTENT_TYPE: &str = "application/octet-stream";

/// Who signs.
pub struct Signer<'a> {
    /// Access key id.
    pub access_key: &'a str,
    /// Secret access key.
    pub secret_key: &'a str,
    /// Of temporary credentials.
    pub session_token: Option<&'a str>,
    /// The bucket's.
    pub region: &'a str,
}

/// What may be sent.
pub struct Allowed<'a> {
    /// To which bucket.
    pub bucket: &'a str,
    /// Under exactly that name.
    pub object: &'a str,
    /// Exactly so many bytes.
    pub size_bytes: u64,
    /// Until then.
    pub expires: DateTime<Utc>,
}

/// The fields of the form, in order; the file comes after them.
pub fn fields(signer: &Signer<'_>, allowed: &Allowed<'_>, now: DateTime<Utc>) -> Vec<(String, String)> {
    let date = now.format("%Y%m%d").to_string();
    let credential = format!("{}/{date}/{}/s3/aws4_request", signer.access_key, signer.region);
    let mut fields = vec![
        ("key".to_owned(), allowed.object.to_owned()),
        ("Content-Type".to_owned(), CONTENT_TYPE.to_owned()),
        ("x-amz-algorithm".to_owned(), ALGORITHM.to_owned()),
        ("x-amz-credential".to_owned(), credential),
        ("x-amz-date".to_owned(), now.format("%Y%m%dT%H%M%SZ").to_string()),
    ];
    if let Some(token) = signer.session_token {
        fields.push(("x-amz-security-token".to_owned(), token.to_owned()));
    }
    let mut conditions = vec![
        json!({ "bucket": allowed.bucket }),
        json!(["content-length-range", allowed.size_bytes, allowed.size_bytes]),
    ];
    for (name, value) in &fields {
        conditions.push(json!(["eq", format!("${name}"), value]));
    }
    let policy = json!({
        "expiration": allowed.expires.to_rfc3339_opts(SecondsFormat::Millis, true),
        "conditions": conditions,
    });
    let policy = STANDARD.encode(policy.to_string());
    let signature = sign(signer.secret_key, &date, signer.region, &policy);
    fields.push(("policy".to_owned(), policy));
    fields.push(("x-amz-signature".to_owned(), signature));
    fields
}

/// The signature of an encoded policy, lower-case hex.
fn sign(secret_key: &str, date: &str, region: &str, policy: &str) -> String {
    let mut key = mac(format!("AWS4{secret_key}").as_bytes(), date);
    for step in [region, "s3", "aws4_request"] {
        key = mac(&key, step);
    }
    hex(&mac(&key, policy))
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that AWS publishes ("Example: Browser-Based Upload using HTTP POST").
    const POLICY: &str = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";

    #[test]
    fn signs_the_published_example() {
        let signature = sign(
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "20151229",
            "us-east-1",
            POLICY,
        );
        assert_eq!(
            signature,
            "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
        );
    }

    #[test]
    fn every_field_is_a_condition_and_a_token_is_one() {
        let signer = Signer {
            access_key: "AKIA",
            secret_key: "s",
            session_token: Some("token"),
            region: "eu-west-1",
        };
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let allowed = Allowed {
            bucket: "b",
            object: "k",
            size_bytes: 7,
            expires: now,
        };
        let fields = fields(&signer, &allowed, now);
        let of = |name: &str| fields.iter().find(|field| field.0 == name).unwrap().1.clone();
        assert_eq!(of("x-amz-credential"), "AKIA/20270115/eu-west-1/s3/aws4_request");
        let policy: serde_json::Value =
            serde_json::from_slice(&STANDARD.decode(of("policy")).unwrap()).unwrap();
        let conditions = policy["conditions"].to_string();
        for (name, value) in &fields {
            if name != "policy" && name != "x-amz-signature" {
                assert!(conditions.contains(&json!(["eq", format!("${name}"), value]).to_string()));
            }
        }
        assert!(
            conditions.contains("[\"content-length-range\",7,7]"),
            "{conditions}"
        );
        assert_eq!(of("x-amz-security-token"), "token");
        assert_eq!(policy["expiration"], "2027-01-15T08:00:00.000Z");
    }
}
