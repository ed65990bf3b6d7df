//! What is refused, and why; beside each, what differs from it only in what matters, and is taken.

mod claims;
mod mutations;

use serde_json::json;

use super::forge::{Signer, encoded, hmac_token};
use super::*;

const ISSUER: &str = "https://id.example.com/pool";
const NOW: i64 = 1_800_000_000;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(NOW + seconds, 0).unwrap()
}

fn generic() -> Expectation {
    Expectation {
        issuer: ISSUER.to_owned(),
        receiver: Receiver::Audience {
            audiences: vec!["automl".to_owned(), "https://automl.example.com".to_owned()],
            client_ids: vec!["web".to_owned()],
        },
    }
}

fn cognito() -> Expectation {
    Expectation {
        issuer: ISSUER.to_owned(),
        receiver: Receiver::Cognito {
            client_ids: vec!["web".to_owned(), "scripts".to_owned()],
            audiences: vec!["automl".to_owned()],
        },
    }
}

fn generic_claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "ada", "aud": "automl", "azp": "web", "exp": NOW + 600, "iat": NOW - 5, "nbf": NOW - 5,
        "jti": "1", "scope": "openid email",
    })
}

fn cognito_claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "ada", "client_id": "web", "token_use": "access", "exp": NOW + 600, "iat": NOW - 5,
        "auth_time": NOW - 5, "jti": "1", "scope": "openid", "username": "ada", "version": 2,
    })
}

fn verify(token: &str, key: &Key, expected: &Expectation, now: DateTime<Utc>) -> Result<Claims, Refused> {
    let token = Token::read(token)?;
    if token.key_id()? != key.id {
        return Err(Refused::UnknownKey);
    }
    token.verify(key, expected, now)
}

#[test]
fn every_algorithm_verifies_and_none_verifies_another_s() {
    let signers = [
        Signer::rsa("k", "RS256"),
        Signer::rsa("k", "RS512"),
        Signer::rsa("k", "PS256"),
        Signer::p256("k"),
        Signer::p384("k"),
        Signer::ed25519("k"),
    ];
    for (row, signer) in signers.iter().enumerate() {
        let token = signer.token(&generic_claims());
        for (column, other) in signers.iter().enumerate() {
            let verified = verify(&token, &other.key(), &generic(), at(0));
            assert_eq!(
                verified.is_ok(),
                row == column,
                "{} by {}",
                signer.header(),
                other.header()
            );
        }
    }
}

/// The header with one member changed.
fn header_with(signer: &Signer, name: &str, value: Value) -> String {
    let mut header = signer.header();
    header[name] = value;
    header.to_string()
}

#[test]
fn the_header_does_not_choose_the_algorithm() {
    let claims = generic_claims().to_string();
    for signer in [Signer::rsa("k", "RS256"), Signer::p256("k")] {
        let key = signer.key();
        let check = |token: &str| verify(token, &key, &generic(), at(0)).map(|_| ());
        assert_eq!(check(&signer.sign(&signer.header().to_string(), &claims)), Ok(()));
        for name in [
            "none", "None", "NONE", "nOnE", "HS256", "HS384", "RS384", "PS256", "ES384", "EdDSA", "rs256",
            "es256", "", "RS256 ",
        ] {
            let header = header_with(&signer, "alg", name.into());
            assert_eq!(
                check(&signer.sign(&header, &claims)),
                Err(Refused::Algorithm),
                "{name:?}"
            );
            let bare = format!("{}.{}.", encoded(&header), encoded(&claims));
            assert_eq!(
                check(&bare),
                Err(Refused::Algorithm),
                "{name:?} without a signature"
            );
        }
        for value in [
            json!(null),
            json!(["RS256"]),
            json!({ "alg": "RS256" }),
            json!(256),
        ] {
            let header = header_with(&signer, "alg", value.clone());
            assert_eq!(
                check(&signer.sign(&header, &claims)),
                Err(Refused::Algorithm),
                "{value}"
            );
        }
        let mut header = signer.header();
        header.as_object_mut().unwrap().remove("alg");
        assert_eq!(
            check(&signer.sign(&header.to_string(), &claims)),
            Err(Refused::Algorithm)
        );
    }
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    let signer = Signer::rsa("k", "RS256");
    let jwk = signer.jwk();
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for secret in [
        signer.public_bytes(),
        modulus,
        jwk.to_string().into_bytes(),
        Vec::new(),
    ] {
        for name in ["HS256", "RS256"] {
            let mut header = signer.header();
            header["alg"] = name.into();
            let token = hmac_token(&header, &generic_claims(), &secret);
            let refused = verify(&token, &signer.key(), &generic(), at(0)).unwrap_err();
            let expected = if name == "HS256" {
                Refused::Algorithm
            } else {
                Refused::Signature
            };
            assert_eq!(refused, expected);
        }
    }
}

