//! What a token must say, claim by claim.

use serde_json::json;

use super::*;
use crate::auth::jwt::forge::Signer;

/// A claim that is left out.
const ABSENT: Option<Value> = None;

/// Each row: a claim, a value that is refused, why, and a value that is taken.
fn check_claims(
    claims: &Value,
    expected: &Expectation,
    rows: &[(&'static str, Option<Value>, Refused, Option<Value>)],
) {
    let signer = Signer::p256("k");
    let with = |name: &str, value: &Option<Value>| {
        let mut claims = claims.clone();
        match value {
            Some(value) => claims[name] = value.clone(),
            None => {
                claims.as_object_mut().unwrap().remove(name);
            }
        }
        let token = signer.token(&claims);
        verify(&token, &signer.key(), expected, at(0)).map(|_| ())
    };
    for (name, bad, refused, good) in rows {
        assert_eq!(with(name, bad), Err(*refused), "{name}: {bad:?}");
        assert_eq!(with(name, good), Ok(()), "{name}: {good:?}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn each_claim_is_there_and_says_what_is_expected() {
    use Refused::{Audience, Bound, Client, Expired, Issuer, Malformed, Missing, NotYet, Use};
    let some = |value: Value| Some(value);
    let long = "x".repeat(256);
    check_claims(
        &generic_claims(),
        &generic(),
        &[
            ("iss", ABSENT, Missing("iss"), some(json!(ISSUER))),
            ("iss", some(json!(7)), Malformed("iss"), some(json!(ISSUER))),
            (
                "iss",
                some(json!([ISSUER])),
                Malformed("iss"),
                some(json!(ISSUER)),
            ),
            (
                "iss",
                some(json!(format!("{ISSUER}/"))),
                Issuer,
                some(json!(ISSUER)),
            ),
            (
                "iss",
                some(json!("HTTPS://ID.EXAMPLE.COM/pool")),
                Issuer,
                some(json!(ISSUER)),
            ),
            ("sub", ABSENT, Missing("sub"), some(json!("bob"))),
            ("sub", some(json!("")), Malformed("sub"), some(json!("b"))),
            ("sub", some(json!(12)), Malformed("sub"), some(json!("12"))),
            ("sub", some(json!("a\u{0}b")), Malformed("sub"), some(json!("ab"))),
            ("sub", some(json!(long)), Malformed("sub"), some(json!(long[1..]))),
            ("aud", ABSENT, Missing("aud"), some(json!("automl"))),
            (
                "aud",
                some(json!("other")),
                Audience,
                some(json!(["other", "https://automl.example.com"])),
            ),
            ("aud", some(json!([])), Audience, some(json!(["automl"]))),
            ("aud", some(json!("Automl")), Audience, some(json!("automl"))),
            (
                "aud",
                some(json!({ "automl": true })),
                Malformed("aud"),
                some(json!(["automl"])),
            ),
            (
                "aud",
                some(json!(["automl", 7])),
                Malformed("aud"),
                some(json!(["automl", "7"])),
            ),
            ("azp", some(json!("another")), Client, ABSENT),
            ("azp", some(json!(["web"])), Malformed("azp"), some(json!("web"))),
            ("client_id", some(json!("another")), Client, some(json!("web"))),
            ("appid", some(json!("another")), Client, some(json!("web"))),
            ("cid", some(json!("another")), Client, some(json!("web"))),
            ("exp", ABSENT, Missing("exp"), some(json!(NOW + 1))),
            ("exp", some(json!("")), Malformed("exp"), some(json!(NOW + 1))),
            (
                "exp",
                some(json!(format!("{}", NOW + 600))),
                Malformed("exp"),
                some(json!(NOW + 600)),
            ),
            (
                "exp",
                some(json!(null)),
                Malformed("exp"),
                some(json!(NOW as f64 + 0.5)),
            ),
            ("exp", some(json!(-1)), Malformed("exp"), some(json!(NOW))),
            (
                "exp",
                some(json!(1e300)),
                Malformed("exp"),
                some(json!(253_402_300_799_i64)),
            ),
            ("exp", some(json!(true)), Malformed("exp"), some(json!(NOW + 1))),
            ("exp", some(json!(NOW - 60)), Expired, some(json!(NOW - 59))),
            ("exp", some(json!(0)), Expired, some(json!(NOW + 1))),
            ("nbf", some(json!(NOW + 61)), NotYet, some(json!(NOW + 60))),
            ("nbf", some(json!("soon")), Malformed("nbf"), ABSENT),
            ("nbf", some(json!({})), Malformed("nbf"), some(json!(0))),
            ("iat", ABSENT, Missing("iat"), some(json!(NOW))),
            ("iat", some(json!("now")), Malformed("iat"), some(json!(NOW))),
            ("iat", some(json!(NOW + 61)), NotYet, some(json!(NOW + 60))),
            ("jti", some(json!(1)), Malformed("jti"), some(json!("1"))),
            (
                "scope",
                some(json!({ "openid": true })),
                Malformed("scope"),
                some(json!(["openid"])),
            ),
            ("scope", some(json!(1)), Malformed("scope"), ABSENT),
            ("token_use", some(json!("id")), Use, some(json!("access"))),
            ("typ", some(json!("ID")), Use, some(json!("Bearer"))),
            ("typ", some(json!("Refresh")), Use, ABSENT),
            ("at_hash", some(json!("x")), Use, ABSENT),
            ("c_hash", some(json!("x")), Use, ABSENT),
            ("cnf", some(json!({ "jkt": "x" })), Bound, ABSENT),
        ],
    );
}

#[test]
fn a_pool_s_access_tokens_are_told_from_its_others() {
    use Refused::{Audience, Client, Malformed, Missing, Use};
    let some = |value: Value| Some(value);
    check_claims(
        &cognito_claims(),
        &cognito(),
        &[
            ("token_use", ABSENT, Missing("token_use"), some(json!("access"))),
            ("token_use", some(json!("id")), Use, some(json!("access"))),
            ("token_use", some(json!("Access")), Use, some(json!("access"))),
            (
                "token_use",
                some(json!(["access"])),
                Malformed("token_use"),
                some(json!("access")),
            ),
            ("client_id", ABSENT, Missing("client_id"), some(json!("scripts"))),
            (
                "client_id",
                some(json!("another")),
                Client,
                some(json!("scripts")),
            ),
            (
                "client_id",
                some(json!(["web"])),
                Malformed("client_id"),
                some(json!("web")),
            ),
            ("aud", some(json!("web")), Audience, some(json!("automl"))),
            ("aud", some(json!("other")), Audience, ABSENT),
        ],
    );
}

#[test]
fn an_identity_token_is_never_an_access_token() {
    let signer = Signer::rsa("k", "RS256");
    // As Cognito writes them: for the client, with the person's attributes.
    let mut identity = cognito_claims();
    identity["token_use"] = "id".into();
    identity["aud"] = "web".into();
    identity["email"] = "ada@example.com".into();
    identity.as_object_mut().unwrap().remove("client_id");
    let verify = |claims: &Value, expected: &Expectation| {
        verify(&signer.token(claims), &signer.key(), expected, at(0)).map(|_| ())
    };
    assert_eq!(verify(&identity, &cognito()), Err(Refused::Use));
    assert_eq!(verify(&cognito_claims(), &cognito()), Ok(()));
    // As other issuers write them: for the client.
    let mut identity = generic_claims();
    identity["aud"] = "web".into();
    assert_eq!(verify(&identity, &generic()), Err(Refused::Audience));
    assert_eq!(verify(&generic_claims(), &generic()), Ok(()));
    // The rules are the settings': a token that looks like a pool's is a generic one without a receiver.
    assert_eq!(
        verify(&cognito_claims(), &generic()),
        Err(Refused::Missing("aud"))
    );
    assert_eq!(
        verify(&generic_claims(), &cognito()),
        Err(Refused::Missing("token_use"))
    );
}

#[test]
fn an_identity_token_is_of_one_client_and_one_sign_in() {
    use Refused::{Audience, Client, Expired, Issuer, Malformed, Missing, Nonce, Use};
    let some = |value: Value| Some(value);
    let expected = Expectation {
        issuer: ISSUER.to_owned(),
        receiver: Receiver::Client {
            client_id: "web".to_owned(),
            nonce: "n-1".to_owned(),
        },
    };
    let claims = json!({
        "iss": ISSUER, "sub": "ada", "aud": "web", "exp": NOW + 600, "iat": NOW - 5, "nonce": "n-1", "at_hash": "x",
    });
    check_claims(
        &claims,
        &expected,
        &[
            ("nonce", some(json!("n-2")), Nonce, some(json!("n-1"))),
            ("nonce", some(json!("")), Nonce, some(json!("n-1"))),
            ("nonce", ABSENT, Missing("nonce"), some(json!("n-1"))),
            ("nonce", some(json!(1)), Malformed("nonce"), some(json!("n-1"))),
            ("aud", some(json!("automl")), Audience, some(json!("web"))),
            ("aud", some(json!([])), Audience, some(json!(["web"]))),
            ("aud", ABSENT, Missing("aud"), some(json!("web"))),
            ("aud", some(json!(["web", "other"])), Client, some(json!("web"))),
            ("azp", some(json!("other")), Client, some(json!("web"))),
            ("typ", some(json!("Refresh")), Use, some(json!("ID"))),
            ("token_use", some(json!("access")), Use, some(json!("id"))),
            (
                "iss",
                some(json!("https://id.example.com")),
                Issuer,
                some(json!(ISSUER)),
            ),
            ("exp", some(json!(NOW - 61)), Expired, some(json!(NOW + 1))),
        ],
    );
    let mut several = claims;
    several["aud"] = json!(["web", "other"]);
    check_claims(
        &several,
        &expected,
        &[("azp", ABSENT, Client, some(json!("web")))],
    );
}