#[test]
fn keys_in_a_header_are_not_looked_at() {
    let (signer, attacker) = (Signer::p256("k"), Signer::p256("k"));
    let claims = generic_claims().to_string();
    for (name, value) in [
        ("jwk", attacker.jwk()),
        ("jku", json!("https://attacker.example.com/keys")),
        ("x5u", json!("https://attacker.example.com/chain.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("x")),
    ] {
        let header = header_with(&signer, name, value);
        let check =
            |by: &Signer| verify(&by.sign(&header, &claims), &signer.key(), &generic(), at(0)).map(|_| ());
        assert_eq!(check(&attacker), Err(Refused::Signature), "{name}");
        assert_eq!(check(&signer), Ok(()), "{name} of an honest issuer");
    }
}

#[test]
fn headers_are_understood_or_refused() {
    let signer = Signer::p256("k");
    let claims = generic_claims().to_string();
    let check =
        |header: &str| verify(&signer.sign(header, &claims), &signer.key(), &generic(), at(0)).map(|_| ());
    let good = signer.header().to_string();
    assert_eq!(check(&good), Ok(()));
    for (name, value, refused) in [
        ("crit", json!(["exp"]), Refused::Extension),
        ("crit", json!([]), Refused::Extension),
        ("crit", json!(null), Refused::Extension),
        ("b64", json!(false), Refused::Extension),
        ("typ", json!("logout+jwt"), Refused::Type),
        ("typ", json!("dpop+jwt"), Refused::Type),
        ("typ", json!(1), Refused::Type),
        ("kid", json!("another"), Refused::UnknownKey),
        ("kid", json!(""), Refused::NoKeyId),
        ("kid", json!(7), Refused::NoKeyId),
        ("kid", json!(null), Refused::NoKeyId),
        ("kid", json!(["k"]), Refused::NoKeyId),
        ("kid", json!("../../k"), Refused::UnknownKey),
    ] {
        assert_eq!(
            check(&header_with(&signer, name, value.clone())),
            Err(refused),
            "{name}: {value}"
        );
    }
    for kind in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"] {
        assert_eq!(check(&header_with(&signer, "typ", kind.into())), Ok(()), "{kind}");
    }
    assert_eq!(check(r#"{"alg":"ES256","kid":"k"}"#), Ok(()), "typ is optional");
    assert_eq!(check(r#"{"alg":"ES256"}"#), Err(Refused::NoKeyId));
    for header in [
        r#"{"alg":"none","alg":"ES256","kid":"k"}"#,
        r#"{"alg":"ES256","kid":"other","kid":"k"}"#,
        r#"{"alg":"ES256","kid":"k","al\u0067":"ES256"}"#,
    ] {
        assert_eq!(check(header), Err(Refused::Twice("header")), "{header}");
    }
    for header in [
        "",
        "{",
        "[]",
        "null",
        "\"ES256\"",
        "{} {}",
        "\u{feff}{}",
        "{\"alg\":\"ES256\",}",
    ] {
        assert_eq!(check(header), Err(Refused::Unreadable("header")), "{header:?}");
    }
}

#[test]
fn claims_are_one_object() {
    let signer = Signer::p256("k");
    let check = |claims: &str| {
        verify(
            &signer.sign(&signer.header().to_string(), claims),
            &signer.key(),
            &generic(),
            at(0),
        )
        .map(|_| ())
    };
    let good = generic_claims().to_string();
    assert_eq!(check(&good), Ok(()));
    let twice = good.replacen('{', r#"{"sub":"eve","#, 1);
    assert_eq!(check(&twice), Err(Refused::Twice("claims")));
    for claims in [
        "",
        "[]",
        "7",
        "null",
        "{\"sub\":}",
        "not json",
        &format!("[{good}]"),
        &good[..good.len() - 1],
    ] {
        assert_eq!(check(claims), Err(Refused::Unreadable("claims")), "{claims:?}");
    }
}

#[test]
fn a_token_has_three_parts_of_strict_base64url() {
    let signer = Signer::p256("k");
    let token = signer.token(&generic_claims());
    let check = |token: &str| verify(token, &signer.key(), &generic(), at(0)).map(|_| ());
    assert_eq!(check(&token), Ok(()));
    let (message, signature) = token.rsplit_once('.').unwrap();
    for (text, refused) in [
        (String::new(), Refused::Parts),
        ("a".to_owned(), Refused::Parts),
        (message.to_owned(), Refused::Parts),
        (format!("{token}."), Refused::Parts),
        (format!("{token}.{signature}"), Refused::Parts),
        (format!("{message}."), Refused::Signature),
        (format!("{message}.{signature}="), Refused::Signature),
        (format!("{message}.{signature}A"), Refused::Signature),
        (format!("{message}.{}", &signature[1..]), Refused::Signature),
        (format!("{message}.{}", encoded([0; 64])), Refused::Signature),
        (
            format!("{message}.{signature}").replacen('.', "=.", 1),
            Refused::Unreadable("header"),
        ),
        (format!(" {token}"), Refused::Unreadable("header")),
        ("..".to_owned(), Refused::Unreadable("header")),
        (format!("{token}\n"), Refused::Signature),
    ] {
        assert_eq!(check(&text), Err(refused), "{text:?}");
    }
    assert!(!token.contains(['+', '/']), "the alphabet is the URL one");
}

#[test]
fn length_has_a_bound() {
    let signer = Signer::p256("k");
    let of_length = |padding: usize| {
        let mut claims = generic_claims();
        claims["padding"] = "x".repeat(padding).into();
        signer.token(&claims)
    };
    let check = |token: &str| verify(token, &signer.key(), &generic(), at(0)).map(|_| ());
    let mut padding = 5_000;
    while of_length(padding + 1).len() <= MAX_LENGTH {
        padding += 1;
    }
    assert_eq!(check(&of_length(padding)), Ok(()));
    assert_eq!(check(&of_length(padding + 1)), Err(Refused::TooLong));
    assert_eq!(check(&"a".repeat(10 << 20)), Err(Refused::TooLong));
}

#[test]
fn the_clock_is_an_argument() {
    let signer = Signer::ed25519("k");
    let token = signer.token(&generic_claims());
    let check = |seconds: i64| verify(&token, &signer.key(), &generic(), at(seconds)).map(|_| ());
    assert_eq!(check(-66), Err(Refused::NotYet));
    assert_eq!(check(-65), Ok(()));
    assert_eq!(check(659), Ok(()));
    assert_eq!(check(660), Err(Refused::Expired));
}

#[test]
fn another_key_of_the_same_name_is_another_key() {
    let (signer, other) = (Signer::rsa("k", "RS256"), Signer::rsa("k", "RS256"));
    let token = signer.token(&generic_claims());
    assert_eq!(
        verify(&token, &other.key(), &generic(), at(0)).unwrap_err(),
        Refused::Signature
    );
    assert!(verify(&token, &signer.key(), &generic(), at(0)).is_ok());
}

#[test]
fn the_issuer_is_named_before_anything_is_believed() {
    let signer = Signer::p256("k");
    assert_eq!(
        named_issuer(&signer.token(&generic_claims())).as_deref(),
        Some(ISSUER)
    );
    for bad in [
        "",
        "a.b",
        "a.b.c",
        "a.e30.c",
        "a.b.c.d",
        &signer.sign("{}", r#"{"iss":7}"#),
    ] {
        assert_eq!(named_issuer(bad), None, "{bad}");
    }
}
